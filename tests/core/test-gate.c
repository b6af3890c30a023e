/* The strict gate for JSON from outside. */
#include <string.h>

#include "base/yl-error.h"
#include "base/yl-json-gate.h"

static const char *const good[] = {
  "{}",
  "[]",
  " [ 1 , -2 , 0 ] ",
  "\"\"",
  "true",
  "null",
  "9223372036854775807",
  "-9223372036854775808",
  "{\"a\":{\"a\":1},\"b\":[{\"a\":2},{\"a\":3}]}",
  "\"\\u738b\\ud83d\\ude00 \\\" \\\\ \\/ \\n\"",
  "\"王秀英\"",
  "{\"a\":1,\"A\":2,\"\\u0062\":3}",
};

static const char *const bad[] = {
  "",
  " ",
  "{",
  "[1,]",
  "[,1]",
  "{\"a\":1,}",
  "{\"a\" 1}",
  "{a:1}",
  "{'a':1}",
  "[1 2]",
  "[1]x",
  "[1][2]",
  "01",
  "-",
  "-01",
  "+1",
  "1.0",
  "1e3",
  "1E3",
  "9223372036854775808",
  "-9223372036854775809",
  "100000000000000000000000000000",
  "NaN",
  "Infinity",
  "tru",
  "True",
  "nul",
  "\"",
  "\"\\\"",
  "\"\\x\"",
  "\"\\u12\"",
  "\"\\u0000\"",
  "\"\\ud800\"",
  "\"\\ud800\\u0041\"",
  "\"\\udc00\"",
  "\"a\nb\"",
  "\"\xff\"",
  "\"\xc0\x80\"",
  "\"\xed\xa0\x80\"",
  "/*c*/1",
  "// c\n1",
  "var x=1",
  "{\"a\":1,\"a\":2}",
  "{\"a\":1,\"\\u0061\":2}",
  "{\"\\ud83d\\ude00\":1,\"\xf0\x9f\x98\x80\":2}",
  "\xef\xbb\xbf{}",
};

static void
test_good (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", good[i]);
      g_assert_true (yl_json_gate (good[i], strlen (good[i]), &error));
      g_assert_no_error (error);
    }
}

static void
test_bad (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("text %u", i);
      g_assert_false (yl_json_gate (bad[i], strlen (bad[i]), &error));
      g_assert_error (error, YL_ERROR, YL_ERROR_INVALID);
    }
  g_assert_false (yl_json_gate ("\"a\0b\"", 5, NULL));
}

static gboolean
accepts_depth (guint depth, char open, char close)
{
  g_autofree char *text = g_malloc (2 * depth);

  memset (text, open, depth);
  memset (text + depth, close, depth);
  return yl_json_gate (text, 2 * depth, NULL);
}

static void
test_depth (void)
{
  g_assert_true (accepts_depth (YL_JSON_MAX_DEPTH, '[', ']'));
  g_assert_false (accepts_depth (YL_JSON_MAX_DEPTH + 1, '[', ']'));
  g_assert_false (accepts_depth (1000000, '[', ']'));
  g_assert_false (accepts_depth (1000000, '{', '}'));
}

/* The text lies at the end of its block, so that reading past it is seen by the sanitizers. */
static void
test_mutations (void)
{
  static const char seed[] = "{\"a\":[1,-20,\"\\u738b\\n\",{\"b\":null,\"c\":true}],\"d\":{\"e\":\"王\"}}";
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  for (guint round = 0; round < 100000; round++)
    {
      gsize length = (gsize) g_rand_int_range (random, 0, (gint32) sizeof seed);
      g_autofree char *text = g_memdup2 (seed, length > 0 ? length : 1);

      for (guint i = 0; i < 3 && length > 0; i++)
        text[g_rand_int_range (random, 0, (gint32) length)] = (char) g_rand_int_range (random, 0, 256);
      if (yl_json_gate (text, length, NULL))
        g_assert_true (g_utf8_validate_len (text, length, NULL));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gate/good", test_good);
  g_test_add_func ("/gate/bad", test_bad);
  g_test_add_func ("/gate/depth", test_depth);
  g_test_add_func ("/gate/mutations", test_mutations);
  return g_test_run ();
}
