/* Times the way people say them. Every phrase is read on Tuesday 2026-12-01, 10:00. */
#include "base/yl-clock.h"
#include "base/yl-error.h"
#include "desk/yl-phrase.h"

static gint64
tuesday_morning (void)
{
  gint64 now = 0;

  g_assert_true (yl_instant_parse ("2026-12-01T10:00", &now, NULL));
  return now;
}

typedef struct
{
  const char *text;
  const char *start;
  int minutes;
} OneOffCase;

static const OneOffCase one_off_cases[] = {
  { "明天上午9点 3小时", "2026-12-02T09:00", 180 },
  { "12月2日 9:00-12:00", "2026-12-02T09:00", 180 },
  { "tomorrow 9am 3h", "2026-12-02T09:00", 180 },
  { "周三 9-12", "2026-12-02T09:00", 180 },
  { "12月2日9:00~12:00", "2026-12-02T09:00", 180 },
  { "后天早上八点半 两个半小时", "2026-12-03T08:30", 150 },
  { "大后天下午三点一刻 90分钟", "2026-12-04T15:15", 90 },
  { "下周一下午2点到5点", "2026-12-07T14:00", 180 },
  { "这周五 9点 3小时", "2026-12-04T09:00", 180 },
  { "周二 9点 3小时", NULL, 0 },
  { "周一 9点 3小时", "2026-12-07T09:00", 180 },
  { "下下周三 9点 3小时", "2026-12-16T09:00", 180 },
  { "周日10点 半天", "2026-12-06T10:00", 240 },
  { "礼拜天 10点 全天", "2026-12-06T10:00", 480 },
  { "3点 2小时", "2026-12-01T15:00", 120 },
  { "9点 2小时", "2026-12-02T09:00", 120 },
  { "03:00-05:00", "2026-12-02T03:00", 120 },
  { "今晚7点到9点", "2026-12-01T19:00", 120 },
  { "明早7点 2小时", "2026-12-02T07:00", 120 },
  { "明天中午12点 1.5小时", "2026-12-02T12:00", 90 },
  { "明天晚上10点到2点", "2026-12-02T22:00", 240 },
  { "明天上午10点到2点", "2026-12-02T10:00", 240 },
  { "2号 9点 3h", "2026-12-02T09:00", 180 },
  { "1号 18点 1小时", "2026-12-01T18:00", 60 },
  { "2026-12-10 13:30-16:00", "2026-12-10T13:30", 150 },
  { "2027年1月5日 9点 3小时", "2027-01-05T09:00", 180 },
  { "1月5日 9点 3小时", "2027-01-05T09:00", 180 },
  { "12/3 10点半到12点", "2026-12-03T10:30", 90 },
  { "next friday 2pm to 5pm", "2026-12-11T14:00", 180 },
  { "friday 2:30pm 45 min", "2026-12-04T14:30", 45 },
  { "dec 24 9am-5pm", "2026-12-24T09:00", 480 },
  { "24 December noon for 2 hours", "2026-12-24T12:00", 120 },
  { "today 12am 2h", NULL, 0 },
  { "明天9点3小时", "2026-12-02T09:00", 180 },
  { "2月29日 9点 2小时", "2028-02-29T09:00", 120 },
};

static void
test_one_off (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (one_off_cases); i++)
    {
      const OneOffCase *expected = &one_off_cases[i];
      YlPhrase phrase = { 0 };
      gint64 start = 0;
      g_autoptr (GError) error = NULL;
      gboolean was_read = yl_phrase_read (expected->text, tuesday_morning (), &phrase, &error);
      g_test_message ("%s: %s", expected->text, error == NULL ? "read" : error->message);
      if (expected->start == NULL)
        {
          g_assert_false (was_read);
          g_assert_error (error, YL_ERROR, YL_ERROR_INVALID);
          continue;
        }
      g_assert_no_error (error);
      g_assert_true (yl_instant_parse (expected->start, &start, NULL));
      g_assert_cmpint (phrase.kind, ==, YL_PHRASE_ONE_OFF);
      g_assert_cmpint (phrase.start, ==, start);
      g_assert_cmpint (phrase.minutes, ==, expected->minutes);
    }
}

typedef struct
{
  const char *text;
  guint weekdays;
  int start_time;
  int minutes;
  const char *from;
  const char *until;
} RecurringCase;

static const RecurringCase recurring_cases[] = {
  { "每周一三五 9-12点 4周", 0x15, 540, 180, "2026-12-02", "2026-12-29" },
  { "每周一、三、五 9:00-12:00 到1月30日", 0x15, 540, 180, "2026-12-02", "2027-01-30" },
  { "每周二和周四下午2点 2小时", 0x0a, 840, 120, "2026-12-02", "2026-12-29" },
  { "工作日 8点-10点 12月7日起", 0x1f, 480, 120, "2026-12-07", "2027-01-03" },
  { "周末 9点 4小时", 0x60, 540, 240, "2026-12-02", "2026-12-29" },
  { "每天 18:00 2小时 两周", 0x7f, 1080, 120, "2026-12-02", "2026-12-15" },
  { "every mon, wed 14:00-16:00", 0x05, 840, 120, "2026-12-02", "2026-12-29" },
  { "weekdays 9am 3h until 31 jan", 0x1f, 540, 180, "2026-12-02", "2027-01-31" },
};

static void
test_recurring (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (recurring_cases); i++)
    {
      const RecurringCase *expected = &recurring_cases[i];
      YlPhrase phrase = { 0 };
      g_autoptr (GError) error = NULL;
      yl_phrase_read (expected->text, tuesday_morning (), &phrase, &error);
      g_test_message ("%s: %s", expected->text, error == NULL ? "read" : error->message);
      g_assert_no_error (error);
      g_autofree char *from = yl_date_format (phrase.from_day);
      g_autofree char *until = yl_date_format (phrase.until_day);
      g_assert_cmpint (phrase.kind, ==, YL_PHRASE_RECURRING);
      g_assert_cmphex (phrase.weekdays, ==, expected->weekdays);
      g_assert_cmpint (phrase.start_time, ==, expected->start_time);
      g_assert_cmpint (phrase.minutes, ==, expected->minutes);
      g_assert_cmpstr (from, ==, expected->from);
      g_assert_cmpstr (until, ==, expected->until);
    }
}

static void
test_live_in (void)
{
  static const struct
  {
    const char *text;
    const char *from;
    int months;
  } cases[] = {
    { "12月5日起住家2个月", "2026-12-05", 2 },
    { "住家 12月5日 26天", "2026-12-05", 1 },
    { "from 5 dec live-in 2 months", "2026-12-05", 2 },
    { "下周一开始 住家 到3月5日", "2026-12-07", 3 },
    { "明天起 6个月", "2026-12-02", 6 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      YlPhrase phrase = { 0 };
      g_autoptr (GError) error = NULL;
      yl_phrase_read (cases[i].text, tuesday_morning (), &phrase, &error);
      g_test_message ("%s: %s", cases[i].text, error == NULL ? "read" : error->message);
      g_assert_no_error (error);
      g_autofree char *from = yl_date_format (phrase.from_day);
      g_assert_cmpint (phrase.kind, ==, YL_PHRASE_LIVE_IN);
      g_assert_cmpstr (from, ==, cases[i].from);
      g_assert_cmpint (phrase.months, ==, cases[i].months);
    }
}

static void
test_refused (void)
{
  static const char *const phrases[] = {
    "",
    "abc",
    "明天",
    "明天上午9点",
    "明天 3小时",
    "9点-12点吧",
    "今天9点3小时",
    "明天 9点 5分钟",
    "明天 9点 30小时",
    "13月2日 9点 3小时",
    "2月30日 9点 3小时",
    "明天 25点 3小时",
    "明天 9:75 3小时",
    "住家 3个月",
    "住家 12月5日",
    "12月5日住家 99个月",
    "每周 9点 3小时",
    "每周一",
    "2019-01-01 9点 3小时",
    "工作日 9点 2小时 12月20日起 到12月10日",
    "99999 9点",
    "\xff\xfe",
  };

  for (guint i = 0; i < G_N_ELEMENTS (phrases); i++)
    {
      YlPhrase phrase = { .minutes = 77 };
      g_autoptr (GError) error = NULL;
      g_autofree char *shown = g_strescape (phrases[i], NULL);
      g_test_message ("%s", shown);
      g_assert_false (yl_phrase_read (phrases[i], tuesday_morning (), &phrase, &error));
      g_assert_error (error, YL_ERROR, YL_ERROR_INVALID);
      g_assert_cmpint (phrase.minutes, ==, 77);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/phrase/one-off", test_one_off);
  g_test_add_func ("/phrase/recurring", test_recurring);
  g_test_add_func ("/phrase/live-in", test_live_in);
  g_test_add_func ("/phrase/refused", test_refused);
  return g_test_run ();
}
