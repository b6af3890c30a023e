/* The trade's rules on single records, through the door. */
#include "records/yl-booking.h"
#include "records/yl-pinyin.h"
#include "records/yl-tables.h"
#include "records/yl-worker.h"
#include "change/yl-change.h"
#include "yl-test-company.h"

#include <string.h>

typedef struct
{
  YlTestCompany *company;
  YlStore *store;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->company = yl_test_company_new (2);
  fixture->store = fixture->company->stores[1];
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  yl_test_company_free (fixture->company);
}

/* Sets `field=value` as people type them; NULL ends the list. */
static void
set_fields (YlStore *store, YlRecord *record, const char *const *typed)
{
  for (; typed != NULL && *typed != NULL; typed++)
    {
      g_auto (GStrv) parts = g_strsplit (*typed, "=", 2);
      const YlField *field = yl_table_field_lookup (yl_record_get_table (record), parts[0], NULL);
      g_auto (YlValue) value = YL_VALUE_INIT;
      g_autoptr (GError) error = NULL;

      yl_field_parse (field, store, parts[1], &value, &error);
      g_assert_no_error (error);
      yl_record_set_value (record, field->name, &value);
    }
}

static gboolean
commit_insert (YlStore *store, YlRecord *record, GError **error)
{
  g_autoptr (YlChange) change = yl_change_begin (store, "test", error);

  return change != NULL && yl_change_insert (change, record, error) && yl_change_commit (change, error);
}

/* A new record as the door leaves it, or the error it gives. */
static YlRecord *
add (YlStore *store, const YlTable *table, const char *const *typed, GError **error)
{
  g_autoptr (YlRecord) record = yl_record_new (table, NULL);

  set_fields (store, record, typed);
  if (!commit_insert (store, record, error))
    return NULL;
  return yl_store_get (store, table->name, yl_record_get_id (record), error);
}

static YlRecord *
must_add (YlStore *store, const YlTable *table, const char *const *typed)
{
  g_autoptr (GError) error = NULL;
  YlRecord *record = add (store, table, typed, &error);

  g_assert_no_error (error);
  return record;
}

static gboolean
edit (YlStore *store, YlRecord *record, const char *const *typed, GError **error)
{
  g_autoptr (YlChange) change = yl_change_begin (store, "test", error);

  set_fields (store, record, typed);
  return change != NULL && yl_change_update (change, record, error) && yl_change_commit (change, error);
}

typedef struct
{
  const YlTable *table;
  const char *typed[10];
  int code;
  const char *names; /* a word the sentence must hold */
} Refused;

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  static const Refused cases[] = {
    { &yl_worker_table, { "phone=13800138000" }, YL_ERROR_INVALID, "name" },
    { &yl_worker_table, { "name=王芳", "id_no=11010519491231002X" }, YL_ERROR_REFUSED, "76" },
    { &yl_worker_table, { "name=王芳", "birth_date=2010-01-01" }, YL_ERROR_REFUSED, "16" },
    { &yl_worker_table, { "name=王芳", "birth_date=1960-12-01" }, YL_ERROR_REFUSED, "66" },
    { &yl_worker_table,
      { "name=王芳", "id_no=410922198501020027", "birth_date=1985-01-03" },
      YL_ERROR_INVALID,
      "1985-01-02" },
    { &yl_worker_table, { "name=王芳", "id_no=410922198501020027", "sex=1" }, YL_ERROR_INVALID, "sex" },
    { &yl_worker_table, { "name=王芳", "expected_wage=880000" }, YL_ERROR_INVALID, "wage_unit" },
    { &yl_worker_table, { "name=王芳", "lat=39.9" }, YL_ERROR_INVALID, "lon" },
    { &yl_worker_table,
      { "name=王芳", "health_exam=2026-05-01", "health_expires=2026-04-01" },
      YL_ERROR_INVALID,
      "health_exam" },
    { &yl_customer_table, { "name=李先生" }, YL_ERROR_INVALID, "phone" },
    { &yl_household_table, { "lon=116.4" }, YL_ERROR_INVALID, "lat" },
    { &yl_order_table, { "service_type=cleaning" }, YL_ERROR_INVALID, "start" },
    { &yl_order_table, { "service_type=cleaning", "start=2026-12-05T09:00" }, YL_ERROR_INVALID, "minutes" },
    { &yl_order_table,
      { "service_type=cleaning", "start=2026-12-05T09:00", "minutes=120", "months=2" },
      YL_ERROR_INVALID,
      "months" },
    { &yl_order_table, { "service_type=cleaning", "weekdays=mo", "minutes=120" }, YL_ERROR_INVALID, "start_time" },
    { &yl_order_table,
      { "service_type=cleaning", "weekdays=mo", "start_time=540", "minutes=120", "from_date=2026-12-08",
        "until_date=2026-12-12" },
      YL_ERROR_INVALID,
      "until_date" },
    { &yl_order_table,
      { "service_type=cleaning", "weekdays=mo", "start_time=540", "minutes=120", "from_date=2026-12-08",
        "until_date=2026-12-01" },
      YL_ERROR_INVALID,
      "until_date" },
    { &yl_order_table,
      { "service_type=cleaning", "weekdays=mo,tu,we,th,fr,sa,su", "start_time=540", "minutes=120",
        "from_date=2026-12-01", "until_date=2028-12-01" },
      YL_ERROR_INVALID,
      "400" },
    { &yl_order_table,
      { "service_type=maternity", "from_date=2026-12-08", "schedule=live_in" },
      YL_ERROR_INVALID,
      "months" },
    { &yl_order_table,
      { "service_type=cleaning", "start=2026-12-05T09:00", "minutes=120", "budget_from=200", "budget_to=100",
        "budget_unit=hour" },
      YL_ERROR_INVALID,
      "budget_to" },
    { &yl_order_table,
      { "service_type=cleaning", "start=2026-12-05T09:00", "minutes=120", "budget_to=100" },
      YL_ERROR_INVALID,
      "budget_unit" },
    { &yl_order_table,
      { "service_type=cleaning", "start=2026-12-05T09:00", "minutes=120", "gender=2" },
      YL_ERROR_REFUSED,
      NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (YlRecord) record = add (fixture->store, cases[i].table, cases[i].typed, &error);

      g_assert_null (record);
      g_assert_error (error, YL_ERROR, cases[i].code);
      if (cases[i].names != NULL)
        g_assert_nonnull (strstr (error->message, cases[i].names));
    }
}

static void
test_worker_filled (Fixture *fixture, gconstpointer data)
{
  static const char *const typed[] = { "name=曾莉", "id_no=410922198501020027", NULL };
  g_autoptr (YlRecord) worker = must_add (fixture->store, &yl_worker_table, typed);

  g_assert_cmpstr (yl_record_get_text (worker, "birth_date"), ==, "1985-01-02");
  g_assert_cmpint (yl_record_get_integer (worker, "sex", 0), ==, 2);
  g_assert_cmpint (yl_record_get_integer (worker, "adult", 0), ==, 1);
  g_assert_cmpstr (yl_record_get_text (worker, "site"), ==, yl_store_get_site (fixture->store));
  g_assert_cmpstr (yl_record_get_text (worker, "home_store"), ==, yl_store_get_site (fixture->store));
  g_assert_cmpstr (yl_record_get_text (worker, "accept_state"), ==, "accepting");
  g_assert_cmpstr (yl_record_get_text (worker, "shareable"), ==, "chain");
  g_assert_cmpstr (yl_record_get_text (worker, "name_pinyin"), ==, "zeng li / ceng li");
}

static void
test_worker_corrected (Fixture *fixture, gconstpointer data)
{
  static const char *const typed[] = { "name=曾莉", "id_no=410922198501020027", NULL };
  static const char *const other_number[] = { "id_no=410922198601020016", "name=王芳", NULL };
  static const char *const wrong_birth[] = { "birth_date=1985-01-02", NULL };
  g_autoptr (YlRecord) worker = must_add (fixture->store, &yl_worker_table, typed);
  g_autoptr (YlRecord) corrected = NULL;
  g_autoptr (GError) error = NULL;

  edit (fixture->store, worker, other_number, &error);
  g_assert_no_error (error);
  corrected = yl_store_get (fixture->store, "worker", yl_record_get_id (worker), NULL);
  g_assert_cmpstr (yl_record_get_text (corrected, "birth_date"), ==, "1986-01-02");
  g_assert_cmpint (yl_record_get_integer (corrected, "sex", 0), ==, 1);
  g_assert_cmpstr (yl_record_get_text (corrected, "name_pinyin"), ==, "wang fang");
  g_assert_false (edit (fixture->store, corrected, wrong_birth, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_INVALID);
}

static void
test_pinyin (void)
{
  static const char *const names[][2] = {
    { "王芳", "wang fang" },
    { "欧阳娜娜", "ou yang na na" },
    { "Anna", "anna" },
    { "单春燕", "shan chun yan / dan chun yan" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *pinyin = yl_pinyin_of_name (names[i][0]);

      g_assert_cmpstr (pinyin, ==, names[i][1]);
    }
}

static void
test_masked_name (void)
{
  g_autofree char *masked = yl_worker_masked_name ("王芳");
  g_autofree char *unknown = yl_worker_masked_name (NULL);

  g_assert_cmpstr (masked, ==, "王**");
  g_assert_cmpstr (unknown, ==, "***");
}

static void
test_household_rounded (Fixture *fixture, gconstpointer data)
{
  static const char *const typed[] = { "lat=39.904749", "lon=-116.407", NULL };
  g_autoptr (YlRecord) household = must_add (fixture->store, &yl_household_table, typed);

  g_assert_cmpint (yl_record_get_integer (household, "lat", 0), ==, 39900000);
  g_assert_cmpint (yl_record_get_integer (household, "lon", 0), ==, -116410000);
}

static void
test_order_filled (Fixture *fixture, gconstpointer data)
{
  static const char *const place[] = { "lat=39.91", "lon=116.41", "district=110105", NULL };
  static const char *const elsewhere[] = { "lat=39.99", "lon=116.31", "district=110108", NULL };
  g_autoptr (YlRecord) household = must_add (fixture->store, &yl_household_table, place);
  g_autoptr (YlRecord) moved_to = must_add (fixture->store, &yl_household_table, elsewhere);
  g_autofree char *of_household = g_strconcat ("household=", yl_record_get_id (household), NULL);
  const char *const customer_typed[] = { "name=李先生", "phone=13900139000", of_household, NULL };
  g_autoptr (YlRecord) customer = must_add (fixture->store, &yl_customer_table, customer_typed);
  g_autofree char *of_customer = g_strconcat ("customer=", yl_record_get_text (customer, "customer_no"), NULL);
  const char *const typed[] = { of_customer, "service_type=cleaning", "start=2026-12-05T09:00", "minutes=180", NULL };
  g_autoptr (YlRecord) order = must_add (fixture->store, &yl_order_table, typed);
  g_autofree char *move = g_strconcat ("household=", yl_record_get_id (moved_to), NULL);
  const char *const moving[] = { move, NULL };
  g_autoptr (YlRecord) moved = NULL;

  g_assert_cmpstr (yl_record_get_text (order, "schedule"), ==, "one_off");
  g_assert_cmpstr (yl_record_get_text (order, "household"), ==, yl_record_get_id (household));
  g_assert_cmpstr (yl_record_get_text (order, "district"), ==, "110105");
  g_assert_cmpint (yl_record_get_integer (order, "lat", 0), ==, 39910000);
  g_assert_cmpint (yl_record_get_integer (order, "headcount", 0), ==, 1);
  g_assert_cmpstr (yl_record_get_text (order, "store"), ==, yl_store_get_site (fixture->store));
  g_assert_true (edit (fixture->store, order, moving, NULL));
  moved = yl_store_get (fixture->store, "order", yl_record_get_id (order), NULL);
  g_assert_cmpstr (yl_record_get_text (moved, "district"), ==, "110108");
  g_assert_cmpint (yl_record_get_integer (moved, "lon", 0), ==, 116310000);
}

/* The visits of an order as text: `first start, last end, how many`. */
static char *
describe_visits (const char *const *typed)
{
  g_autoptr (YlRecord) order = yl_record_new (&yl_order_table, NULL);
  g_autoptr (GArray) visits = NULL;
  g_autofree char *start = NULL;
  g_autofree char *end = NULL;

  set_fields (NULL, order, typed);
  visits = yl_order_visits (order);
  if (visits->len == 0)
    return g_strdup ("none");
  start = yl_instant_format (g_array_index (visits, YlVisit, 0).start);
  end = yl_instant_format (g_array_index (visits, YlVisit, visits->len - 1).end);
  return g_strdup_printf ("%.16s %.16s %u", start, end, visits->len);
}

static void
test_visits (void)
{
  static const struct
  {
    const char *typed[8];
    const char *visits;
  } cases[] = {
    { { "schedule=one_off", "start=2026-12-01T09:00", "minutes=180" }, "2026-12-01T09:00 2026-12-01T12:00 1" },
    { { "schedule=one_off", "start=2026-12-01T22:00", "minutes=240" }, "2026-12-01T22:00 2026-12-02T02:00 1" },
    { { "schedule=recurring", "weekdays=mo,fr", "start_time=09:00", "minutes=120", "from_date=2026-12-01",
        "until_date=2026-12-14" },
      "2026-12-04T09:00 2026-12-14T11:00 4" },
    { { "schedule=recurring", "weekdays=tu", "start_time=0", "minutes=60", "from_date=2026-12-01",
        "until_date=2026-12-01" },
      "2026-12-01T00:00 2026-12-01T01:00 1" },
    { { "schedule=recurring", "weekdays=mo,tu,we,th,fr,sa,su", "start_time=0", "minutes=60", "from_date=2026-01-01",
        "until_date=2029-12-01" },
      "2026-01-01T00:00 2027-02-04T01:00 400" },
    { { "schedule=live_in", "from_date=2026-12-08", "months=1" }, "2026-12-08T00:00 2027-01-08T00:00 1" },
    { { "schedule=live_in", "from_date=2027-01-31", "months=1" }, "2027-01-31T00:00 2027-02-28T00:00 1" },
    { { "schedule=live_in", "from_date=2026-12-08" }, "none" },
    { { "service_type=cleaning" }, "none" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *visits = describe_visits (cases[i].typed);

      g_assert_cmpstr (visits, ==, cases[i].visits);
    }
}

static void
test_leave_over_promise (Fixture *fixture, gconstpointer data)
{
  static const char *const worker_typed[] = { "name=王芳", NULL };
  static const char *const order_typed[] = { "service_type=cleaning", "start=2026-12-05T09:00", "minutes=180", NULL };
  g_autoptr (YlRecord) worker = must_add (fixture->store, &yl_worker_table, worker_typed);
  g_autoptr (YlRecord) order = must_add (fixture->store, &yl_order_table, order_typed);
  YlBookRequest request = { .order = yl_record_get_id (order), .worker = yl_record_get_id (worker) };
  g_autofree char *of_worker = g_strconcat ("worker=", yl_record_get_id (worker), NULL);
  const char *const over[] = { of_worker, "start=2026-12-05T11:00", "end=2026-12-06T00:00", "state=leave", NULL };
  const char *const up_to[] = { of_worker, "start=2026-12-04T00:00", "end=2026-12-05T09:00", "state=leave", NULL };
  const char *const beside[] = { of_worker, "start=2026-12-05T12:00", "end=2026-12-06T00:00", "state=leave", NULL };
  const char *const backwards[] = { of_worker, "start=2026-12-05T12:00", "end=2026-12-05T12:00", "state=available",
                                    NULL };
  g_autoptr (GError) promise_error = NULL;
  g_auto (GStrv) claims = yl_booking_promise (fixture->store, &request, &promise_error);
  g_autoptr (GError) error = NULL;
  g_autoptr (YlRecord) before = NULL;
  g_autoptr (YlRecord) after = NULL;

  g_assert_no_error (promise_error);
  g_assert_nonnull (claims);
  g_assert_null (add (fixture->store, &yl_availability_table, over, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
  g_clear_error (&error);
  g_assert_null (add (fixture->store, &yl_availability_table, backwards, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_INVALID);
  before = must_add (fixture->store, &yl_availability_table, up_to);
  after = must_add (fixture->store, &yl_availability_table, beside);
}

static void
check_event (YlStore *store, const YlRecord *order, const char *kind, gboolean allowed, const char *state)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlRecord) after = NULL;

  g_assert_true (yl_order_add_event (store, yl_record_get_text (order, "order_no"), kind, NULL, NULL, &error)
                 == allowed);
  if (!allowed)
    g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
  after = yl_store_get (store, "order_state", yl_record_get_id (order), NULL);
  g_assert_cmpstr (yl_record_get_text (after, "state"), ==, state);
}

static void
test_order_events (Fixture *fixture, gconstpointer data)
{
  static const char *const customer_typed[] = { "name=李先生", "phone=13900139000", NULL };
  g_autoptr (YlRecord) customer = must_add (fixture->store, &yl_customer_table, customer_typed);
  g_autofree char *of_customer = g_strconcat ("customer=", yl_record_get_id (customer), NULL);
  const char *const typed[] = { of_customer, "service_type=cleaning", "start=2026-12-05T09:00", "minutes=180", NULL };
  g_autoptr (YlRecord) order = must_add (fixture->store, &yl_order_table, typed);

  check_event (fixture->store, order, "reopen", FALSE, "matching");
  check_event (fixture->store, order, "stock", TRUE, "stock");
  check_event (fixture->store, order, "stock", FALSE, "stock");
  check_event (fixture->store, order, "reopen", TRUE, "matching");
  check_event (fixture->store, order, "cancel", TRUE, "cancelled");
  check_event (fixture->store, order, "cancel", FALSE, "cancelled");
  check_event (fixture->store, order, "complete", FALSE, "cancelled");
  check_event (fixture->store, order, "no_such_event", FALSE, "cancelled");
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/records/refused", test_refused);
  ADD ("/records/worker/filled", test_worker_filled);
  ADD ("/records/worker/corrected", test_worker_corrected);
  g_test_add_func ("/records/worker/pinyin", test_pinyin);
  g_test_add_func ("/records/worker/masked-name", test_masked_name);
  ADD ("/records/household/rounded", test_household_rounded);
  ADD ("/records/order/filled", test_order_filled);
  g_test_add_func ("/records/order/visits", test_visits);
  ADD ("/records/availability/leave-over-promise", test_leave_over_promise);
  ADD ("/records/order/events", test_order_events);
  return g_test_run ();
}
