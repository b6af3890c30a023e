#include "matching/yl-match-rule.h"

#include "base/yl-clock.h"

#define BACKGROUND_DAYS 365
#define BUDGET_TOLERANCE_PERCENT 10

/* Runs a test on every row in @among; keeps those it is true for. */
#define REFUSE_EACH(among, word, test)                  \
  G_STMT_START                                          \
  {                                                     \
    guint64 refused_ = 0;                               \
    guint row;                                          \
    YL_BITS_EACH (row, word, among)                     \
    if (test)                                           \
      refused_ |= G_GUINT64_CONSTANT (1) << (row % 64); \
    return refused_;                                    \
  }                                                     \
  G_STMT_END

/* Which of the word's rows hold less than @limit: without branches, so that all 64 cost little more than a few. */
static guint64
rows_below (const gint32 *column, gint32 limit, guint word, guint64 among)
{
  const gint32 *values = column + (gsize) word * 64;
  guint64 below = 0;

  if (among == 0)
    return 0;
  for (guint i = 0; i < 64; i++)
    below |= (guint64) (values[i] < limit) << i;
  return below & among;
}

static guint64
state_refuses (const YlMatchColumns *columns, const YlMatchQuery *query, guint word, guint64 among)
{
  return among & ~yl_bits_word (&columns->accepting, word);
}

static guint64
job_refuses (const YlMatchColumns *columns, const YlMatchQuery *query, guint word, guint64 among)
{
  return query->job == NULL ? 0 : among & ~yl_bits_word (query->job, word);
}

static guint64
mode_refuses (const YlMatchColumns *columns, const YlMatchQuery *query, guint word, guint64 among)
{
  if (query->mode == NULL)
    return 0;
  return among & yl_bits_word (&columns->has_mode, word) & ~yl_bits_word (query->mode, word);
}

static const char *
mode_unknown (const YlMatchColumns *columns, const YlMatchQuery *query, guint row)
{
  return query->mode != NULL && !yl_bits_test (&columns->has_mode, row) ? "mode_unknown" : NULL;
}

static guint64
consent_refuses (const YlMatchColumns *columns, const YlMatchQuery *query, guint word, guint64 among)
{
  return query->stage == YL_STAGE_OWN ? 0 : among & ~yl_bits_word (&columns->shareable, word);
}

static guint64
lacks_need (GArray *needs, guint word, guint64 among)
{
  guint64 refused = 0;

  for (guint i = 0; i < needs->len; i++)
    {
      const YlNeed *need = &g_array_index (needs, YlNeed, i);

      refused |= need->held == NULL ? among : among & ~yl_bits_word (&need->held->at_least[need->level - 1], word);
    }
  return refused;
}

static guint64
skills_refuse (const YlMatchColumns *columns, const YlMatchQuery *query, guint word, guint64 among)
{
  return lacks_need (query->skills, word, among);
}

static guint64
languages_refuse (const YlMatchColumns *columns, const YlMatchQuery *query, guint word, guint64 among)
{
  return lacks_need (query->languages, word, among);
}

/* Valid on the day and over the whole term. Without dates it counts: many certificates never expire. */
static gboolean
certificate_holds (const YlHeldCertificate *held, guint type, const YlMatchQuery *query)
{
  if (held->type != type)
    return FALSE;
  if (query->first_day == YL_NO_DAY)
    return TRUE;
  return (held->issued == YL_NO_DAY || held->issued <= query->first_day)
         && (held->expires == YL_NO_DAY || held->expires >= query->last_day);
}

static gboolean
holds_certificates (const YlMatchColumns *columns, const YlMatchQuery *query, guint row)
{
  guint n_held;
  const YlHeldCertificate *held = yl_match_list_row (&columns->certificates, YlHeldCertificate, row, &n_held);

  for (guint i = 0; i < query->certificates->len; i++)
    {
      guint type = g_array_index (query->certificates, guint, i);
      gboolean found = FALSE;

      for (guint h = 0; h < n_held && type != 0 && !found; h++)
        found = certificate_holds (&held[h], type, query);
      if (!found)
        return FALSE;
    }
  return TRUE;
}

static guint64
certificates_refuse (const YlMatchColumns *columns, const YlMatchQuery *query, guint word, guint64 among)
{
  if (query->certificates->len == 0)
    return 0;
  REFUSE_EACH (among, word, !holds_certificates (columns, query, row));
}

static gboolean
asks_for (const YlMatchQuery *query, guint type)
{
  for (guint i = 0; i < query->certificates->len; i++)
    if (g_array_index (query->certificates, guint, i) == type)
      return TRUE;
  return FALSE;
}

static const char *
certificates_unknown (const YlMatchColumns *columns, const YlMatchQuery *query, guint row)
{
  guint n_held;
  const YlHeldCertificate *held = yl_match_list_row (&columns->certificates, YlHeldCertificate, row, &n_held);

  for (guint h = 0; h < n_held; h++)
    if (held[h].expires == YL_NO_DAY && asks_for (query, held[h].type))
      return "certificate_unknown";
  return NULL;
}

/* Papers that end before the order does. What has no date never does, nor does anything before an order without dates. */
static guint64
end_too_soon (const gint32 *until, const YlMatchQuery *query, guint word, guint64 among)
{
  return query->last_day == YL_NO_DAY ? 0 : rows_below (until, query->last_day, word, among);
}

static guint64
health_refuses (const YlMatchColumns *columns, const YlMatchQuery *query, guint word, guint64 among)
{
  guint64 refused = among & yl_bits_word (&columns->health_bad, word);

  if (query->need_health)
    refused |= among & ~yl_bits_word (&columns->health_seen, word);
  return refused | end_too_soon (columns->health_until, query, word, among & ~refused);
}

static const char *
health_unknown (const YlMatchColumns *columns, const YlMatchQuery *query, guint row)
{
  return columns->health_until[row] == YL_NO_DAY ? "health_unknown" : NULL;
}

static guint64
insurance_refuses (const YlMatchColumns *columns, const YlMatchQuery *query, guint word, guint64 among)
{
  guint64 refused = among & yl_bits_word (&columns->insurance_void, word);
  guint64 insured = among & ~refused & yl_bits_word (&columns->insurance_seen, word);

  if (query->need_insurance)
    refused |= among & ~yl_bits_word (&columns->insurance_seen, word);
  refused |= end_too_soon (columns->insured_until, query, word, insured);
  if (query->first_day != YL_NO_DAY)
    refused |= insured & ~rows_below (columns->insured_from, query->first_day + 1, word, insured);
  return refused;
}

static const char *
insurance_unknown (const YlMatchColumns *columns, const YlMatchQuery *query, guint row)
{
  return yl_bits_test (&columns->insurance_seen, row) ? NULL : "insurance_unknown";
}

static guint64
background_refuses (const YlMatchColumns *columns, const YlMatchQuery *query, guint word, guint64 among)
{
  guint64 refused = among & yl_bits_word (&columns->background_bad, word);

  if (query->need_background)
    refused |= among & ~rows_below (columns->background_days, YL_NO_DAY, word, among);
  if (query->first_day != YL_NO_DAY && query->first_day > G_MININT32 + BACKGROUND_DAYS)
    refused |= rows_below (columns->background_days, query->first_day - BACKGROUND_DAYS, word, among & ~refused);
  return refused;
}

static const char *
background_unknown (const YlMatchColumns *columns, const YlMatchQuery *query, guint row)
{
  return columns->background_days[row] == YL_NO_DAY ? "background_unknown" : NULL;
}

static guint64
adult_refuses (const YlMatchColumns *columns, const YlMatchQuery *query, guint word, guint64 among)
{
  return among & yl_bits_word (&columns->minors, word);
}

static const char *
adult_unknown (const YlMatchColumns *columns, const YlMatchQuery *query, guint row)
{
  return yl_bits_test (&columns->age_known, row) ? NULL : "age_unknown";
}

static gboolean
lives_too_far (const YlMatchColumns *columns, const YlMatchQuery *query, guint row)
{
  return columns->max_travel[row] >= 0 && YL_PLACE_IS_KNOWN (columns->places[row])
         && yl_travel_minutes (columns->places[row], query->place, NULL) > columns->max_travel[row];
}

static guint64
area_refuses (const YlMatchColumns *columns, const YlMatchQuery *query, guint word, guint64 among)
{
  guint64 refused = 0;
  guint row;

  if (query->area != NULL)
    refused = among & yl_bits_word (&columns->has_area, word) & ~yl_bits_word (query->area, word);
  if (!YL_PLACE_IS_KNOWN (query->place))
    return refused;
  YL_BITS_EACH (row, word, among & ~refused)
  if (lives_too_far (columns, query, row))
    refused |= G_GUINT64_CONSTANT (1) << (row % 64);
  return refused;
}

static const char *
area_unknown (const YlMatchColumns *columns, const YlMatchQuery *query, guint row)
{
  return YL_PLACE_IS_KNOWN (query->place) && !YL_PLACE_IS_KNOWN (columns->places[row]) ? "place_unknown" : NULL;
}

/* The way between a promise and the order's place. Where one of them is not known, none is kept. */
static gint64
buffer_ms (const YlBusy *busy, const YlMatchQuery *query)
{
  int minutes;

  if (!busy->promised || !YL_PLACE_IS_KNOWN (busy->place) || !YL_PLACE_IS_KNOWN (query->place))
    return 0;
  minutes = yl_travel_minutes (busy->place, query->place, NULL);
  return MIN (minutes, YL_MAX_BUFFER_MINUTES) * YL_MINUTE_MS;
}

static gboolean
is_in_the_way (const YlBusy *busy, const YlInterval *visit, gint64 buffer)
{
  return busy->start < visit->end + buffer && busy->end > visit->start - buffer;
}

static gboolean
blocks_visit (const YlBusy *busy, const YlMatchQuery *query, const YlInterval *visit)
{
  if (!is_in_the_way (busy, visit, YL_MAX_BUFFER_MINUTES * YL_MINUTE_MS))
    return FALSE;
  return is_in_the_way (busy, visit, 0) || is_in_the_way (busy, visit, buffer_ms (busy, query));
}

gboolean
yl_match_is_free (const YlMatchColumns *columns, const YlMatchQuery *query, guint row, const YlInterval *visit)
{
  guint n_busy;
  const YlBusy *busy = yl_match_list_row (&columns->busy, YlBusy, row, &n_busy);

  for (guint i = 0; i < n_busy; i++)
    if (blocks_visit (&busy[i], query, visit))
      return FALSE;
  return TRUE;
}

/* The first visit that could be in the way of @busy: visits are sorted by start and of one length, so by end too. */
static guint
first_visit_near (const YlMatchQuery *query, const YlBusy *busy)
{
  gint64 earliest = busy->start - YL_MAX_BUFFER_MINUTES * YL_MINUTE_MS;
  guint low = 0, high = query->visits->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (query->visits, YlInterval, middle).end <= earliest)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static gboolean
blocks_any_visit (const YlBusy *busy, const YlMatchQuery *query)
{
  gint64 latest = busy->end + YL_MAX_BUFFER_MINUTES * YL_MINUTE_MS;

  for (guint i = first_visit_near (query, busy); i < query->visits->len; i++)
    {
      const YlInterval *visit = &g_array_index (query->visits, YlInterval, i);

      if (visit->start >= latest)
        return FALSE;
      if (blocks_visit (busy, query, visit))
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_busy (const YlMatchColumns *columns, const YlMatchQuery *query, const YlInterval *around, guint row)
{
  guint n_busy;
  const YlBusy *busy = yl_match_list_row (&columns->busy, YlBusy, row, &n_busy);

  for (guint i = 0; i < n_busy; i++)
    if (busy[i].start < around->end && busy[i].end > around->start && blocks_any_visit (&busy[i], query))
      return TRUE;
  return FALSE;
}

static guint64
free_refuses (const YlMatchColumns *columns, const YlMatchQuery *query, guint word, guint64 among)
{
  YlInterval around;

  if (query->visits->len == 0)
    return 0;
  around.start = g_array_index (query->visits, YlInterval, 0).start - YL_MAX_BUFFER_MINUTES * YL_MINUTE_MS;
  around.end =
      g_array_index (query->visits, YlInterval, query->visits->len - 1).end + YL_MAX_BUFFER_MINUTES * YL_MINUTE_MS;
  REFUSE_EACH (among, word, is_busy (columns, query, &around, row));
}

static gboolean
is_blocked (const YlMatchColumns *columns, const YlMatchQuery *query, guint row)
{
  guint n_blocks;
  const guint *blocks = yl_match_list_row (&columns->blocks, guint, row, &n_blocks);

  for (guint i = 0; i < n_blocks; i++)
    if (blocks[i] == query->household)
      return TRUE;
  return FALSE;
}

static guint64
blocks_refuse (const YlMatchColumns *columns, const YlMatchQuery *query, guint word, guint64 among)
{
  guint64 refused = among & yl_bits_word (&query->excluded, word);
  guint row;

  if (query->household == 0)
    return refused;
  YL_BITS_EACH (row, word, among & ~refused)
  if (is_blocked (columns, query, row))
    refused |= G_GUINT64_CONSTANT (1) << (row % 64);
  return refused;
}

static guint64
budget_refuses (const YlMatchColumns *columns, const YlMatchQuery *query, guint word, guint64 among)
{
  gint64 budget = yl_wage_per_month (query->budget_to, query->budget_unit);
  gint64 most = budget * (100 + BUDGET_TOLERANCE_PERCENT) / 100;
  const gint64 *wages = columns->month_wages + (gsize) word * 64;
  guint64 refused = 0;

  if (budget < 0 || among == 0)
    return 0;
  for (guint i = 0; i < 64; i++)
    refused |= (guint64) (wages[i] > most) << i;
  return refused & among;
}

static const char *
budget_unknown (const YlMatchColumns *columns, const YlMatchQuery *query, guint row)
{
  if (yl_wage_per_month (query->budget_to, query->budget_unit) < 0 || columns->month_wages[row] >= 0)
    return NULL;
  return "wage_unknown";
}

static guint64
debt_refuses (const YlMatchColumns *columns, const YlMatchQuery *query, guint word, guint64 among)
{
  return among & yl_bits_word (&columns->indebted, word);
}

static gboolean
is_first_of_its_order (const YlTrial *trials, guint n_trials, guint which)
{
  for (guint i = 0; i < n_trials; i++)
    if (trials[i].order == trials[which].order && trials[i].days.start < trials[which].days.start)
      return FALSE;
  return TRUE;
}

/* One trial at a time: the days of this order's trial against those of trials she was promised for. */
static gboolean
is_on_trial (const YlMatchColumns *columns, gint64 start, gint64 end, guint row)
{
  guint n_trials;
  const YlTrial *trials = yl_match_list_row (&columns->trials, YlTrial, row, &n_trials);

  for (guint i = 0; i < n_trials; i++)
    if (trials[i].days.start < end && trials[i].days.end > start && is_first_of_its_order (trials, n_trials, i))
      return TRUE;
  return FALSE;
}

static guint64
trial_refuses (const YlMatchColumns *columns, const YlMatchQuery *query, guint word, guint64 among)
{
  gint64 start, end;

  if (query->trial_days <= 0 || query->visits->len == 0)
    return 0;
  start = g_array_index (query->visits, YlInterval, 0).start;
  end = yl_trial_end (start, query->trial_days);
  REFUSE_EACH (among, word, is_on_trial (columns, start, end, row));
}

static guint64
sex_refuses (const YlMatchColumns *columns, const YlMatchQuery *query, guint word, guint64 among)
{
  return query->sex == 0 ? 0 : among & ~yl_bits_word (&columns->sexes[query->sex], word);
}

const YlMatchRule yl_match_rules[YL_MATCH_N_RULES] = {
  { "state", state_refuses },
  { "job", job_refuses },
  { "mode", mode_refuses, YL_COST_BITS, mode_unknown },
  { "consent", consent_refuses },
  { "skills", skills_refuse },
  { "certificates", certificates_refuse, YL_COST_LIST, certificates_unknown },
  { "health", health_refuses, YL_COST_COLUMN, health_unknown },
  { "insurance", insurance_refuses, YL_COST_COLUMN, insurance_unknown },
  { "background", background_refuses, YL_COST_COLUMN, background_unknown },
  { "adult", adult_refuses, YL_COST_BITS, adult_unknown },
  { "area", area_refuses, YL_COST_LIST, area_unknown },
  { "free", free_refuses, YL_COST_CALENDAR },
  { "blocks", blocks_refuse, YL_COST_LIST },
  { "budget", budget_refuses, YL_COST_COLUMN, budget_unknown },
  { "debt", debt_refuses },
  { "trial", trial_refuses, YL_COST_LIST },
  { "sex", sex_refuses },
  { "languages", languages_refuse },
};

gboolean
yl_match_rule_refuses (const YlMatchRule *rule, const YlMatchColumns *columns, const YlMatchQuery *query, guint row)
{
  return rule->refuses (columns, query, row / 64, G_GUINT64_CONSTANT (1) << (row % 64)) != 0;
}
