/* Conflicts as people decide them: what each had seen, both, many at once, taking a decision back, deciding apart. */
#include "records/yl-duplicate.h"
#include "records/yl-people.h"
#include "records/yl-tables.h"
#include "merge/yl-conflict.h"
#include "yl-test-company.h"

static char *
new_worker (YlStore *store, const char *name, const char *phone)
{
  YlRecord *worker = yl_record_new (&yl_worker_table, NULL);

  yl_record_set_text (worker, "name", name);
  yl_record_set_text (worker, "phone", phone);
  yl_record_set_text (worker, "home_store", yl_store_get_site (store));
  return yl_test_insert (store, worker);
}

static void
set_field (YlTestCompany *company, guint at, const char *id, const char *column, const char *text)
{
  YlStore *store = company->stores[at];
  g_autoptr (GError) error = NULL;
  g_autoptr (YlRecord) record = yl_store_get_exact (store, "worker", id, &error);
  g_autoptr (YlChange) change = NULL;
  int field = yl_table_field (&yl_worker_table, column);

  company->clocks[at] += 60000;
  change = yl_change_begin (store, "set", &error);
  g_assert_no_error (error);
  yl_field_parse (&yl_worker_table.fields[field], store, text, yl_record_value (record, (guint) field), &error);
  g_assert_no_error (error);
  yl_change_update (change, record, &error);
  g_assert_no_error (error);
  yl_change_commit (change, &error);
  g_assert_no_error (error);
}

static GPtrArray *
list (YlStore *store, guint expected)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *conflicts = yl_conflict_list (store, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (conflicts->len, ==, expected);
  return conflicts;
}

static void
carry (YlTestCompany *company)
{
  yl_test_carry_all (company);
  yl_test_carry_all (company);
}

static void
assert_field (YlTestCompany *company, const char *id, const char *column, const char *expected)
{
  for (guint i = 0; i < company->n; i++)
    {
      g_autoptr (YlRecord) record = yl_store_get (company->stores[i], "worker", id, NULL);
      int field = yl_table_field (&yl_worker_table, column);
      g_autofree char *text = yl_field_format (&yl_worker_table.fields[field], yl_record_get_value (record, column));

      g_assert_cmpstr (text, ==, expected);
    }
}

static void
test_seen (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (3);
  g_autofree char *id = new_worker (company->stores[1], "张秀英", "13900139001");
  g_autoptr (GPtrArray) conflicts = NULL;
  const YlConflict *conflict;

  set_field (company, 1, id, "intro", "会做面食");
  carry (company);
  set_field (company, 1, id, "intro", "会做面食和粤菜");
  set_field (company, 2, id, "intro", "会做面食,不怕狗");
  carry (company);
  conflicts = list (company->stores[0], 1);
  conflict = conflicts->pdata[0];
  for (guint i = 0; i < 2; i++)
    {
      const YlConflictVersion *version = conflict->versions->pdata[i];

      g_assert_cmpstr (version->base_value, ==, "会做面食");
      g_assert_cmpstr (version->base_actor, ==, "S101");
      g_assert_nonnull (version->site);
    }
}

static void
test_both (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (3);
  g_autoptr (GError) error = NULL;
  g_autofree char *id = new_worker (company->stores[1], "张秀英", "13900139001");
  g_autoptr (GPtrArray) conflicts = NULL;

  carry (company);
  set_field (company, 1, id, "note", "怕猫\n喜欢早班");
  company->clocks[2] += 1000;
  set_field (company, 2, id, "note", "怕猫\n住得远");
  set_field (company, 1, id, "max_travel", "30");
  set_field (company, 2, id, "max_travel", "40");
  carry (company);
  conflicts = list (company->stores[1], 2);
  g_assert_false (yl_conflict_can_keep_both (conflicts->pdata[0]));
  g_assert_false (yl_conflict_keep_both (company->stores[1], conflicts->pdata[0], NULL, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
  g_clear_error (&error);
  g_assert_true (yl_conflict_can_keep_both (conflicts->pdata[1]));
  g_assert_true (yl_conflict_keep_both (company->stores[1], conflicts->pdata[1], NULL, &error));
  g_assert_no_error (error);
  carry (company);
  assert_field (company, id, "note", "怕猫\n住得远\n喜欢早班");
}

static void
test_typed (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (3);
  g_autoptr (GError) error = NULL;
  g_autofree char *id = new_worker (company->stores[1], "张秀英", "13900139001");

  carry (company);
  set_field (company, 1, id, "phone", "13900139002");
  set_field (company, 2, id, "phone", "13900139003");
  carry (company);
  g_assert_false (yl_conflict_resolve (company->stores[1], "worker", id, "phone", "139", NULL, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_true (yl_conflict_resolve (company->stores[1], "worker", id, "phone", "139 0013 9004", NULL, &error));
  carry (company);
  assert_field (company, id, "phone", "13900139004");
  g_ptr_array_unref (list (company->stores[2], 0));
  g_assert_false (yl_conflict_resolve (company->stores[1], "worker", id, "phone", "13900139005", NULL, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_NOT_FOUND);
}

static void
test_many (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (3);
  g_autoptr (GError) error = NULL;
  char *ids[4];
  g_autoptr (GPtrArray) conflicts = NULL;
  g_autoptr (YlUndo) undo = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    ids[i] = new_worker (company->stores[1], "张秀英", NULL);
  carry (company);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      set_field (company, 1, ids[i], "max_travel", "30");
      set_field (company, 2, ids[i], "max_travel", "40");
    }
  carry (company);
  conflicts = list (company->stores[1], 4);
  g_assert_cmpint (yl_conflict_take (company->stores[1], conflicts, YL_TAKE_THEIRS, &undo, &error), ==, 4);
  g_assert_no_error (error);
  carry (company);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    assert_field (company, ids[i], "max_travel", "40");
  g_ptr_array_unref (list (company->stores[2], 0));
  /* Taken back: all four are listed again, everywhere, with both values. */
  g_assert_true (yl_undo_commit (undo, company->stores[1], &error));
  g_assert_no_error (error);
  carry (company);
  for (guint i = 0; i < company->n; i++)
    {
      g_autoptr (GPtrArray) again = list (company->stores[i], 4);

      g_assert_cmpuint (((YlConflict *) again->pdata[0])->versions->len, ==, 2);
    }
  /* Decided anew, in another store. */
  g_ptr_array_unref (conflicts);
  conflicts = list (company->stores[2], 4);
  g_assert_cmpint (yl_conflict_take (company->stores[2], conflicts, YL_TAKE_OURS, NULL, &error), ==, 4);
  carry (company);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      assert_field (company, ids[i], "max_travel", "40");
      g_free (ids[i]);
    }
  for (guint i = 0; i < company->n; i++)
    g_ptr_array_unref (list (company->stores[i], 0));
}

static void
test_taken_back_then_edited (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (3);
  g_autoptr (GError) error = NULL;
  g_autofree char *id = new_worker (company->stores[1], "张秀英", NULL);
  g_autoptr (GPtrArray) conflicts = NULL;
  g_autoptr (YlUndo) first = NULL;
  g_autoptr (YlUndo) second = NULL;

  carry (company);
  set_field (company, 1, id, "max_travel", "30");
  set_field (company, 2, id, "max_travel", "40");
  carry (company);
  conflicts = list (company->stores[1], 1);
  g_assert_true (yl_conflict_choose (company->stores[1], conflicts->pdata[0], 0, &first, &error));
  g_assert_true (yl_undo_commit (first, company->stores[1], &error));
  g_ptr_array_unref (conflicts);
  conflicts = list (company->stores[1], 1);
  g_assert_true (yl_conflict_choose (company->stores[1], conflicts->pdata[0], 1, &second, &error));
  g_ptr_array_unref (list (company->stores[1], 0));
  g_assert_true (yl_undo_commit (second, company->stores[1], &error));
  g_assert_no_error (error);
  g_ptr_array_unref (list (company->stores[1], 1));
  set_field (company, 1, id, "max_travel", "50");
  g_ptr_array_unref (list (company->stores[1], 0));
}

/* Two decisions apart are two values again. */
static void
test_decided_apart (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (3);
  g_autoptr (GError) error = NULL;
  g_autofree char *id = new_worker (company->stores[1], "张秀英", NULL);
  g_autoptr (GPtrArray) here = NULL;
  g_autoptr (GPtrArray) there = NULL;

  carry (company);
  set_field (company, 1, id, "max_travel", "30");
  set_field (company, 2, id, "max_travel", "40");
  carry (company);
  here = list (company->stores[1], 1);
  there = list (company->stores[2], 1);
  g_assert_true (yl_conflict_choose (company->stores[1], here->pdata[0], 0, NULL, &error));
  g_assert_true (yl_conflict_choose (company->stores[2], there->pdata[0], 1, NULL, &error));
  carry (company);
  for (guint i = 0; i < company->n; i++)
    g_ptr_array_unref (list (company->stores[i], 1));
}

static void
test_removed_and_edited (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (3);
  g_autoptr (GError) error = NULL;
  g_autofree char *id = new_worker (company->stores[1], "张秀英", NULL);
  g_autoptr (GPtrArray) conflicts = NULL;
  g_autoptr (YlChange) change = NULL;
  g_autoptr (YlUndo) undo = NULL;

  carry (company);
  set_field (company, 2, id, "max_travel", "40");
  change = yl_change_begin (company->stores[1], "remove", &error);
  g_assert_true (yl_change_delete (change, "worker", id, &error) && yl_change_commit (change, &error));
  carry (company);
  conflicts = list (company->stores[1], 1);
  g_assert_true (yl_conflict_resolve (company->stores[1], "worker", id, "", "removed", &undo, &error));
  g_assert_no_error (error);
  carry (company);
  g_assert_null (yl_store_get (company->stores[2], "worker", id, &error));
  g_clear_error (&error);
  g_assert_true (yl_undo_commit (undo, company->stores[1], &error));
  g_assert_no_error (error);
  carry (company);
  g_ptr_array_unref (list (company->stores[2], 1));
  assert_field (company, id, "max_travel", "40");
}

/* Pairs that head office finds */

static guint
n_pairs (YlStore *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) pairs = yl_duplicate_list (store, &error);

  g_assert_no_error (error);
  return pairs->len;
}

static void
test_duplicates (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (4);
  g_autoptr (GError) error = NULL;
  YlStore *head = company->stores[0];
  g_autofree char *a = new_worker (company->stores[1], "张秀英", "13900139001");
  g_autofree char *b = new_worker (company->stores[2], "张秀英", "13900139001");
  g_autofree char *c = new_worker (company->stores[2], "王芳", "13900139002");
  g_autoptr (GPtrArray) pairs = NULL;
  const YlDuplicate *pair;

  g_assert_cmpint (yl_duplicate_find_due (company->stores[1], &error), ==, 0);
  carry (company);
  g_assert_cmpint (yl_duplicate_find_due (head, &error), ==, 1);
  g_assert_no_error (error);
  g_assert_cmpint (yl_duplicate_find_due (head, &error), ==, 0);
  pairs = yl_duplicate_list (head, &error);
  g_assert_cmpuint (pairs->len, ==, 1);
  pair = pairs->pdata[0];
  g_assert_cmpstr (pair->first, ==, a);
  g_assert_cmpstr (pair->second, ==, b);
  g_assert_cmpstr (pair->reason, ==, "phone");
  carry (company);
  g_assert_cmpuint (n_pairs (company->stores[1]), ==, 1);
  g_assert_cmpuint (n_pairs (company->stores[3]), ==, 0);
  /* Corrected: no pair any more. Then another comes to be one. */
  set_field (company, 2, b, "phone", "13900139009");
  carry (company);
  g_assert_cmpint (yl_duplicate_find_due (head, &error), ==, 1);
  g_assert_cmpuint (n_pairs (head), ==, 0);
  set_field (company, 1, a, "phone", "13900139005");
  set_field (company, 2, c, "phone", "13900139005");
  carry (company);
  g_assert_cmpint (yl_duplicate_find_due (head, &error), ==, 1);
  g_assert_cmpuint (n_pairs (head), ==, 1);
  carry (company);
  /* Not the same, says a store: nobody is asked again. */
  g_assert_true (yl_people_tell_apart (company->stores[2], "worker", c, a, &error));
  carry (company);
  g_assert_cmpuint (n_pairs (head), ==, 0);
  set_field (company, 1, a, "max_travel", "30");
  carry (company);
  g_assert_cmpint (yl_duplicate_find_due (head, &error), ==, 0);
}

static void
test_duplicates_merged (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (3);
  g_autoptr (GError) error = NULL;
  g_autofree char *a = new_worker (company->stores[1], "张秀英", "13900139001");
  g_autofree char *b = new_worker (company->stores[2], "张秀英", "13900139001");

  carry (company);
  g_assert_cmpint (yl_duplicate_find_due (company->stores[0], &error), ==, 1);
  carry (company);
  g_assert_true (yl_people_merge (company->stores[1], "worker", a, b, NULL, &error));
  carry (company);
  for (guint i = 0; i < company->n; i++)
    g_assert_cmpuint (n_pairs (company->stores[i]), ==, 0);
  g_assert_true (yl_people_unmerge (company->stores[2], "worker", a, &error));
  g_assert_cmpuint (n_pairs (company->stores[2]), ==, 1);
}

/* Nobody without the keys can tell whether two values are the same: that they differ is all there is to see. */
static void
test_sealed (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (3);
  g_autoptr (GError) error = NULL;
  g_autofree char *id = new_worker (company->stores[1], "张秀英", "13900139001");
  g_autoptr (GPtrArray) conflicts = NULL;
  const YlConflict *conflict;

  yl_test_company_hold_keys (company);
  carry (company);
  set_field (company, 0, id, "phone", "13900139002");
  set_field (company, 1, id, "phone", "13900139003");
  carry (company);
  conflicts = list (company->stores[2], 1);
  conflict = conflicts->pdata[0];
  g_assert_cmpuint (conflict->versions->len, ==, 2);
  for (guint v = 0; v < conflict->versions->len; v++)
    g_assert_true (((YlConflictVersion *) conflict->versions->pdata[v])->locked);
  g_assert_false (yl_conflict_choose (company->stores[2], conflict, 0, NULL, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/conflict/seen", test_seen);
  g_test_add_func ("/conflict/both", test_both);
  g_test_add_func ("/conflict/sealed", test_sealed);
  g_test_add_func ("/conflict/typed", test_typed);
  g_test_add_func ("/conflict/many", test_many);
  g_test_add_func ("/conflict/taken-back-then-edited", test_taken_back_then_edited);
  g_test_add_func ("/conflict/decided-apart", test_decided_apart);
  g_test_add_func ("/conflict/removed-and-edited", test_removed_and_edited);
  g_test_add_func ("/duplicate/found", test_duplicates);
  g_test_add_func ("/duplicate/merged", test_duplicates_merged);
  return g_test_run ();
}
