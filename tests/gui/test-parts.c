/* Parts of the window that need no display: lists that keep their rows, and how things look in words. */
#include "attachments/yl-picture.h"
#include "base/yl-clock.h"
#include "base/yl-error.h"
#include "records/yl-tables.h"
#include "yl-format.h"
#include "yl-row.h"

static GPtrArray *
rows_of (const char *keys)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (g_object_unref);

  for (const char *key = keys; *key != '\0'; key++)
    {
      g_autofree char *text = g_strndup (key, 1);
      YlRow *row = yl_row_new (text, 0);
      yl_row_set_text (row, YL_ROW_TITLE, keys);
      g_ptr_array_add (rows, row);
    }
  return rows;
}

static char *
keys_in (GListStore *list)
{
  g_autoptr (GString) keys = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (list)); i++)
    {
      g_autoptr (YlRow) row = g_list_model_get_item (G_LIST_MODEL (list), i);
      g_string_append (keys, yl_row_get_text (row, YL_ROW_KEY));
    }
  return g_string_free (g_steal_pointer (&keys), FALSE);
}

static void
assert_update (GListStore *list, const char *keys, gboolean hold_new, const char *expected, guint held)
{
  g_autoptr (GPtrArray) rows = rows_of (keys);
  guint left_out = yl_row_list_update (list, rows, hold_new);
  g_autofree char *shown = keys_in (list);

  g_assert_cmpstr (shown, ==, expected);
  g_assert_cmpuint (left_out, ==, held);
}

static void
test_update (void)
{
  g_autoptr (GListStore) list = g_list_store_new (YL_TYPE_ROW);

  assert_update (list, "abc", FALSE, "abc", 0);
  g_autoptr (YlRow) b = g_list_model_get_item (G_LIST_MODEL (list), 1);
  assert_update (list, "dbea", FALSE, "dbea", 0);
  g_autoptr (YlRow) still_b = g_list_model_get_item (G_LIST_MODEL (list), 1);
  g_assert_true (b == still_b);
  g_assert_cmpstr (yl_row_get_text (b, YL_ROW_TITLE), ==, "dbea");
  assert_update (list, "xbya", TRUE, "ba", 2);
  assert_update (list, "xbya", FALSE, "xbya", 0);
  assert_update (list, "", FALSE, "", 0);
}

static void
assert_text (char *text, const char *expected)
{
  g_assert_cmpstr (text, ==, expected);
  g_free (text);
}

static gint64
instant (const char *text)
{
  gint64 ms = 0;

  g_assert_true (yl_instant_parse (text, &ms, NULL));
  return ms;
}

static void
test_times (void)
{
  gint64 now = instant ("2026-12-01T10:00");

  assert_text (yl_format_span (instant ("2026-12-02T09:00"), instant ("2026-12-02T12:00"), now),
               "tomorrow 09:00–12:00");
  assert_text (yl_format_span (instant ("2026-12-05T00:00"), instant ("2027-02-05T00:00"), now),
               "Sat 5 Dec – Thu 4 Feb");
  assert_text (yl_format_day (yl_date_of (instant ("2028-02-29T09:00")), now), "29 Feb 2028");
  assert_text (yl_format_left (instant ("2026-12-01T11:12"), now), "1 h 12 min left");
  assert_text (yl_format_left (instant ("2026-12-01T09:40"), now), "20 min late");
  assert_text (yl_format_left (instant ("2026-12-02T09:40"), now), "23 h left");
  assert_text (yl_format_left (instant ("2026-12-04T08:00"), now), "3 days left");
  assert_text (yl_format_past (instant ("2026-12-01T09:40"), now), "09:40");
  assert_text (yl_format_past (instant ("2026-11-30T23:40"), now), "yesterday 23:40");
  assert_text (yl_format_past (instant ("2026-11-28T23:40"), now), "3 days ago");
}

static void
test_figures (void)
{
  assert_text (yl_format_wage (4000, 6000, "hour"), "40–60 yuan/h");
  assert_text (yl_format_wage (0, 6050, "day"), "up to 60.50 yuan/day");
  assert_text (yl_format_wage (520000, 0, "month"), "5200 yuan/month");
  assert_text (yl_format_wage (0, 0, "month"), NULL);
  assert_text (yl_format_phone ("13900139001", TRUE), "139 **** 9001");
  assert_text (yl_format_phone ("13900139001", FALSE), "139 0013 9001");
  assert_text (yl_format_rating (484, 57), "★4.8 (57)");
  assert_text (yl_format_rating (484, 0), "");
  assert_text (yl_format_distance (1840), "1.8 km");
}

static void
test_schedules (void)
{
  gint64 now = instant ("2026-12-01T10:00");
  static const char *const cases[][2] = {
    { "明天上午9点 3小时", "tomorrow 09:00–12:00" },
    { "每周一三五 9-12点 4周", "every Mon, Wed, Fri 09:00–12:00 until Tue 29 Dec" },
    { "每天 18:00 2小时 两周", "every day 18:00–20:00 until Tue 15 Dec" },
    { "12月5日起住家2个月", "live-in from Sat 5 Dec, 2 months" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      YlPhrase phrase;
      g_assert_true (yl_phrase_read (cases[i][0], now, &phrase, NULL));
      assert_text (yl_format_phrase (&phrase, now), cases[i][1]);
    }
}

/* A header that promises 1.2 GB of pixels. */
#define BOMB                                                             \
  "\x89PNG\r\n\x1a\n"                                                    \
  "\x00\x00\x00\x0d"                                                     \
  "IHDR"                                                                 \
  "\x00\x00\x4e\x20\x00\x00\x4e\x20\x08\x02\x00\x00\x00\x6c\x12\xd1\x6e" \
  "\x00\x00\x01\x00"                                                     \
  "IDAT"                                                                 \
  "\x78\x9c\xed\xc1"

static void
assert_no_picture (const char *bytes, gsize length, const char *sentence)
{
  g_autoptr (GBytes) content = g_bytes_new (bytes, length);
  g_autoptr (GError) error = NULL;

  g_assert_null (yl_picture_decode (content, 160, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_INVALID);
  g_assert_true (g_str_has_prefix (error->message, sentence));
}

static void
test_picture (void)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 300, 200);
  g_autofree char *bytes = NULL;
  gsize length;
  g_autoptr (GBytes) content = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  gdk_pixbuf_fill (pixbuf, 0x808080ff);
  g_assert_true (gdk_pixbuf_save_to_buffer (pixbuf, &bytes, &length, "png", NULL, NULL));
  content = g_bytes_new (bytes, length);
  texture = yl_picture_decode (content, 150, NULL);
  g_assert_cmpint (gdk_texture_get_width (texture), ==, 150);
  g_assert_cmpint (gdk_texture_get_height (texture), ==, 100);
  assert_no_picture (BOMB, sizeof BOMB - 1, "The picture is too large");
  bytes[20] ^= 1;
  assert_no_picture (bytes, length, "The picture is damaged");
  assert_no_picture ("%PDF-1.4", 8, "This is no picture");
  assert_no_picture ("<svg xmlns='http://www.w3.org/2000/svg'/>", 41, "This is no picture");
}

int
main (int argc, char **argv)
{
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  g_setenv ("LANGUAGE", "en", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/parts/update", test_update);
  g_test_add_func ("/parts/times", test_times);
  g_test_add_func ("/parts/figures", test_figures);
  g_test_add_func ("/parts/schedules", test_schedules);
  g_test_add_func ("/parts/picture", test_picture);
  return g_test_run ();
}
