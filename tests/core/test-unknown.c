/* Op kinds of a version that does not exist yet: kept, counted in the state hash, the same after a rebuild. */
#include <string.h>

#include "merge/yl-state-hash.h"
#include "yl-test-company.h"

#define AUTHOR 1 /* whose entries are changed on their way */
#define READER 2

static void
write_household (YlTestCompany *company)
{
  GError *error = NULL;
  g_autoptr (YlChange) change = yl_change_begin (company->stores[AUTHOR], "add household", &error);
  g_autoptr (YlRecord) record = yl_record_new (yl_table_find ("household"), NULL);

  g_assert_no_error (error);
  yl_change_insert (change, record, &error);
  g_assert_no_error (error);
  yl_change_commit (change, &error);
  g_assert_no_error (error);
}

/* The author's last entry as a later version would have written it: of another kind. */
static YlEntry *
last_entry_as (YlTestCompany *company, const char *ops)
{
  GError *error = NULL;
  gint64 n = 0;
  g_autoptr (GPtrArray) rows = yl_log_since (company->stores[AUTHOR], 0, 1000, &error);
  g_autoptr (GBytes) message = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GString) changed = NULL;
  g_autoptr (GBytes) bytes = NULL;
  YlEntry *entry;

  g_assert_no_error (error);
  n = ((YlEntryRow *) rows->pdata[rows->len - 1])->n;
  message = yl_log_message (company->stores[AUTHOR], n, &error);
  g_assert_no_error (error);
  text = g_strndup (g_bytes_get_data (message, NULL), g_bytes_get_size (message));
  changed = g_string_new_len (text, strstr (text, "\"ops\":") - text);
  g_string_append_printf (changed, "\"ops\":%s}", ops);
  bytes = g_bytes_new (changed->str, changed->len);
  entry = yl_entry_parse (bytes, &error);
  g_assert_no_error (error);
  return entry;
}

static void
deliver (YlTestCompany *company, guint to, const YlEntry *entry)
{
  GError *error = NULL;
  g_autoptr (YlLogTransaction) transaction = yl_log_begin (company->stores[to], &error);
  gboolean is_new = FALSE;
  gint64 n;

  yl_log_apply (company->stores[to], entry, &n, &is_new, &error);
  g_assert_no_error (error);
  g_assert_true (is_new);
  g_assert_true (yl_log_commit (transaction, &error));
}

static char *
hash_of (YlTestCompany *company, guint i)
{
  GError *error = NULL;
  char *hash = yl_state_hash (company->stores[i], &error);

  g_assert_no_error (error);
  return hash;
}

static void
assert_whole (YlTestCompany *company, guint i)
{
  GError *error = NULL;
  g_autofree char *before = hash_of (company, i);
  g_autofree char *after = NULL;

  g_assert_true (yl_store_check (company->stores[i], &error));
  g_assert_no_error (error);
  g_assert_true (yl_store_rebuild (company->stores[i], &error));
  g_assert_no_error (error);
  after = hash_of (company, i);
  g_assert_cmpstr (before, ==, after);
}

static YlTestCompany *
company_with_household (void)
{
  YlTestCompany *company = yl_test_company_new (3);

  write_household (company);
  yl_test_carry_all (company);
  write_household (company);
  return company;
}

#define ID "01a20000-0000-7000-8000-0000000000aa"

static void
test_kept (void)
{
  g_autoptr (YlTestCompany) company = company_with_household ();
  g_autofree char *before = hash_of (company, READER);
  g_autoptr (YlEntry) entry =
      last_entry_as (company, "[[\"move\",\"household\",\"" ID "\",{\"by\":3,\"to\":\"东城\"}],"
                              "[\"move\",\"household\",\"" ID "\",{\"by\":4}],[\"paint\",\"fence\",\"" ID "\",{}]]");
  g_autofree char *here = NULL, *there = NULL;
  GError *error = NULL;

  deliver (company, 0, entry);
  deliver (company, READER, entry);
  here = hash_of (company, 0);
  there = hash_of (company, READER);
  g_assert_cmpstr (here, ==, there);
  g_assert_cmpstr (here, !=, before);
  g_assert_null (yl_store_get (company->stores[READER], "household", ID, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_NOT_FOUND);
  g_clear_error (&error);
  assert_whole (company, 0);
  assert_whole (company, READER);
}

/* What it says counts, to the last value. */
static void
test_hashed (void)
{
  g_autoptr (YlTestCompany) company = company_with_household ();
  g_autoptr (YlEntry) one = last_entry_as (company, "[[\"move\",\"household\",\"" ID "\",{\"by\":3}]]");
  g_autoptr (YlEntry) other = last_entry_as (company, "[[\"move\",\"household\",\"" ID "\",{\"by\":4}]]");
  g_autofree char *here = NULL, *there = NULL;

  deliver (company, 0, one);
  deliver (company, READER, other);
  here = hash_of (company, 0);
  there = hash_of (company, READER);
  g_assert_cmpstr (here, !=, there);
}

/* An op of an unknown kind upon a record that is known changes nothing that shows. */
static void
test_beside_a_row (void)
{
  g_autoptr (YlTestCompany) company = company_with_household ();
  GError *error = NULL;
  g_autoptr (GPtrArray) households = yl_store_list (company->stores[READER], "household", NULL, 0, &error);
  YlRecord *household = households->pdata[0];
  g_autofree char *ops = g_strdup_printf ("[[\"move\",\"household\",\"%s\",{\"by\":3}]]", yl_record_get_id (household));
  g_autoptr (YlEntry) entry = last_entry_as (company, ops);
  g_autoptr (YlRecord) after = NULL;

  deliver (company, READER, entry);
  after = yl_store_get (company->stores[READER], "household", yl_record_get_id (household), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < yl_table_n_fields (yl_record_get_table (after)); i++)
    g_assert_true (yl_value_equal (yl_record_peek (after, i), yl_record_peek (household, i)));
  assert_whole (company, READER);
}

static void
test_written_back (void)
{
  g_autoptr (YlTestCompany) company = company_with_household ();
  g_autoptr (YlEntry) entry =
      last_entry_as (company, "[[\"move\",\"household\",\"" ID "\",{\"by\":3,\"to\":{\"b\":\"AAEC\"}}]]");
  g_autoptr (GBytes) message = g_bytes_ref (entry->message);
  GError *error = NULL;

  g_assert_true (yl_entry_build (entry, &error));
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (message, entry->message));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/unknown/kept", test_kept);
  g_test_add_func ("/unknown/hashed", test_hashed);
  g_test_add_func ("/unknown/beside-a-row", test_beside_a_row);
  g_test_add_func ("/unknown/written-back", test_written_back);
  return g_test_run ();
}
