#include "yl-then.h"

#include "base/yl-i18n.h"
#include "desk/yl-value-words.h"
#include "merge/yl-past.h"
#include "records/yl-codes.h"
#include "store/yl-store-private.h"

void
yl_then_line_free (YlThenLine *line)
{
  g_free (line->words);
  g_free (line);
}

/* @words: taken; nothing is said of what was empty. */
static void
add_line (GPtrArray *lines, const YlField *field, const char *label, char *words)
{
  YlThenLine *line;

  if (words == NULL || *words == '\0')
    {
      g_free (words);
      return;
    }
  line = g_new0 (YlThenLine, 1);
  *line = (YlThenLine){ field, label, words };
  g_ptr_array_add (lines, line);
}

static void
add_fields (GPtrArray *lines, YlStore *store, const YlRecord *record)
{
  const YlTable *table = yl_record_get_table (record);

  for (guint i = 0; i < yl_table_n_fields (table); i++)
    {
      const YlField *field = &table->fields[i];

      if ((field->flags & YL_FIELD_FILLED) == 0)
        add_line (lines, field, yl_label (field->zh, field->en),
                  yl_value_words (store, field, yl_record_peek (record, i)));
    }
}

static char *
set_words (YlStore *store, const YlSet *set, const char *list)
{
  g_auto (GStrv) elements = g_strsplit (list, ",", -1);
  g_autoptr (GString) words = g_string_new (NULL);

  for (guint i = 0; elements[i] != NULL && *elements[i] != '\0'; i++)
    {
      g_autofree char *element = yl_element_words (store, set, elements[i]);

      g_string_append_printf (words, "%s%s", i > 0 ? yl_label ("、", ", ") : "", element);
    }
  return g_string_free (g_steal_pointer (&words), FALSE);
}

static gboolean
add_sets (GPtrArray *lines, YlStore *store, YlStore *then, const YlRecord *record, GError **error)
{
  const YlSet *set = yl_record_get_table (record)->sets;

  for (; set != NULL && set->name != NULL; set++)
    {
      g_autofree char *list = yl_store_get_set (then, set, yl_record_get_id (record), error);
      const YlTable *elements = yl_table_find (set->table);

      if (list == NULL)
        return FALSE;
      add_line (lines, NULL, yl_label (elements->zh, elements->en), set_words (store, set, list));
    }
  return TRUE;
}

static YlRecord *
read_then (YlStore *store, YlStore *then, const YlTable *table, const char *id, GError **error)
{
  g_autoptr (GError) fault = NULL;
  g_autofree YlValue *row = yl_store_read_row (then, table, id, &fault);

  if (row != NULL)
    return yl_store_unseal_row (store, table, id, row);
  if (fault != NULL)
    g_propagate_error (error, g_steal_pointer (&fault));
  else
    g_set_error (error, YL_ERROR, YL_ERROR_NOT_FOUND, _ ("It was not there at that time."));
  return NULL;
}

GPtrArray *
yl_then_lines (YlStore *store, const char *table_name, const char *id, gint64 hlc, GError **error)
{
  const YlTable *table = yl_table_find (table_name);
  g_autoptr (YlPast) past = yl_past_new (store, error);
  YlMoment moment = { hlc, NULL };
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_then_line_free);
  g_autoptr (YlRecord) record = NULL;

  if (past == NULL || !yl_past_add (past, table_name, id, error) || !yl_past_as_of (past, &moment, error))
    return NULL;
  record = read_then (store, yl_past_get_store (past), table, id, error);
  if (record == NULL)
    return NULL;
  add_fields (lines, store, record);
  return add_sets (lines, store, yl_past_get_store (past), record, error) ? g_steal_pointer (&lines) : NULL;
}
