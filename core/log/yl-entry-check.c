#include "yl-entry-private.h"

#include <string.h>

#include "base/yl-clock.h"
#include "base/yl-id.h"

/* The form of an entry's members. */

#define MAX_WHAT_CHARS 200
#define MAX_NAME_CHARS 64
#define MAX_ACTOR_BYTES 16

gboolean
yl_entry_is_name (const char *text)
{
  gsize length = text != NULL ? strlen (text) : 0;

  if (length == 0 || length > MAX_NAME_CHARS)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_islower (text[i]) && !g_ascii_isdigit (text[i]) && text[i] != '_')
      return FALSE;
  return TRUE;
}

gboolean
yl_entry_is_actor (const char *text)
{
  gsize length = text != NULL ? strlen (text) : 0;

  if (length == 0 || length > MAX_ACTOR_BYTES || !g_utf8_validate (text, (gssize) length, NULL)
      || strpbrk (text, "<>.,:;\"\\'") != NULL)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if ((guint8) text[i] <= ' ' || text[i] == 0x7f)
      return FALSE;
  return TRUE;
}

gboolean
yl_entry_is_what (const char *text, gsize length)
{
  if (length == 0 || length > MAX_WHAT_CHARS || text[0] == ' ' || text[length - 1] == ' ')
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (text[i]) && strchr (" -_:.", text[i]) == NULL)
      return FALSE;
  return TRUE;
}

static gboolean
is_value (const YlValue *value)
{
  return value->type != YL_VALUE_TEXT
         || (memchr (value->bytes, '\0', value->length) == NULL
             && g_utf8_validate (value->bytes, (gssize) value->length, NULL));
}

static gboolean
is_op (const YlOp *op)
{
  const char *last = "";

  if (!yl_entry_is_name (op->table) || !yl_id_is_valid (op->id) || (op->kind == YL_OP_DELETE && op->n_columns > 0))
    return FALSE;
  for (guint i = 0; i < op->n_columns; i++)
    {
      if (!yl_entry_is_name (op->columns[i]) || strcmp (last, op->columns[i]) >= 0 || !is_value (&op->values[i]))
        return FALSE;
      last = op->columns[i];
    }
  return TRUE;
}

static gboolean
is_merged (const YlEntry *entry)
{
  if (entry->merged->len > YL_ENTRY_MAX_MERGED)
    return FALSE;
  for (guint i = 0; i < entry->merged->len; i++)
    {
      const YlEntryName *name = &g_array_index (entry->merged, YlEntryName, i);

      if (name->seq < 1 || (i > 0 && yl_entry_name_compare (name - 1, name) >= 0))
        return FALSE;
    }
  return TRUE;
}

gboolean
yl_entry_check (const YlEntry *entry)
{
  gint64 ms = YL_HLC_MS (entry->hlc);

  if (!yl_entry_is_what (entry->what, strlen (entry->what)) || !yl_entry_is_actor (entry->actor) || entry->seq < 1
      || entry->schema < 1 || entry->authority < 0 || ms < YL_CLOCK_MIN_MS || ms >= YL_CLOCK_MAX_MS
      || !is_merged (entry) || entry->ops->len > YL_ENTRY_MAX_OPS)
    return FALSE;
  for (guint i = 0; i < entry->ops->len; i++)
    if (!is_op (entry->ops->pdata[i]))
      return FALSE;
  return TRUE;
}
