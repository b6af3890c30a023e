/* What was written to a record, told; how it was shown at a time; writing an old value again. */
#include "desk/yl-value-words.h"
#include "records/yl-booking.h"
#include "records/yl-people.h"
#include "records/yl-tables.h"
#include "merge/yl-conflict.h"
#include "merge/yl-fold.h"
#include "merge/yl-history.h"
#include "merge/yl-past.h"
#include "yl-test-company.h"

#define HOUR G_GINT64_CONSTANT (3600000)

static char *
new_worker (YlStore *store)
{
  YlRecord *worker = yl_record_new (&yl_worker_table, NULL);

  yl_record_set_text (worker, "name", "张秀英");
  yl_record_set_text (worker, "phone", "13900139001");
  yl_record_set_text (worker, "home_store", yl_store_get_site (store));
  return yl_test_insert (store, worker);
}

static void
set_travel (YlTestCompany *company, guint at, const char *id, gint64 minutes)
{
  YlStore *store = company->stores[at];
  g_autoptr (GError) error = NULL;
  g_autoptr (YlRecord) record = yl_store_get_exact (store, "worker", id, &error);
  g_autoptr (YlChange) change = NULL;

  company->clocks[at] += 60000;
  change = yl_change_begin (store, "set", &error);
  g_assert_no_error (error);
  yl_record_set_integer (record, "max_travel", minutes);
  yl_change_update (change, record, &error);
  g_assert_no_error (error);
  yl_change_commit (change, &error);
  g_assert_no_error (error);
}

static void
set_skills (YlTestCompany *company, guint at, const char *id, const char *list)
{
  YlStore *store = company->stores[at];
  g_autoptr (GError) error = NULL;
  g_autoptr (YlChange) change = NULL;

  company->clocks[at] += 60000;
  change = yl_change_begin (store, "set", &error);
  g_assert_no_error (error);
  yl_change_set_elements (change, yl_table_set (&yl_worker_table, "skills"), id, list, &error);
  g_assert_no_error (error);
  yl_change_commit (change, &error);
  g_assert_no_error (error);
}

static void
remove_worker (YlTestCompany *company, guint at, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlChange) change = NULL;

  company->clocks[at] += 60000;
  change = yl_change_begin (company->stores[at], "remove", &error);
  yl_change_delete (change, "worker", id, &error);
  g_assert_no_error (error);
  yl_change_commit (change, &error);
  g_assert_no_error (error);
}

/* `max_travel 30>40!` a line: what was written, `!` two values now, `=` decides. */
static char *
told (YlStore *store, const char *id, const char *column)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) history = yl_history_of (store, "worker", id, &error);
  g_autoptr (GString) text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < history->len; i++)
    {
      const YlHistoryEntry *entry = history->pdata[i];

      for (guint v = 0; v < entry->values->len; v++)
        {
          const YlHistoryValue *value = entry->values->pdata[v];
          g_autofree char *before = yl_history_words (store, value, TRUE);
          g_autofree char *after = yl_history_words (store, value, FALSE);

          if (g_str_equal (value->column, column))
            g_string_append_printf (text, "%s%s>%s%s%s", text->len > 0 ? " " : "", before != NULL ? before : "",
                                    after != NULL ? after : "", value->apart ? "!" : "", value->decides ? "=" : "");
        }
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
assert_told (YlStore *store, const char *id, const char *column, const char *expected)
{
  g_autofree char *text = told (store, id, column);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_told (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (3);
  g_autoptr (GError) error = NULL;
  YlStore *store = company->stores[1];
  g_autofree char *id = new_worker (store);
  g_autoptr (GPtrArray) conflicts = NULL;

  set_travel (company, 1, id, 30);
  set_travel (company, 1, id, 40);
  assert_told (store, id, "max_travel", ">30 30>40");
  assert_told (store, id, "phone", ">13900139001");
  assert_told (store, id, "", "not there>there");
  set_skills (company, 1, id, "infant:2");
  set_skills (company, 1, id, "infant:3,newborn");
  yl_test_carry_all (company);
  assert_told (company->stores[0], id, "skills",
               ">Infant care, level 2 Infant care, level 2>Infant care, level 3 >Mother and newborn care");
  /* Apart: neither had seen the other, both had seen 40. */
  set_travel (company, 1, id, 50);
  set_travel (company, 2, id, 60);
  yl_test_carry_all (company);
  yl_test_carry_all (company);
  assert_told (store, id, "max_travel", ">30 30>40 40>50 40>60!");
  conflicts = yl_conflict_list (store, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (conflicts->len, ==, 1);
  company->clocks[1] += 60000;
  yl_conflict_choose (store, conflicts->pdata[0], 1, NULL, &error);
  g_assert_no_error (error);
  yl_test_carry_all (company);
  {
    g_autofree char *text = told (company->stores[2], id, "max_travel");

    g_assert_true (g_str_has_suffix (text, "="));
  }
}

static void
test_removed (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (2);
  g_autofree char *id = new_worker (company->stores[1]);

  remove_worker (company, 1, id);
  assert_told (company->stores[1], id, "", "not there>there there>not there");
}

/* The same record, at a time, as text; NULL where it was not there. */
static char *
shown_at (YlStore *store, const char *id, gint64 time, const YlVector *seen)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlPast) past = yl_past_new (store, &error);
  YlMoment moment = { YL_HLC (time, 0xffff), seen };
  YlValue *row;
  char *text;
  g_autofree char *skills = NULL;

  g_assert_no_error (error);
  g_assert_true (yl_past_add (past, "worker", id, &error));
  g_assert_true (yl_past_as_of (past, &moment, &error));
  g_assert_no_error (error);
  row = yl_store_read_row (yl_past_get_store (past), &yl_worker_table, id, &error);
  if (row == NULL)
    return NULL;
  skills = yl_store_get_set (yl_past_get_store (past), yl_table_set (&yl_worker_table, "skills"), id, NULL);
  text =
      g_strdup_printf ("%" G_GINT64_FORMAT " %s", row[yl_table_field (&yl_worker_table, "max_travel")].integer, skills);
  g_free (row);
  return text;
}

static void
assert_shown_at (YlStore *store, const char *id, gint64 time, const char *expected)
{
  g_autofree char *text = shown_at (store, id, time, NULL);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_as_of (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (2);
  g_autoptr (GError) error = NULL;
  YlStore *store = company->stores[1];
  g_autofree char *id = new_worker (store);
  gint64 start = company->clocks[1];
  g_autofree char *seen_by = NULL;
  g_autoptr (YlVector) seen = NULL;
  const YlEntryFacts *facts;
  gint64 n;

  set_travel (company, 1, id, 30);
  set_skills (company, 1, id, "infant:2");
  set_travel (company, 1, id, 40);
  set_skills (company, 1, id, "");
  remove_worker (company, 1, id);
  assert_shown_at (store, id, start - 1, NULL);
  assert_shown_at (store, id, start, "0 ");
  assert_shown_at (store, id, start + 60000, "30 ");
  assert_shown_at (store, id, start + 120000, "30 infant:2");
  assert_shown_at (store, id, start + 180000, "40 infant:2");
  assert_shown_at (store, id, start + 240000, "40 ");
  assert_shown_at (store, id, start + 300000, NULL);
  /* What one entry had seen, itself included. */
  g_assert_true (yl_database_integer (store->database, &n, 0, &error, "SELECT max(n) - 2 FROM entry", NULL));
  facts = yl_store_entry_facts (store, n);
  seen = yl_fold_seen_of (store, facts->w, facts->seq, &error);
  seen_by = shown_at (store, id, 0, seen);
  g_assert_cmpstr (seen_by, ==, "40 infant:2");
}

/* Random histories: the past as of the newest entry is the present. */
static void
test_as_of_property (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (3);
  g_autofree char *id = new_worker (company->stores[1]);
  g_autoptr (GRand) random = g_rand_new_with_seed (20261203);
  static const char *const lists[] = { "", "infant:1", "infant:2,newborn", "newborn" };

  yl_test_carry_all (company);
  for (guint round = 0; round < 40; round++)
    {
      guint at = (guint) g_rand_int_range (random, 0, 3);

      company->clocks[at] += g_rand_int_range (random, 0, 100000);
      if (g_rand_boolean (random))
        set_travel (company, at, id, g_rand_int_range (random, 1, 100));
      else
        set_skills (company, at, id, lists[g_rand_int_range (random, 0, G_N_ELEMENTS (lists))]);
      if (g_rand_int_range (random, 0, 4) == 0)
        yl_test_carry_all (company);
      for (guint i = 0; i < company->n; i++)
        {
          YlStore *store = company->stores[i];
          g_autoptr (YlRecord) record = yl_store_get_exact (store, "worker", id, NULL);
          g_autofree char *skills = yl_store_get_set (store, yl_table_set (&yl_worker_table, "skills"), id, NULL);
          g_autofree char *now =
              g_strdup_printf ("%" G_GINT64_FORMAT " %s", yl_record_get_integer (record, "max_travel", 0), skills);

          assert_shown_at (store, id, G_GINT64_CONSTANT (4102444800000), now);
        }
    }
}

static char *
promise (YlStore *store, const char *worker, gint64 start)
{
  g_autoptr (GError) error = NULL;
  YlRecord *customer = yl_record_new (&yl_customer_table, NULL);
  YlRecord *order = yl_record_new (&yl_order_table, NULL);
  g_autofree char *customer_id = NULL;
  g_autofree char *order_id = NULL;
  g_auto (GStrv) claims = NULL;

  yl_record_set_text (customer, "name", "李女士");
  yl_record_set_text (customer, "wechat", yl_store_get_node (store));
  customer_id = yl_test_insert (store, customer);
  yl_record_set_text (order, "customer", customer_id);
  yl_record_set_text (order, "service_type", "cleaning");
  yl_record_set_integer (order, "start", start);
  yl_record_set_integer (order, "minutes", 180);
  order_id = yl_test_insert (store, order);
  {
    YlBookRequest request = { .order = order_id, .worker = worker };

    claims = yl_booking_promise (store, &request, &error);
  }
  g_assert_no_error (error);
  return g_steal_pointer (&order_id);
}

/* Derived state too: before the other store's promise arrived, this order was served. */
static void
test_derived (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (3);
  g_autoptr (GError) error = NULL;
  gint64 start = company->clocks[1] + 24 * HOUR;
  g_autofree char *worker = new_worker (company->stores[1]);
  g_autofree char *there = NULL;
  g_autofree char *here = NULL;
  g_autoptr (YlPast) past = NULL;
  g_autoptr (YlRecord) now = NULL;
  g_autoptr (YlRecord) then = NULL;
  YlMoment moment = { 0, NULL };

  yl_test_carry_all (company);
  there = promise (company->stores[2], worker, start);
  moment.hlc = YL_HLC (company->clocks[2], 0xffff);
  company->clocks[1] += HOUR;
  here = promise (company->stores[1], worker, start);
  yl_test_carry_all (company);
  now = yl_store_get (company->stores[2], "order_state", there, &error);
  g_assert_cmpstr (yl_record_get_text (now, "cause"), ==, "overruled");
  past = yl_past_new (company->stores[2], &error);
  g_assert_true (yl_past_add (past, "order", there, &error));
  g_assert_true (yl_past_as_of (past, &moment, &error));
  then = yl_store_get (yl_past_get_store (past), "order_state", there, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (yl_record_get_text (then, "cause"), ==, NULL);
  g_assert_cmpstr (yl_record_get_text (then, "state"), ==, "proposed");
}

static void
test_restore (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (2);
  g_autoptr (GError) error = NULL;
  YlStore *store = company->stores[1];
  g_autofree char *id = new_worker (store);
  g_autoptr (GPtrArray) history = NULL;
  g_autoptr (YlRecord) restored = NULL;
  g_autoptr (YlUndo) undo = NULL;
  g_autofree char *skills = NULL;

  set_travel (company, 1, id, 30);
  set_travel (company, 1, id, 40);
  set_skills (company, 1, id, "infant:2");
  set_skills (company, 1, id, "newborn");
  history = yl_history_of (store, "worker", id, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < history->len; i++)
    {
      const YlHistoryEntry *entry = history->pdata[i];

      for (guint v = 0; v < entry->values->len; v++)
        {
          const YlHistoryValue *value = entry->values->pdata[v];

          if (g_str_equal (value->column, "max_travel") && value->after.integer == 40)
            yl_history_restore (store, value, TRUE, &undo, &error);
          if (g_str_equal (value->column, "skills") && g_strcmp0 (value->before.bytes, "infant:2") == 0)
            yl_history_restore (store, value, TRUE, NULL, &error);
          g_assert_no_error (error);
        }
    }
  restored = yl_store_get (store, "worker", id, &error);
  g_assert_cmpint (yl_record_get_integer (restored, "max_travel", 0), ==, 30);
  skills = yl_store_get_set (store, yl_table_set (&yl_worker_table, "skills"), id, &error);
  g_assert_cmpstr (skills, ==, "infant:2,newborn");
  g_assert_true (yl_undo_commit (undo, store, &error));
}

/* The history of both records is that of the person. */
static void
test_of_merged (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (2);
  g_autoptr (GError) error = NULL;
  YlStore *store = company->stores[1];
  g_autofree char *kept = new_worker (store);
  YlRecord *other = yl_record_new (&yl_worker_table, NULL);
  g_autofree char *merged = NULL;

  yl_record_set_text (other, "name", "张秀英");
  merged = yl_test_insert (store, other);
  set_travel (company, 1, merged, 25);
  yl_people_merge (store, "worker", merged, kept, NULL, &error);
  g_assert_no_error (error);
  assert_told (store, kept, "max_travel", ">25");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/history/told", test_told);
  g_test_add_func ("/history/removed", test_removed);
  g_test_add_func ("/history/as-of", test_as_of);
  g_test_add_func ("/history/as-of/property", test_as_of_property);
  g_test_add_func ("/history/derived", test_derived);
  g_test_add_func ("/history/restore", test_restore);
  g_test_add_func ("/history/of-merged", test_of_merged);
  return g_test_run ();
}
