#include "yl-format.h"

#include <stdio.h>
#include <string.h>

#include "base/yl-clock.h"
#include "base/yl-i18n.h"
#include "records/yl-codes.h"
#include "records/yl-tables.h"
#include "records/yl-worker.h"

char *
yl_format_clock (gint64 ms)
{
  int minute = (ms - yl_date_start (yl_date_of (ms))) / YL_MINUTE_MS;

  return g_strdup_printf ("%02d:%02d", minute / 60, minute % 60);
}

static const char *
weekday_name (gint64 day)
{
  switch (yl_date_weekday (day))
    {
    case 0:
      return _ ("Mon");
    case 1:
      return _ ("Tue");
    case 2:
      return _ ("Wed");
    case 3:
      return _ ("Thu");
    case 4:
      return _ ("Fri");
    case 5:
      return _ ("Sat");
    default:
      return _ ("Sun");
    }
}

static const char *
month_name (int month)
{
  static const char *const names[] = { N_ ("Jan"), N_ ("Feb"), N_ ("Mar"), N_ ("Apr"), N_ ("May"), N_ ("Jun"),
                                       N_ ("Jul"), N_ ("Aug"), N_ ("Sep"), N_ ("Oct"), N_ ("Nov"), N_ ("Dec") };

  return _ (names[month - 1]);
}

char *
yl_format_day (gint64 day, gint64 now)
{
  gint64 today = yl_date_of (now);
  g_autofree char *date = yl_date_format (day);
  int year = 0, month = 1, day_of_month = 1;

  if (day == today)
    return g_strdup (_ ("today"));
  if (day == today + 1)
    return g_strdup (_ ("tomorrow"));
  if (day == today - 1)
    return g_strdup (_ ("yesterday"));
  sscanf (date, "%d-%d-%d", &year, &month, &day_of_month);
  if (ABS (day - today) > 300)
    /* Translators: day of the month, month, year: 2 Dec 2028 */
    return g_strdup_printf (_ ("%1$d %2$s %3$d"), day_of_month, month_name (month), year);
  /* Translators: weekday, day of the month, month: Wed 2 Dec */
  return g_strdup_printf (_ ("%1$s %2$d %3$s"), weekday_name (day), day_of_month, month_name (month));
}

char *
yl_format_span (gint64 start, gint64 end, gint64 now)
{
  g_autofree char *day = yl_format_day (yl_date_of (start), now);
  g_autofree char *from = yl_format_clock (start);
  g_autofree char *until = yl_format_clock (end);

  if (end - start >= YL_DAY_MS)
    {
      g_autofree char *last = yl_format_day (yl_date_of (end - 1), now);
      return g_strdup_printf ("%s – %s", day, last);
    }
  return g_strdup_printf ("%s %s–%s", day, from, until);
}

char *
yl_format_past (gint64 ms, gint64 now)
{
  gint64 days = yl_date_of (now) - yl_date_of (ms);
  g_autofree char *clock = yl_format_clock (ms);

  if (days == 0)
    return g_steal_pointer (&clock);
  if (days < 2)
    {
      g_autofree char *day = yl_format_day (yl_date_of (ms), now);
      return g_strdup_printf ("%s %s", day, clock);
    }
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%d day ago", "%d days ago", days), (int) days);
}

char *
yl_format_duration (int minutes)
{
  if (minutes < 60)
    return g_strdup_printf (_ ("%d min"), minutes);
  if (minutes % 60 == 0)
    return g_strdup_printf (_ ("%d h"), minutes / 60);
  return g_strdup_printf (_ ("%d h %d min"), minutes / 60, minutes % 60);
}

char *
yl_format_left (gint64 ms, gint64 now)
{
  gint64 minutes = (ms - now) / YL_MINUTE_MS;
  gint64 days = yl_date_of (ms) - yl_date_of (now);

  if (minutes < 0 && minutes > -24 * 60)
    {
      g_autofree char *late = yl_format_duration (-minutes);
      return g_strdup_printf (_ ("%s late"), late);
    }
  if (minutes < 0)
    return yl_format_past (ms, now);
  if (days >= 2)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%d day left", "%d days left", days), (int) days);
  g_autofree char *left = yl_format_duration (minutes >= 12 * 60 ? minutes / 60 * 60 : minutes);
  return g_strdup_printf (_ ("%s left"), left);
}

static char *
format_weekdays (const char *codes)
{
  g_auto (GStrv) list = g_strsplit (codes, ",", -1);
  g_autoptr (GString) text = g_string_new (NULL);

  if (g_strv_length (list) == 7)
    return g_strdup (_ ("every day"));
  for (guint i = 0; list[i] != NULL; i++)
    {
      const char *label = yl_code_label ("weekday", list[i]);
      if (g_str_has_prefix (label, "周"))
        g_string_append (text, text->len == 0 ? label : label + strlen ("周"));
      else
        g_string_append_printf (text, "%s%.3s", text->len == 0 ? "" : ", ", label);
    }
  /* Translators: before a list of weekdays: every Mon, Wed */
  return g_strdup_printf (_ ("every %s"), text->str);
}

static char *
format_recurring (const YlRecord *order, gint64 now)
{
  const char *weekdays = yl_record_get_text (order, "weekdays");
  const char *until_date = yl_record_get_text (order, "until_date");
  int time = yl_record_get_integer (order, "start_time", 0);
  int end = time + yl_record_get_integer (order, "minutes", 0);
  gint64 last = 0;
  g_autofree char *days = format_weekdays (weekdays == NULL ? "" : weekdays);
  g_autofree char *hours = g_strdup_printf ("%02d:%02d–%02d:%02d", time / 60, time % 60, end / 60 % 24, end % 60);

  if (until_date == NULL || !yl_date_parse (until_date, &last, NULL))
    return g_strdup_printf ("%s %s", days, hours);
  g_autofree char *until = yl_format_day (last, now);
  /* Translators: weekdays, hours, last day: every Mon, Wed 09:00–12:00 until Fri 29 Jan */
  return g_strdup_printf (_ ("%1$s %2$s until %3$s"), days, hours, until);
}

char *
yl_format_schedule (const YlRecord *order, gint64 now)
{
  const char *schedule = yl_record_get_text (order, "schedule");
  gint64 from_day = 0;

  if (g_strcmp0 (schedule, "one_off") == 0 && !yl_record_is_null (order, "start"))
    {
      gint64 start = yl_record_get_integer (order, "start", 0);
      return yl_format_span (start, start + yl_record_get_integer (order, "minutes", 0) * YL_MINUTE_MS, now);
    }
  if (g_strcmp0 (schedule, "recurring") == 0)
    return format_recurring (order, now);
  if (g_strcmp0 (schedule, "live_in") == 0 && yl_record_get_text (order, "from_date") != NULL
      && yl_date_parse (yl_record_get_text (order, "from_date"), &from_day, NULL))
    {
      int months = yl_record_get_integer (order, "months", 0);
      g_autofree char *from = yl_format_day (from_day, now);
      /* Translators: first day, months: live-in from Sat 5 Dec, 2 months */
      return g_strdup_printf (
          g_dngettext (GETTEXT_PACKAGE, "live-in from %1$s, %2$d month", "live-in from %1$s, %2$d months", months),
          from, months);
    }
  return g_strdup ("");
}

char *
yl_format_phrase (const YlPhrase *phrase, gint64 now)
{
  g_autoptr (YlRecord) order = yl_record_new (&yl_order_table, NULL);

  yl_phrase_fill (phrase, order);
  return yl_format_schedule (order, now);
}

static char *
format_yuan (gint64 fen)
{
  return fen % 100 == 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, fen / 100)
                        : g_strdup_printf ("%" G_GINT64_FORMAT ".%02d", fen / 100, (int) (fen % 100));
}

char *
yl_format_wage (gint64 from_fen, gint64 to_fen, const char *unit)
{
  g_autofree char *from = format_yuan (from_fen);
  g_autofree char *to = format_yuan (to_fen);

  if (from_fen <= 0 && to_fen <= 0)
    return NULL;
  g_autofree char *range = from_fen == to_fen || to_fen <= 0 ? g_strdup (from)
                           : from_fen <= 0                   ? g_strdup_printf (_ ("up to %s"), to)
                                                             : g_strdup_printf ("%s–%s", from, to);
  if (g_strcmp0 (unit, "hour") == 0)
    return g_strdup_printf (_ ("%s yuan/h"), range);
  if (g_strcmp0 (unit, "day") == 0)
    return g_strdup_printf (_ ("%s yuan/day"), range);
  if (g_strcmp0 (unit, "month26") == 0)
    return g_strdup_printf (_ ("%s yuan/26 days"), range);
  return g_strdup_printf (_ ("%s yuan/month"), range);
}

char *
yl_format_distance (gint64 metres)
{
  if (metres < 1000)
    return g_strdup_printf (_ ("%d m"), (int) (metres + 50) / 100 * 100);
  return g_strdup_printf (_ ("%.1f km"), metres / 1000.0);
}

char *
yl_format_phone (const char *phone, gboolean masked)
{
  if (phone == NULL || strlen (phone) != 11)
    return g_strdup (phone == NULL ? "" : phone);
  return g_strdup_printf ("%.3s %.4s %s", phone, masked ? "****" : phone + 3, phone + 7);
}

char *
yl_format_masked (const YlField *field, const char *words)
{
  gsize length = words != NULL ? strlen (words) : 0;

  if (field == NULL || length <= 4 || (field->kind != YL_KIND_PHONE && field->kind != YL_KIND_ID_NUMBER))
    return g_strdup (words);
  return g_strconcat ("…", words + length - 4, NULL);
}

char *
yl_format_person (const char *name, gboolean is_own, gboolean erased)
{
  if (erased)
    return g_strdup (_ ("Personal data erased"));
  return is_own && name != NULL ? g_strdup (name) : yl_worker_masked_name (name);
}

char *
yl_format_rating (gint64 hundredths, gint64 count)
{
  if (count <= 0)
    return g_strdup ("");
  return g_strdup_printf ("★%d.%d (%d)", (int) hundredths / 100, (int) hundredths % 100 / 10, (int) count);
}

char *
yl_format_count (guint count)
{
  return count == 0 ? g_strdup ("") : g_strdup_printf ("%u", count);
}
