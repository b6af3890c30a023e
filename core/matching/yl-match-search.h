#pragma once

#include "matching/yl-match-rule.h"
#include "matching/yl-match-score.h"

G_BEGIN_DECLS

#define YL_MATCH_DEFAULT_LIMIT 50

/**
 * YlStageSearch: one stage searched whole.
 * @in, @out: the funnel, by rule. @near_misses: by rule, those who fail by it alone. @fitting: rows (guint) that pass all.
 */
typedef struct
{
  guint in[YL_MATCH_N_RULES];
  guint out[YL_MATCH_N_RULES];
  guint near_misses[YL_MATCH_N_RULES];
  GArray *fitting;
} YlStageSearch;

/** yl_match_search_stage: searches @query->stage. Fill @search with zeros and free its @fitting afterwards. */
void yl_match_search_stage (const YlMatchColumns *columns, const YlMatchQuery *query, YlStageSearch *search);

/**
 * yl_match_search: the cascade. Own store is searched whole; the chain opens when it gave fewer than @limit; partners are
 * asked only when nobody at all fits, for asking them gives something away.
 * Pure: the same columns and query give the same result, whatever order the columns were filled in.
 */
YlMatchResult *yl_match_search (const YlMatchColumns *columns,
                                YlMatchQuery *query,
                                const char *service_type,
                                guint limit);

G_END_DECLS
