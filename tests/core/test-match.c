#include <string.h>

#include "base/yl-clock.h"
#include "match-oracle.h"

#define N_WORKERS 400
#define N_QUERIES 2000

static OracleWorker *
random_workers (guint32 seed, guint n)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  OracleWorker *workers = g_new (OracleWorker, n);

  for (guint i = 0; i < n; i++)
    oracle_random_worker (rand, i, &workers[i]);
  return workers;
}

static YlMatchColumns *
columns_of (const OracleWorker *workers, guint n)
{
  YlMatchColumns *columns = yl_match_columns_new ();

  for (guint i = 0; i < n; i++)
    oracle_put (columns, &workers[i]);
  return columns;
}

typedef struct
{
  const OracleWorker *worker;
  int score;
} Expected;

static int
compare_expected (gconstpointer a, gconstpointer b)
{
  const Expected *x = a, *y = b;

  return x->score != y->score ? y->score - x->score : strcmp (x->worker->number, y->worker->number);
}

/* Who fits in one stage, best first, and the counts on the way; by asking every worker every rule. */
typedef struct
{
  guint in[YL_MATCH_N_RULES];
  guint out[YL_MATCH_N_RULES];
  guint near_misses[YL_MATCH_N_RULES];
  GArray *fitting; /* of Expected */
} ExpectedStage;

static void
expect_worker (ExpectedStage *stage, const OracleWorker *worker, const OracleOrder *order, gboolean own, gint64 mean)
{
  guint32 refused = oracle_refusals (worker, order, own);
  Expected expected = { worker, 0 };
  int points[YL_MATCH_N_FACTORS];

  for (guint i = 0; i < YL_MATCH_N_RULES; i++)
    {
      stage->in[i] += (refused & ((1u << i) - 1)) == 0;
      stage->out[i] += (refused & ((2u << i) - 1)) == 0;
      stage->near_misses[i] += refused == 1u << i;
    }
  if (refused != 0)
    return;
  oracle_points (worker, order, mean, points);
  for (guint i = 0; i < YL_MATCH_N_FACTORS; i++)
    expected.score += points[i];
  g_array_append_val (stage->fitting, expected);
}

static void
expect_stage (ExpectedStage *stage,
              const OracleWorker *workers,
              guint n,
              const OracleOrder *order,
              gboolean own,
              gint64 mean)
{
  memset (stage, 0, sizeof *stage);
  stage->fitting = g_array_new (FALSE, FALSE, sizeof (Expected));
  for (guint i = 0; i < n; i++)
    if ((g_strcmp0 (workers[i].facts.home_store, order->store) == 0) == own)
      expect_worker (stage, &workers[i], order, own, mean);
  g_array_sort (stage->fitting, compare_expected);
}

static void
check_funnel (const YlMatchResult *result, guint first_step, const ExpectedStage *stage, YlMatchStage which)
{
  for (guint i = 0; i < YL_MATCH_N_RULES; i++)
    {
      const YlFunnelStep *step = &g_array_index (result->funnel, YlFunnelStep, first_step + i);

      g_assert_cmpint (step->stage, ==, which);
      g_assert_cmpstr (step->rule, ==, yl_match_rules[i].code);
      g_assert_cmpuint (step->in, ==, stage->in[i]);
      g_assert_cmpuint (step->out, ==, stage->out[i]);
    }
}

static guint
near_miss_count (const YlMatchResult *result, const char *rule)
{
  for (guint i = 0; i < result->near_misses->len; i++)
    if (g_str_equal (g_array_index (result->near_misses, YlNearMiss, i).rule, rule))
      return g_array_index (result->near_misses, YlNearMiss, i).count;
  return 0;
}

/* Every part and every chip is reckoned again from the worker's own facts. */
static void
check_candidate (const YlCandidate *candidate, const OracleWorker *worker, const OracleOrder *order, gint64 mean)
{
  int points[YL_MATCH_N_FACTORS], sum = 0;

  oracle_points (worker, order, mean, points);
  g_assert_cmpuint (candidate->parts->len, ==, YL_MATCH_N_FACTORS);
  for (guint i = 0; i < candidate->parts->len; i++)
    {
      const YlScorePart *part = &g_array_index (candidate->parts, YlScorePart, i);
      guint factor = 0;

      while (!g_str_equal (yl_match_factor_code (factor), part->factor))
        factor++;
      g_assert_cmpint (part->points, ==, points[factor]);
      g_assert_true (i == 0 || part->points <= g_array_index (candidate->parts, YlScorePart, i - 1).points);
      sum += part->points;
    }
  g_assert_cmpint (sum, ==, candidate->score);
  g_assert_cmpstr (candidate->home_store, ==, worker->facts.home_store);
  oracle_check_reasons (candidate, worker, order);
}

static void
check_result (const YlMatchResult *result, const OracleWorker *workers, guint n, const OracleOrder *order, guint limit)
{
  gint64 mean = oracle_mean_rating (workers, n);
  ExpectedStage own, chain;
  guint n_own, n_chain;

  expect_stage (&own, workers, n, order, TRUE, mean);
  expect_stage (&chain, workers, n, order, FALSE, mean);
  n_own = MIN (own.fitting->len, limit);
  n_chain = MIN (chain.fitting->len, limit - n_own);
  check_funnel (result, 0, &own, YL_STAGE_OWN);
  g_assert_cmpuint (result->funnel->len, ==, n_own < limit ? 2 * YL_MATCH_N_RULES : YL_MATCH_N_RULES);
  if (n_own < limit)
    check_funnel (result, YL_MATCH_N_RULES, &chain, YL_STAGE_CHAIN);
  g_assert_cmpint (result->partners_asked, ==, n_own + n_chain == 0);
  g_assert_cmpuint (result->candidates->len, ==, n_own + n_chain);
  for (guint i = 0; i < YL_MATCH_N_RULES; i++)
    g_assert_cmpuint (near_miss_count (result, yl_match_rules[i].code), ==,
                      own.near_misses[i] + (n_own < limit ? chain.near_misses[i] : 0));
  for (guint i = 0; i < result->candidates->len; i++)
    {
      const YlCandidate *candidate = g_ptr_array_index (result->candidates, i);
      const Expected *expected =
          i < n_own ? &g_array_index (own.fitting, Expected, i) : &g_array_index (chain.fitting, Expected, i - n_own);

      g_assert_cmpstr (candidate->worker, ==, expected->worker->id);
      g_assert_cmpint (candidate->score, ==, expected->score);
      g_assert_cmpint (candidate->stage, ==, i < n_own ? YL_STAGE_OWN : YL_STAGE_CHAIN);
      check_candidate (candidate, expected->worker, order, mean);
    }
  g_array_unref (own.fitting);
  g_array_unref (chain.fitting);
}

static void
test_oracle (void)
{
  g_autofree OracleWorker *workers = random_workers (1, N_WORKERS);
  g_autoptr (YlMatchColumns) columns = columns_of (workers, N_WORKERS);
  g_autoptr (GRand) rand = g_rand_new_with_seed (2);
  guint n_candidates = 0, n_partners = 0;

  for (guint i = 0; i < N_QUERIES; i++)
    {
      guint limit = 1u << (i % 7);
      OracleOrder order;

      oracle_random_order (rand, workers, N_WORKERS, &order);
      {
        g_autoptr (YlMatchQuery) query = oracle_query (columns, &order);
        g_autoptr (YlMatchResult) result = yl_match_search (columns, query, order.job, limit);

        check_result (result, workers, N_WORKERS, &order, limit);
        n_candidates += result->candidates->len;
        n_partners += result->partners_asked;
      }
    }
  /* The worlds must be neither empty nor easy, or the comparison says nothing. */
  g_assert_cmpuint (n_candidates, >, N_QUERIES);
  g_assert_cmpuint (n_partners, >, 50);
  g_assert_cmpuint (n_partners, <, N_QUERIES / 2);
}

/* One text that holds everything of a result. */
static char *
print_result (const YlMatchResult *result)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%d %d\n", result->stage, result->partners_asked);
  for (guint i = 0; i < result->funnel->len; i++)
    {
      const YlFunnelStep *step = &g_array_index (result->funnel, YlFunnelStep, i);

      g_string_append_printf (text, "%d %s %u %u\n", step->stage, step->rule, step->in, step->out);
    }
  for (guint i = 0; i < result->candidates->len; i++)
    {
      const YlCandidate *candidate = g_ptr_array_index (result->candidates, i);

      g_string_append_printf (text, "%s %d", candidate->worker, candidate->score);
      for (guint r = 0; r < candidate->reasons->len; r++)
        {
          const YlMatchReason *reason = &g_array_index (candidate->reasons, YlMatchReason, r);

          g_string_append_printf (text, " %c%s=%" G_GINT64_FORMAT, reason->sign, reason->code, reason->value);
        }
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}

static char *
search_text (const YlMatchColumns *columns, const OracleOrder *order)
{
  g_autoptr (YlMatchQuery) query = oracle_query (columns, order);
  g_autoptr (YlMatchResult) result = yl_match_search (columns, query, order->job, 20);

  return print_result (result);
}

/* The order in which a node came to know its workers must not show. */
static void
test_any_order (void)
{
  g_autofree OracleWorker *workers = random_workers (3, 200);
  g_autoptr (YlMatchColumns) columns = columns_of (workers, 200);
  g_autoptr (GRand) rand = g_rand_new_with_seed (4);

  for (guint round = 0; round < 20; round++)
    {
      g_autofree OracleWorker *shuffled = g_memdup2 (workers, 200 * sizeof (OracleWorker));
      g_autoptr (YlMatchColumns) other = NULL;

      for (guint i = 199; i > 0; i--)
        {
          guint j = (guint) g_rand_int_range (rand, 0, (int) i + 1);
          OracleWorker swap = shuffled[i];

          shuffled[i] = shuffled[j];
          shuffled[j] = swap;
        }
      other = columns_of (shuffled, 200);
      for (guint i = 0; i < 50; i++)
        {
          OracleOrder order;
          g_autofree char *text = NULL, *other_text = NULL;

          oracle_random_order (rand, workers, 200, &order);
          text = search_text (columns, &order);
          other_text = search_text (other, &order);
          g_assert_cmpstr (text, ==, other_text);
        }
    }
}

/* Refilling and removing rows leaves nothing of what was there before. */
static void
test_refill (void)
{
  g_autofree OracleWorker *before = random_workers (5, 200);
  g_autofree OracleWorker *after = random_workers (6, 200);
  g_autoptr (YlMatchColumns) columns = columns_of (before, 200);
  g_autoptr (YlMatchColumns) fresh = NULL;
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);

  for (guint i = 0; i < 200; i++)
    memcpy (after[i].id, before[i].id, sizeof after[i].id);
  for (guint i = 0; i < 150; i++)
    oracle_put (columns, &after[i]);
  for (guint i = 150; i < 200; i++)
    yl_match_columns_remove (columns, before[i].id);
  fresh = columns_of (after, 150);
  g_assert_cmpuint (yl_match_columns_waste (columns), >, 30);
  g_assert_cmpuint (yl_match_columns_waste (fresh), ==, 0);
  for (guint i = 0; i < 200; i++)
    {
      OracleOrder order;
      g_autofree char *text = NULL, *fresh_text = NULL;

      oracle_random_order (rand, after, 150, &order);
      text = search_text (columns, &order);
      fresh_text = search_text (fresh, &order);
      g_assert_cmpstr (text, ==, fresh_text);
    }
}

/* One worker without a blemish and one order for her, to spoil in one point at a time. */
static OracleWorker
plain_worker (void)
{
  OracleWorker worker = { .id = "w", .number = "B0001", .facts = YL_MATCH_WORKER_INIT };

  worker.facts.home_store = "store-a";
  worker.jobs[0] = "cleaning";
  return worker;
}

static OracleOrder
plain_order (void)
{
  OracleOrder order = {
    .store = "store-a", .job = "cleaning", .place = YL_NOWHERE, .budget_from = YL_NO_WAGE, .budget_to = YL_NO_WAGE
  };

  order.n_visits = 1;
  g_assert_true (yl_instant_parse ("2026-12-01T09:00", &order.visits[0].start, NULL));
  order.visits[0].end = order.visits[0].start + 180 * YL_MINUTE_MS;
  return order;
}

/* The codes of the rules that refuse, comma list. */
static char *
judge (const OracleWorker *worker, const OracleOrder *order)
{
  g_autoptr (YlMatchColumns) columns = columns_of (worker, 1);
  g_autoptr (YlMatchQuery) query = oracle_query (columns, order);
  GString *text = g_string_new (NULL);

  query->stage = yl_bits_test (query->own_store, 0) ? YL_STAGE_OWN : YL_STAGE_CHAIN;
  for (guint i = 0; i < YL_MATCH_N_RULES; i++)
    if (yl_match_rule_refuses (&yl_match_rules[i], columns, query, 0))
      g_string_append_printf (text, "%s%s", text->len > 0 ? "," : "", yl_match_rules[i].code);
  return g_string_free (text, FALSE);
}

#define ASSERT_JUDGED(worker, order, expected)            \
  G_STMT_START                                            \
  {                                                       \
    g_autofree char *failed_ = judge ((worker), (order)); \
    g_assert_cmpstr (failed_, ==, (expected));            \
  }                                                       \
  G_STMT_END

static void
promise (OracleWorker *worker, const char *start, int minutes, YlPlace place)
{
  YlBusy *busy = &worker->busy[worker->n_busy++];

  g_assert_true (yl_instant_parse (start, &busy->start, NULL));
  busy->end = busy->start + minutes * YL_MINUTE_MS;
  busy->promised = TRUE;
  busy->place = place;
}

static void
test_unknown_passes (void)
{
  OracleWorker worker = plain_worker ();
  OracleOrder order = plain_order ();

  order.mode = "live_in";
  order.district = "110105";
  order.place = (YlPlace){ 39900000, 116400000 };
  order.budget_to = 4000;
  order.budget_unit = YL_WAGE_PER_HOUR;
  order.trial_days = 3;
  ASSERT_JUDGED (&worker, &order, "");
  order.need_health = order.need_insurance = order.need_background = TRUE;
  order.sex = 2;
  order.languages[0] = (OracleLevel){ "mandarin", 1 };
  order.skills[0] = (OracleLevel){ "infant", 1 };
  order.certificates[0] = "childcare";
  ASSERT_JUDGED (&worker, &order, "skills,certificates,health,insurance,background,sex,languages");
}

static void
test_free (void)
{
  const YlPlace here = { 39900000, 116400000 }, there = { 39900000, 116460000 };
  OracleWorker worker = plain_worker ();
  OracleOrder order = plain_order ();
  int way = yl_travel_minutes (here, there, NULL);

  promise (&worker, "2026-12-01T12:00", 60, YL_NOWHERE);
  promise (&worker, "2026-12-01T08:00", 60, YL_NOWHERE);
  ASSERT_JUDGED (&worker, &order, ""); /* back to back, places not known */
  worker.busy[0].start -= 1;
  ASSERT_JUDGED (&worker, &order, "free");

  worker.n_busy = 0;
  order.place = here;
  promise (&worker, "2026-12-01T12:00", 60, there);
  ASSERT_JUDGED (&worker, &order, "free");
  worker.busy[0].start += way * YL_MINUTE_MS;
  ASSERT_JUDGED (&worker, &order, "");
  worker.busy[0].start -= 1;
  ASSERT_JUDGED (&worker, &order, "free");
  worker.busy[0].place = here;
  ASSERT_JUDGED (&worker, &order, "");
  worker.busy[0].place = (YlPlace){ 31230000, 121470000 }; /* Shanghai: the way counts for three hours */
  ASSERT_JUDGED (&worker, &order, "free");
  worker.busy[0].start = order.visits[0].end + YL_MAX_BUFFER_MINUTES * YL_MINUTE_MS;
  ASSERT_JUDGED (&worker, &order, "");
  worker.busy[0].promised = FALSE; /* a leave begins where it begins */
  worker.busy[0].start = order.visits[0].end;
  ASSERT_JUDGED (&worker, &order, "");
}

/* Overlapping promises, one of them long and early: none may hide another. */
static void
test_overlapping_promises (void)
{
  OracleWorker worker = plain_worker ();
  OracleOrder order = plain_order ();

  promise (&worker, "2026-11-20T00:00", 60 * 24 * 60, YL_NOWHERE);
  promise (&worker, "2026-11-21T00:00", 30, YL_NOWHERE);
  promise (&worker, "2026-11-30T23:00", 120, YL_NOWHERE);
  ASSERT_JUDGED (&worker, &order, "free");
  worker.busy[0].end = worker.busy[0].start + 1;
  ASSERT_JUDGED (&worker, &order, "");
}

static void
test_recurring (void)
{
  OracleWorker worker = plain_worker ();
  OracleOrder order = plain_order ();
  g_autoptr (YlMatchColumns) columns = NULL;
  g_autoptr (YlMatchQuery) query = NULL;
  YlInterval many[400];

  promise (&worker, "2027-06-09T11:00", 60, YL_NOWHERE);
  columns = columns_of (&worker, 1);
  query = oracle_query (columns, &order);
  for (guint i = 0; i < 400; i++)
    many[i] = (YlInterval){ order.visits[0].start + i * YL_DAY_MS, order.visits[0].end + i * YL_DAY_MS };
  yl_match_query_set_visits (query, many, 400);
  g_assert_true (yl_match_rule_refuses (&yl_match_rules[11], columns, query, 0));
  for (guint i = 0; i < 400; i++)
    g_assert_cmpint (yl_match_is_free (columns, query, 0, &many[i]), ==, i != 190);
  yl_match_query_set_visits (query, many, 190);
  g_assert_false (yl_match_rule_refuses (&yl_match_rules[11], columns, query, 0));
  yl_match_query_set_visits (query, many + 191, 209);
  g_assert_false (yl_match_rule_refuses (&yl_match_rules[11], columns, query, 0));
}

/* A visit over midnight ends on the next civil day: papers must reach that far. One ending at midnight does not. */
static void
test_midnight (void)
{
  OracleWorker worker = plain_worker ();
  OracleOrder order = plain_order ();
  gint64 first = yl_date_of (order.visits[0].start);

  worker.facts.health_until = (gint32) first;
  worker.facts.health_seen = TRUE;
  ASSERT_JUDGED (&worker, &order, "");
  order.visits[0].end = yl_date_start (first + 1);
  ASSERT_JUDGED (&worker, &order, "");
  order.visits[0].end++;
  ASSERT_JUDGED (&worker, &order, "health");
  promise (&worker, "2026-12-02T00:00", 60, YL_NOWHERE);
  ASSERT_JUDGED (&worker, &order, "health,free");
}

static void
test_certificates (void)
{
  OracleWorker worker = plain_worker ();
  OracleOrder order = plain_order ();
  gint32 day = (gint32) yl_date_of (order.visits[0].start);

  order.certificates[0] = "childcare";
  worker.certificates[0].type = "childcare";
  worker.certificates[0].issued = worker.certificates[0].expires = YL_NO_DAY;
  ASSERT_JUDGED (&worker, &order, "");
  worker.certificates[0].expires = day - 1;
  ASSERT_JUDGED (&worker, &order, "certificates");
  worker.certificates[1] = worker.certificates[0]; /* an old one and its renewal */
  worker.certificates[1].expires = day;
  ASSERT_JUDGED (&worker, &order, "");
  worker.certificates[1].issued = day + 1;
  ASSERT_JUDGED (&worker, &order, "certificates");
  order.certificates[0] = "nobody_has_it";
  ASSERT_JUDGED (&worker, &order, "certificates");
}

static void
test_budget (void)
{
  OracleWorker worker = plain_worker ();
  OracleOrder order = plain_order ();

  order.budget_to = 5000; /* 50 yuan an hour: 55 is still within the tolerance */
  order.budget_unit = YL_WAGE_PER_HOUR;
  worker.facts.wage = 5500;
  worker.facts.wage_unit = YL_WAGE_PER_HOUR;
  ASSERT_JUDGED (&worker, &order, "");
  worker.facts.wage = 5501;
  ASSERT_JUDGED (&worker, &order, "budget");
  worker.facts.wage_unit = YL_WAGE_PER_DAY;
  worker.facts.wage = 5500 * 8;
  ASSERT_JUDGED (&worker, &order, "");
  worker.facts.wage_unit = YL_WAGE_PER_MONTH;
  worker.facts.wage = 5500 * 8 * 26;
  ASSERT_JUDGED (&worker, &order, "");
  worker.facts.wage += 1;
  ASSERT_JUDGED (&worker, &order, "budget");
  worker.facts.wage_unit = YL_WAGE_OTHER_UNIT; /* cannot be compared */
  ASSERT_JUDGED (&worker, &order, "");
}

/* What a merge may bring: nothing may overflow (run under UBSan) or come out on the wrong side. */
static void
test_extremes (void)
{
  OracleWorker worker = plain_worker ();
  OracleOrder order = plain_order ();

  order.budget_from = 0;
  order.budget_to = 0;
  order.budget_unit = YL_WAGE_PER_HOUR;
  worker.facts.wage = G_MAXINT64;
  worker.facts.wage_unit = YL_WAGE_PER_HOUR;
  ASSERT_JUDGED (&worker, &order, "budget");
  order.budget_to = G_MAXINT64;
  ASSERT_JUDGED (&worker, &order, "");
  worker.facts.dropouts = G_MAXINT64;
  worker.facts.rating = G_MAXINT64;
  worker.facts.rating_count = G_MAXINT64;
  worker.facts.max_travel = G_MAXINT64;
  worker.facts.debt = G_MININT64;
  worker.busy[0] = (YlBusy){ G_MININT64, G_MAXINT64, { 89999999, -180000000 }, TRUE };
  worker.n_busy = 1;
  order.place = (YlPlace){ -90000000, 180000000 };
  ASSERT_JUDGED (&worker, &order, "free");
  worker.busy[0].end = G_MININT64;
  order.visits[0].start = G_MININT64;
  order.visits[0].end = G_MAXINT64;
  order.trial_days = G_MAXINT;
  worker.n_trials = 1;
  worker.trials[0] = (YlInterval){ G_MAXINT64 - 1, G_MAXINT64 };
  {
    g_autoptr (YlMatchColumns) columns = columns_of (&worker, 1);
    g_autoptr (YlMatchQuery) query = oracle_query (columns, &order);
    YlScoreSheet sheet;

    for (guint i = 0; i < YL_MATCH_N_RULES; i++)
      yl_match_rule_refuses (&yl_match_rules[i], columns, query, 0);
    yl_match_score (columns, query, yl_match_weights ("cleaning"), 0, &sheet);
    g_assert_cmpint (sheet.total, >=, 0);
    g_assert_cmpint (sheet.total, <=, 100);
  }
}

static void
test_nobody (void)
{
  g_autoptr (YlMatchColumns) columns = yl_match_columns_new ();
  OracleOrder order = plain_order ();
  g_autoptr (YlMatchQuery) query = oracle_query (columns, &order);
  g_autoptr (YlMatchResult) result = yl_match_search (columns, query, "cleaning", 0);

  g_assert_cmpuint (result->candidates->len, ==, 0);
  g_assert_cmpuint (result->funnel->len, ==, 2 * YL_MATCH_N_RULES);
  g_assert_cmpint (result->stage, ==, YL_STAGE_PARTNER);
  g_assert_true (result->partners_asked);
}

/* A chain of one store: her own stage fits, the chain is searched and empty, partners are not asked. */
static void
test_cascade (void)
{
  OracleWorker workers[2] = { plain_worker (), plain_worker () };
  OracleOrder order = plain_order ();
  g_autoptr (YlMatchColumns) columns = NULL;
  const YlCandidate *second;

  strcpy (workers[1].id, "x");
  workers[1].facts.home_store = "store-b";
  columns = columns_of (workers, 2);
  {
    g_autoptr (YlMatchQuery) query = oracle_query (columns, &order);
    g_autoptr (YlMatchResult) short_of = yl_match_search (columns, query, "cleaning", 2);
    g_autoptr (YlMatchResult) enough = yl_match_search (columns, query, "cleaning", 1);

    g_assert_cmpuint (short_of->candidates->len, ==, 2);
    second = g_ptr_array_index (short_of->candidates, 1);
    g_assert_cmpstr (second->worker, ==, "x");
    g_assert_cmpint (short_of->stage, ==, YL_STAGE_CHAIN);
    g_assert_cmpint (enough->stage, ==, YL_STAGE_OWN);
    g_assert_cmpuint (enough->funnel->len, ==, YL_MATCH_N_RULES);
    g_assert_false (short_of->partners_asked);
  }
  workers[1].facts.shareable = FALSE;
  ASSERT_JUDGED (&workers[1], &order, "consent");
  order.store = "store-b";
  ASSERT_JUDGED (&workers[1], &order, "");
}

static void
test_weights (void)
{
  static const char *const types[] = {
    "cleaning", "hourly", "organising", "maternity", "childcare_live_in", "childcare_day", "elder_care",
    "hospital", "tutor",  "no such",    NULL
  };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      const int *weights = yl_match_weights (types[i]);
      int sum = 0;

      for (guint f = 0; f < YL_MATCH_N_FACTORS; f++)
        sum += weights[f];
      g_assert_cmpint (sum, ==, 100);
    }
}

/* Where nothing is known of a worker, no factor about her past may give its full points. */
static void
test_unknown_is_never_full (void)
{
  static const YlFactor about_her[] = { YL_FACTOR_TRAVEL,     YL_FACTOR_SAME_SCENE,  YL_FACTOR_REVIEWS,
                                        YL_FACTOR_CONTINUITY, YL_FACTOR_RELIABILITY, YL_FACTOR_WAGE_FIT };
  OracleWorker workers[2] = { plain_worker (), plain_worker () };
  OracleOrder order = plain_order ();
  g_autoptr (YlMatchColumns) columns = NULL;
  const int *weights = yl_match_weights ("cleaning");
  g_autoptr (YlMatchQuery) query = NULL;
  YlScoreSheet sheet;

  /* Everybody else is praised to the skies: that says nothing of her. */
  strcpy (workers[1].id, "x");
  workers[1].facts.rating = 500;
  workers[1].facts.rating_count = 100;
  columns = columns_of (workers, 2);
  order.place = (YlPlace){ 39900000, 116400000 };
  order.budget_to = 5000;
  order.budget_unit = YL_WAGE_PER_HOUR;
  query = oracle_query (columns, &order);
  yl_match_score (columns, query, weights, 0, &sheet);
  for (guint i = 0; i < G_N_ELEMENTS (about_her); i++)
    g_assert_cmpint (sheet.points[about_her[i]], <, weights[about_her[i]]);
}

/* The chips of one candidate as one line. */
static char *
chips (const OracleWorker *worker, const OracleOrder *order)
{
  g_autoptr (YlMatchColumns) columns = columns_of (worker, 1);
  g_autoptr (YlMatchQuery) query = oracle_query (columns, order);
  g_autoptr (YlMatchResult) result = yl_match_search (columns, query, order->job, 1);
  const YlCandidate *candidate = g_ptr_array_index (result->candidates, 0);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < candidate->reasons->len; i++)
    {
      const YlMatchReason *reason = &g_array_index (candidate->reasons, YlMatchReason, i);

      g_string_append_printf (text, "%c%s=%" G_GINT64_FORMAT " ", reason->sign, reason->code, reason->value);
    }
  return g_string_free (text, FALSE);
}

/* The strongest first, whichever way it speaks; the unknown does not crowd out the known. */
static void
test_reasons (void)
{
  OracleWorker worker = plain_worker ();
  OracleOrder order = plain_order ();
  g_autofree char *little = NULL, *much = NULL;

  promise (&worker, "2026-11-30T09:00", 60, YL_NOWHERE);
  little = chips (&worker, &order);
  g_assert_cmpstr (little, ==,
                   "?health_unknown=0 ?reviews_unknown=0 ?insurance_unknown=0 ?background_unknown=0 ?age_unknown=0 ");

  order.place = worker.facts.place = (YlPlace){ 39900000, 116400000 };
  order.household = worker.households[0].code = "home-1";
  worker.households[0].level = 2;
  order.preferred[0] = "w";
  order.budget_to = 5000;
  order.budget_unit = worker.facts.wage_unit = YL_WAGE_PER_HOUR;
  worker.facts.wage = 5500;
  worker.facts.dropouts = 4;
  much = chips (&worker, &order);
  g_assert_cmpstr (much, ==, "+preference=1 +walk=0 +continuity=2 -dropouts=4 -wage_above=500 ");
}

static void
test_travel (void)
{
  const YlPlace tiananmen = { 39908700, 116397500 }, guomao = { 39908500, 116461000 },
                shanghai = { 31230400, 121473700 };
  gboolean on_foot;

  /* 5.4 km by the map, 1067 km to Shanghai. */
  g_assert_cmpint (ABS (yl_travel_metres (tiananmen, guomao) - 5417), <, 30);
  g_assert_cmpint (ABS (yl_travel_metres (tiananmen, shanghai) - 1067000), <, 8000);
  g_assert_cmpint (yl_travel_metres (tiananmen, guomao), ==, yl_travel_metres (guomao, tiananmen));
  g_assert_cmpint (yl_travel_metres (guomao, guomao), ==, 0);
  g_assert_cmpint (yl_travel_minutes (guomao, guomao, &on_foot), ==, 0);
  g_assert_true (on_foot);
  g_assert_cmpint (yl_travel_minutes (tiananmen, guomao, &on_foot), ==, 34);
  g_assert_false (on_foot);
  /* Over the date line, not round the world. */
  g_assert_cmpint (yl_travel_metres ((YlPlace){ 0, 179999999 }, (YlPlace){ 0, -179999999 }), <, 2);
  g_assert_false (YL_PLACE_IS_KNOWN (yl_place_from_degrees (G_MININT64, 0)));
  g_assert_false (YL_PLACE_IS_KNOWN (yl_place_from_degrees (90000001, 0)));
  g_assert_true (YL_PLACE_IS_KNOWN (yl_place_from_degrees (-90000000, 180000000)));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/match/oracle", test_oracle);
  g_test_add_func ("/match/any-order", test_any_order);
  g_test_add_func ("/match/refill", test_refill);
  g_test_add_func ("/match/unknown-passes", test_unknown_passes);
  g_test_add_func ("/match/free", test_free);
  g_test_add_func ("/match/overlapping-promises", test_overlapping_promises);
  g_test_add_func ("/match/recurring", test_recurring);
  g_test_add_func ("/match/midnight", test_midnight);
  g_test_add_func ("/match/certificates", test_certificates);
  g_test_add_func ("/match/budget", test_budget);
  g_test_add_func ("/match/extremes", test_extremes);
  g_test_add_func ("/match/nobody", test_nobody);
  g_test_add_func ("/match/cascade", test_cascade);
  g_test_add_func ("/match/weights", test_weights);
  g_test_add_func ("/match/unknown-is-never-full", test_unknown_is_never_full);
  g_test_add_func ("/match/reasons", test_reasons);
  g_test_add_func ("/match/travel", test_travel);
  return g_test_run ();
}
