/* docs/formats.md says who may write what; it must say what the catalogue says. */
#include <string.h>

#include "store/yl-table.h"

static const char *const writers[] = {
  [YL_RIGHT_ANY_SITE] = "any site", [YL_RIGHT_HEAD_OFFICE] = "head office", [YL_RIGHT_CONFIRMER] = "confirmer",
  [YL_RIGHT_PEN] = "pen",           [YL_RIGHT_OWN_NODE] = "own PC",         [YL_RIGHT_AUTHORITY] = "authority",
};

static void
append_row (GString *rows, const YlTable *table)
{
  gboolean derived = (table->flags & YL_TABLE_DERIVED) != 0;
  gboolean insert_only = (table->flags & YL_TABLE_INSERT_ONLY) != 0;
  const char *comma = "";

  g_string_append_printf (rows, "| `%s` | %s | %s | ", table->name, derived ? "nobody" : writers[table->right],
                          insert_only ? "yes" : "");
  for (const YlField *field = table->fields; field->name != NULL && !derived && !insert_only; field++)
    if ((field->flags & YL_FIELD_FIXED) != 0)
      {
        g_string_append_printf (rows, "%s`%s`", comma, field->name);
        comma = ", ";
      }
  g_string_append (rows, " |\n");
}

static void
test_tables (gconstpointer file)
{
  g_autoptr (GString) rows = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  for (const YlTable *const *table = yl_tables (); *table != NULL; table++)
    append_row (rows, *table);
  g_file_get_contents (file, &text, NULL, &error);
  g_assert_no_error (error);
  if (strstr (text, rows->str) == NULL)
    g_test_fail_printf ("The section Tables of %s must hold:\n%s", (const char *) file, rows->str);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  g_test_add_data_func ("/formats/tables", argv[1], test_tables);
  return g_test_run ();
}
