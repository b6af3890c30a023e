#pragma once

#include "matching/yl-match-query.h"

G_BEGIN_DECLS

/*
 * Soft factors: what makes one fitting worker better than another, in whole points whose weights sum to 100 for every
 * service type. Integers only. A factor the order says nothing about gives everybody its full points; a worker of whom
 * nothing is known never gets them.
 */

typedef enum
{
  YL_FACTOR_TRAVEL,        /* raw: minutes, -1 = unknown */
  YL_FACTOR_SKILL_DEPTH,   /* raw: levels above what is needed */
  YL_FACTOR_WISHED_SKILLS, /* raw: wishes she meets */
  YL_FACTOR_SAME_SCENE,    /* raw: visits served of this service type */
  YL_FACTOR_REVIEWS,       /* raw: 1/100 stars, shrunk to the mean by count */
  YL_FACTOR_CONTINUITY,    /* raw: visits served in this household */
  YL_FACTOR_PREFERENCE,    /* raw: 1 if the customer asked for her */
  YL_FACTOR_FAIRNESS,      /* raw: days without work before the first visit */
  YL_FACTOR_RELIABILITY,   /* raw: dropouts */
  YL_FACTOR_WAGE_FIT,      /* raw: fen above the budget, in the budget's unit */
  YL_FACTOR_LANGUAGE,      /* raw: levels above what is needed */
  YL_FACTOR_OWN_STORE,     /* raw: 1 for the order's store */
} YlFactor;
#define YL_MATCH_N_FACTORS 12

typedef struct
{
  gint64 raw[YL_MATCH_N_FACTORS];
  int points[YL_MATCH_N_FACTORS];
  int total;
} YlScoreSheet;

/** yl_match_weights: @service_type may be NULL or unknown. They sum to 100. */
const int *yl_match_weights (const char *service_type);
const char *yl_match_factor_code (YlFactor factor);

/** yl_match_score: of a worker who passed every hard rule. @weights: by factor. */
void yl_match_score (const YlMatchColumns *columns,
                     const YlMatchQuery *query,
                     const int *weights,
                     guint row,
                     YlScoreSheet *sheet);
/** yl_match_count_served: how often @row served @symbol, by one of the columns' tallies. */
guint yl_match_count_served (const YlMatchList *tallies, guint row, guint symbol);

G_END_DECLS
