#include "yl-check.h"

#include "base/yl-i18n.h"
#include "yl-codes.h"

#include <string.h>

gboolean
yl_check_refuse (GError **error, const char *sentence)
{
  g_set_error_literal (error, YL_ERROR, YL_ERROR_REFUSED, sentence);
  return FALSE;
}

static const char *
field_label (const YlRecord *record, const char *column)
{
  const YlTable *table = yl_record_get_table (record);
  const YlField *field = &table->fields[yl_table_field (table, column)];

  return yl_label (field->zh, field->en);
}

gboolean
yl_check_dates (const YlRecord *record, const char *from, const char *to, GError **error)
{
  const char *first = yl_record_get_text (record, from);
  const char *last = yl_record_get_text (record, to);

  /* YYYY-MM-DD sorts as text. */
  if (first == NULL || last == NULL || strcmp (first, last) <= 0)
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("%s (%s) %s lies after %s (%s) %s"), from,
               field_label (record, from), first, to, field_label (record, to), last);
  return FALSE;
}

gboolean
yl_check_place (const YlRecord *record, GError **error)
{
  if (yl_record_is_null (record, "lat") == yl_record_is_null (record, "lon"))
    return TRUE;
  g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID, _ ("A place needs both lat and lon, or neither"));
  return FALSE;
}

gboolean
yl_check_is_changed (const YlRecord *before, const YlRecord *after, const char *column)
{
  if (before == NULL)
    return !yl_record_is_null (after, column);
  return !yl_value_equal (yl_record_get_value (before, column), yl_record_get_value (after, column));
}

void
yl_check_fill_site (YlStore *store, const YlRecord *before, YlRecord *after, const char *column)
{
  yl_check_fill_text (before, after, column, yl_store_get_site (store));
}

void
yl_check_fill_text (const YlRecord *before, YlRecord *after, const char *column, const char *text)
{
  if (before == NULL && yl_record_is_null (after, column))
    yl_record_set_text (after, column, text);
}
