#include "matcher-fixture.h"

#include <string.h>

#include "base/yl-clock.h"
#include "matching/yl-substitute.h"
#include "records/yl-booking.h"
#include "records/yl-order.h"
#include "records/yl-tables.h"

static char *
new_order (MatcherFixture *fixture, const char *start, int minutes)
{
  g_autoptr (YlRecord) order = yl_record_new (&yl_order_table, NULL);
  g_autoptr (YlChange) change = yl_change_begin (fixture->store, "new order", NULL);
  g_autofree char *customer = matcher_fixture_any (fixture, "SELECT id FROM customer ORDER BY id");
  g_autofree char *store =
      matcher_fixture_any (fixture, "SELECT home_store FROM worker WHERE home_store IS NOT NULL ORDER BY id");
  GError *error = NULL;
  gint64 ms = 0;

  g_assert_true (yl_instant_parse (start, &ms, NULL));
  yl_record_set_text (order, "customer", customer);
  yl_record_set_text (order, "service_type", "cleaning");
  yl_record_set_text (order, "store", store);
  yl_record_set_integer (order, "start", ms);
  yl_record_set_integer (order, "minutes", minutes);
  yl_change_insert (change, order, &error);
  matcher_fixture_commit (change, error);
  return g_strdup (yl_record_get_id (order));
}

static char *
promise_best (MatcherFixture *fixture, const char *order)
{
  g_autoptr (YlMatchResult) result = yl_matcher_match (fixture->matcher, order, 5, NULL);
  const YlCandidate *best = g_ptr_array_index (result->candidates, 0);
  const YlBookRequest request = { .order = order, .worker = best->worker, .stage = yl_match_stage_code (best->stage) };
  GError *error = NULL;
  g_auto (GStrv) claims = yl_booking_promise (fixture->store, &request, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (claims), ==, 1);
  return g_strdup (claims[0]);
}

static gboolean
is_among (const YlMatchResult *result, const char *worker)
{
  for (guint i = 0; i < result->candidates->len; i++)
    if (g_str_equal (((YlCandidate *) g_ptr_array_index (result->candidates, i))->worker, worker))
      return TRUE;
  return FALSE;
}

/* A dropout, then who instead: in one step, without the one who dropped out, and at once. */
static void
test_substitute (MatcherFixture *fixture, gconstpointer data)
{
  g_autofree char *order = new_order (fixture, "2026-11-21T09:00", 180);
  g_autofree char *claim = promise_best (fixture, order);
  g_autoptr (YlRecord) record = yl_store_get (fixture->store, "claim", claim, NULL);
  const char *dropped = yl_record_get_text (record, "worker");
  g_autoptr (YlMatchResult) substitutes = NULL;
  g_autoptr (YlMatchResult) again = NULL;
  g_autoptr (YlMatchVerdict) verdict = NULL;
  GError *error = NULL;

  substitutes = yl_substitute_after_dropout (fixture->matcher, claim, NULL, "her child is ill", 5, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (substitutes->order, ==, order);
  g_assert_cmpuint (substitutes->candidates->len, >, 0);
  g_assert_false (is_among (substitutes, dropped));
  g_assert_cmpint (matcher_fixture_integer (
                       fixture,
                       "SELECT count(*) FROM order_state WHERE id = ?1 AND state = 'matching' AND cause = 'dropout'",
                       order, NULL),
                   ==, 1);
  /* Asked by hand she may be promised again: her hour is free. */
  again = yl_matcher_match (fixture->matcher, order, EVERYBODY, &error);
  g_assert_true (is_among (again, dropped));
  verdict = yl_matcher_judge (fixture->matcher, order, dropped, 0, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (verdict->failed), ==, 0);
  /* The same dropout twice is refused, and says so. */
  g_assert_null (yl_substitute_after_dropout (fixture->matcher, claim, NULL, "again", 5, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
  g_clear_error (&error);
}

/* A promise takes her out of every order at that hour; judging names the rule and the date. */
static void
test_judge (MatcherFixture *fixture, gconstpointer data)
{
  g_autofree char *order = new_order (fixture, "2026-11-21T09:00", 180);
  g_autofree char *other = new_order (fixture, "2026-11-21T11:00", 60);
  g_autofree char *claim = promise_best (fixture, order);
  g_autoptr (YlRecord) record = yl_store_get (fixture->store, "claim", claim, NULL);
  g_autofree char *number = yl_store_number (fixture->store, "worker", yl_record_get_text (record, "worker"));
  g_autoptr (YlMatchVerdict) verdict = NULL;
  g_autoptr (YlMatchVerdict) elsewhere = NULL;
  GError *error = NULL;
  gint64 start = 0;

  verdict = yl_matcher_judge (fixture->matcher, other, number, 0, 0, &error);
  g_assert_no_error (error);
  g_assert_true (g_strv_contains ((const char *const *) verdict->failed, "free"));
  g_assert_cmpuint (g_strv_length (verdict->failing_dates), ==, 1);
  g_assert_cmpstr (verdict->failing_dates[0], ==, "2026-11-21");
  g_assert_true (yl_instant_parse ("2027-03-01T09:00", &start, NULL));
  elsewhere = yl_matcher_judge (fixture->matcher, other, number, start, start + YL_MINUTE_MS, &error);
  g_assert_no_error (error);
  g_assert_false (g_strv_contains ((const char *const *) elsewhere->failed, "free"));
  g_assert_null (yl_matcher_judge (fixture->matcher, other, "NOBODY1", 0, 0, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_NOT_FOUND);
  g_clear_error (&error);
}

static void
test_closed_order (MatcherFixture *fixture, gconstpointer data)
{
  g_autofree char *order = new_order (fixture, "2026-11-21T09:00", 180);
  GError *error = NULL;

  g_assert_true (yl_order_add_event (fixture->store, order, "cancel", NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_null (yl_matcher_match (fixture->matcher, order, 5, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
  g_clear_error (&error);
  g_assert_null (yl_matcher_match (fixture->matcher, "NO-SUCH", 5, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_NOT_FOUND);
  g_clear_error (&error);
}

/* While typed, an order finds what it will find when it is written down; an empty one demands nothing. */
static void
test_draft (MatcherFixture *fixture, gconstpointer data)
{
  g_autofree char *id = new_order (fixture, "2026-11-21T09:00", 180);
  g_autoptr (YlRecord) order = yl_store_get (fixture->store, "order", id, NULL);
  g_autoptr (YlRecord) empty = yl_record_new (&yl_order_table, NULL);
  const char *const sets[] = { "skills", "", "wished_skills", "", NULL };
  const char *const wrong[] = { "colours", "red", NULL };
  GError *error = NULL;
  g_autofree char *stored = matcher_fixture_match (fixture->matcher, id);
  g_autofree char *typed = NULL;
  g_autoptr (YlMatchResult) draft = yl_matcher_match_draft (fixture->matcher, order, sets, EVERYBODY, &error);
  g_autoptr (YlMatchResult) anything = NULL;

  g_assert_no_error (error);
  typed = matcher_fixture_print (draft);
  g_assert_cmpstr (typed, ==, stored);
  g_assert_null (draft->order);
  anything = yl_matcher_match_draft (fixture->matcher, empty, NULL, EVERYBODY, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (anything->candidates->len, >, draft->candidates->len);
  g_assert_null (yl_matcher_match_draft (fixture->matcher, empty, wrong, 5, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_INVALID);
  g_clear_error (&error);
}

static char *
promise (MatcherFixture *fixture, const char *order, const char *worker)
{
  const YlBookRequest request = { .order = order, .worker = worker, .force = TRUE, .reason = "test" };
  GError *error = NULL;
  g_auto (GStrv) claims = yl_booking_promise (fixture->store, &request, &error);

  g_assert_no_error (error);
  return g_strdup (claims[0]);
}

static gboolean
has_hour (MatcherFixture *fixture, const char *order, const char *worker)
{
  g_autoptr (YlMatchVerdict) verdict = yl_matcher_judge (fixture->matcher, order, worker, 0, 0, NULL);

  return !g_strv_contains ((const char *const *) verdict->failed, "free");
}

/* One promise taken back raises a second, which pushes out a third: its worker, whom no entry names, is free again. */
static void
test_ripple (MatcherFixture *fixture, gconstpointer data)
{
  g_autofree char *order_1 = new_order (fixture, "2026-11-21T09:00", 180);
  g_autofree char *order_2 = new_order (fixture, "2026-11-21T09:00", 180);
  g_autofree char *order_3 = new_order (fixture, "2026-11-21T09:00", 180);
  g_autoptr (YlMatchResult) result = yl_matcher_match (fixture->matcher, order_3, 2, NULL);
  const char *anna = ((YlCandidate *) g_ptr_array_index (result->candidates, 0))->worker;
  const char *berta = ((YlCandidate *) g_ptr_array_index (result->candidates, 1))->worker;
  g_autofree char *first = promise (fixture, order_1, anna);
  g_autofree char *second = promise (fixture, order_2, anna);
  g_autofree char *third = promise (fixture, order_2, berta);
  GError *error = NULL;

  g_assert_cmpint (matcher_fixture_integer (
                       fixture, "SELECT count(*) FROM booking WHERE id = ?1 AND state = 'overruled'", second, NULL),
                   ==, 1);
  g_assert_false (has_hour (fixture, order_3, anna));
  g_assert_false (has_hour (fixture, order_3, berta));
  yl_booking_withdraw (fixture->store, first, "mistake", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (matcher_fixture_integer (
                       fixture, "SELECT count(*) FROM booking WHERE id = ?1 AND state = 'overruled'", third, NULL),
                   ==, 1);
  g_assert_false (has_hour (fixture, order_3, anna));
  g_assert_true (has_hour (fixture, order_3, berta));
}

/* Two places to fill: with one promised the other is still looked for, and she is not offered twice. */
static void
test_headcount (MatcherFixture *fixture, gconstpointer data)
{
  g_autofree char *order = new_order (fixture, "2026-11-21T09:00", 180);
  g_autoptr (YlRecord) record = yl_store_get (fixture->store, "order", order, NULL);
  g_autoptr (YlChange) change = yl_change_begin (fixture->store, "edit order", NULL);
  g_autofree char *first = NULL, *second = NULL;
  g_autoptr (YlRecord) claim_1 = NULL, claim_2 = NULL;
  GError *error = NULL;

  yl_record_set_integer (record, "headcount", 2);
  yl_change_update (change, record, &error);
  matcher_fixture_commit (change, error);
  first = promise_best (fixture, order);
  second = promise_best (fixture, order);
  claim_1 = yl_store_get (fixture->store, "claim", first, NULL);
  claim_2 = yl_store_get (fixture->store, "claim", second, NULL);
  g_assert_cmpstr (yl_record_get_text (claim_1, "worker"), !=, yl_record_get_text (claim_2, "worker"));
}

static void
set_order (MatcherFixture *fixture, const char *id, const char *column, gint64 value)
{
  g_autoptr (YlRecord) order = yl_store_get (fixture->store, "order", id, NULL);
  g_autoptr (YlChange) change = yl_change_begin (fixture->store, "edit order", NULL);
  GError *error = NULL;

  yl_record_set_integer (order, column, value);
  yl_change_update (change, order, &error);
  matcher_fixture_commit (change, error);
}

static void
add_leave (MatcherFixture *fixture, const char *worker, const char *start)
{
  g_autoptr (YlRecord) leave = yl_record_new (&yl_availability_table, NULL);
  g_autoptr (YlChange) change = yl_change_begin (fixture->store, "leave", NULL);
  GError *error = NULL;
  gint64 ms = 0;

  g_assert_true (yl_instant_parse (start, &ms, NULL));
  yl_record_set_text (leave, "worker", worker);
  yl_record_set_integer (leave, "start", ms);
  yl_record_set_integer (leave, "end", ms + 60 * YL_MINUTE_MS);
  yl_record_set_text (leave, "state", "leave");
  yl_change_insert (change, leave, &error);
  matcher_fixture_commit (change, error);
}

/* The dates on which she has no time for the order, comma list. */
static char *
dates_without (MatcherFixture *fixture, const char *order, const char *worker)
{
  g_autoptr (YlMatchVerdict) verdict = yl_matcher_judge (fixture->matcher, order, worker, 0, 0, NULL);

  return g_strjoinv (",", verdict->failing_dates);
}

#define ASSERT_DATES(order, worker, expected)                             \
  G_STMT_START                                                            \
  {                                                                       \
    g_autofree char *dates_ = dates_without (fixture, (order), (worker)); \
    g_assert_cmpstr (dates_, ==, (expected));                             \
  }                                                                       \
  G_STMT_END

/* Of a regular order only visits that are to come and not yet filled are looked for. */
static void
test_open_visits (MatcherFixture *fixture, gconstpointer data)
{
  g_autofree char *order = new_order (fixture, "2026-11-18T09:00", 180);
  g_autoptr (YlRecord) record = yl_store_get (fixture->store, "order", order, NULL);
  g_autoptr (YlChange) change = yl_change_begin (fixture->store, "edit order", NULL);
  g_autoptr (GPtrArray) idle =
      matcher_fixture_ids (fixture, "SELECT id FROM worker WHERE id NOT IN (SELECT worker FROM booking) ORDER BY id");
  const char *anna = g_ptr_array_index (idle, 0);
  YlBookRequest request = { .order = order, .worker = g_ptr_array_index (idle, 1), .force = TRUE, .reason = "test" };
  GError *error = NULL;

  yl_record_set_null (record, "start");
  yl_record_set_text (record, "schedule", "recurring");
  yl_record_set_text (record, "weekdays", "fr,mo,sa,su,th,tu,we");
  yl_record_set_integer (record, "start_time", 540);
  yl_record_set_text (record, "from_date", "2026-11-18");
  yl_record_set_text (record, "until_date", "2026-11-25");
  yl_change_update (change, record, &error);
  matcher_fixture_commit (change, error);

  add_leave (fixture, anna, "2026-11-19T10:00"); /* over by now */
  ASSERT_DATES (order, anna, "");
  add_leave (fixture, anna, "2026-11-22T10:00");
  add_leave (fixture, anna, "2026-11-24T11:30");
  ASSERT_DATES (order, anna, "2026-11-22,2026-11-24");
  g_assert_true (yl_instant_parse ("2026-11-22T09:00", &request.start, NULL));
  request.end = request.start + 180 * YL_MINUTE_MS;
  g_strfreev (yl_booking_promise (fixture->store, &request, &error));
  g_assert_no_error (error);
  ASSERT_DATES (order, anna, "2026-11-24");
  set_order (fixture, order, "headcount", 2);
  ASSERT_DATES (order, anna, "2026-11-22,2026-11-24");
}

/* Promised for a trial she is not offered for another one in those days, but for other work she is. */
static void
test_trial (MatcherFixture *fixture, gconstpointer data)
{
  g_autofree char *first = new_order (fixture, "2026-11-21T09:00", 180);
  g_autofree char *second = new_order (fixture, "2026-11-22T09:00", 180);
  g_autofree char *later = new_order (fixture, "2026-11-24T09:00", 180);
  g_autofree char *claim = NULL;
  g_autoptr (YlRecord) record = NULL;
  const char *const orders[] = { first, second, later };
  gboolean refused[3];

  set_order (fixture, first, "trial_days", 3);
  claim = promise_best (fixture, first);
  record = yl_store_get (fixture->store, "claim", claim, NULL);
  for (guint round = 0; round < 2; round++)
    {
      for (guint i = 0; i < 3; i++)
        {
          g_autoptr (YlMatchVerdict) verdict =
              yl_matcher_judge (fixture->matcher, orders[i], yl_record_get_text (record, "worker"), 0, 0, NULL);

          refused[i] = g_strv_contains ((const char *const *) verdict->failed, "trial");
        }
      g_assert_cmpint (refused[1], ==, round == 1);
      g_assert_false (refused[2]);
      set_order (fixture, second, "trial_days", 2);
      set_order (fixture, later, "trial_days", 2);
    }
}

static void
test_words (void)
{
  const YlMatchReason reasons[] = { { '+', "walk", 12 },
                                    { '-', "wage_above", 550 },
                                    { '+', "reviews", 487 },
                                    { '?', "wage_unknown", 0 },
                                    { '+', "skill.wheat_food", 1 } };
  static const char *const words[] = { "12 min on foot", "5.50 yuan above budget", "4.8 stars", "wage not noted",
                                       "Noodles and dumplings" };

  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    {
      g_autofree char *text = yl_match_reason_text (&reasons[i]);

      g_assert_cmpstr (text, ==, words[i]);
    }
  g_assert_cmpstr (yl_match_rule_label ("free"), ==, "Has the time");
  g_assert_cmpstr (yl_match_stage_code (YL_STAGE_PARTNER), ==, "partner");
}

#define ADD(path, func) \
  g_test_add ("/matcher/" path, MatcherFixture, NULL, matcher_fixture_set_up, func, matcher_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  g_test_init (&argc, &argv, NULL);
  ADD ("substitute", test_substitute);
  ADD ("judge", test_judge);
  ADD ("closed-order", test_closed_order);
  ADD ("draft", test_draft);
  ADD ("ripple", test_ripple);
  ADD ("headcount", test_headcount);
  ADD ("open-visits", test_open_visits);
  ADD ("trial", test_trial);
  g_test_add_func ("/matcher/words", test_words);
  return g_test_run ();
}
