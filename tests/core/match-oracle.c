#include "match-oracle.h"

#include <math.h>

#include "base/yl-clock.h"

#define DAY_0 20700 /* 2026-09-04 */

static const char *const jobs[] = { "cleaning", "maternity", "elder_care", "hourly", "tutor" };
static const char *const modes[] = { "live_in", "day", "hourly" };
static const char *const areas[] = { "110101", "110105", "110108", "110112" };
static const char *const stores[] = { "store-a", "store-b", "store-c" };
static const char *const skills[] = { "infant", "newborn", "chinese_cooking", "dementia", "ironing" };
static const char *const languages[] = { "mandarin", "english", "cantonese" };
static const char *const types[] = { "childcare", "elder_care", "first_aid" };
static const char *const households[] = { "home-1", "home-2", "home-3", "home-4" };

#define PICK(rand, array) ((array)[g_rand_int_range ((rand), 0, G_N_ELEMENTS (array))])

static gboolean
chance (GRand *rand, int percent)
{
  return g_rand_int_range (rand, 0, 100) < percent;
}

/* Each of @from with a chance; NULL ends the list. */
static void
pick_some (GRand *rand, const char *const *from, guint n, int percent, const char **to)
{
  for (guint i = 0; i < n; i++)
    if (chance (rand, percent))
      *to++ = from[i];
}

static void
pick_levels (GRand *rand, const char *const *from, guint n, int percent, int most, OracleLevel *to)
{
  for (guint i = 0; i < n; i++)
    if (chance (rand, percent))
      *to++ = (OracleLevel){ from[i], g_rand_int_range (rand, 1, most + 1) };
}

static YlPlace
random_place (GRand *rand)
{
  return (YlPlace){ 39800000 + g_rand_int_range (rand, 0, 200000), 116200000 + g_rand_int_range (rand, 0, 400000) };
}

static gint32
random_day (GRand *rand, int around)
{
  return chance (rand, 30) ? YL_NO_DAY : DAY_0 + around + g_rand_int_range (rand, -40, 80);
}

static void
random_papers (GRand *rand, YlMatchWorker *facts)
{
  facts->health_until = random_day (rand, 60);
  facts->health_seen = facts->health_until != YL_NO_DAY || chance (rand, 30);
  facts->health_bad = chance (rand, 3);
  facts->insured_from = random_day (rand, -60);
  facts->insured_until = random_day (rand, 60);
  facts->insurance_seen = facts->insured_until != YL_NO_DAY;
  facts->insurance_void = chance (rand, 4);
  facts->background_day = random_day (rand, -340);
  facts->background_bad = chance (rand, 4);
}

static void
random_facts (GRand *rand, YlMatchWorker *facts)
{
  facts->home_store = chance (rand, 95) ? PICK (rand, stores) : NULL;
  facts->accepting = chance (rand, 85);
  facts->shareable = chance (rand, 85);
  facts->sex = g_rand_int_range (rand, 0, 3);
  facts->adult = chance (rand, 80) ? 1 : g_rand_int_range (rand, -1, 1);
  facts->place = chance (rand, 85) ? random_place (rand) : YL_NOWHERE;
  facts->max_travel = chance (rand, 60) ? g_rand_int_range (rand, 20, 120) : -1;
  facts->wage = chance (rand, 80) ? g_rand_int_range (rand, 20, 80) * 100 : YL_NO_WAGE;
  facts->wage_unit = g_rand_int_range (rand, YL_WAGE_NO_UNIT, YL_WAGE_OTHER_UNIT + 1);
  if (facts->wage > 0 && facts->wage_unit == YL_WAGE_PER_DAY)
    facts->wage *= 8;
  if (facts->wage > 0 && facts->wage_unit == YL_WAGE_PER_MONTH)
    facts->wage *= 208;
  facts->debt = chance (rand, 10) ? g_rand_int_range (rand, 90000, 110000) : 0;
  facts->rating = chance (rand, 70) ? g_rand_int_range (rand, 250, 501) : YL_NO_RATING;
  facts->rating_count = facts->rating == YL_NO_RATING ? 0 : g_rand_int_range (rand, 0, 60);
  facts->dropouts = chance (rand, 30) ? g_rand_int_range (rand, 0, 6) : 0;
  random_papers (rand, facts);
}

static void
random_calendar (GRand *rand, OracleWorker *worker)
{
  worker->n_busy = (guint) g_rand_int_range (rand, 0, ORACLE_MAX);
  for (guint i = 0; i < worker->n_busy; i++)
    {
      YlBusy *busy = &worker->busy[i];

      busy->start =
          yl_date_start (DAY_0 + g_rand_int_range (rand, 0, 60)) + g_rand_int_range (rand, 0, 48) * 30 * YL_MINUTE_MS;
      busy->end = busy->start + (chance (rand, 80) ? g_rand_int_range (rand, 1, 10) : 100) * 30 * YL_MINUTE_MS;
      busy->promised = chance (rand, 70);
      busy->place = busy->promised && chance (rand, 80) ? random_place (rand) : YL_NOWHERE;
    }
  worker->n_trials = chance (rand, 20) ? 1 : 0;
  worker->trials[0].start = yl_date_start (DAY_0 + g_rand_int_range (rand, 0, 60));
  worker->trials[0].end = worker->trials[0].start + 5 * YL_DAY_MS;
}

void
oracle_random_worker (GRand *rand, guint i, OracleWorker *worker)
{
  guint n = 0;

  *worker = (OracleWorker){ .facts = YL_MATCH_WORKER_INIT };
  g_snprintf (worker->id, sizeof worker->id, "worker-%08x", g_rand_int (rand));
  g_snprintf (worker->number, sizeof worker->number, "B%05u", i);
  random_facts (rand, &worker->facts);
  pick_some (rand, jobs, G_N_ELEMENTS (jobs), 70, worker->jobs);
  pick_some (rand, modes, G_N_ELEMENTS (modes), 60, worker->modes);
  if (chance (rand, 60))
    pick_some (rand, areas, G_N_ELEMENTS (areas), 60, worker->areas);
  pick_levels (rand, skills, G_N_ELEMENTS (skills), 70, 3, worker->skills);
  pick_levels (rand, languages, G_N_ELEMENTS (languages), 60, 3, worker->languages);
  for (guint t = 0; t < G_N_ELEMENTS (types); t++)
    for (int copies = g_rand_int_range (rand, 0, 3); copies > 0; copies--, n++)
      {
        worker->certificates[n].type = types[t];
        worker->certificates[n].issued = random_day (rand, -60);
        worker->certificates[n].expires = random_day (rand, 60);
      }
  random_calendar (rand, worker);
  pick_some (rand, households, G_N_ELEMENTS (households), 8, worker->blocks);
  pick_levels (rand, households, G_N_ELEMENTS (households), 20, 5, worker->households);
  pick_levels (rand, jobs, G_N_ELEMENTS (jobs), 30, 12, worker->scenes);
}

static void
random_visits (GRand *rand, OracleOrder *order)
{
  int day = DAY_0 + g_rand_int_range (rand, 0, 50);
  gint64 start = g_rand_int_range (rand, 12, 47) * 30 * YL_MINUTE_MS;
  gint64 length = g_rand_int_range (rand, 1, 12) * 30 * YL_MINUTE_MS; /* may pass midnight */

  order->n_visits = chance (rand, 60) ? 1 : (guint) g_rand_int_range (rand, 0, 12);
  if (chance (rand, 10))
    length = 30 * YL_DAY_MS, order->n_visits = 1;
  for (guint i = 0; i < order->n_visits; i++)
    order->visits[i] = (YlInterval){ yl_date_start (day + 2 * (gint64) i) + start,
                                     yl_date_start (day + 2 * (gint64) i) + start + length };
}

void
oracle_random_order (GRand *rand, const OracleWorker *workers, guint n_workers, OracleOrder *order)
{
  gboolean budget = chance (rand, 50);

  *order = (OracleOrder){ .budget_from = YL_NO_WAGE, .budget_to = YL_NO_WAGE, .place = YL_NOWHERE };
  order->store = chance (rand, 90) ? PICK (rand, stores) : "store-nobody";
  order->job = chance (rand, 90) ? PICK (rand, jobs) : NULL;
  order->mode = chance (rand, 50) ? PICK (rand, modes) : NULL;
  order->district = chance (rand, 60) ? PICK (rand, areas) : NULL;
  order->household = chance (rand, 70) ? PICK (rand, households) : NULL;
  if (chance (rand, 70))
    order->place = random_place (rand);
  random_visits (rand, order);
  pick_levels (rand, skills, G_N_ELEMENTS (skills), 12, 3, order->skills);
  pick_levels (rand, skills, G_N_ELEMENTS (skills), 20, 3, order->wished_skills);
  pick_levels (rand, languages, G_N_ELEMENTS (languages), 10, 3, order->languages);
  pick_some (rand, types, G_N_ELEMENTS (types), 12, order->certificates);
  for (guint i = 0; i < 3; i++)
    order->excluded[i] = workers[g_rand_int_range (rand, 0, (int) n_workers)].id;
  for (guint i = 0; i < 3; i++)
    order->preferred[i] = workers[g_rand_int_range (rand, 0, (int) n_workers)].id;
  if (budget)
    {
      order->budget_to = g_rand_int_range (rand, 25, 90) * 100;
      order->budget_from = chance (rand, 50) ? order->budget_to / 2 : YL_NO_WAGE;
      order->budget_unit = g_rand_int_range (rand, YL_WAGE_NO_UNIT, YL_WAGE_OTHER_UNIT + 1);
    }
  order->sex = chance (rand, 15) ? g_rand_int_range (rand, 1, 3) : 0;
  order->need_health = chance (rand, 20);
  order->need_insurance = chance (rand, 20);
  order->need_background = chance (rand, 20);
  order->trial_days = chance (rand, 20) ? 5 : 0;
}

static void
put_lists (YlMatchColumns *columns, guint row, const OracleWorker *worker)
{
  for (guint i = 0; worker->certificates[i].type != NULL; i++)
    yl_match_columns_add_certificate (columns, row, worker->certificates[i].type, worker->certificates[i].issued,
                                      worker->certificates[i].expires);
  for (guint i = 0; i < worker->n_busy; i++)
    yl_match_columns_add_busy (columns, row, &worker->busy[i]);
  for (guint i = 0; i < worker->n_trials; i++)
    yl_match_columns_add_trial (columns, row, "trial", worker->trials[i].start, worker->trials[i].end);
  for (guint i = 0; worker->blocks[i] != NULL; i++)
    yl_match_columns_add_block (columns, row, worker->blocks[i]);
  for (guint i = 0; worker->households[i].code != NULL; i++)
    yl_match_columns_add_household (columns, row, worker->households[i].code, worker->households[i].level);
  for (guint i = 0; worker->scenes[i].code != NULL; i++)
    yl_match_columns_add_scene (columns, row, worker->scenes[i].code, worker->scenes[i].level);
}

void
oracle_put (YlMatchColumns *columns, const OracleWorker *worker)
{
  YlMatchWorker facts = worker->facts;
  guint row;

  facts.id = worker->id;
  facts.number = worker->number;
  row = yl_match_columns_put (columns, &facts);
  for (guint i = 0; worker->jobs[i] != NULL; i++)
    yl_match_columns_add_job (columns, row, worker->jobs[i]);
  for (guint i = 0; worker->modes[i] != NULL; i++)
    yl_match_columns_add_mode (columns, row, worker->modes[i]);
  for (guint i = 0; worker->areas[i] != NULL; i++)
    yl_match_columns_add_area (columns, row, worker->areas[i]);
  for (guint i = 0; worker->skills[i].code != NULL; i++)
    yl_match_columns_add_skill (columns, row, worker->skills[i].code, worker->skills[i].level);
  for (guint i = 0; worker->languages[i].code != NULL; i++)
    yl_match_columns_add_language (columns, row, worker->languages[i].code, worker->languages[i].level);
  put_lists (columns, row, worker);
}

YlMatchQuery *
oracle_query (const YlMatchColumns *columns, const OracleOrder *order)
{
  YlMatchQuery *query = yl_match_query_new (columns);

  query->own_store = yl_match_columns_code (columns->stores, order->store);
  yl_match_query_set_service (query, columns, order->job, order->mode);
  query->area = order->district != NULL ? yl_match_columns_code (columns->areas, order->district) : NULL;
  query->household = yl_match_columns_known_symbol (columns, order->household);
  query->place = order->place;
  yl_match_query_set_visits (query, order->visits, order->n_visits);
  for (guint i = 0; order->skills[i].code != NULL; i++)
    yl_match_query_add_need (query->skills, columns->skills, order->skills[i].code, order->skills[i].level);
  for (guint i = 0; order->wished_skills[i].code != NULL; i++)
    yl_match_query_add_need (query->wished_skills, columns->skills, order->wished_skills[i].code,
                             order->wished_skills[i].level);
  for (guint i = 0; order->languages[i].code != NULL; i++)
    yl_match_query_add_need (query->languages, columns->languages, order->languages[i].code, order->languages[i].level);
  for (guint i = 0; order->certificates[i] != NULL; i++)
    yl_match_query_add_certificate (query, columns, order->certificates[i]);
  for (guint i = 0; order->excluded[i] != NULL; i++)
    yl_bits_set (&query->excluded, (guint) yl_match_columns_find (columns, order->excluded[i]), TRUE);
  for (guint i = 0; order->preferred[i] != NULL; i++)
    yl_bits_set (&query->preferred, (guint) yl_match_columns_find (columns, order->preferred[i]), TRUE);
  query->budget_from = order->budget_from;
  query->budget_to = order->budget_to;
  query->budget_unit = order->budget_unit;
  query->sex = order->sex;
  query->need_health = order->need_health;
  query->need_insurance = order->need_insurance;
  query->need_background = order->need_background;
  query->trial_days = order->trial_days;
  return query;
}

static gboolean
contains (const char *const *list, const char *text)
{
  return text != NULL && g_strv_contains (list, text);
}

static int
level_of (const OracleLevel *list, const char *code)
{
  for (; list->code != NULL; list++)
    if (g_strcmp0 (list->code, code) == 0)
      return list->level;
  return 0;
}

static gboolean
lacks (const OracleLevel *held, const OracleLevel *needed)
{
  for (; needed->code != NULL; needed++)
    if (level_of (held, needed->code) < needed->level)
      return TRUE;
  return FALSE;
}

static gint64
last_day (const OracleOrder *order)
{
  return yl_date_of (order->visits[order->n_visits - 1].end - 1);
}

static gboolean
lacks_certificate (const OracleWorker *worker, const OracleOrder *order, const char *type)
{
  for (guint i = 0; worker->certificates[i].type != NULL; i++)
    if (g_str_equal (worker->certificates[i].type, type)
        && (order->n_visits == 0
            || ((worker->certificates[i].issued == YL_NO_DAY
                 || worker->certificates[i].issued <= yl_date_of (order->visits[0].start))
                && worker->certificates[i].expires >= last_day (order))))
      return FALSE;
  return TRUE;
}

/* Great-circle-free, in floating point: the code under test may not use it, the oracle may. */
static int
travel_minutes (YlPlace a, YlPlace b)
{
  double middle = (a.lat + b.lat) / 2e6 * G_PI / 180;
  double north = (b.lat - a.lat) / 1e6 * 111195;
  double east = (b.lon - a.lon) / 1e6 * 111195 * cos (middle);
  double path = hypot (north, east) * 1.3;

  return (int) MIN (ceil (path / 75), 10 + ceil (path / 300));
}

/* Minutes may differ by rounding; where it would decide, the exact one of the code counts. */
static int
minutes_between (YlPlace a, YlPlace b)
{
  int exact = yl_travel_minutes (a, b, NULL);

  g_assert_cmpint (ABS (exact - travel_minutes (a, b)), <=, 1);
  return exact;
}

static gboolean
clashes (const YlBusy *busy, const YlInterval *visit, YlPlace place)
{
  gint64 way = 0;

  if (busy->promised && busy->place.lat != G_MAXINT32 && place.lat != G_MAXINT32)
    way = MIN (minutes_between (busy->place, place), 180) * G_GINT64_CONSTANT (60000);
  return busy->start - way < visit->end && visit->start < busy->end + way;
}

static gboolean
is_busy (const OracleWorker *worker, const OracleOrder *order)
{
  for (guint i = 0; i < order->n_visits; i++)
    for (guint b = 0; b < worker->n_busy; b++)
      if (clashes (&worker->busy[b], &order->visits[i], order->place))
        return TRUE;
  return FALSE;
}

static double
wage_per_hour (gint64 wage, YlWageUnit unit)
{
  switch (unit)
    {
    case YL_WAGE_PER_HOUR:
      return (double) wage;
    case YL_WAGE_PER_DAY:
      return (double) wage / 8;
    case YL_WAGE_PER_MONTH:
      return (double) wage / 208;
    case YL_WAGE_NO_UNIT:
    case YL_WAGE_OTHER_UNIT:
    default:
      return -1;
    }
}

static gboolean
is_too_dear (const YlMatchWorker *facts, const OracleOrder *order)
{
  double wage = facts->wage < 0 ? -1 : wage_per_hour (facts->wage, facts->wage_unit);
  double budget = order->budget_to < 0 ? -1 : wage_per_hour (order->budget_to, order->budget_unit);

  return wage >= 0 && budget >= 0 && wage > budget * 1.1 + 1e-9;
}

static gboolean
is_too_far (const OracleWorker *worker, const OracleOrder *order)
{
  if (order->district != NULL && worker->areas[0] != NULL && !contains (worker->areas, order->district))
    return TRUE;
  return worker->facts.max_travel >= 0 && worker->facts.place.lat != G_MAXINT32 && order->place.lat != G_MAXINT32
         && minutes_between (worker->facts.place, order->place) > worker->facts.max_travel;
}

static gboolean
bad_papers (const YlMatchWorker *facts, const OracleOrder *order, int which)
{
  gint64 first = order->n_visits > 0 ? yl_date_of (order->visits[0].start) : G_MININT32;
  gint64 last = order->n_visits > 0 ? last_day (order) : G_MININT32;
  gboolean dated = order->n_visits > 0;

  switch (which)
    {
    case 0:
      return facts->health_bad || (!facts->health_seen && order->need_health) || (dated && facts->health_until < last);
    case 1:
      return facts->insurance_void || (!facts->insurance_seen && order->need_insurance)
             || (dated && facts->insurance_seen
                 && (facts->insured_until < last || (facts->insured_from != YL_NO_DAY && facts->insured_from > first)));
    default:
      return facts->background_bad || (facts->background_day == YL_NO_DAY && order->need_background)
             || (dated && facts->background_day != YL_NO_DAY && facts->background_day < first - 365);
    }
}

static gboolean
is_on_trial (const OracleWorker *worker, const OracleOrder *order)
{
  if (order->trial_days == 0 || order->n_visits == 0 || worker->n_trials == 0)
    return FALSE;
  return worker->trials[0].start < order->visits[0].start + order->trial_days * YL_DAY_MS
         && worker->trials[0].end > order->visits[0].start;
}

static gboolean
lacks_any_certificate (const OracleWorker *worker, const OracleOrder *order)
{
  for (guint i = 0; order->certificates[i] != NULL; i++)
    if (lacks_certificate (worker, order, order->certificates[i]))
      return TRUE;
  return FALSE;
}

guint32
oracle_refusals (const OracleWorker *worker, const OracleOrder *order, gboolean own)
{
  const YlMatchWorker *facts = &worker->facts;
  const gboolean refused[YL_MATCH_N_RULES] = {
    !facts->accepting,
    order->job != NULL && !contains (worker->jobs, order->job),
    order->mode != NULL && worker->modes[0] != NULL && !contains (worker->modes, order->mode),
    !own && !facts->shareable,
    lacks (worker->skills, order->skills),
    lacks_any_certificate (worker, order),
    bad_papers (facts, order, 0),
    bad_papers (facts, order, 1),
    bad_papers (facts, order, 2),
    facts->adult == 0,
    is_too_far (worker, order),
    is_busy (worker, order),
    contains (order->excluded, worker->id) || contains (worker->blocks, order->household),
    is_too_dear (facts, order),
    facts->debt >= 100000,
    is_on_trial (worker, order),
    order->sex != 0 && facts->sex != order->sex,
    lacks (worker->languages, order->languages),
  };
  guint32 bits = 0;

  for (guint i = 0; i < YL_MATCH_N_RULES; i++)
    bits |= (guint32) refused[i] << i;
  return bits;
}

gint64
oracle_mean_rating (const OracleWorker *workers, guint n_workers)
{
  gint64 sum = 0, n = 0;

  for (guint i = 0; i < n_workers; i++)
    {
      sum += workers[i].facts.rating_count * MAX (workers[i].facts.rating, 0);
      n += workers[i].facts.rating_count;
    }
  return n == 0 ? 0 : sum / n;
}

/* Shares are reckoned as fractions of one and turned into points at the end. */
static double
depth (const OracleLevel *held, const OracleLevel *needed)
{
  int extra = 0, most = 0;

  for (; needed->code != NULL; needed++)
    {
      extra += level_of (held, needed->code) - needed->level;
      most += 3 - needed->level;
    }
  return most == 0 ? 1 : 0.5 + 0.5 * extra / most;
}

static double
wishes (const OracleWorker *worker, const OracleOrder *order)
{
  int met = 0, n = 0;

  for (const OracleLevel *wish = order->wished_skills; wish->code != NULL; wish++, n++)
    met += level_of (worker->skills, wish->code) >= wish->level;
  return n == 0 ? 1 : (double) met / n;
}

static double
idle (const OracleWorker *worker, const OracleOrder *order)
{
  gint64 days = 14;

  for (guint i = 0; i < worker->n_busy && order->n_visits > 0; i++)
    if (worker->busy[i].promised && worker->busy[i].end <= order->visits[0].start)
      days = MIN (days, (order->visits[0].start - worker->busy[i].end) / YL_DAY_MS);
  return (double) days / 14;
}

static double
wage (const YlMatchWorker *facts, const OracleOrder *order)
{
  double to = order->budget_to < 0 ? -1 : wage_per_hour (order->budget_to, order->budget_unit);
  double from = order->budget_from < 0 ? to * 0.8 : wage_per_hour (order->budget_from, order->budget_unit);
  double asked = facts->wage < 0 ? -1 : wage_per_hour (facts->wage, facts->wage_unit);

  if (to < 0)
    return 1;
  if (asked < 0)
    return 0.5;
  if (asked <= from)
    return 1;
  if (asked <= to)
    return 0.5 + 0.5 * (to - asked) / (to - from);
  return 0.5 * (to * 1.1 - asked) / (to * 0.1);
}

static double
stars (const YlMatchWorker *facts, gint64 mean)
{
  gint64 n = facts->rating_count;
  gint64 shrunk = (5 * mean + n * MAX (facts->rating, 0)) / (5 + n);
  double share = CLAMP ((shrunk - 300) / 200.0, 0, 1);

  return n > 0 ? share : MIN (share, 0.5);
}

void
oracle_points (const OracleWorker *worker, const OracleOrder *order, gint64 mean_rating, int *points)
{
  static const double home_shares[] = { 0, 0.6, 0.8, 1, 1, 1 };
  const YlMatchWorker *facts = &worker->facts;
  gboolean placed = facts->place.lat != G_MAXINT32 && order->place.lat != G_MAXINT32;
  int scene = level_of (worker->scenes, order->job != NULL ? order->job : "none");
  gboolean has_worked = facts->rating_count > 0 || worker->scenes[0].code != NULL;
  const double shares[YL_MATCH_N_FACTORS] = {
    placed ? CLAMP ((90 - minutes_between (facts->place, order->place)) / 80.0, 0, 1) : 0.4,
    depth (worker->skills, order->skills),
    wishes (worker, order),
    scene / (scene + 3.0),
    stars (facts, mean_rating),
    home_shares[level_of (worker->households, order->household != NULL ? order->household : "none")],
    contains (order->preferred, worker->id),
    idle (worker, order),
    facts->dropouts == 0 && !has_worked ? 0.75 : CLAMP ((4 - facts->dropouts) / 4.0, 0, 1),
    wage (facts, order),
    depth (worker->languages, order->languages),
    g_strcmp0 (facts->home_store, order->store) == 0,
  };
  const int *weights = yl_match_weights (order->job);

  for (guint i = 0; i < YL_MATCH_N_FACTORS; i++)
    points[i] = (int) floor (weights[i] * floor (shares[i] * 1000 + 1e-6) / 1000 + 0.5);
}

/* The number a chip must show if it is shown. */
static gint64
reason_value (const char *code, const OracleWorker *worker, const OracleOrder *order)
{
  const YlMatchWorker *facts = &worker->facts;
  double per_hour = order->budget_to < 0 ? -1 : wage_per_hour (order->budget_to, order->budget_unit);
  int extra = 0;

  if (g_str_equal (code, "walk") || g_str_equal (code, "travel"))
    return minutes_between (facts->place, order->place);
  if (g_str_equal (code, "continuity"))
    return level_of (worker->households, order->household);
  if (g_str_equal (code, "same_scene"))
    return level_of (worker->scenes, order->job);
  if (g_str_equal (code, "dropouts"))
    return facts->dropouts;
  if (g_str_equal (code, "idle"))
    return (gint64) (idle (worker, order) * 14 + 0.5);
  if (g_str_has_prefix (code, "wage_") && per_hour > 0)
    return (gint64) (ABS (wage_per_hour (facts->wage, facts->wage_unit) / per_hour - 1) * (double) order->budget_to
                     + 1e-6);
  for (const OracleLevel *need = g_str_equal (code, "language") ? order->languages : order->skills; need->code != NULL;
       need++)
    extra += level_of (g_str_equal (code, "language") ? worker->languages : worker->skills, need->code) - need->level;
  return extra;
}

static gboolean
is_unknown (const char *code, const OracleWorker *worker, const OracleOrder *order)
{
  const YlMatchWorker *facts = &worker->facts;
  gboolean open_ended = FALSE;

  for (guint i = 0; worker->certificates[i].type != NULL; i++)
    open_ended |=
        worker->certificates[i].expires == YL_NO_DAY && contains (order->certificates, worker->certificates[i].type);
  if (g_str_equal (code, "mode_unknown"))
    return order->mode != NULL && worker->modes[0] == NULL;
  if (g_str_equal (code, "certificate_unknown"))
    return open_ended;
  if (g_str_equal (code, "health_unknown"))
    return facts->health_until == YL_NO_DAY;
  if (g_str_equal (code, "insurance_unknown"))
    return !facts->insurance_seen;
  if (g_str_equal (code, "background_unknown"))
    return facts->background_day == YL_NO_DAY;
  if (g_str_equal (code, "age_unknown"))
    return facts->adult < 0;
  if (g_str_equal (code, "place_unknown"))
    return facts->place.lat == G_MAXINT32 && order->place.lat != G_MAXINT32;
  if (g_str_equal (code, "wage_unknown"))
    return order->budget_to >= 0 && (facts->wage < 0 || wage_per_hour (facts->wage, facts->wage_unit) < 0);
  if (g_str_equal (code, "reviews_unknown"))
    return facts->rating_count == 0;
  g_assert_not_reached ();
}

static void
check_reason (const YlMatchReason *reason, const OracleWorker *worker, const OracleOrder *order)
{
  if (reason->sign == '?')
    g_assert_true (is_unknown (reason->code, worker, order));
  else if (g_str_equal (reason->code, "preference"))
    g_assert_true (contains (order->preferred, worker->id));
  else if (g_str_has_prefix (reason->code, "skill."))
    g_assert_cmpint (level_of (worker->skills, reason->code + 6), >=,
                     MAX (1, level_of (order->wished_skills, reason->code + 6)));
  else if (g_str_equal (reason->code, "reviews"))
    g_assert_true (worker->facts.rating_count > 0 && (reason->value >= 460) == (reason->sign == '+'));
  else
    g_assert_cmpint (ABS (reason->value - reason_value (reason->code, worker, order)), <=, 1);
  if (g_str_equal (reason->code, "wage_above") || g_str_equal (reason->code, "dropouts"))
    g_assert_cmpint (reason->sign, ==, '-');
}

void
oracle_check_reasons (const YlCandidate *candidate, const OracleWorker *worker, const OracleOrder *order)
{
  g_assert_cmpuint (candidate->reasons->len, <=, 5);
  for (guint i = 0; i < candidate->reasons->len; i++)
    check_reason (&g_array_index (candidate->reasons, YlMatchReason, i), worker, order);
}
