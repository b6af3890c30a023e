/* What people say about times, made into a schedule. */
#include "yl-phrase.h"

#include "base/yl-clock.h"
#include "base/yl-error.h"
#include "base/yl-i18n.h"
#include "yl-phrase-said.h"

#define DAY_MINUTES (24 * 60)

static gboolean
missing (GError **error, const char *sentence)
{
  g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID, sentence);
  return FALSE;
}

static gboolean
settle_time (YlSaid *said, GError **error)
{
  if (said->time == YL_UNSAID)
    return missing (error, _ ("Still missing: when it starts, such as 9am."));
  if (said->end_time != YL_UNSAID)
    said->minutes = said->end_time - said->time;
  if (said->minutes == YL_UNSAID)
    return missing (error, _ ("Still missing: how long, such as 3 hours."));
  if (said->minutes < 15 || said->minutes > DAY_MINUTES)
    return missing (error, _ ("A visit lasts between 15 minutes and 24 hours."));
  return TRUE;
}

static gboolean
conclude_one_off (YlSaid *said, YlPhrase *phrase, GError **error)
{
  if (!settle_time (said, error))
    return FALSE;
  if (said->day == YL_UNSAID)
    said->day = said->today + (said->time <= said->now_time ? 1 : 0);
  if (said->day < said->today || (said->day == said->today && said->time <= said->now_time))
    return missing (error, _ ("That time is already past."));
  phrase->kind = YL_PHRASE_ONE_OFF;
  phrase->start = yl_date_start (said->day) + said->time * YL_MINUTE_MS;
  phrase->minutes = said->minutes;
  return TRUE;
}

static gboolean
conclude_recurring (YlSaid *said, YlPhrase *phrase, GError **error)
{
  int term = said->term_days != YL_UNSAID ? said->term_days
             : said->months != YL_UNSAID  ? said->months * 30
                                          : YL_PHRASE_WEEKS * 7;

  if (!settle_time (said, error))
    return FALSE;
  phrase->kind = YL_PHRASE_RECURRING;
  phrase->weekdays = said->weekdays;
  phrase->start_time = said->time;
  phrase->minutes = said->minutes;
  phrase->from_day = said->day != YL_UNSAID ? said->day : said->today + 1;
  phrase->until_day = said->until != YL_UNSAID ? said->until : phrase->from_day + term - 1;
  if (phrase->until_day < phrase->from_day)
    return missing (error, _ ("The last day comes before the first."));
  return TRUE;
}

static gboolean
conclude_live_in (YlSaid *said, YlPhrase *phrase, GError **error)
{
  if (said->day == YL_UNSAID)
    return missing (error, _ ("Still missing: the first day, such as 5 Dec."));
  if (said->months == YL_UNSAID && said->term_days != YL_UNSAID)
    said->months = (said->term_days + 29) / 30;
  if (said->months == YL_UNSAID && said->until != YL_UNSAID)
    said->months = MAX (1, (int) (said->until - said->day + 15) / 30);
  if (said->months == YL_UNSAID)
    return missing (error, _ ("Still missing: for how long, such as 2 months."));
  if (said->months < 1 || said->months > 60)
    return missing (error, _ ("A placement lasts between 1 and 60 months."));
  phrase->kind = YL_PHRASE_LIVE_IN;
  phrase->from_day = said->day;
  phrase->months = said->months;
  return TRUE;
}

gboolean
yl_phrase_read (const char *text, gint64 now, YlPhrase *phrase, GError **error)
{
  g_autofree char *normal = yl_scan_normalize (text);
  YlScan scan = { normal };
  YlSaid said = { .day = YL_UNSAID,
                  .time = YL_UNSAID,
                  .end_time = YL_UNSAID,
                  .minutes = YL_UNSAID,
                  .until = YL_UNSAID,
                  .term_days = YL_UNSAID,
                  .months = YL_UNSAID };
  YlPhrase read = { 0 };

  said.today = yl_date_of (now);
  said.now_time = (now - yl_date_start (said.today)) / YL_MINUTE_MS;
  for (yl_scan_skip (&scan); *scan.at != '\0'; yl_scan_skip (&scan))
    if (!yl_said_read_part (&said, &scan))
      {
        g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("“%s” is not understood as a time."), scan.at);
        return FALSE;
      }
  gboolean is_live_in = said.live_in || (said.months != YL_UNSAID && !said.recurring && said.time == YL_UNSAID);
  if (is_live_in       ? !conclude_live_in (&said, &read, error)
      : said.recurring ? !conclude_recurring (&said, &read, error)
                       : !conclude_one_off (&said, &read, error))
    return FALSE;
  *phrase = read;
  return TRUE;
}

static char *
weekday_codes (guint weekdays)
{
  static const char *const codes[] = { "mo", "tu", "we", "th", "fr", "sa", "su" };
  g_autoptr (GPtrArray) list = g_ptr_array_new ();

  for (guint day = 0; day < G_N_ELEMENTS (codes); day++)
    if (weekdays & (1u << day))
      g_ptr_array_add (list, (gpointer) codes[day]);
  g_ptr_array_add (list, NULL);
  return g_strjoinv (",", (char **) list->pdata);
}

void
yl_phrase_fill (const YlPhrase *phrase, YlRecord *order)
{
  static const char *const schedules[] = { "one_off", "recurring", "live_in" };
  g_autofree char *weekdays = weekday_codes (phrase->weekdays);
  g_autofree char *from = yl_date_format (phrase->from_day);
  g_autofree char *until = yl_date_format (phrase->until_day);

  yl_record_set_text (order, "schedule", schedules[phrase->kind]);
  if (phrase->kind == YL_PHRASE_ONE_OFF)
    yl_record_set_integer (order, "start", phrase->start);
  if (phrase->kind != YL_PHRASE_LIVE_IN)
    yl_record_set_integer (order, "minutes", phrase->minutes);
  if (phrase->kind == YL_PHRASE_RECURRING)
    {
      yl_record_set_text (order, "weekdays", weekdays);
      yl_record_set_integer (order, "start_time", phrase->start_time);
      yl_record_set_text (order, "until_date", until);
    }
  if (phrase->kind != YL_PHRASE_ONE_OFF)
    yl_record_set_text (order, "from_date", from);
  if (phrase->kind == YL_PHRASE_LIVE_IN)
    yl_record_set_integer (order, "months", phrase->months);
}
