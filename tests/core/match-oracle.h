#pragma once

#include "matching/yl-match-search.h"

/*
 * The plain truth for tests: workers and one order as lists, rules and points written out again from their description,
 * one worker at a time. Knows nothing of columns and bit sets.
 */

#define ORACLE_MAX 8

typedef struct
{
  const char *code;
  int level;
} OracleLevel;

typedef struct
{
  char id[40];
  char number[16];
  YlMatchWorker facts;
  const char *jobs[ORACLE_MAX];
  const char *modes[ORACLE_MAX];
  const char *areas[ORACLE_MAX];
  OracleLevel skills[ORACLE_MAX];
  OracleLevel languages[ORACLE_MAX];
  struct
  {
    const char *type;
    gint32 issued;
    gint32 expires;
  } certificates[ORACLE_MAX];
  YlBusy busy[ORACLE_MAX];
  guint n_busy;
  YlInterval trials[ORACLE_MAX];
  guint n_trials;
  const char *blocks[ORACLE_MAX];
  OracleLevel households[ORACLE_MAX]; /* level = visits served */
  OracleLevel scenes[ORACLE_MAX];
} OracleWorker;

typedef struct
{
  const char *store;
  const char *job;
  const char *mode;
  const char *district;
  const char *household;
  YlPlace place;
  YlInterval visits[60];
  guint n_visits;
  OracleLevel skills[ORACLE_MAX];
  OracleLevel wished_skills[ORACLE_MAX];
  OracleLevel languages[ORACLE_MAX];
  const char *certificates[ORACLE_MAX];
  const char *excluded[ORACLE_MAX];
  const char *preferred[ORACLE_MAX];
  gint64 budget_from;
  gint64 budget_to;
  YlWageUnit budget_unit;
  int sex;
  gboolean need_health;
  gboolean need_insurance;
  gboolean need_background;
  int trial_days;
} OracleOrder;

/* Random worlds, the same for the same seed. */
void oracle_random_worker (GRand *rand, guint i, OracleWorker *worker);
void oracle_random_order (GRand *rand, const OracleWorker *workers, guint n_workers, OracleOrder *order);

/* Into the code under test. */
void oracle_put (YlMatchColumns *columns, const OracleWorker *worker);
YlMatchQuery *oracle_query (const YlMatchColumns *columns, const OracleOrder *order);

/* The verdicts, one bit per rule in the order of yl_match_rules: set = refused. */
guint32 oracle_refusals (const OracleWorker *worker, const OracleOrder *order, gboolean own);
/* Points by factor. */
void oracle_points (const OracleWorker *worker, const OracleOrder *order, gint64 mean_rating, int *points);
gint64 oracle_mean_rating (const OracleWorker *workers, guint n_workers);
/* Every chip of a candidate must follow from her facts, and at most five. */
void oracle_check_reasons (const YlCandidate *candidate, const OracleWorker *worker, const OracleOrder *order);
