#include "yl-budget.h"

#include "base/yl-error.h"
#include "base/yl-i18n.h"
#include "yl-phrase-scan.h"

#define MAX_YUAN 1000000

/* `1.2万`, `5200`, `55.5`: fen. */
static gboolean
take_amount (YlScan *scan, gint64 *fen)
{
  gint64 whole = 0;
  gint64 hundredths = 0;
  int digits = 0;

  for (; g_ascii_isdigit (*scan->at) && digits < 8; scan->at++, digits++)
    whole = whole * 10 + (*scan->at - '0');
  if (digits == 0 || g_ascii_isdigit (*scan->at))
    return FALSE;
  if (*scan->at == '.' && g_ascii_isdigit (scan->at[1]))
    {
      hundredths = (scan->at[1] - '0') * 10;
      scan->at += 2;
      if (g_ascii_isdigit (*scan->at))
        hundredths += *scan->at++ - '0';
    }
  *fen = whole * 100 + hundredths;
  if (yl_scan_take (scan, "万"))
    *fen *= 10000;
  else if (yl_scan_take (scan, "千") || yl_scan_take (scan, "k"))
    *fen *= 1000;
  return *fen <= (gint64) MAX_YUAN * 100;
}

/* Words around the figures; sets @unit when one is a unit. */
static gboolean
take_word (YlScan *scan, const char **unit)
{
  static const char *const units[] = { "hour", "day", "month26", "month" };
  static const YlScanWord words[] = {
    { "小时", 0 },  { "钟头", 0 }, { "hour", 0 },  { "h", 0 },     { "26天", 2 },   { "26 days", 2 }, { "天", 1 },
    { "日", 1 },    { "day", 1 },  { "个月", 3 },  { "月", 3 },    { "month", 3 },  { "元", -1 },     { "块钱", -1 },
    { "块", -1 },   { "每", -1 },  { "一个", -1 }, { "一", -1 },   { "/", -1 },     { "a", -1 },      { "per", -1 },
    { "yuan", -1 }, { "¥", -1 },   { "以内", -1 }, { "左右", -1 }, { "up to", -1 }, { NULL },
  };
  int value;

  if (!yl_scan_take_any (scan, words, &value))
    return FALSE;
  if (value >= 0)
    *unit = units[value];
  return TRUE;
}

static gboolean
take_range_sign (YlScan *scan)
{
  static const YlScanWord signs[] = { { "-", 0 },  { "~", 0 },  { "–", 0 },  { "—", 0 },
                                      { "到", 0 }, { "至", 0 }, { "to", 0 }, { NULL } };
  int unused;

  return yl_scan_take_any (scan, signs, &unused);
}

gboolean
yl_budget_read (const char *text, const char *unit, YlBudget *budget, GError **error)
{
  g_autofree char *normal = yl_scan_normalize (text);
  YlScan scan = { normal };
  gint64 amounts[2] = { 0, 0 };
  guint n_amounts = 0;
  gboolean is_range = FALSE;

  for (yl_scan_skip (&scan); *scan.at != '\0'; yl_scan_skip (&scan))
    {
      if (take_word (&scan, &unit))
        continue;
      if (n_amounts == 1 && !is_range && take_range_sign (&scan))
        is_range = TRUE;
      else if (n_amounts < (is_range ? 2 : 1) && take_amount (&scan, &amounts[n_amounts]))
        n_amounts++;
      else
        break;
    }
  if (*scan.at != '\0' || n_amounts == 0 || (is_range && n_amounts < 2) || (is_range && amounts[1] < amounts[0]))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID,
                   _ ("“%s” is not understood as a budget: write 40-60 or 8000/month."), text);
      return FALSE;
    }
  *budget = (YlBudget){ is_range ? amounts[0] : 0, is_range ? amounts[1] : amounts[0], unit };
  return TRUE;
}

const char *
yl_budget_unit_for (const char *job_type)
{
  static const char *const hourly[] = { "cleaning", "hourly", "tutor", "companion", "pets", "organising", NULL };

  if (job_type == NULL || g_strv_contains (hourly, job_type))
    return "hour";
  if (g_str_equal (job_type, "maternity"))
    return "month26";
  return g_str_equal (job_type, "hospital") ? "day" : "month";
}
