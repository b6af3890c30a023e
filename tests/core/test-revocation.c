/* PCs and staff that were shut out: what counts of their work follows from the set of entries, in whatever order they arrive. */
#include <string.h>

#include "trust/yl-company-trust.h"
#include "merge/yl-state-hash.h"
#include "store/yl-trouble.h"
#include "yl-test-company.h"

static char *
add_worker (YlStore *store, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlChange) change = yl_change_begin (store, "add worker", &error);
  g_autoptr (YlRecord) worker = yl_record_new (yl_table_find ("worker"), NULL);

  g_assert_no_error (error);
  yl_record_set_text (worker, "name", name);
  yl_change_insert (change, worker, &error);
  g_assert_no_error (error);
  yl_change_commit (change, &error);
  g_assert_no_error (error);
  return g_strdup (yl_record_get_id (worker));
}

static void
rename_worker (YlStore *store, const char *id, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlChange) change = yl_change_begin (store, "rename worker", &error);
  g_autoptr (YlRecord) worker = yl_store_get (store, "worker", id, &error);

  g_assert_no_error (error);
  yl_record_set_text (worker, "name", name);
  yl_change_update (change, worker, &error);
  yl_change_commit (change, &error);
  g_assert_no_error (error);
}

static gboolean
has (YlStore *store, const char *id)
{
  g_autoptr (YlRecord) worker = yl_store_get (store, "worker", id, NULL);

  return worker != NULL;
}

static void
assert_equal_states (YlTestCompany *company)
{
  g_autofree char *first = NULL;

  for (guint i = 0; i < company->n; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *hash = yl_state_hash (company->stores[i], &error);
      g_autofree char *again = NULL;

      g_assert_true (yl_store_check (company->stores[i], &error));
      g_assert_no_error (error);
      if (first == NULL)
        first = g_strdup (hash);
      g_assert_cmpstr (hash, ==, first);
      g_assert_true (yl_store_rebuild (company->stores[i], &error));
      g_assert_no_error (error);
      again = yl_state_hash (company->stores[i], &error);
      g_assert_cmpstr (again, ==, first);
    }
}

/* Store 1 goes on writing after head office has shut it out; store 2 has its work before it hears of that, store 3 after. */
static void
test_by_position (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (4);
  g_autoptr (GError) error = NULL;
  g_autofree char *counts = add_worker (company->stores[1], "王秀英");
  g_autofree char *late = NULL;

  yl_test_carry_all (company);
  g_assert_true (yl_company_revoke (company->stores[0], "S1-A", NULL, FALSE, &error));
  g_assert_no_error (error);
  late = add_worker (company->stores[1], "李淑兰");
  rename_worker (company->stores[1], counts, "张桂英");
  yl_test_carry (company, 1, 2, G_MAXINT);
  g_assert_true (has (company->stores[2], late));
  yl_test_carry (company, 0, 2, G_MAXINT);
  yl_test_carry (company, 0, 3, G_MAXINT);
  yl_test_carry (company, 1, 3, G_MAXINT);
  yl_test_carry_all (company);
  for (guint i = 0; i < company->n; i++)
    {
      g_autoptr (YlRecord) worker = yl_store_get (company->stores[i], "worker", counts, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (yl_record_get_text (worker, "name"), ==, "王秀英");
      g_assert_false (has (company->stores[i], late));
    }
  assert_equal_states (company);
  g_assert_nonnull (yl_trouble_find (company->stores[1], YL_TROUBLE_REVOKED, yl_store_get_node (company->stores[1])));
}

/* A PC that has heard of it cannot write, and says why. */
static void
test_shut_out_pc (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (2);
  g_autoptr (GError) error = NULL;
  g_autoptr (YlChange) change = NULL;
  g_autoptr (YlRecord) worker = yl_record_new (yl_table_find ("worker"), NULL);

  g_assert_true (yl_company_revoke (company->stores[0], "S1-A", NULL, TRUE, &error));
  yl_test_carry_all (company);
  change = yl_change_begin (company->stores[1], "add worker", &error);
  yl_record_set_text (worker, "name", "王秀英");
  g_assert_true (yl_change_insert (change, worker, &error));
  g_assert_false (yl_change_commit (change, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
  g_clear_error (&error);
  g_clear_pointer (&change, yl_change_free);
  g_assert_false (yl_company_revoke (company->stores[0], "S1-A", NULL, TRUE, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
  g_clear_error (&error);
  g_assert_false (yl_company_revoke (company->stores[0], "HQ-A", NULL, TRUE, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
}

static void
test_from_an_entry (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (3);
  g_autoptr (GError) error = NULL;
  g_autofree char *first = add_worker (company->stores[1], "王秀英");
  g_autoptr (GArray) frontier = yl_log_frontier (company->stores[1], &error);
  g_autofree char *from = NULL;
  g_autofree char *second = add_worker (company->stores[1], "李淑兰");

  for (guint i = 0; i < frontier->len; i++)
    if (g_str_equal (g_array_index (frontier, YlEntryName, i).writer, yl_store_get_writer (company->stores[1])))
      from = yl_entry_name_write (&g_array_index (frontier, YlEntryName, i));
  yl_test_carry_all (company);
  g_assert_false (yl_company_revoke (company->stores[0], "S1-A", "00:1:00", FALSE, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_true (yl_company_revoke (company->stores[0], "S1-A", from, FALSE, &error));
  yl_test_carry_all (company);
  for (guint i = 0; i < company->n; i++)
    {
      g_assert_true (has (company->stores[i], first));
      g_assert_false (has (company->stores[i], second));
    }
  assert_equal_states (company);
}

static void
test_review (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (3);
  g_autoptr (GError) error = NULL;
  g_autofree char *accepted = NULL;
  g_autofree char *dropped = NULL;
  g_autoptr (GPtrArray) items = NULL;
  const YlReviewItem *item;

  g_assert_true (yl_company_revoke (company->stores[0], "S1-A", NULL, FALSE, &error));
  accepted = add_worker (company->stores[1], "王秀英");
  dropped = add_worker (company->stores[1], "李淑兰");
  yl_test_carry_all (company);
  items = yl_review_list (company->stores[0], &error);
  g_assert_no_error (error);
  g_assert_cmpuint (items->len, ==, 2);
  item = items->pdata[0];
  g_assert_cmpstr (item->label, ==, "S1-A");
  g_assert_cmpstr (item->what, ==, "add worker");
  g_assert_false (yl_review_accept (company->stores[2], item->entry, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
  g_clear_error (&error);
  g_assert_true (yl_review_accept (company->stores[0], item->entry, &error));
  item = items->pdata[1];
  g_assert_true (yl_review_drop (company->stores[0], item->entry, &error));
  g_assert_false (yl_review_drop (company->stores[0], item->entry, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_NOT_FOUND);
  yl_test_carry_all (company);
  for (guint i = 0; i < company->n; i++)
    {
      g_autoptr (GPtrArray) left = yl_review_list (company->stores[i], NULL);

      g_assert_cmpuint (left->len, ==, 0);
      g_assert_true (has (company->stores[i], accepted));
      g_assert_false (has (company->stores[i], dropped));
    }
  assert_equal_states (company);
}

static void
test_staff (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (3);
  g_autoptr (GError) error = NULL;
  g_autofree char *before = add_worker (company->stores[1], "王秀英");
  g_autofree char *late = NULL;

  yl_test_carry_all (company);
  g_assert_true (yl_company_disable_staff (company->stores[0], "S101", &error));
  g_assert_no_error (error);
  late = add_worker (company->stores[1], "李淑兰");
  yl_test_carry (company, 1, 2, G_MAXINT);
  yl_test_carry_all (company);
  for (guint i = 0; i < company->n; i++)
    {
      g_assert_true (has (company->stores[i], before));
      g_assert_false (has (company->stores[i], late));
    }
  assert_equal_states (company);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/revocation/by-position", test_by_position);
  g_test_add_func ("/revocation/shut-out-pc", test_shut_out_pc);
  g_test_add_func ("/revocation/from-an-entry", test_from_an_entry);
  g_test_add_func ("/revocation/review", test_review);
  g_test_add_func ("/revocation/staff", test_staff);
  return g_test_run ();
}
