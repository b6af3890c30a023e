#pragma once

#include "matching/yl-match-query.h"

G_BEGIN_DECLS

/*
 * The hard rules, in the order of the funnel. Each is a pure predicate over columns and query. What is not known about a
 * worker passes, and shows as a `?` chip, unless the order demands it.
 *
 * Never looked at: native place, ethnic group, marriage, religion, age (beyond the legal one).
 */

#define YL_MATCH_N_RULES 18

/** How long a promise keeps her on the way at most: nobody is asked to cross the country between two visits. */
#define YL_MAX_BUFFER_MINUTES 180

/**
 * YlRuleFunc: which of @among, rows 64 * @word …, the rule refuses.
 * One word at a time: most rules are then a few bit operations, and those that must look closer see only who is still in.
 */
typedef guint64 (*YlRuleFunc) (const YlMatchColumns *columns, const YlMatchQuery *query, guint word, guint64 among);

/** YlRuleUnknownFunc: the code of the `?` chip when the rule passed her for want of data, else NULL. */
typedef const char *(*YlRuleUnknownFunc) (const YlMatchColumns *columns, const YlMatchQuery *query, guint row);

/** YlRuleCost: what a rule reads for one worker: the cheap ones are asked first, so that the dear ones see few. */
typedef enum
{
  YL_COST_BITS,
  YL_COST_COLUMN,
  YL_COST_LIST,
  YL_COST_CALENDAR,
} YlRuleCost;
#define YL_N_RULE_COSTS 4

typedef struct
{
  const char *code;
  YlRuleFunc refuses;
  YlRuleCost cost;
  YlRuleUnknownFunc unknown;
} YlMatchRule;

extern const YlMatchRule yl_match_rules[YL_MATCH_N_RULES];

/** yl_match_rule_refuses: does @rule refuse the worker in @row? */
gboolean yl_match_rule_refuses (const YlMatchRule *rule,
                                const YlMatchColumns *columns,
                                const YlMatchQuery *query,
                                guint row);
/** yl_match_is_free: could she do this one visit, with the way from and to her other promises? */
gboolean yl_match_is_free (const YlMatchColumns *columns,
                           const YlMatchQuery *query,
                           guint row,
                           const YlInterval *visit);

G_END_DECLS
