/* What the pages of the window read, in one store of a small company. */
#include "desk/yl-agenda.h"
#include "desk/yl-budget.h"
#include "desk/yl-clash.h"
#include "desk/yl-intake.h"
#include "desk/yl-order-list.h"
#include "desk/yl-today.h"
#include "desk/yl-waiting.h"
#include "desk/yl-worker-list.h"
#include "records/yl-booking.h"
#include "records/yl-tables.h"
#include "yl-test-company.h"

#define HOUR (60 * YL_MINUTE_MS)

typedef struct
{
  YlTestCompany *company;
  YlStore *store; /* borrowed: a store's own file */
  char *worker;
  char *order;
} Desk;

static char *
add_worker (YlStore *store, const char *name, const char *phone)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlChange) change = yl_change_begin (store, "add worker", &error);
  g_autoptr (YlRecord) worker = yl_record_new (&yl_worker_table, NULL);

  g_assert_no_error (error);
  yl_record_set_text (worker, "site", yl_store_get_site (store));
  yl_record_set_text (worker, "home_store", yl_store_get_site (store));
  yl_record_set_text (worker, "name", name);
  yl_record_set_text (worker, "phone", phone);
  g_assert_true (yl_change_insert (change, worker, &error));
  g_assert_true (yl_change_set_elements (change, yl_table_set (&yl_worker_table, "job_types"),
                                         yl_record_get_id (worker), "cleaning", &error));
  g_assert_true (yl_change_commit (change, &error));
  return g_strdup (yl_record_get_id (worker));
}

static char *
take_demand (YlStore *store, const YlCaller *caller, gint64 start)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlRecord) order = yl_record_new (&yl_order_table, NULL);
  g_auto (YlPlace) place = { .community = g_strdup ("幸福小区"),
                             .district = g_strdup ("110105"),
                             .is_known = TRUE,
                             .lat = 39920000,
                             .lon = 116440000 };
  const char *sets[] = { "skills", "deep_cleaning", NULL };
  const YlDemand demand = { .caller = caller,
                            .name = "李女士",
                            .phone = "13900139001",
                            .place = caller == NULL ? &place : NULL,
                            .address = "3号楼",
                            .order = order,
                            .sets = sets };

  yl_record_set_text (order, "service_type", "cleaning");
  yl_record_set_text (order, "schedule", "one_off");
  yl_record_set_integer (order, "start", start);
  yl_record_set_integer (order, "minutes", 180);
  yl_intake_save (store, &demand, &error);
  g_assert_no_error (error);
  return g_strdup (yl_record_get_id (order));
}

static char *
promise (Desk *desk)
{
  const YlBookRequest request = { .order = desk->order, .worker = desk->worker, .stage = "own" };
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) claims = yl_booking_promise (desk->store, &request, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (claims), ==, 1);
  return g_strdup (claims[0]);
}

static void
set_up (Desk *desk, gconstpointer data)
{
  desk->company = yl_test_company_new (2);
  desk->store = desk->company->stores[1];
  desk->worker = add_worker (desk->store, "王秀英", "13800138001");
  desk->order = take_demand (desk->store, NULL, yl_store_now (desk->store) + 24 * HOUR);
}

static void
tear_down (Desk *desk, gconstpointer data)
{
  yl_test_company_free (desk->company);
  g_free (desk->worker);
  g_free (desk->order);
}

static void
assert_today (Desk *desk, guint n, YlTodayKind kind)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = yl_today_list (desk->store, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (items->len, ==, n);
  if (n == 0)
    return;
  const YlTodayItem *item = items->pdata[0];
  g_assert_cmpint (item->kind, ==, kind);
  g_assert_cmpstr (item->order, ==, desk->order);
  g_assert_cmpstr (item->customer_name, ==, "李女士");
  g_assert_cmpint (item->due, ==, yl_store_now (desk->store) + 24 * HOUR);
}

static void
test_today (Desk *desk, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  YlTodaySummary summary;

  assert_today (desk, 1, YL_TODAY_NEW);
  g_autofree char *claim = promise (desk);
  assert_today (desk, 0, YL_TODAY_NEW);
  g_assert_true (yl_today_summarize (desk->store, &summary, &error));
  g_assert_cmpuint (summary.new_orders, ==, 1);
  g_assert_cmpuint (summary.promised, ==, 1);
  g_assert_cmpuint (summary.chain_help, ==, 0);
  g_assert_true (yl_booking_dropout (desk->store, claim, "sick", "发烧", &error));
  assert_today (desk, 1, YL_TODAY_DROPOUT);
  /* Once the hour has passed nobody needs to run. */
  desk->company->clocks[1] += 48 * HOUR;
  assert_today (desk, 0, YL_TODAY_DROPOUT);
}

static void
test_caller (Desk *desk, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *claim = promise (desk);
  g_autoptr (YlCaller) caller = yl_intake_find_caller (desk->store, "13900139001", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (yl_record_get_text (caller->customer, "name"), ==, "李女士");
  g_assert_cmpstr (yl_record_get_text (caller->household, "community"), ==, "幸福小区");
  g_assert_cmpuint (caller->n_orders, ==, 1);
  g_assert_cmpstr (caller->last_worker_name, ==, "王秀英");
  g_assert_null (yl_intake_find_caller (desk->store, "13900139002", &error));
  g_assert_no_error (error);

  /* She calls again: no second customer, the same home. */
  g_autofree char *second = take_demand (desk->store, caller, yl_store_now (desk->store) + 72 * HOUR);
  g_autoptr (GPtrArray) customers = yl_store_list (desk->store, "customer", NULL, 0, &error);
  g_autoptr (YlRecord) order = yl_store_get (desk->store, "order", second, &error);
  g_assert_cmpuint (customers->len, ==, 1);
  g_assert_cmpstr (yl_record_get_text (order, "household"), ==, yl_record_get_id (caller->household));
}

static void
test_place (Desk *desk, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_auto (YlPlace) known = { 0 };
  g_auto (YlPlace) district = { 0 };
  g_autofree char *rest = NULL;
  g_autofree char *other_rest = NULL;

  g_assert_true (yl_intake_find_place (desk->store, " 幸福小区 5号楼 ", &known, &rest, &error));
  g_assert_cmpstr (known.community, ==, "幸福小区");
  g_assert_cmpstr (known.district, ==, "110105");
  g_assert_true (known.is_known);
  g_assert_cmpint (known.metres, >, 0);
  g_assert_cmpstr (rest, ==, "5号楼");
  g_assert_true (yl_intake_find_place (desk->store, "海淀区 新村 2号楼", &district, &other_rest, &error));
  g_assert_cmpstr (district.district, ==, "110108");
  g_assert_cmpstr (district.community, ==, "新村");
  g_assert_false (district.is_known);
  g_assert_cmpstr (other_rest, ==, "2号楼");
}

static void
test_refused_demand_leaves_nothing (Desk *desk, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlRecord) order = yl_record_new (&yl_order_table, NULL);
  const YlDemand demand = { .name = "王先生", .phone = "13900139003", .order = order };

  g_assert_false (yl_intake_save (desk->store, &demand, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (yl_intake_find_caller (desk->store, "13900139003", &error));
  g_assert_no_error (error);
}

static void
assert_found (GPtrArray *items, guint n)
{
  g_assert_nonnull (items);
  g_assert_cmpuint (items->len, ==, n);
  g_ptr_array_unref (items);
}

static void
test_lists (Desk *desk, gconstpointer data)
{
  YlStore *store = desk->store;

  assert_found (yl_order_list (store, YL_ORDERS_OPEN, NULL, 10, NULL), 1);
  assert_found (yl_order_list (store, YL_ORDERS_OPEN, "李女", 10, NULL), 1);
  assert_found (yl_order_list (store, YL_ORDERS_OPEN, "9001", 10, NULL), 1);
  assert_found (yl_order_list (store, YL_ORDERS_OPEN, "幸福", 10, NULL), 1);
  assert_found (yl_order_list (store, YL_ORDERS_OPEN, "900", 10, NULL), 0);
  assert_found (yl_order_list (store, YL_ORDERS_PROMISED, NULL, 10, NULL), 0);
  assert_found (yl_worker_list (store, YL_WORKERS_OWN, "秀", NULL, 10, NULL), 1);
  assert_found (yl_worker_list (store, YL_WORKERS_OWN, "8001", "cleaning", 10, NULL), 1);
  assert_found (yl_worker_list (store, YL_WORKERS_OWN, NULL, "tutor", 10, NULL), 0);
  g_autofree char *claim = promise (desk);
  assert_found (yl_order_list (store, YL_ORDERS_OPEN, NULL, 10, NULL), 0);
  assert_found (yl_order_list (store, YL_ORDERS_PROMISED, NULL, 10, NULL), 1);
  assert_found (yl_order_promises (store, desk->order, NULL), 1);
  assert_found (yl_clash_list (store, NULL), 0);
}

static void
test_agenda (Desk *desk, gconstpointer data)
{
  gint64 now = yl_store_now (desk->store);
  g_autofree char *claim = promise (desk);
  g_autoptr (GPtrArray) spans = yl_agenda_of (desk->store, desk->worker, now, now + 48 * HOUR, NULL);

  g_assert_cmpuint (spans->len, ==, 1);
  const YlSpan *span = spans->pdata[0];
  g_assert_cmpint (span->kind, ==, YL_SPAN_CONFIRMED);
  g_assert_cmpstr (span->claim, ==, claim);
  g_assert_cmpint (span->end - span->start, ==, 3 * HOUR);
  assert_found (yl_agenda_of (desk->store, desk->worker, now, now + 24 * HOUR, NULL), 0);
  assert_found (yl_agenda_of_site (desk->store, yl_store_get_site (desk->store), now, now + 48 * HOUR, NULL), 1);
}

static void
test_waiting (Desk *desk, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = yl_waiting_list (desk->store, 10, &error);
  g_autofree char *unknown = yl_what_words ("frobnicate X1");

  g_assert_no_error (error);
  g_assert_cmpuint (items->len, >, 0);
  const YlWaitingItem *last = items->pdata[items->len - 1];
  g_assert_true (g_str_has_prefix (last->what, "New demand D"));
  g_assert_cmpstr (unknown, ==, "frobnicate X1");
}

static void
test_budget (void)
{
  static const struct
  {
    const char *text;
    gint64 from;
    gint64 to;
    const char *unit;
  } cases[] = {
    { "40-60", 4000, 6000, "hour" },
    { "40-60 元/小时", 4000, 6000, "hour" },
    { "50/h", 0, 5000, "hour" },
    { "每月8000", 0, 800000, "month" },
    { "1.2万/月", 0, 1200000, "month" },
    { "300一天", 0, 30000, "day" },
    { "12800/26天", 0, 1280000, "month26" },
    { "55.5", 0, 5550, "hour" },
    { "40到60块", 4000, 6000, "hour" },
    { "up to 60 per hour", 0, 6000, "hour" },
  };
  static const char *const refused[] = { "", "很多", "60-40", "40-", "-", "40 50", "99999999", "40-60-80" };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      YlBudget budget = { 0 };
      g_autoptr (GError) error = NULL;
      g_test_message ("%s", cases[i].text);
      yl_budget_read (cases[i].text, "hour", &budget, &error);
      g_assert_no_error (error);
      g_assert_cmpint (budget.from, ==, cases[i].from);
      g_assert_cmpint (budget.to, ==, cases[i].to);
      g_assert_cmpstr (budget.unit, ==, cases[i].unit);
    }
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      YlBudget budget = { 0 };
      g_autoptr (GError) error = NULL;
      g_test_message ("%s", refused[i]);
      g_assert_false (yl_budget_read (refused[i], "hour", &budget, &error));
      g_assert_error (error, YL_ERROR, YL_ERROR_INVALID);
    }
}

int
main (int argc, char **argv)
{
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  g_setenv ("LANGUAGE", "en", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/desk/today", Desk, NULL, set_up, test_today, tear_down);
  g_test_add ("/desk/caller", Desk, NULL, set_up, test_caller, tear_down);
  g_test_add ("/desk/place", Desk, NULL, set_up, test_place, tear_down);
  g_test_add ("/desk/refused", Desk, NULL, set_up, test_refused_demand_leaves_nothing, tear_down);
  g_test_add ("/desk/lists", Desk, NULL, set_up, test_lists, tear_down);
  g_test_add ("/desk/agenda", Desk, NULL, set_up, test_agenda, tear_down);
  g_test_add ("/desk/waiting", Desk, NULL, set_up, test_waiting, tear_down);
  g_test_add_func ("/desk/budget", test_budget);
  return g_test_run ();
}
