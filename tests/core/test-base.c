/* Ids, clocks, values, texts and quantities: what everything else is made of. */
#include "base/yl-clock.h"
#include "base/yl-error.h"
#include "base/yl-id-number.h"
#include "base/yl-id.h"
#include "base/yl-quantity.h"
#include "base/yl-text.h"
#include "base/yl-value.h"

#include <string.h>

#define NOW G_GINT64_CONSTANT (1796086800000) /* 2026-12-01T09:00+08:00 */

static void
test_id_order (void)
{
  g_autofree char *last = yl_id_new (NOW);

  for (int i = 0; i < 10000; i++)
    {
      char *next = yl_id_new (NOW + i / 5000);

      g_assert_true (yl_id_is_valid (next));
      g_assert_cmpint (next[14], ==, '7');
      g_assert_cmpstr (next, >, last);
      g_free (last);
      last = next;
    }
}

static void
test_id_keeps_to_its_time (void)
{
  g_autofree char *later = yl_id_new (NOW + YL_DAY_MS);
  g_autofree char *id = yl_id_new (NOW);
  g_autofree char *expected = g_strdup_printf ("%08x-%04x", (guint) (NOW >> 16), (guint) (NOW & 0xffff));

  g_assert_true (g_str_has_prefix (id, expected));
  g_assert_cmpstr (id, <, later);
}

static void
test_id_derive (void)
{
  g_autofree char *a = yl_id_derive ("ab", "c", NULL);
  g_autofree char *again = yl_id_derive ("ab", "c", NULL);
  g_autofree char *other = yl_id_derive ("a", "bc", NULL);

  g_assert_true (yl_id_is_valid (a));
  g_assert_cmpint (a[14], ==, '8');
  g_assert_cmpstr (a, ==, again);
  g_assert_cmpstr (a, !=, other);
}

static void
test_id_invalid (void)
{
  static const char *const bad[] = {
    "",
    "x",
    "0190a2f4-1c2d-7abc-8def-0123456789a",
    "0190a2f4-1c2d-7abc-8def-0123456789abc",
    "0190A2F4-1c2d-7abc-8def-0123456789ab",
    "0190a2f4x1c2d-7abc-8def-0123456789ab",
    "CYA0001",
  };

  g_assert_false (yl_id_is_valid (NULL));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (yl_id_is_valid (bad[i]));
}

static void
test_hlc (void)
{
  gint64 clock = yl_hlc_next (0, NOW);

  g_assert_cmpint (YL_HLC_MS (clock), ==, NOW);
  g_assert_cmpint (YL_HLC_COUNTER (clock), ==, 0);
  g_assert_cmpint (yl_hlc_next (clock, NOW), ==, YL_HLC (NOW, 1));
  g_assert_cmpint (yl_hlc_next (clock, NOW - 5000), ==, YL_HLC (NOW, 1));
  g_assert_cmpint (yl_hlc_next (YL_HLC (NOW, 0xffff), NOW), ==, YL_HLC (NOW + 1, 0));
  g_assert_cmpint (yl_hlc_follow (clock, YL_HLC (NOW + 500, 7), NOW), ==, YL_HLC (NOW + 500, 7));
  g_assert_cmpint (yl_hlc_follow (clock, YL_HLC (NOW - 500, 7), NOW), ==, clock);
  g_assert_cmpint (YL_HLC_MS (yl_hlc_follow (clock, YL_HLC (NOW + YL_DAY_MS, 0), NOW)), ==, NOW + YL_CLOCK_MAX_LEAD_MS);
}

static void
test_instant (void)
{
  static const struct
  {
    const char *text;
    gint64 ms;
  } good[] = {
    { "2026-12-01T09:00", NOW },
    { "2026-12-01 09:00", NOW },
    { "2026-12-01T09:00:00+08:00", NOW },
    { "2026-12-01T01:00Z", NOW },
    { "2026-12-01T01:00:00Z", NOW },
    { "2026-11-30T20:00:00-05:00", NOW },
    { "2026/12/1 9:00", NOW },
    { "2026年12月1日 09:00:07", NOW + 7000 },
    { "1969-12-31T23:59:59Z", -1000 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *formatted = NULL;
      gint64 ms, again;

      g_assert_true (yl_instant_parse (good[i].text, &ms, &error));
      g_assert_no_error (error);
      g_assert_cmpint (ms, ==, good[i].ms);
      formatted = yl_instant_format (ms);
      g_assert_true (yl_instant_parse (formatted, &again, &error));
      g_assert_cmpint (again, ==, ms);
    }
}

static void
test_instant_bad (void)
{
  static const char *const bad[] = {
    "",
    "2026-12-01",
    "2026-12-01T",
    "2026-12-01T24:00",
    "2026-12-01T09:60",
    "2026-12-01T09:00:60",
    "2026-02-30T09:00",
    "2026-13-01T09:00",
    "26-12-01T09:00",
    "2026-12-01T09:00+15:00",
    "2026-12-01T09:00 ",
    "2026-12-01T09:00x",
    "2026-12/01T09:00",
    "1700-01-01T09:00",
    "tomorrow",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      gint64 ms = 42;

      g_assert_false (yl_instant_parse (bad[i], &ms, &error));
      g_assert_error (error, YL_ERROR, YL_ERROR_INVALID);
      g_assert_cmpint (ms, ==, 42);
    }
}

static void
test_date_round_trip (void)
{
  for (gint64 day = -62000; day < 84000; day++)
    {
      g_autofree char *text = yl_date_format (day);
      gint64 parsed;

      g_assert_true (yl_date_parse (text, &parsed, NULL));
      g_assert_cmpint (parsed, ==, day);
      g_assert_cmpint (yl_date_of (yl_date_start (day)), ==, day);
      g_assert_cmpint (yl_date_of (yl_date_start (day) - 1), ==, day - 1);
    }
}

static void
test_weekday (void)
{
  gint64 day;

  g_assert_true (yl_date_parse ("2026-12-01", &day, NULL));
  g_assert_cmpint (yl_date_weekday (day), ==, 1);
  g_assert_cmpint (yl_date_weekday (day + 6), ==, 0);
  g_assert_true (yl_date_parse ("1949年10月1日", &day, NULL));
  g_assert_cmpint (yl_date_weekday (day), ==, 5);
}

static void
test_value (void)
{
  g_auto (YlValue) a = YL_VALUE_INIT;
  g_auto (YlValue) b = YL_VALUE_INIT;

  g_assert_true (yl_value_equal (&a, &b));
  yl_value_set_text (&a, "王芳");
  g_assert_false (yl_value_equal (&a, &b));
  yl_value_copy (&b, &a);
  g_assert_true (yl_value_equal (&a, &b));
  g_assert_cmpstr (b.bytes, ==, "王芳");
  yl_value_set_bytes (&b, YL_VALUE_BLOB, a.bytes, a.length);
  g_assert_false (yl_value_equal (&a, &b));
  yl_value_set_text (&a, a.bytes + strlen ("王"));
  g_assert_cmpstr (a.bytes, ==, "芳");
  yl_value_set_integer (&a, 5);
  yl_value_copy (&b, &a);
  g_assert_cmpint (b.integer, ==, 5);
  g_assert_null (b.bytes);
  yl_value_set_text (&a, NULL);
  g_assert_cmpint (a.type, ==, YL_VALUE_NULL);
}

static void
test_text (void)
{
  g_autofree char *narrow = yl_text_to_half_width ("　１３８－ＡＢ　");
  g_autofree char *squeezed = yl_text_squeeze ("　 欧阳　　娜娜 \t ");
  g_autofree char *removed = yl_text_remove ("138-0013 8000", " -");
  g_autofree char *excerpt =
      yl_text_excerpt ("一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十多");

  g_assert_cmpstr (narrow, ==, "138-AB");
  g_assert_cmpstr (squeezed, ==, "欧阳 娜娜");
  g_assert_cmpstr (removed, ==, "13800138000");
  g_assert_cmpint (g_utf8_strlen (excerpt, -1), ==, 40);
  g_assert_true (g_utf8_validate (excerpt, -1, NULL));
}

static void
test_id_number (void)
{
  g_autofree char *with_x = yl_id_number_parse ("11010519491231002x");
  g_autofree char *with_digit = yl_id_number_parse ("440524188001010014");
  g_autofree char *old = yl_id_number_parse ("110105491231002");

  g_assert_cmpstr (with_x, ==, "11010519491231002X");
  g_assert_cmpstr (with_digit, ==, "440524188001010014");
  g_assert_cmpstr (old, ==, "11010519491231002X");
  g_assert_cmpint (yl_id_number_sex (with_x), ==, 2);
  g_assert_cmpint (yl_id_number_sex (with_digit), ==, 1);
  g_assert_cmpint (yl_id_number_birth_day (with_x), ==, -7306);
}

/* ISO 7064 MOD 11-2 in its own words: the digits, weighted by powers of two, leave 1. */
static void
test_id_number_check_character (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (2);

  for (int n = 0; n < 1000; n++)
    {
      char digits[18] = { 0 };
      int power = 2, sum = 0;
      char check;

      for (int i = 16; i >= 0; i--)
        {
          digits[i] = (char) ('0' + g_rand_int_range (rand, 0, 10));
          sum += power * (digits[i] - '0');
          power = power * 2 % 11;
        }
      check = yl_id_number_check_character (digits);
      g_assert_cmpint ((sum + (check == 'X' ? 10 : check - '0')) % 11, ==, 1);
    }
}

/* Every wrong digit and every swap of neighbours is noticed. */
static void
test_id_number_mistyped (void)
{
  const char *good = "11010519491231002X";

  for (int i = 0; i < 17; i++)
    {
      g_autofree char *swapped = g_strdup (good);

      for (char digit = '0'; digit <= '9'; digit++)
        {
          g_autofree char *wrong = g_strdup (good);
          g_autofree char *parsed = NULL;

          wrong[i] = digit;
          parsed = yl_id_number_parse (wrong);
          g_assert_true ((parsed != NULL) == (digit == good[i]));
        }
      swapped[i] = good[i + 1];
      swapped[i + 1] = good[i];
      if (good[i] != good[i + 1])
        g_assert_null (yl_id_number_parse (swapped));
    }
}

static void
test_id_number_bad (void)
{
  static const char *const bad[] = {
    "",
    "1101051949123100",
    "11010519491231002",
    "11010519491231002XX",
    "11010519490231002X",
    "X1010519491231002X",
    "110105491332002",
    "１１0105",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (yl_id_number_parse (bad[i]));
}

typedef gboolean (*ParseFunc) (const char *text, gint64 *amount);

typedef struct
{
  ParseFunc parse;
  const char *text;
  gboolean ok;
  gint64 amount;
} QuantityCase;

static void
test_quantities (void)
{
  static const QuantityCase cases[] = {
    { yl_integer_parse, "-12", TRUE, -12 },
    { yl_integer_parse, "+12", TRUE, 12 },
    { yl_integer_parse, "9223372036854775807", TRUE, G_MAXINT64 },
    { yl_integer_parse, "9223372036854775808", FALSE },
    { yl_integer_parse, "+-12", FALSE },
    { yl_integer_parse, "1.5", FALSE },
    { yl_integer_parse, "0x10", FALSE },
    { yl_money_parse, "680000", TRUE, 680000 },
    { yl_money_parse, "58.50元", TRUE, 5850 },
    { yl_money_parse, "¥58.5", TRUE, 5850 },
    { yl_money_parse, "¥6,800", TRUE, 680000 },
    { yl_money_parse, "6800 元", TRUE, 680000 },
    { yl_money_parse, "0.01元", TRUE, 1 },
    { yl_money_parse, "-3元", TRUE, -300 },
    { yl_money_parse, "58.500元", TRUE, 5850 },
    { yl_money_parse, "58.505元", FALSE },
    { yl_money_parse, "58.50", FALSE },
    { yl_money_parse, "6,80元", FALSE },
    { yl_money_parse, ",680元", FALSE },
    { yl_money_parse, "元", FALSE },
    { yl_money_parse, "99999999999999999999元", FALSE },
    { yl_minutes_parse, "90", TRUE, 90 },
    { yl_minutes_parse, "90分钟", TRUE, 90 },
    { yl_minutes_parse, "1:30", TRUE, 90 },
    { yl_minutes_parse, "09:00", TRUE, 540 },
    { yl_minutes_parse, "3小时", TRUE, 180 },
    { yl_minutes_parse, "1小时30分", TRUE, 90 },
    { yl_minutes_parse, "1.5h", TRUE, 90 },
    { yl_minutes_parse, "0.75小时", TRUE, 45 },
    { yl_minutes_parse, "0.01小时", FALSE },
    { yl_minutes_parse, "1:60", FALSE },
    { yl_minutes_parse, "小时", FALSE },
    { yl_minutes_parse, "1小时-5分", FALSE },
    { yl_degrees_parse, "39.9042", TRUE, 39904200 },
    { yl_degrees_parse, "-0.0000015", TRUE, -2 },
    { yl_degrees_parse, "116", TRUE, 116000000 },
    { yl_degrees_parse, "39.9.1", FALSE },
    { yl_degrees_parse, "north", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 amount = 0;

      g_test_message ("%s", cases[i].text);
      g_assert_true (cases[i].parse (cases[i].text, &amount) == cases[i].ok);
      if (cases[i].ok)
        g_assert_cmpint (amount, ==, cases[i].amount);
    }
}

static void
test_degrees_round_trip (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  for (int i = 0; i < 10000; i++)
    {
      gint64 millionths = g_rand_int_range (rand, -180000000, 180000000) / (i % 4 == 0 ? 1000 : 1);
      g_autofree char *text = yl_degrees_format (millionths);
      gint64 parsed;

      g_assert_true (yl_degrees_parse (text, &parsed));
      g_assert_cmpint (parsed, ==, millionths);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/id/order", test_id_order);
  g_test_add_func ("/base/id/keeps-to-its-time", test_id_keeps_to_its_time);
  g_test_add_func ("/base/id/derive", test_id_derive);
  g_test_add_func ("/base/id/invalid", test_id_invalid);
  g_test_add_func ("/base/clock/hlc", test_hlc);
  g_test_add_func ("/base/clock/instant", test_instant);
  g_test_add_func ("/base/clock/instant-bad", test_instant_bad);
  g_test_add_func ("/base/clock/date-round-trip", test_date_round_trip);
  g_test_add_func ("/base/clock/weekday", test_weekday);
  g_test_add_func ("/base/value", test_value);
  g_test_add_func ("/base/text", test_text);
  g_test_add_func ("/base/id-number/good", test_id_number);
  g_test_add_func ("/base/id-number/check-character", test_id_number_check_character);
  g_test_add_func ("/base/id-number/mistyped", test_id_number_mistyped);
  g_test_add_func ("/base/id-number/bad", test_id_number_bad);
  g_test_add_func ("/base/quantity/cases", test_quantities);
  g_test_add_func ("/base/quantity/degrees-round-trip", test_degrees_round_trip);
  return g_test_run ();
}
