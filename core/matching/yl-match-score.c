#include "matching/yl-match-score.h"

#include "base/yl-clock.h"

/* A share of a factor's points, in thousandths. */
#define FULL 1000
#define HALF 500

#define NEAR_MINUTES 10
#define FAR_MINUTES 90
#define UNKNOWN_TRAVEL 400
#define SHRINK_COUNT 5 /* reviews of the mean that every worker is credited with */
#define LOW_STARS 300
#define HIGH_STARS 500
#define SCENE_HALF_COUNT 3 /* visits of one kind that earn half of the points */
#define IDLE_DAYS 14
#define DROPOUTS_TO_ZERO 4
#define UNTRIED_RELIABILITY 750

static const char *const factor_codes[YL_MATCH_N_FACTORS] = {
  "travel",     "skill_depth", "wished_skills", "same_scene", "reviews",  "continuity",
  "preference", "fairness",    "reliability",   "wage_fit",   "language", "own_store",
};

/* Until head office edits them as records. Short visits live from distance and fair turns, maternity care from grade and
 * reviews, care of the old and the sick from experience and from somebody who comes back. Each row sums to 100. */
static const struct
{
  const char *service_type;
  int weights[YL_MATCH_N_FACTORS];
} weight_table[] = {
  /* trav depth wish scene revw cont pref fair reli wage lang own */
  { "cleaning", { 20, 4, 6, 5, 12, 10, 8, 13, 9, 6, 2, 5 } },
  { "hourly", { 20, 4, 6, 5, 12, 10, 8, 13, 9, 6, 2, 5 } },
  { "organising", { 16, 8, 8, 7, 14, 9, 8, 9, 8, 6, 2, 5 } },
  { "maternity", { 5, 12, 10, 12, 20, 6, 8, 5, 10, 5, 2, 5 } },
  { "childcare_live_in", { 5, 12, 10, 12, 16, 9, 8, 4, 11, 5, 3, 5 } },
  { "childcare_day", { 12, 10, 9, 10, 14, 9, 8, 5, 10, 5, 3, 5 } },
  { "elder_care", { 6, 12, 8, 15, 12, 11, 8, 4, 12, 4, 3, 5 } },
  { "hospital", { 10, 12, 6, 14, 12, 8, 8, 6, 12, 4, 3, 5 } },
};
static const int default_weights[YL_MATCH_N_FACTORS] = { 14, 8, 8, 8, 14, 9, 8, 7, 10, 6, 3, 5 };

const int *
yl_match_weights (const char *service_type)
{
  for (guint i = 0; service_type != NULL && i < G_N_ELEMENTS (weight_table); i++)
    if (g_str_equal (weight_table[i].service_type, service_type))
      return weight_table[i].weights;
  return default_weights;
}

const char *
yl_match_factor_code (YlFactor factor)
{
  return factor_codes[factor];
}

/* Where @value stands between @none (0) and @full (1000); either may be the larger. */
static int
share_between (gint64 value, gint64 none, gint64 full)
{
  gint64 share = none == full ? FULL : (value - none) * FULL / (full - none);

  return (int) CLAMP (share, 0, FULL);
}

static int
travel_share (const YlMatchColumns *columns, const YlMatchQuery *query, guint row, gint64 *raw)
{
  *raw = -1;
  if (!YL_PLACE_IS_KNOWN (query->place) || !YL_PLACE_IS_KNOWN (columns->places[row]))
    return UNKNOWN_TRAVEL;
  *raw = yl_travel_minutes (columns->places[row], query->place, NULL);
  return share_between (*raw, FAR_MINUTES, NEAR_MINUTES);
}

static gint64
level_held (const YlNeed *need, guint row)
{
  gint64 level = 0;

  while (need->held != NULL && level < YL_MAX_LEVEL && yl_bits_test (&need->held->at_least[level], row))
    level++;
  return level;
}

/* Half for what is needed, the rest for every level beyond. */
static int
depth_share (GArray *needs, guint row, gint64 *raw)
{
  gint64 extra = 0, most = 0;

  for (guint i = 0; i < needs->len; i++)
    {
      const YlNeed *need = &g_array_index (needs, YlNeed, i);

      extra += MAX (0, level_held (need, row) - need->level);
      most += YL_MAX_LEVEL - need->level;
    }
  *raw = extra;
  return most == 0 ? FULL : HALF + (int) (extra * HALF / most);
}

static int
wished_share (const YlMatchQuery *query, guint row, gint64 *raw)
{
  guint met = 0;

  for (guint i = 0; i < query->wished_skills->len; i++)
    {
      const YlNeed *need = &g_array_index (query->wished_skills, YlNeed, i);

      met += level_held (need, row) >= need->level;
    }
  *raw = met;
  return query->wished_skills->len == 0 ? FULL : (int) (met * FULL / query->wished_skills->len);
}

guint
yl_match_count_served (const YlMatchList *tallies, guint row, guint symbol)
{
  guint n, count = 0;
  const YlTally *tally = yl_match_list_row (tallies, YlTally, row, &n);

  for (guint i = 0; i < n && symbol != 0; i++)
    if (tally[i].symbol == symbol)
      count += tally[i].count;
  return count;
}

static int
scene_share (const YlMatchColumns *columns, const YlMatchQuery *query, guint row, gint64 *raw)
{
  *raw = yl_match_count_served (&columns->scenes, row, query->service_type);
  return (int) (*raw * FULL / (*raw + SCENE_HALF_COUNT));
}

static int
reviews_share (const YlMatchColumns *columns, const YlMatchQuery *query, guint row, gint64 *raw)
{
  gint64 n = columns->rating_counts[row];
  gint64 sum = n > 0 ? n * columns->ratings[row] : 0;
  int share;

  *raw = (SHRINK_COUNT * query->mean_rating + sum) / (SHRINK_COUNT + n);
  share = share_between (*raw, LOW_STARS, HIGH_STARS);
  return n > 0 ? share : MIN (share, HALF);
}

static int
continuity_share (const YlMatchColumns *columns, const YlMatchQuery *query, guint row, gint64 *raw)
{
  static const int shares[] = { 0, 600, 800, FULL };

  *raw = yl_match_count_served (&columns->households, row, query->household);
  return shares[MIN (*raw, 3)];
}

/* Days since her last promise ended before the first visit, at most IDLE_DAYS. */
static int
fairness_share (const YlMatchColumns *columns, const YlMatchQuery *query, guint row, gint64 *raw)
{
  guint n_busy;
  const YlBusy *busy = yl_match_list_row (&columns->busy, YlBusy, row, &n_busy);
  gint64 before, last;

  *raw = IDLE_DAYS;
  if (query->visits->len == 0)
    return FULL;
  before = g_array_index (query->visits, YlInterval, 0).start;
  last = before - IDLE_DAYS * YL_DAY_MS;
  for (guint i = 0; i < n_busy; i++)
    if (busy[i].promised && busy[i].end <= before)
      last = MAX (last, busy[i].end);
  *raw = (before - last) / YL_DAY_MS;
  return share_between (*raw, 0, IDLE_DAYS);
}

static gboolean
has_worked (const YlMatchColumns *columns, guint row)
{
  return columns->rating_counts[row] > 0 || yl_match_list_span (&columns->scenes, row).n > 0;
}

static int
reliability_share (const YlMatchColumns *columns, guint row, gint64 *raw)
{
  *raw = columns->dropouts[row];
  if (*raw == 0 && !has_worked (columns, row))
    return UNTRIED_RELIABILITY;
  return share_between (*raw, DROPOUTS_TO_ZERO, 0);
}

/* Full up to the lower end of the budget, half at its upper end, nothing where the tolerance ends. */
static int
wage_share (const YlMatchColumns *columns, const YlMatchQuery *query, guint row, gint64 *raw)
{
  gint64 to = yl_wage_per_month (query->budget_to, query->budget_unit);
  gint64 from = query->budget_from < 0 ? to * 8 / 10 : yl_wage_per_month (query->budget_from, query->budget_unit);
  gint64 wage = columns->month_wages[row];

  *raw = 0;
  if (to < 0)
    return FULL;
  if (wage < 0)
    return HALF;
  *raw = (wage - to) / yl_wage_per_month (1, query->budget_unit);
  if (wage <= from)
    return FULL;
  if (wage <= to)
    return HALF + share_between (wage, to, from) / 2;
  return share_between (wage, to + to / 10, to) / 2;
}

void
yl_match_score (const YlMatchColumns *columns,
                const YlMatchQuery *query,
                const int *weights,
                guint row,
                YlScoreSheet *sheet)
{
  gboolean own = yl_bits_test (query->own_store, row);
  gboolean preferred = yl_bits_test (&query->preferred, row);
  gint64 *raw = sheet->raw;
  const int shares[YL_MATCH_N_FACTORS] = {
    [YL_FACTOR_TRAVEL] = travel_share (columns, query, row, &raw[YL_FACTOR_TRAVEL]),
    [YL_FACTOR_SKILL_DEPTH] = depth_share (query->skills, row, &raw[YL_FACTOR_SKILL_DEPTH]),
    [YL_FACTOR_WISHED_SKILLS] = wished_share (query, row, &raw[YL_FACTOR_WISHED_SKILLS]),
    [YL_FACTOR_SAME_SCENE] = scene_share (columns, query, row, &raw[YL_FACTOR_SAME_SCENE]),
    [YL_FACTOR_REVIEWS] = reviews_share (columns, query, row, &raw[YL_FACTOR_REVIEWS]),
    [YL_FACTOR_CONTINUITY] = continuity_share (columns, query, row, &raw[YL_FACTOR_CONTINUITY]),
    [YL_FACTOR_PREFERENCE] = preferred ? FULL : 0,
    [YL_FACTOR_FAIRNESS] = fairness_share (columns, query, row, &raw[YL_FACTOR_FAIRNESS]),
    [YL_FACTOR_RELIABILITY] = reliability_share (columns, row, &raw[YL_FACTOR_RELIABILITY]),
    [YL_FACTOR_WAGE_FIT] = wage_share (columns, query, row, &raw[YL_FACTOR_WAGE_FIT]),
    [YL_FACTOR_LANGUAGE] = depth_share (query->languages, row, &raw[YL_FACTOR_LANGUAGE]),
    [YL_FACTOR_OWN_STORE] = own ? FULL : 0,
  };

  raw[YL_FACTOR_PREFERENCE] = preferred;
  raw[YL_FACTOR_OWN_STORE] = own;
  sheet->total = 0;
  for (guint i = 0; i < YL_MATCH_N_FACTORS; i++)
    {
      sheet->points[i] = (weights[i] * shares[i] + FULL / 2) / FULL;
      sheet->total += sheet->points[i];
    }
}
