#include "matching/yl-match-search.h"

#include "matching/yl-match-reason.h"

/* Who belongs to the stage: the order's store, or everybody else of the chain. */
static guint64
population (const YlMatchColumns *columns, const YlMatchQuery *query, guint word)
{
  guint64 present = yl_bits_word (&columns->present, word);
  guint64 own = yl_bits_word (query->own_store, word);

  return query->stage == YL_STAGE_OWN ? present & own : present & ~own;
}

/* What is known of 64 workers: whom each rule refused, who failed at least once and at least twice. */
typedef struct
{
  guint64 refused[YL_MATCH_N_RULES];
  guint64 once;
  guint64 twice;
} WordVerdict;

/* Rules in the order in which they are asked: cheap ones first, else as in the funnel. */
static void
order_by_cost (guint *order)
{
  guint n = 0;

  for (guint cost = 0; cost < YL_N_RULE_COSTS; cost++)
    for (guint i = 0; i < YL_MATCH_N_RULES; i++)
      if (yl_match_rules[i].cost == cost)
        order[n++] = i;
}

/* Whom earlier rules of the funnel refused, as far as they were asked. */
static guint64
refused_before (const WordVerdict *verdict, guint rule)
{
  guint64 refused = 0;

  for (guint i = 0; i < rule; i++)
    refused |= verdict->refused[i];
  return refused;
}

/*
 * Asks only of workers who matter still: those whom all earlier rules of the funnel let through, for its counts, and those
 * who may yet turn out to fail by one rule alone.
 */
static void
judge_word (const YlMatchColumns *columns,
            const YlMatchQuery *query,
            const guint *order,
            guint word,
            guint64 among,
            WordVerdict *verdict)
{
  for (guint i = 0; i < YL_MATCH_N_RULES; i++)
    {
      guint rule = order[i];
      guint64 asked = among & (~verdict->twice | ~refused_before (verdict, rule));
      guint64 refused = asked == 0 ? 0 : yl_match_rules[rule].refuses (columns, query, word, asked);

      verdict->refused[rule] = refused;
      verdict->twice |= verdict->once & refused;
      verdict->once |= refused;
    }
}

static void
count_word (const WordVerdict *verdict, guint word, guint64 among, YlStageSearch *search)
{
  guint64 alive = among;
  guint row;

  for (guint i = 0; i < YL_MATCH_N_RULES && alive != 0; i++)
    {
      search->in[i] += (guint) __builtin_popcountll (alive);
      alive &= ~verdict->refused[i];
      search->out[i] += (guint) __builtin_popcountll (alive);
    }
  for (guint i = 0; i < YL_MATCH_N_RULES; i++)
    if ((verdict->refused[i] & ~verdict->twice) != 0)
      search->near_misses[i] += (guint) __builtin_popcountll (verdict->refused[i] & ~verdict->twice);
  YL_BITS_EACH (row, word, alive)
  g_array_append_val (search->fitting, row);
}

void
yl_match_search_stage (const YlMatchColumns *columns, const YlMatchQuery *query, YlStageSearch *search)
{
  guint n_words = (columns->n_rows + 63) / 64;
  guint order[YL_MATCH_N_RULES];

  order_by_cost (order);
  search->fitting = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint word = 0; word < n_words; word++)
    {
      guint64 among = population (columns, query, word);
      WordVerdict verdict = { 0 };

      if (among == 0)
        continue;
      judge_word (columns, query, order, word, among, &verdict);
      count_word (&verdict, word, among, search);
    }
}

typedef struct
{
  guint row;
  int total;
  const char *number;
  const char *id;
} Scored;

/* Best first; equals by worker number, then by id for those without one. */
static int
compare_scored (gconstpointer a, gconstpointer b)
{
  const Scored *x = a, *y = b;
  int order;

  if (x->total != y->total)
    return y->total - x->total;
  order = g_strcmp0 (x->number, y->number);
  return order != 0 ? order : strcmp (x->id, y->id);
}

/* Scores are whole points from 0 to 100: counting them finds the lowest that can be among the first @limit. */
static int
lowest_wanted (const guint *counts, guint limit)
{
  int total = 100;
  guint n = counts[100];

  while (total > 0 && n < limit)
    n += counts[--total];
  return total;
}

static GArray *
rank (const YlMatchColumns *columns, const YlMatchQuery *query, const int *weights, GArray *rows, guint limit)
{
  GArray *best = g_array_new (FALSE, FALSE, sizeof (Scored));
  g_autofree guint8 *totals = g_new (guint8, MAX (rows->len, 1));
  guint counts[101] = { 0 };
  YlScoreSheet sheet;
  int lowest;

  for (guint i = 0; i < rows->len; i++)
    {
      yl_match_score (columns, query, weights, g_array_index (rows, guint, i), &sheet);
      totals[i] = (guint8) sheet.total;
      counts[sheet.total]++;
    }
  lowest = lowest_wanted (counts, limit);
  for (guint i = 0; i < rows->len; i++)
    {
      guint row = g_array_index (rows, guint, i);
      Scored scored = { row, totals[i], columns->numbers[row], columns->ids[row] };

      if (scored.total >= lowest)
        g_array_append_val (best, scored);
    }
  g_array_sort (best, compare_scored);
  if (best->len > limit)
    g_array_set_size (best, limit);
  return best;
}

static int
compare_parts (gconstpointer a, gconstpointer b)
{
  const YlScorePart *x = a, *y = b;

  return x->points != y->points ? y->points - x->points : strcmp (x->factor, y->factor);
}

static GArray *
sorted_parts (const YlScoreSheet *sheet)
{
  GArray *parts = g_array_sized_new (FALSE, FALSE, sizeof (YlScorePart), YL_MATCH_N_FACTORS);

  for (guint i = 0; i < YL_MATCH_N_FACTORS; i++)
    {
      YlScorePart part = { yl_match_factor_code (i), sheet->raw[i], sheet->points[i] };

      g_array_append_val (parts, part);
    }
  g_array_sort (parts, compare_parts);
  return parts;
}

static YlCandidate *
candidate_new (const YlMatchColumns *columns, const YlMatchQuery *query, const int *weights, guint row)
{
  YlCandidate *candidate = g_new0 (YlCandidate, 1);
  YlScoreSheet sheet;

  yl_match_score (columns, query, weights, row, &sheet);
  candidate->worker = g_strdup (columns->ids[row]);
  candidate->worker_no = g_strdup (columns->numbers[row]);
  candidate->home_store = g_strdup (columns->homes[row]);
  candidate->stage = query->stage;
  candidate->score = sheet.total;
  candidate->parts = sorted_parts (&sheet);
  candidate->reasons = yl_match_reasons (columns, query, weights, row, &sheet);
  return candidate;
}

static void
candidate_free (gpointer data)
{
  YlCandidate *candidate = data;

  g_free (candidate->worker);
  g_free (candidate->worker_no);
  g_free (candidate->home_store);
  g_array_unref (candidate->parts);
  g_array_unref (candidate->reasons);
  g_free (candidate);
}

static void
search_into (YlMatchResult *result,
             guint *near_misses,
             const YlMatchColumns *columns,
             const YlMatchQuery *query,
             const int *weights,
             guint limit)
{
  YlStageSearch search = { 0 };
  g_autoptr (GArray) best = NULL;

  yl_match_search_stage (columns, query, &search);
  best = rank (columns, query, weights, search.fitting, limit - result->candidates->len);
  for (guint i = 0; i < best->len; i++)
    g_ptr_array_add (result->candidates, candidate_new (columns, query, weights, g_array_index (best, Scored, i).row));
  for (guint i = 0; i < YL_MATCH_N_RULES; i++)
    {
      YlFunnelStep step = { query->stage, yl_match_rules[i].code, search.in[i], search.out[i] };

      g_array_append_val (result->funnel, step);
      near_misses[i] += search.near_misses[i];
    }
  result->stage = query->stage;
  g_array_unref (search.fitting);
}

YlMatchResult *
yl_match_search (const YlMatchColumns *columns, YlMatchQuery *query, const char *service_type, guint limit)
{
  YlMatchResult *result = g_new0 (YlMatchResult, 1);
  const int *weights = yl_match_weights (service_type);
  guint near_misses[YL_MATCH_N_RULES] = { 0 };

  if (limit == 0)
    limit = YL_MATCH_DEFAULT_LIMIT;
  result->funnel = g_array_new (FALSE, FALSE, sizeof (YlFunnelStep));
  result->near_misses = g_array_new (FALSE, FALSE, sizeof (YlNearMiss));
  result->candidates = g_ptr_array_new_with_free_func (candidate_free);
  query->stage = YL_STAGE_OWN;
  search_into (result, near_misses, columns, query, weights, limit);
  if (result->candidates->len < limit)
    {
      query->stage = YL_STAGE_CHAIN;
      search_into (result, near_misses, columns, query, weights, limit);
    }
  if (result->candidates->len == 0)
    {
      result->stage = YL_STAGE_PARTNER;
      result->partners_asked = TRUE;
    }
  for (guint i = 0; i < YL_MATCH_N_RULES; i++)
    if (near_misses[i] > 0)
      g_array_append_vals (result->near_misses, &(YlNearMiss){ yl_match_rules[i].code, near_misses[i] }, 1);
  return result;
}

void
yl_match_result_free (YlMatchResult *result)
{
  g_free (result->order);
  g_array_unref (result->funnel);
  g_array_unref (result->near_misses);
  g_ptr_array_unref (result->candidates);
  g_free (result);
}
