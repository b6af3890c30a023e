#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/*
 * Matching: one order -> ranked workers with reasons. Own store first, then the chain, then partners.
 * The columns follow the store's transactions; the same input gives the same order on every node (ties by worker number).
 * Rules and factors: docs of core/matching/yl-match-rule.h and yl-match-score.h.
 */

typedef enum
{
  YL_STAGE_OWN,
  YL_STAGE_CHAIN,
  YL_STAGE_PARTNER, /* answers "no partners yet" */
} YlMatchStage;

/** YlFunnelStep: one hard rule: how many workers came in and how many were left. @rule: a code such as `free`, `skills`. */
typedef struct
{
  YlMatchStage stage;
  const char *rule;
  guint in;
  guint out;
} YlFunnelStep;

/** YlNearMiss: workers who fail by this rule alone. */
typedef struct
{
  const char *rule;
  guint count;
} YlNearMiss;

/** YlScorePart: @points of the total score that @factor gave; @raw in the factor's own unit (minutes, fen, days, 1/100 stars). */
typedef struct
{
  const char *factor;
  gint64 raw;
  int points;
} YlScorePart;

/** YlMatchReason: a chip. @sign: '+' for, '-' against, '?' unknown. @code names the sentence, @value its number. */
typedef struct
{
  char sign;
  const char *code;
  gint64 value;
} YlMatchReason;

typedef struct
{
  char *worker; /* record id */
  char *worker_no;
  char *home_store; /* record id of her site, or NULL */
  YlMatchStage stage;
  int score;       /* 0-100, the sum of parts */
  GArray *parts;   /* of YlScorePart, largest first */
  GArray *reasons; /* of YlMatchReason, strongest first, at most five */
} YlCandidate;

typedef struct
{
  char *order;             /* record id, or NULL for a draft */
  YlMatchStage stage;      /* the last stage searched */
  gboolean partners_asked; /* the cascade reached the partners: there are none yet */
  GArray *funnel;          /* of YlFunnelStep */
  GArray *near_misses;     /* of YlNearMiss */
  GPtrArray *candidates;   /* of YlCandidate, best first; own store before chain */
} YlMatchResult;

void yl_match_result_free (YlMatchResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlMatchResult, yl_match_result_free)

/** YlMatchVerdict: one worker against one order, for a booking by hand or an explanation. */
typedef struct
{
  GStrv failed;        /* codes of the hard rules that say no, empty if she fits */
  GStrv failing_dates; /* of a recurring order: the dates on which she is not free, `2026-12-01` */
} YlMatchVerdict;
void yl_match_verdict_free (YlMatchVerdict *verdict);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlMatchVerdict, yl_match_verdict_free)

typedef struct _YlMatcher YlMatcher;

/** yl_matcher_new: columns over all workers of @store. It follows the store by yl_matcher_refresh(). */
YlMatcher *yl_matcher_new (YlStore *store, GError **error);
void yl_matcher_free (YlMatcher *matcher);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlMatcher, yl_matcher_free)
/** yl_matcher_refresh: takes in what was committed since; cheap when nothing was. Called by the functions below. */
gboolean yl_matcher_refresh (YlMatcher *matcher, GError **error);

/** yl_matcher_match: for a stored order. @limit: candidates wanted (0 = 50). Errors: YL_ERROR_NOT_FOUND, YL_ERROR_REFUSED (closed order). */
YlMatchResult *yl_matcher_match (YlMatcher *matcher, const char *order, guint limit, GError **error);
/**
 * yl_matcher_match_draft: for an order that is still being typed: absent fields demand nothing.
 * @sets: NULL-terminated pairs of set name and comma list (`"skills", "infant:3", NULL`).
 */
YlMatchResult *yl_matcher_match_draft (YlMatcher *matcher,
                                       const YlRecord *order,
                                       const char *const *sets,
                                       guint limit,
                                       GError **error);
/** yl_matcher_substitute: as yl_matcher_match() for an order somebody dropped out of; workers who dropped out of it are left out. */
YlMatchResult *yl_matcher_substitute (YlMatcher *matcher, const char *order, guint limit, GError **error);
/** yl_matcher_judge: does this worker fit that order? @start/@end 0: every visit of the order. */
YlMatchVerdict *yl_matcher_judge (YlMatcher *matcher,
                                  const char *order,
                                  const char *worker,
                                  gint64 start,
                                  gint64 end,
                                  GError **error);

/** Words for people, in the language of the locale (gettext). */
const char *yl_match_stage_label (YlMatchStage stage);
const char *yl_match_stage_code (YlMatchStage stage);     /* own, chain, partner */
const char *yl_match_rule_label (const char *rule);       /* what a rule asks, short */
char *yl_match_reason_text (const YlMatchReason *reason); /* the words of a chip, without its sign */
const char *yl_match_factor_label (const char *factor);

G_END_DECLS
