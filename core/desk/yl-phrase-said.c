/* Reading one part of a phrase after the other: days, clock times, lengths, repetition. */
#include "yl-phrase-said.h"

#include <stdlib.h>

#include "base/yl-clock.h"

#define DAY_MINUTES (24 * 60)

typedef enum
{
  CLOCK_NONE,
  CLOCK_BARE, /* a number alone: a time only beside a part of the day or within a range */
  CLOCK_CLEAR,
} ClockForm;

static const YlScanWord weekday_words[] = {
  { "monday", 0 },   { "mon", 0 },      { "tuesday", 1 }, { "tue", 1 },    { "wednesday", 2 },
  { "wed", 2 },      { "thursday", 3 }, { "thu", 3 },     { "friday", 4 }, { "fri", 4 },
  { "saturday", 5 }, { "sat", 5 },      { "sunday", 6 },  { "sun", 6 },    { NULL },
};

static const YlScanWord weekday_numerals[] = {
  { "一", 0 }, { "二", 1 }, { "三", 2 }, { "四", 3 }, { "五", 4 }, { "六", 5 }, { "日", 6 }, { "天", 6 },
  { "1", 0 },  { "2", 1 },  { "3", 2 },  { "4", 3 },  { "5", 4 },  { "6", 5 },  { "7", 6 },  { NULL },
};

static const YlScanWord month_words[] = {
  { "january", 1 }, { "jan", 1 },       { "february", 2 }, { "feb", 2 },       { "march", 3 }, { "mar", 3 },
  { "april", 4 },   { "apr", 4 },       { "may", 5 },      { "june", 6 },      { "jun", 6 },   { "july", 7 },
  { "jul", 7 },     { "august", 8 },    { "aug", 8 },      { "september", 9 }, { "sep", 9 },   { "october", 10 },
  { "oct", 10 },    { "november", 11 }, { "nov", 11 },     { "december", 12 }, { "dec", 12 },  { NULL },
};

static const YlScanWord part_words[] = {
  { "凌晨", YL_PART_NIGHT },      { "早上", YL_PART_MORNING },
  { "早晨", YL_PART_MORNING },    { "上午", YL_PART_MORNING },
  { "中午", YL_PART_NOON },       { "下午", YL_PART_AFTERNOON },
  { "傍晚", YL_PART_EVENING },    { "晚上", YL_PART_EVENING },
  { "早", YL_PART_MORNING },      { "晚", YL_PART_EVENING },
  { "morning", YL_PART_MORNING }, { "afternoon", YL_PART_AFTERNOON },
  { "evening", YL_PART_EVENING }, { NULL },
};

static const YlScanWord range_words[] = {
  { "-", 0 },  { "~", 0 },  { "–", 0 },     { "—", 0 },    { "到", 0 },
  { "至", 0 }, { "to", 0 }, { "until", 0 }, { "till", 0 }, { NULL },
};

static const YlScanWord week_words[] = { { "星期", 0 }, { "礼拜", 0 }, { "周", 0 }, { NULL } };

/* Days */

static gboolean
set_date (YlSaid *said, int year, int month, int day_of_month, gint64 *day)
{
  GDate date;

  if (month < 1 || month > 12 || day_of_month < 1 || day_of_month > 31
      || (year != YL_UNSAID && (year < 2020 || year > 2099)))
    return FALSE;
  g_autofree char *today = yl_date_format (said->today);
  int this_year = atoi (today);
  for (int candidate = year == YL_UNSAID ? this_year : year; candidate <= this_year + 8; candidate++)
    {
      if (!g_date_valid_dmy (day_of_month, month, candidate))
        {
          if (year != YL_UNSAID)
            return FALSE;
          continue;
        }
      g_date_clear (&date, 1);
      g_date_set_dmy (&date, day_of_month, month, candidate);
      *day = (gint64) g_date_get_julian (&date) - 719163;
      if (year != YL_UNSAID || *day >= said->today)
        return TRUE;
    }
  return FALSE;
}

/* `2号`: of this month, or of the next month that has such a day when it is past. */
static gboolean
set_day_of_month (YlSaid *said, int day_of_month, gint64 *day)
{
  g_autofree char *today = yl_date_format (said->today);
  int year = atoi (today);
  int month = atoi (today + 5);

  for (int ahead = 0; ahead < 3; ahead++)
    {
      if (set_date (said, year + (month + ahead - 1) / 12, (month + ahead - 1) % 12 + 1, day_of_month, day)
          && *day >= said->today)
        return TRUE;
    }
  return FALSE;
}

/* A date that begins with the number just passed: `12月2日`, `2026-12-02`, `12/2`, `2号`, `2 dec`. */
static gboolean
take_date_after (YlScan *scan, YlSaid *said, int number, int width, gint64 *day)
{
  int month = 0;
  int day_of_month = 0;
  int digits;
  YlScan start = *scan;

  if (width == 4 && (yl_scan_take (scan, "-") || yl_scan_take (scan, "年") || yl_scan_take (scan, "/"))
      && yl_scan_take_number (scan, &month, &digits)
      && (yl_scan_take (scan, "-") || yl_scan_take (scan, "月") || yl_scan_take (scan, "/"))
      && yl_scan_take_number (scan, &day_of_month, &digits) && set_date (said, number, month, day_of_month, day))
    return yl_scan_take (scan, "日") || yl_scan_take (scan, "号") || TRUE;
  *scan = start;
  if ((yl_scan_take (scan, "月") || yl_scan_take (scan, "/")) && yl_scan_take_number (scan, &day_of_month, &digits)
      && set_date (said, YL_UNSAID, number, day_of_month, day))
    return yl_scan_take (scan, "日") || yl_scan_take (scan, "号") || TRUE;
  *scan = start;
  if (yl_scan_take (scan, "号") || yl_scan_take (scan, "日"))
    return set_day_of_month (said, number, day);
  yl_scan_skip (scan);
  if (yl_scan_take_any (scan, month_words, &month))
    return set_date (said, YL_UNSAID, month, number, day);
  *scan = start;
  return FALSE;
}

/* A weekday: the next one, `这周` and `下周` count from Monday. */
static gboolean
take_weekday (YlScan *scan, YlSaid *said, gint64 *day)
{
  static const YlScanWord ahead_words[] = { { "下下", 2 }, { "下个", 1 },  { "下", 1 },    { "这个", 0 }, { "这", 0 },
                                            { "本", 0 },   { "next ", 1 }, { "this ", 0 }, { NULL } };
  int ahead = YL_UNSAID;
  int weekday;
  int unused;
  YlScan start = *scan;
  gint64 monday = said->today - yl_date_weekday (said->today);

  yl_scan_take_any (scan, ahead_words, &ahead);
  if (!((yl_scan_take_any (scan, week_words, &unused) && yl_scan_take_any (scan, weekday_numerals, &weekday))
        || yl_scan_take_any (scan, weekday_words, &weekday)))
    {
      *scan = start;
      return FALSE;
    }
  if (ahead != YL_UNSAID)
    *day = monday + 7 * ahead + weekday;
  else
    *day = monday + weekday + (monday + weekday < said->today ? 7 : 0);
  return TRUE;
}

static gboolean
take_day (YlScan *scan, YlSaid *said, gint64 *day)
{
  static const YlScanWord day_words[] = { { "今天", 0 },  { "今日", 0 },     { "今", 0 },     { "明天", 1 },
                                          { "明日", 1 },  { "明", 1 },       { "大后天", 3 }, { "后天", 2 },
                                          { "today", 0 }, { "tomorrow", 1 }, { NULL } };
  int number;
  int width;
  int month;
  YlScan start = *scan;

  if (yl_scan_take_any (scan, day_words, &number))
    {
      *day = said->today + number;
      return TRUE;
    }
  if (take_weekday (scan, said, day))
    return TRUE;
  if (yl_scan_take_any (scan, month_words, &month))
    {
      yl_scan_skip (scan);
      if (yl_scan_take_number (scan, &number, &width) && set_date (said, YL_UNSAID, month, number, day))
        return TRUE;
    }
  *scan = start;
  if (yl_scan_take_number (scan, &number, &width) && take_date_after (scan, said, number, width, day))
    return TRUE;
  *scan = start;
  return FALSE;
}

static gboolean
read_day (YlScan *scan, YlSaid *said)
{
  static const YlScanWord before[] = { { "从", 0 }, { "from ", 0 }, { "on ", 0 }, { NULL } };
  static const YlScanWord after[] = { { "起", 0 }, { "开始", 0 }, { NULL } };
  int unused;

  yl_scan_take_any (scan, before, &unused);
  if (!take_day (scan, said, &said->day))
    return FALSE;
  yl_scan_take_any (scan, after, &unused);
  return TRUE;
}

/* Clock times */

static int
time_of (int hour, int minute, YlPartOfDay part, gboolean guess)
{
  if (part == YL_PART_NIGHT && hour == 12)
    hour = 0;
  else if (part == YL_PART_NOON && hour < 6)
    hour += 12;
  else if ((part == YL_PART_AFTERNOON || part == YL_PART_EVENING) && hour < 12)
    hour += 12;
  else if (part == YL_PART_EVENING && hour == 12)
    hour = 24;
  else if (part == YL_PART_NONE && guess && hour >= 1 && hour <= 6)
    hour += 12;
  return hour * 60 + minute;
}

/* What follows `9点`: `半`, `一刻`, `15分`, or nothing. */
static int
take_minutes_past (YlScan *scan)
{
  static const YlScanWord parts[] = {
    { "半", 30 }, { "一刻", 15 }, { "三刻", 45 }, { "整", 0 }, { "钟", 0 }, { NULL }
  };
  int minute;
  int width;
  YlScan start = *scan;

  if (yl_scan_take_any (scan, parts, &minute))
    return minute;
  if (yl_scan_take_number (scan, &minute, &width) && minute < 60 && yl_scan_take (scan, "分"))
    return minute;
  *scan = start;
  return 0;
}

static gboolean
stands_before_unit (YlScan scan)
{
  static const YlScanWord units[] = { { "小时", 0 },  { "个", 0 },    { "分", 0 },    { "天", 0 },   { "月", 0 },
                                      { "号", 0 },    { "日", 0 },    { "周", 0 },    { "年", 0 },   { "/", 0 },
                                      { "h", 0 },     { "hours", 0 }, { "hour", 0 },  { "min", 0 },  { "minutes", 0 },
                                      { "days", 0 },  { "day", 0 },   { "weeks", 0 }, { "week", 0 }, { "months", 0 },
                                      { "month", 0 }, { ".", 0 },     { NULL } };
  int unused;

  while (*scan.at == ' ')
    scan.at++;
  return yl_scan_take_any (&scan, units, &unused) || yl_scan_take_any (&scan, month_words, &unused);
}

static ClockForm
take_clock (YlScan *scan, YlPartOfDay *part, int *time)
{
  static const YlScanWord halves[] = { { "am", YL_PART_MORNING }, { "pm", YL_PART_AFTERNOON }, { NULL } };
  ClockForm form = CLOCK_BARE;
  int hour;
  int minute = 0;
  int width;
  int half;

  if (yl_scan_take (scan, "noon"))
    {
      *time = 12 * 60;
      return CLOCK_CLEAR;
    }
  if (!yl_scan_take_number (scan, &hour, &width) || hour > 24 || stands_before_unit (*scan))
    return CLOCK_NONE;
  gboolean is_24h = width == 2 && hour < 10; /* `03:00` */
  if (yl_scan_take (scan, "点"))
    {
      minute = take_minutes_past (scan);
      form = CLOCK_CLEAR;
    }
  else if (yl_scan_take (scan, ":"))
    {
      if (!yl_scan_take_number (scan, &minute, &width) || minute > 59)
        return CLOCK_NONE;
      form = CLOCK_CLEAR;
    }
  while (*scan->at == ' ')
    scan->at++;
  if (yl_scan_take_any (scan, halves, &half))
    {
      *part = half;
      hour = half == YL_PART_MORNING && hour == 12 ? 0 : hour;
      form = CLOCK_CLEAR;
    }
  *time = time_of (hour, minute, *part, !is_24h);
  return form;
}

/* `-12:00`, `到下午3点`, ` to 5pm` after a start. */
static ClockForm
take_end (YlScan *scan, YlPartOfDay part, int start_time, int *end_time)
{
  YlScan start = *scan;
  int value;

  while (*scan->at == ' ')
    scan->at++;
  if (yl_scan_take_any (scan, range_words, &value))
    {
      yl_scan_skip (scan);
      if (yl_scan_take_any (scan, part_words, &value))
        part = value;
      ClockForm form = take_clock (scan, &part, end_time);
      if (form != CLOCK_NONE)
        {
          if (*end_time <= start_time && *end_time + DAY_MINUTES / 2 > start_time)
            *end_time += DAY_MINUTES / 2;
          return form;
        }
    }
  *scan = start;
  return CLOCK_NONE;
}

static gboolean
read_clock (YlScan *scan, YlSaid *said)
{
  YlScan start = *scan;
  YlPartOfDay part = said->part;
  int time = YL_UNSAID;
  int end_time = YL_UNSAID;
  int value;

  if (yl_scan_take_any (scan, part_words, &value))
    {
      said->part = value;
      return TRUE;
    }
  ClockForm form = take_clock (scan, &part, &time);
  if (form != CLOCK_NONE)
    {
      ClockForm end_form = take_end (scan, part == YL_PART_NOON ? YL_PART_NONE : part, time, &end_time);
      if (form == CLOCK_CLEAR || said->part != YL_PART_NONE || end_form != CLOCK_NONE)
        {
          said->time = time;
          said->end_time = end_time;
          return TRUE;
        }
    }
  *scan = start;
  return FALSE;
}

/* Lengths */

static gboolean
take_unit (YlScan *scan, YlSaid *said, int number, int tenths)
{
  static const YlScanWord units[] = { { "小时", 60 },  { "个小时", 60 }, { "个钟头", 60 }, { "个钟", 60 },
                                      { "hours", 60 }, { "hour", 60 },   { "hrs", 60 },    { "hr", 60 },
                                      { "h", 60 },     { "分钟", 1 },    { "minutes", 1 }, { "mins", 1 },
                                      { "min", 1 },    { NULL } };
  static const YlScanWord terms[] = { { "天", 1 },     { "days", 1 },  { "day", 1 },  { "周", 7 }, { "个星期", 7 },
                                      { "个礼拜", 7 }, { "weeks", 7 }, { "week", 7 }, { NULL } };
  static const YlScanWord months[] = { { "个月", 1 }, { "months", 1 }, { "month", 1 }, { NULL } };
  int unit;

  if (yl_scan_take (scan, "个半小时"))
    said->minutes = number * 60 + 30;
  else if (yl_scan_take_any (scan, units, &unit))
    {
      said->minutes = number * unit + tenths * unit / 10;
      if (unit == 60 && yl_scan_take (scan, "半"))
        said->minutes += 30;
    }
  else if (yl_scan_take_any (scan, terms, &unit))
    said->term_days = number * unit;
  else if (yl_scan_take_any (scan, months, &unit))
    said->months = number;
  else
    return FALSE;
  return TRUE;
}

static gboolean
read_length (YlScan *scan, YlSaid *said)
{
  static const YlScanWord fixed[] = { { "半小时", 30 },      { "半个小时", 30 }, { "半天", 240 }, { "全天", 480 },
                                      { "half a day", 240 }, { "all day", 480 }, { NULL } };
  static const YlScanWord before[] = { { "共", 0 }, { "做", 0 }, { "for ", 0 }, { NULL } };
  int number;
  int width;
  int tenths = 0;
  YlScan start = *scan;

  yl_scan_take_any (scan, before, &width);
  if (yl_scan_take_any (scan, fixed, &said->minutes))
    return TRUE;
  if (yl_scan_take_number (scan, &number, &width))
    {
      if (yl_scan_take (scan, ".") && !(yl_scan_take_number (scan, &tenths, &width) && width == 1))
        tenths = 0;
      while (*scan->at == ' ')
        scan->at++;
      if (take_unit (scan, said, number, tenths))
        return TRUE;
    }
  *scan = start;
  return FALSE;
}

/* Repetition */

static gboolean
take_weekday_list (YlScan *scan, YlSaid *said, const YlScanWord *words)
{
  guint weekdays = 0;
  int weekday;

  while (yl_scan_take_any (scan, words, &weekday))
    {
      weekdays |= 1u << weekday;
      /* 每周一、三、五: go on only when a weekday follows, the separator may end the list. */
      YlScan next = *scan;
      yl_scan_skip (&next);
      if (yl_scan_take (&next, "and") || yl_scan_take (&next, "和"))
        yl_scan_skip (&next);
      int unused;
      yl_scan_take_any (&next, week_words, &unused);
      YlScan probe = next;
      if (yl_scan_take_any (&probe, words, &unused) && *probe.at != ':' && !g_str_has_prefix (probe.at, "点"))
        *scan = next;
    }
  said->weekdays |= weekdays;
  return weekdays != 0;
}

static gboolean
read_recurrence (YlScan *scan, YlSaid *said)
{
  static const YlScanWord every[] = { { "每个", 0 }, { "每", 0 }, { "every ", 0 }, { NULL } };
  static const YlScanWord spans[] = {
    { "工作日", 0x1f },   { "周末", 0x60 },    { "天", 0x7f },       { "日", 0x7f },      { "day", 0x7f },
    { "weekdays", 0x1f }, { "weekday", 0x1f }, { "weekends", 0x60 }, { "weekend", 0x60 }, { NULL }
  };
  YlScan start = *scan;
  int value;

  gboolean said_every = yl_scan_take_any (scan, every, &value);
  if (yl_scan_take_any (scan, spans, &value))
    {
      if (said_every || value != 0x7f)
        {
          said->recurring = TRUE;
          said->weekdays |= value;
          return TRUE;
        }
    }
  else if (said_every
           && ((yl_scan_take_any (scan, week_words, &value) && take_weekday_list (scan, said, weekday_numerals))
               || take_weekday_list (scan, said, weekday_words)))
    {
      said->recurring = TRUE;
      return TRUE;
    }
  *scan = start;
  return FALSE;
}

static gboolean
read_live_in (YlScan *scan, YlSaid *said)
{
  static const YlScanWord words[] = { { "住家", 0 }, { "全职", 0 }, { "live-in", 0 }, { "live in", 0 }, { NULL } };
  int unused;

  if (!yl_scan_take_any (scan, words, &unused))
    return FALSE;
  said->live_in = TRUE;
  return TRUE;
}

static gboolean
read_until (YlScan *scan, YlSaid *said)
{
  YlScan start = *scan;
  int unused;

  if (yl_scan_take_any (scan, range_words, &unused))
    {
      yl_scan_skip (scan);
      if (take_day (scan, said, &said->until))
        return TRUE;
    }
  *scan = start;
  return FALSE;
}

gboolean
yl_said_read_part (YlSaid *said, YlScan *scan)
{
  static gboolean (*const readers[]) (YlScan *, YlSaid *) = { read_recurrence, read_live_in, read_day,
                                                              read_length,     read_clock,   read_until };

  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    if (readers[i](scan, said))
      return TRUE;
  return FALSE;
}
