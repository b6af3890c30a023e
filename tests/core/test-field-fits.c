/* What the quick look lets pass is exactly what the long way would make of it. */
#include "base/yl-json-reader.h"
#include "store/yl-field-private.h"
#include "store/yl-store.h"

#include <string.h>

/* Texts around every rule of reading: blanks, widths, controls, lengths, things that are no UTF-8. */
static const char *const texts[] = {
  "",
  " ",
  "a",
  " a",
  "a ",
  "a b",
  "a  b",
  "a\tb",
  "a\nb",
  "王秀英",
  "王 秀英",
  "王　秀英",
  "ＡＢ",
  "（甲）",
  "a\x01",
  "\xff",
  "month",
  "MONTH",
  "1",
  "true",
  "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
};
static const gint64 integers[] = { G_MININT64, -90000001, -1, 0, 1, 2, 59, 60, 1440, 1000000, 90000000, G_MAXINT64 };

static void
check (const YlField *field, const YlValue *value)
{
  g_autofree char *text = NULL;
  g_auto (YlValue) read = YL_VALUE_INIT;

  if (!yl_field_fits (field, value))
    return;
  text = yl_field_format (field, value);
  g_test_message ("%s %s", field->name, text);
  g_assert_true (yl_field_parse (field, NULL, text, &read, NULL));
  g_assert_true (yl_value_equal (&read, value));
}

static void
test_fits (void)
{
  guint n_fit = 0;

  for (const YlTable *const *table = yl_tables (); *table != NULL; table++)
    for (const YlField *field = (*table)->fields; field->name != NULL; field++)
      {
        for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
          {
            const YlValue value = { YL_VALUE_TEXT, 0, (char *) texts[i], strlen (texts[i]) };

            check (field, &value);
            n_fit += yl_field_fits (field, &value) ? 1 : 0;
          }
        for (guint i = 0; i < G_N_ELEMENTS (integers); i++)
          {
            const YlValue value = { YL_VALUE_INTEGER, integers[i], NULL, 0 };

            check (field, &value);
            n_fit += yl_field_fits (field, &value) ? 1 : 0;
          }
      }
  g_assert_cmpuint (n_fit, >, 200);
}

/* The reader: any order, any blanks, every escape. */
static void
test_reader (void)
{
  g_auto (YlJsonReader) reader;
  YlJsonString name, text;
  gint64 number;

  yl_json_reader_init (
      &reader,
      " { \"a\" : [ -12 , 0,null ] ,\"b\":\"\\u738b\\ud83d\\ude00\\n\\\"x\", \"c\":{\"d\":[{},\"]\"]},\"e\":1}");
  g_assert_true (yl_json_begin (&reader, '{') && yl_json_more (&reader, '}'));
  yl_json_name (&reader, &name);
  g_assert_true (yl_json_string_is (&name, "a") && yl_json_begin (&reader, '[') && yl_json_more (&reader, ']'));
  g_assert_true (yl_json_integer (&reader, &number));
  g_assert_cmpint (number, ==, -12);
  g_assert_true (yl_json_more (&reader, ']') && yl_json_integer (&reader, &number));
  g_assert_true (yl_json_more (&reader, ']') && !yl_json_integer (&reader, &number) && yl_json_null (&reader));
  g_assert_false (yl_json_more (&reader, ']'));
  g_assert_true (yl_json_more (&reader, '}'));
  yl_json_name (&reader, &name);
  g_assert_true (yl_json_string (&reader, &text) && yl_json_string_is (&text, "王😀\n\"x"));
  g_assert_true (yl_json_more (&reader, '}'));
  yl_json_name (&reader, &name);
  yl_json_skip (&reader);
  g_assert_true (yl_json_more (&reader, '}'));
  yl_json_name (&reader, &name);
  g_assert_true (yl_json_string_is (&name, "e") && yl_json_integer (&reader, &number));
  g_assert_false (yl_json_more (&reader, '}'));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/field-fits/fits", test_fits);
  g_test_add_func ("/field-fits/reader", test_reader);
  return g_test_run ();
}
