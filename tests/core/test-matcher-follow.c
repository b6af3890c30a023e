#include "matcher-fixture.h"

#include <string.h>

#include "base/yl-clock.h"
#include "records/yl-booking.h"
#include "records/yl-order.h"
#include "records/yl-tables.h"

#define STANDING "('tentative', 'confirmed', 'served')"

#define ANY_WORKER "SELECT id FROM worker ORDER BY id"
#define ANY_OPEN_ORDER "SELECT id FROM order_state WHERE state NOT IN ('cancelled', 'completed') ORDER BY id"
#define ANY_STANDING_CLAIM "SELECT id FROM booking WHERE state IN ('tentative', 'confirmed') ORDER BY id"

static void
set_worker (MatcherFixture *fixture, const char *column, const char *text)
{
  g_autofree char *worker = matcher_fixture_any (fixture, ANY_WORKER);
  g_autoptr (YlRecord) record = yl_store_get (fixture->store, "worker", worker, NULL);
  g_autoptr (YlChange) change = yl_change_begin (fixture->store, "edit worker", NULL);
  const YlField *field = &yl_worker_table.fields[yl_table_field (&yl_worker_table, column)];
  YlValue value = YL_VALUE_INIT;
  GError *error = NULL;

  yl_field_parse (field, fixture->store, text, &value, &error);
  g_assert_no_error (error);
  yl_record_set_value (record, column, &value);
  yl_value_clear (&value);
  yl_change_update (change, record, &error);
  matcher_fixture_commit (change, error);
}

static void
set_elements (MatcherFixture *fixture, const char *set, const char *list)
{
  g_autofree char *worker = matcher_fixture_any (fixture, ANY_WORKER);
  g_autoptr (YlChange) change = yl_change_begin (fixture->store, "edit worker", NULL);
  GError *error = NULL;

  yl_change_set_elements (change, yl_table_set (&yl_worker_table, set), worker, list, &error);
  matcher_fixture_commit (change, error);
}

static void
insert_about_worker (MatcherFixture *fixture, YlRecord *record)
{
  g_autofree char *worker = matcher_fixture_any (fixture, ANY_WORKER);
  g_autoptr (YlChange) change = yl_change_begin (fixture->store, "edit worker", NULL);
  GError *error = NULL;

  yl_record_set_text (record, "worker", worker);
  yl_change_insert (change, record, &error);
  matcher_fixture_commit (change, error);
}

static void
add_leave (MatcherFixture *fixture)
{
  g_autoptr (YlRecord) record = yl_record_new (&yl_availability_table, NULL);
  gint64 start = matcher_fixture_now (NULL) + g_rand_int_range (fixture->rand, 0, 40) * YL_DAY_MS;
  g_autofree char *idle = matcher_fixture_any (
      fixture,
      "SELECT id FROM worker WHERE id NOT IN (SELECT worker FROM booking WHERE state IN " STANDING ") ORDER BY id");
  g_autoptr (YlChange) change = yl_change_begin (fixture->store, "edit worker", NULL);
  GError *error = NULL;

  yl_record_set_text (record, "worker", idle);
  yl_record_set_integer (record, "start", start);
  yl_record_set_integer (record, "end", start + 3 * YL_DAY_MS);
  yl_record_set_text (record, "state", "leave");
  yl_change_insert (change, record, &error);
  matcher_fixture_commit (change, error);
}

static void
add_certificate (MatcherFixture *fixture)
{
  g_autoptr (YlRecord) record = yl_record_new (&yl_certificate_table, NULL);

  yl_record_set_text (record, "type", "housekeeping");
  yl_record_set_text (record, "expires", "2027-06-30");
  insert_about_worker (fixture, record);
}

static void
add_block (MatcherFixture *fixture)
{
  g_autoptr (YlRecord) record = yl_record_new (&yl_worker_block_table, NULL);
  g_autofree char *household =
      matcher_fixture_any (fixture, "SELECT household FROM [order] WHERE household IS NOT NULL ORDER BY id");

  yl_record_set_text (record, "household", household);
  yl_record_set_text (record, "side", "customer");
  insert_about_worker (fixture, record);
}

static void
delete_one (MatcherFixture *fixture, const char *table)
{
  g_autofree char *query = g_strdup_printf ("SELECT id FROM [%s] ORDER BY id", table);
  g_autofree char *id = matcher_fixture_any (fixture, query);
  g_autoptr (YlChange) change = NULL;
  GError *error = NULL;

  if (id == NULL)
    return;
  change = yl_change_begin (fixture->store, "delete", NULL);
  yl_change_delete (change, table, id, &error);
  matcher_fixture_commit (change, error);
}

static void
promise_somebody (MatcherFixture *fixture)
{
  g_autofree char *worker = matcher_fixture_any (fixture, ANY_WORKER);
  g_autofree char *order = matcher_fixture_any (fixture, ANY_OPEN_ORDER);
  const YlBookRequest request = { .order = order, .worker = worker, .force = TRUE, .reason = "test" };
  g_auto (GStrv) claims = yl_booking_promise (fixture->store, &request, NULL);

  (void) claims; /* a filled order refuses: fine */
}

/* Two stores promise one worker the same hour: one of the claims gives way. */
static void
promise_twice (MatcherFixture *fixture)
{
  g_autofree char *clash = matcher_fixture_any (
      fixture, "SELECT b.worker || ' ' || o.id || ' ' || o.start FROM booking b JOIN [order] o ON o.start < b.end"
               " AND o.start + o.minutes * 60000 > b.start AND o.id <> b.[order] JOIN order_state s ON s.id = o.id"
               " WHERE b.state IN ('tentative', 'confirmed') AND s.state = 'matching' ORDER BY 1");
  g_auto (GStrv) parts = g_strsplit (clash != NULL ? clash : "", " ", 3);
  gint64 start = clash != NULL ? g_ascii_strtoll (parts[2], NULL, 10) : 0;
  const YlBookRequest request = { parts[1], parts[0], start, start + YL_MINUTE_MS, TRUE, "test", NULL, NULL };
  GError *error = NULL;
  g_auto (GStrv) claims = clash != NULL ? yl_booking_promise (fixture->store, &request, &error) : NULL;

  (void) claims;
  g_assert_no_error (error);
}

static void
decide_claim (MatcherFixture *fixture, int how)
{
  g_autofree char *claim = matcher_fixture_any (fixture, ANY_STANDING_CLAIM);
  g_autofree char *overruled =
      matcher_fixture_any (fixture, "SELECT id FROM booking WHERE state = 'overruled' ORDER BY id");
  GError *error = NULL;

  if (claim == NULL)
    return;
  if (how == 0)
    yl_booking_dropout (fixture->store, claim, "sick", "test", &error);
  else if (how == 1)
    yl_booking_withdraw (fixture->store, claim, "mistake", NULL, &error);
  else if (how == 2)
    yl_booking_add_evidence (fixture->store, claim, "served", &error);
  else if (how == 3)
    yl_booking_rule_on (fixture->store, claim, "gives_way", NULL, &error);
  else
    yl_booking_rule_on (fixture->store, overruled != NULL ? overruled : claim, "holds", NULL, &error);
  g_assert_no_error (error);
}

/* What an order was shows in what its worker has done. */
static void
rewrite_order (MatcherFixture *fixture)
{
  g_autofree char *order =
      matcher_fixture_any (fixture, "SELECT [order] FROM booking WHERE state = 'served' ORDER BY id");
  g_autoptr (YlRecord) record = yl_store_get (fixture->store, "order", order, NULL);
  g_autoptr (YlChange) change = yl_change_begin (fixture->store, "edit order", NULL);
  gboolean cleaning = g_str_equal (yl_record_get_text (record, "service_type"), "cleaning");
  GError *error = NULL;

  yl_record_set_text (record, "service_type", cleaning ? "hourly" : "cleaning");
  yl_change_update (change, record, &error);
  matcher_fixture_commit (change, error);
}

static void
change_something (MatcherFixture *fixture, guint i)
{
  static const char *const lists[][2] = {
    { "skills", "chinese_cooking:3,infant:2" },
    { "skills", "" },
    { "service_mode", "day" },
    { "service_area", "110105" },
    { "service_area", "" },
    { "languages", "mandarin:3" },
    { "job_types", "cleaning,hourly,housekeeper_day" },
    { "job_types", "" },
  };
  static const char *const columns[][2] = {
    { "accept_state", "not_accepting" },
    { "accept_state", "accepting" },
    { "debt", "1500" },
    { "shareable", "none" },
    { "max_travel", "15" },
    { "health_expires", "2026-11-25" },
    { "rating_count", "90" },
    { "blacklist_reason", "fraud" },
  };
  static const char *const tables[] = { "certificate", "availability", "worker_block", "worker" };
  guint which = i % 12;
  guint round = i / 12;

  switch (which)
    {
    case 0:
    case 1:
      set_elements (fixture, lists[(2 * round + which) % 8][0], lists[(2 * round + which) % 8][1]);
      break;
    case 2:
      set_worker (fixture, columns[round % 8][0], columns[round % 8][1]);
      break;
    case 3:
      add_leave (fixture);
      break;
    case 4:
      add_certificate (fixture);
      break;
    case 5:
      add_block (fixture);
      break;
    case 6:
      delete_one (fixture, tables[round % 4]);
      break;
    case 7:
      promise_somebody (fixture);
      break;
    case 8:
      promise_twice (fixture);
      break;
    case 9:
    case 10:
      decide_claim (fixture, (int) ((2 * round + which) % 5));
      break;
    default:
      rewrite_order (fixture);
      break;
    }
}

/* A matcher that followed every change knows what one knows that starts now. */
static void
test_follow (MatcherFixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) orders = NULL;
  guint n_differing = 0;

  for (guint i = 0; i < 240; i++)
    {
      g_autoptr (YlMatcher) fresh = NULL;
      g_autofree char *order = matcher_fixture_any (fixture, ANY_OPEN_ORDER);
      g_autofree char *before = matcher_fixture_match (fixture->matcher, order);
      g_autofree char *followed = NULL;

      change_something (fixture, i);
      if (matcher_fixture_integer (fixture, "SELECT count(*) FROM order_state WHERE id = ?1 AND state = 'completed'",
                                   order, NULL)
          != 0)
        continue;
      followed = matcher_fixture_match (fixture->matcher, order);
      n_differing += !g_str_equal (before, followed);
      fresh = yl_matcher_new (fixture->store, NULL);
      orders = matcher_fixture_ids (fixture, ANY_OPEN_ORDER);
      for (guint o = 0; o < orders->len; o++)
        {
          g_autofree char *a = matcher_fixture_match (fixture->matcher, g_ptr_array_index (orders, o));
          g_autofree char *b = matcher_fixture_match (fresh, g_ptr_array_index (orders, o));

          g_assert_cmpstr (a, ==, b);
        }
      g_clear_pointer (&orders, g_ptr_array_unref);
    }
  g_assert_cmpuint (n_differing, >, 10);
}

#define ADD(path, func) \
  g_test_add ("/matcher/" path, MatcherFixture, NULL, matcher_fixture_set_up, func, matcher_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  g_test_init (&argc, &argv, NULL);
  ADD ("follow", test_follow);
  return g_test_run ();
}
