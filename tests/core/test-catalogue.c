/* The catalogue (core/records) and the schema (data/sql) say the same. */
#include "records/yl-codes.h"
#include "store/yl-store-private.h"
#include "yl-test-company.h"

static YlTestCompany *company;

static const char *
sql_type (const YlField *field)
{
  switch (yl_field_wire_type (field))
    {
    case YL_VALUE_INTEGER:
      return "INTEGER";
    case YL_VALUE_BLOB:
      return "BLOB";
    default:
      return "TEXT";
    }
}

/* Capture reads old rows by position, so the order counts too. A sealed column is a BLOB, an open one never is. */
static void
test_columns (void)
{
  for (const YlTable *const *table = yl_tables (); *table != NULL; table++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *sql =
          g_strdup_printf ("SELECT name, type FROM pragma_table_info('%s') ORDER BY cid", (*table)->name);
      g_autoptr (YlRows) rows = yl_database_query (company->stores[0]->database, &error, sql, NULL);

      g_assert_no_error (error);
      g_test_message ("%s", (*table)->name);
      g_assert_true (yl_rows_next (rows, &error));
      g_assert_cmpstr (yl_rows_text (rows, 0), ==, "id");
      for (guint i = 0; i < yl_table_n_fields (*table); i++)
        {
          const YlField *field = &(*table)->fields[i];

          g_assert_true (yl_rows_next (rows, &error));
          g_assert_cmpstr (yl_rows_text (rows, 0), ==, field->name);
          g_assert_cmpstr (yl_rows_text (rows, 1), ==, sql_type (field));
        }
      g_assert_false (yl_rows_next (rows, &error));
    }
}

/* A merge must never be refused by SQLite: no constraint beyond the key in what travels. */
static void
test_no_constraints (void)
{
  for (const YlTable *const *table = yl_tables (); *table != NULL; table++)
    {
      g_autofree char *sql =
          g_strdup_printf ("SELECT count(*) FROM pragma_table_info('%s') WHERE [notnull] AND NOT pk", (*table)->name);
      g_autofree char *indexes = g_strdup_printf (
          "SELECT count(*) FROM pragma_index_list('%s') WHERE [unique] AND origin <> 'pk'", (*table)->name);
      gint64 not_null, unique;

      if (((*table)->flags & YL_TABLE_DERIVED) != 0)
        continue;
      g_assert_true (yl_database_integer (company->stores[0]->database, &not_null, -1, NULL, sql, NULL));
      g_assert_true (yl_database_integer (company->stores[0]->database, &unique, -1, NULL, indexes, NULL));
      g_assert_cmpint (not_null, ==, 0);
      g_assert_cmpint (unique, ==, 0);
    }
}

static void
test_references (void)
{
  for (const YlTable *const *table = yl_tables (); *table != NULL; table++)
    for (const YlField *field = (*table)->fields; field->name != NULL; field++)
      {
        g_test_message ("%s.%s", (*table)->name, field->name);
        g_assert_nonnull (field->zh);
        g_assert_nonnull (field->en);
        if (field->kind == YL_KIND_REF)
          g_assert_nonnull (yl_table_find (field->of));
        if (field->kind == YL_KIND_CODE || field->kind == YL_KIND_CODES)
          g_assert_nonnull (yl_codes (field->of));
        if (field->with != NULL)
          g_assert_cmpint (yl_table_field (*table, field->with), >=, 0);
        if (field->kind == YL_KIND_NOTE)
          g_assert_cmpint (field->disclosure, !=, YL_OPEN);
        if (field->disclosure != YL_OPEN)
          g_assert_nonnull ((*table)->person);
      }
}

static void
test_sets (void)
{
  for (const YlTable *const *table = yl_tables (); *table != NULL; table++)
    for (const YlSet *set = (*table)->sets; set != NULL && set->name != NULL; set++)
      {
        const YlTable *elements = yl_table_find (set->table);

        g_assert_nonnull (elements);
        g_assert_cmpint (elements->flags & YL_TABLE_ELEMENT, !=, 0);
        g_assert_cmpint (yl_table_field (elements, set->owner), >=, 0);
        g_assert_cmpint (yl_table_field (elements, set->code), >=, 0);
        g_assert_true (set->level == NULL || yl_table_field (elements, set->level) >= 0);
      }
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  company = yl_test_company_new (1);
  g_test_add_func ("/catalogue/columns", test_columns);
  g_test_add_func ("/catalogue/no-constraints", test_no_constraints);
  g_test_add_func ("/catalogue/references", test_references);
  g_test_add_func ("/catalogue/sets", test_sets);
  result = g_test_run ();
  yl_test_company_free (company);
  return result;
}
