#pragma once

#include "matching/yl-match-bits.h"
#include "matching/yl-match-list.h"
#include "matching/yl-match-travel.h"
#include "matching/yl-match-wage.h"

G_BEGIN_DECLS

/*
 * What matching knows about every worker, one array per column and one bit set per code, so that a query reads only
 * what it asks for. Filled from SQL (yl-match-load.h) or by hand in tests. No I/O here.
 *
 * A worker keeps her row for good; yl_match_columns_put() empties and refills it.
 */

#define YL_MAX_LEVEL 3
#define YL_NO_DAY G_MAXINT32
#define YL_NO_RATING (-1)

/* Instants from elsewhere are clamped to this, so that sums of them cannot overflow. */
#define YL_INSTANT_LIMIT (G_GINT64_CONSTANT (1) << 60)

/** YlLeveled: a bit set per level: who has the code at that level or above. */
typedef struct
{
  YlBits at_least[YL_MAX_LEVEL];
} YlLeveled;

/** YlBusy: an interval in which she cannot work elsewhere; a promise has a place, a leave has none. */
typedef struct
{
  gint64 start;
  gint64 end;
  YlPlace place;
  gboolean promised;
} YlBusy;

typedef struct
{
  gint64 start;
  gint64 end;
} YlInterval;

/** YlTrial: a promised visit of an order with a trial; only the first of an order's visits begins one. */
typedef struct
{
  guint order; /* symbol */
  YlInterval days;
} YlTrial;

/** YlHeldCertificate: days since 1970, YL_NO_DAY where not given. */
typedef struct
{
  guint type;
  gint32 issued;
  gint32 expires;
} YlHeldCertificate;

/** YlTally: how often she served (at a household, in a service type). */
typedef struct
{
  guint symbol;
  guint count;
} YlTally;

/** YlMatchWorker: the single facts of one worker; texts are borrowed. Set with YL_MATCH_WORKER_INIT: everything unknown. */
typedef struct
{
  const char *id;
  const char *number;
  const char *home_store;
  gboolean accepting;
  gboolean shareable;
  int sex;   /* 1, 2; anything else is unknown */
  int adult; /* 0, 1, -1 = unknown */
  YlPlace place;
  gint64 max_travel; /* minutes, -1 = unknown */
  gint64 wage;       /* fen, YL_NO_WAGE */
  YlWageUnit wage_unit;
  gint64 debt;          /* fen */
  gint32 health_until;  /* days, YL_NO_DAY */
  gboolean health_seen; /* there is an exam or a date */
  gboolean health_bad;
  gint32 insured_from;
  gint32 insured_until;
  gboolean insurance_seen;
  gboolean insurance_void;
  gint32 background_day;
  gboolean background_bad;
  gint64 rating; /* 1/100 stars, YL_NO_RATING */
  gint64 rating_count;
  gint64 dropouts;
} YlMatchWorker;

#define YL_MATCH_WORKER_INIT                                                                                       \
  {                                                                                                                \
    .accepting = TRUE, .shareable = TRUE, .adult = -1, .place = YL_NOWHERE, .max_travel = -1, .wage = YL_NO_WAGE,  \
    .health_until = YL_NO_DAY, .insured_from = YL_NO_DAY, .insured_until = YL_NO_DAY, .background_day = YL_NO_DAY, \
    .rating = YL_NO_RATING                                                                                         \
  }

typedef struct
{
  guint n_rows; /* rows ever given out */
  guint n_allocated;

  /* one entry per row */
  char **ids;
  char **numbers;
  const char **homes; /* record ids of stores, interned, or NULL */
  YlPlace *places;
  gint32 *max_travel;
  gint64 *month_wages; /* fen for 26 days, YL_NO_WAGE */
  gint32 *health_until;
  gint32 *insured_from; /* G_MININT32: not given */
  gint32 *insured_until;
  gint32 *background_days;
  gint32 *ratings;
  gint32 *rating_counts;
  gint32 *dropouts;

  /* one bit per row */
  YlBits present;
  YlBits accepting;
  YlBits shareable;
  YlBits minors;
  YlBits age_known;
  YlBits sexes[3]; /* by code; [0] is not used */
  YlBits indebted;
  YlBits health_seen;
  YlBits health_bad;
  YlBits insurance_seen;
  YlBits insurance_void;
  YlBits background_bad;
  YlBits has_mode;
  YlBits has_area;

  /* one bit set per code: code -> YlBits or YlLeveled */
  GHashTable *jobs;
  GHashTable *modes;
  GHashTable *areas;
  GHashTable *stores;
  GHashTable *certificate_types;
  GHashTable *skills;
  GHashTable *languages;

  /* several entries per row */
  YlMatchList busy;         /* YlBusy */
  YlMatchList trials;       /* YlTrial */
  YlMatchList certificates; /* YlHeldCertificate */
  YlMatchList blocks;       /* guint: symbols of households */
  YlMatchList households;   /* YlTally: households served, one or more entries for each */
  YlMatchList scenes;       /* YlTally: service types served, likewise */

  GHashTable *rows;    /* id -> row + 1 */
  GHashTable *aliases; /* id of a merged record -> id of the one that is shown; NULL while there is none */
  GHashTable *symbols; /* text -> number from 1 */

  /* over all workers with reviews: 1/100 stars */
  gint64 rating_sum;
  gint64 rating_total;
} YlMatchColumns;

YlMatchColumns *yl_match_columns_new (void);
void yl_match_columns_free (YlMatchColumns *columns);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlMatchColumns, yl_match_columns_free)

/** yl_match_columns_collect: while new columns are filled, entries of lists may come in any order, until they are settled. */
void yl_match_columns_collect (YlMatchColumns *columns);
void yl_match_columns_settle (YlMatchColumns *columns);

/** yl_match_columns_put: the row of @worker, new or emptied, with these facts. Lists and codes are added afterwards. */
guint yl_match_columns_put (YlMatchColumns *columns, const YlMatchWorker *worker);
/** yl_match_columns_remove: the worker is gone. */
void yl_match_columns_remove (YlMatchColumns *columns, const char *id);
/** yl_match_columns_merge: from now on @id leads to the row of @survivor; a NULL ends that. A row of its own it then has no longer. */
void yl_match_columns_merge (YlMatchColumns *columns, const char *id, const char *survivor);
/** yl_match_columns_find: her row, or -1. */
int yl_match_columns_find (const YlMatchColumns *columns, const char *id);
/** yl_match_columns_waste: entries of lists that no row uses any more, in per cent. */
guint yl_match_columns_waste (const YlMatchColumns *columns);

/** yl_match_columns_symbol: the number of a text, given out at its first use. 0 for NULL. */
guint yl_match_columns_symbol (YlMatchColumns *columns, const char *text);
/** yl_match_columns_known_symbol: 0 where no worker has anything to do with @text. */
guint yl_match_columns_known_symbol (const YlMatchColumns *columns, const char *text);

void yl_match_columns_add_job (YlMatchColumns *columns, guint row, const char *code);
void yl_match_columns_add_mode (YlMatchColumns *columns, guint row, const char *code);
void yl_match_columns_add_area (YlMatchColumns *columns, guint row, const char *code);
void yl_match_columns_add_skill (YlMatchColumns *columns, guint row, const char *code, gint64 level);
void yl_match_columns_add_language (YlMatchColumns *columns, guint row, const char *code, gint64 level);

/* Entries of one list and one worker must be added in one go, before another worker's, unless they are collected. */
void yl_match_columns_add_certificate (YlMatchColumns *columns,
                                       guint row,
                                       const char *type,
                                       gint32 issued,
                                       gint32 expires);
void yl_match_columns_add_busy (YlMatchColumns *columns, guint row, const YlBusy *busy);
void yl_match_columns_add_trial (YlMatchColumns *columns, guint row, const char *order, gint64 start, gint64 end);
void yl_match_columns_add_block (YlMatchColumns *columns, guint row, const char *household);
void yl_match_columns_add_household (YlMatchColumns *columns, guint row, const char *household, gint64 count);
void yl_match_columns_add_scene (YlMatchColumns *columns, guint row, const char *service_type, gint64 count);

/** yl_match_columns_code: who has @code; an empty set where nobody does. */
const YlBits *yl_match_columns_code (GHashTable *codes, const char *code);
/** yl_match_columns_level: who has @code at @level (1 to 3) or above. */
const YlBits *yl_match_columns_level (GHashTable *codes, const char *code, gint64 level);

G_END_DECLS
