#include "yl-clock.h"

#include "yl-error.h"
#include "yl-i18n.h"
#include "yl-text.h"

#include <string.h>

#define SECOND_MS G_GINT64_CONSTANT (1000)
#define HOUR_MS G_GINT64_CONSTANT (3600000)
#define HLC_MAX_COUNTER 0xffff

gint64
yl_clock_now (void)
{
  return CLAMP (g_get_real_time () / 1000, YL_CLOCK_MIN_MS, YL_CLOCK_MAX_MS);
}

gint64
yl_hlc_next (gint64 last, gint64 now_ms)
{
  if (now_ms > YL_HLC_MS (last))
    return YL_HLC (now_ms, 0);
  /* A full counter carries into the milliseconds by itself. */
  return last + 1;
}

gint64
yl_hlc_follow (gint64 last, gint64 other, gint64 now_ms)
{
  return MAX (last, MIN (other, YL_HLC (now_ms + YL_CLOCK_MAX_LEAD_MS, HLC_MAX_COUNTER)));
}

/* Days since 1970-01-01 of a proleptic Gregorian date; years run from March so that the leap day comes last. */
static gint64
days_from_civil (int year, int month, int day)
{
  gint64 y = month <= 2 ? year - 1 : year;
  gint64 era = y / 400;
  gint64 year_of_era = y - era * 400;
  gint64 day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  gint64 day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

  return era * 146097 + day_of_era - 719468;
}

/* Reads 1 to @max digits. */
static gboolean
scan_number (const char **cursor, int max, int *number)
{
  const char *p = *cursor;
  int n = 0;

  for (int i = 0; i < max && g_ascii_isdigit (*p); i++, p++)
    n = n * 10 + (*p - '0');
  if (p == *cursor)
    return FALSE;
  *cursor = p;
  *number = n;
  return TRUE;
}

static gboolean
skip (const char **cursor, const char *token)
{
  if (!g_str_has_prefix (*cursor, token))
    return FALSE;
  *cursor += strlen (token);
  return TRUE;
}

/* `2026-12-01`, `2026/12/1`, `2026.12.1` or `2026年12月1日`. */
static gboolean
scan_date (const char **cursor, gint64 *day)
{
  static const struct
  {
    const char *after_year, *after_month, *after_day;
  } forms[] = { { "-", "-", "" }, { "/", "/", "" }, { ".", ".", "" }, { "年", "月", "日" } };
  const char *p = *cursor;
  int y, m, d;

  if (!scan_number (&p, 4, &y) || p - *cursor != 4)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      if (!skip (&p, forms[i].after_year))
        continue;
      if (!scan_number (&p, 2, &m) || !skip (&p, forms[i].after_month) || !scan_number (&p, 2, &d)
          || !skip (&p, forms[i].after_day) || y < 1800 || !g_date_valid_dmy (d, m, y))
        return FALSE;
      *day = days_from_civil (y, m, d);
      *cursor = p;
      return TRUE;
    }
  return FALSE;
}

/* `Z`, `+08:00`, `+0800` or nothing (the company's zone). */
static gboolean
scan_zone (const char **cursor, gint64 *offset)
{
  int h, m;
  int sign = **cursor == '-' ? -1 : 1;

  if (skip (cursor, "Z"))
    {
      *offset = 0;
      return TRUE;
    }
  if (**cursor != '+' && **cursor != '-')
    {
      *offset = YL_ZONE_OFFSET_MS;
      return TRUE;
    }
  (*cursor)++;
  if (!scan_number (cursor, 2, &h))
    return FALSE;
  skip (cursor, ":");
  if (!scan_number (cursor, 2, &m) || h > 14 || m > 59)
    return FALSE;
  *offset = sign * (h * HOUR_MS + m * YL_MINUTE_MS);
  return TRUE;
}

static gboolean
scan_time (const char **cursor, gint64 *ms)
{
  int h, m, s = 0;

  if (!scan_number (cursor, 2, &h) || !skip (cursor, ":") || !scan_number (cursor, 2, &m))
    return FALSE;
  if (skip (cursor, ":") && !scan_number (cursor, 2, &s))
    return FALSE;
  if (h > 23 || m > 59 || s > 59)
    return FALSE;
  *ms = h * HOUR_MS + m * YL_MINUTE_MS + s * SECOND_MS;
  return TRUE;
}

gboolean
yl_instant_parse (const char *text, gint64 *ms, GError **error)
{
  g_autofree char *excerpt = NULL;
  const char *p = text;
  gint64 day, time, offset;

  if (scan_date (&p, &day) && (skip (&p, "T") || skip (&p, " ")) && scan_time (&p, &time) && scan_zone (&p, &offset)
      && *p == '\0')
    {
      *ms = day * YL_DAY_MS + time - offset;
      return TRUE;
    }
  excerpt = yl_text_excerpt (text);
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("“%s” is not a time: write it like 2026-12-01T09:00"), excerpt);
  return FALSE;
}

/* Floor division, so that instants before 1970 fall on the right day too. */
static gint64
floor_div (gint64 a, gint64 b)
{
  return a / b - (a % b < 0);
}

char *
yl_instant_format (gint64 ms)
{
  gint64 day = yl_date_of (ms);
  gint64 second = floor_div (ms - yl_date_start (day), SECOND_MS);
  g_autofree char *date = yl_date_format (day);

  return g_strdup_printf ("%sT%02d:%02d:%02d+08:00", date, (int) (second / 3600), (int) (second / 60 % 60),
                          (int) (second % 60));
}

gboolean
yl_date_parse (const char *text, gint64 *day, GError **error)
{
  g_autofree char *excerpt = NULL;
  const char *p = text;
  gint64 parsed;

  if (scan_date (&p, &parsed) && *p == '\0')
    {
      *day = parsed;
      return TRUE;
    }
  excerpt = yl_text_excerpt (text);
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("“%s” is not a date: write it like 2026-12-01"), excerpt);
  return FALSE;
}

char *
yl_date_format (gint64 day)
{
  GDate date;

  /* GDate counts from 1 January of year 1. */
  g_date_clear (&date, 1);
  g_date_set_julian (&date, (guint32) CLAMP (day + 719163, 1, 3652059));
  return g_strdup_printf ("%04d-%02d-%02d", g_date_get_year (&date), g_date_get_month (&date), g_date_get_day (&date));
}

gint64
yl_date_of (gint64 ms)
{
  return floor_div (ms + YL_ZONE_OFFSET_MS, YL_DAY_MS);
}

gint64
yl_date_start (gint64 day)
{
  return day * YL_DAY_MS - YL_ZONE_OFFSET_MS;
}

int
yl_date_weekday (gint64 day)
{
  /* 1970-01-01 was a Thursday. */
  return (int) (((day + 3) % 7 + 7) % 7);
}
