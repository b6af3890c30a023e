#include "yl-value.h"

#include <string.h>

void
yl_value_clear (YlValue *value)
{
  g_free (value->bytes);
  *value = YL_VALUE_INIT;
}

void
yl_value_set_integer (YlValue *value, gint64 integer)
{
  yl_value_clear (value);
  value->type = YL_VALUE_INTEGER;
  value->integer = integer;
}

void
yl_value_set_text (YlValue *value, const char *text)
{
  if (text == NULL)
    yl_value_clear (value);
  else
    yl_value_set_bytes (value, YL_VALUE_TEXT, text, strlen (text));
}

void
yl_value_set_bytes (YlValue *value, YlValueType type, gconstpointer bytes, gsize length)
{
  char *copy = g_malloc (length + 1);

  /* Copied before the old value goes: @bytes may be part of it. */
  if (length > 0)
    memcpy (copy, bytes, length);
  copy[length] = '\0';
  yl_value_clear (value);
  value->type = type;
  value->bytes = copy;
  value->length = length;
}

void
yl_value_copy (YlValue *to, const YlValue *from)
{
  if (to == from)
    return;
  if (from->type == YL_VALUE_TEXT || from->type == YL_VALUE_BLOB)
    {
      yl_value_set_bytes (to, from->type, from->bytes, from->length);
      return;
    }
  yl_value_clear (to);
  to->type = from->type;
  to->integer = from->integer;
}

gboolean
yl_value_equal (const YlValue *a, const YlValue *b)
{
  if (a->type != b->type)
    return FALSE;
  if (a->type == YL_VALUE_NULL)
    return TRUE;
  if (a->type == YL_VALUE_INTEGER)
    return a->integer == b->integer;
  return a->length == b->length && memcmp (a->bytes, b->bytes, a->length) == 0;
}
