#include "yl-customer.h"

#include "base/yl-i18n.h"
#include "yl-check.h"

/* 1/100 degree, in millionths: about a kilometre. */
#define CELL 10000

static void
round_to_cell (YlRecord *record, const char *column)
{
  gint64 degrees = yl_record_get_integer (record, column, 0);
  gint64 half = degrees < 0 ? -CELL / 2 : CELL / 2;

  if (!yl_record_is_null (record, column))
    yl_record_set_integer (record, column, (degrees + half) / CELL * CELL);
}

gboolean
yl_household_check (YlStore *store, const YlRecord *before, YlRecord *after, GError **error)
{
  if (!yl_check_place (after, error))
    return FALSE;
  round_to_cell (after, "lat");
  round_to_cell (after, "lon");
  yl_check_fill_site (store, before, after, "site");
  return TRUE;
}

/* Empty because nobody typed it, not because this PC lacks the key. */
static gboolean
is_missing (const YlRecord *record, const char *column)
{
  return yl_record_is_null (record, column) && !yl_record_is_locked (record, column);
}

gboolean
yl_customer_check (YlStore *store, const YlRecord *before, YlRecord *after, GError **error)
{
  if (is_missing (after, "phone") && is_missing (after, "wechat"))
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID, _ ("A customer needs a phone or a WeChat"));
      return FALSE;
    }
  yl_check_fill_site (store, before, after, "site");
  yl_check_fill_text (before, after, "store", yl_record_get_text (after, "site"));
  return TRUE;
}
