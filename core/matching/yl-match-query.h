#pragma once

#include "matching/yl-match-columns.h"
#include "matching/yl-match.h"

G_BEGIN_DECLS

typedef struct
{
  const char *code; /* interned */
  gint64 level;
  const YlLeveled *held; /* who has it, or NULL: nobody */
} YlNeed;

/**
 * YlMatchQuery: what one order asks for, bound to the columns it is asked of: valid until they change.
 * Absent fields demand nothing.
 */
typedef struct
{
  YlMatchStage stage;      /* the stage being searched */
  const YlBits *own_store; /* workers of the order's store */

  const YlBits *job; /* NULL: not asked */
  const YlBits *mode;
  const YlBits *area; /* workers who serve the order's district; NULL: no district given */
  guint service_type; /* symbols, 0: none */
  guint household;
  YlPlace place;

  GArray *visits;   /* of YlInterval, by start */
  gint32 first_day; /* days since 1970, YL_NO_DAY without visits */
  gint32 last_day;

  GArray *skills; /* of YlNeed */
  GArray *wished_skills;
  GArray *languages;
  GArray *certificates; /* of guint: symbols of types; 0 = nobody holds it */
  YlBits excluded;
  YlBits preferred;

  gint64 budget_from; /* fen, YL_NO_WAGE */
  gint64 budget_to;
  YlWageUnit budget_unit;
  int sex; /* 0: any */
  gboolean need_health;
  gboolean need_insurance;
  gboolean need_background;
  gint64 trial_days; /* 0: none */

  gint64 mean_rating; /* of all workers with reviews, 1/100 stars */
} YlMatchQuery;

/** yl_match_query_new: demands nothing. Fill it and call yl_match_query_set_visits() last. */
YlMatchQuery *yl_match_query_new (const YlMatchColumns *columns);
void yl_match_query_free (YlMatchQuery *query);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlMatchQuery, yl_match_query_free)

/** yl_match_query_set_visits: @visits: of YlInterval, sorted by start. */
void yl_match_query_set_visits (YlMatchQuery *query, const YlInterval *visits, guint n_visits);
void yl_match_query_set_service (YlMatchQuery *query,
                                 const YlMatchColumns *columns,
                                 const char *type,
                                 const char *mode);
void yl_match_query_add_certificate (YlMatchQuery *query, const YlMatchColumns *columns, const char *type);
/** yl_match_query_add_need: to @needs, one of the query's arrays; @codes: the columns' table it is looked up in. */
void yl_match_query_add_need (GArray *needs, GHashTable *codes, const char *code, gint64 level);

/** yl_trial_end: when a trial of @days that begins at @start is over. */
gint64 yl_trial_end (gint64 start, gint64 days);
/**
 * yl_match_query_read: from an order's record and its sets (NULL-terminated pairs of set name and comma list).
 * Sets everything but own_store and the visits. Errors: YL_ERROR_INVALID: an unknown set.
 */
gboolean yl_match_query_read (YlMatchQuery *query,
                              const YlMatchColumns *columns,
                              const YlRecord *order,
                              const char *const *sets,
                              GError **error);

G_END_DECLS
