#include "matching/yl-match-load.h"

#include "base/yl-clock.h"
#include "matching/yl-match-query.h"
#include "merge/yl-alias.h"

/* Put in place of `$who`: the same queries read everybody, one record, or one worker with all records of her. */
#define WHO "$who"
#define ONE_RECORD "= ?1"
#define ONE_WORKER "IN " YL_ALIAS_GROUP ("?1")
#define EVERYBODY "IS NOT NULL"

typedef struct
{
  YlMatchColumns *columns;
  YlDatabase *database;
  const char *id; /* whom to load; NULL: everybody */
  const char *who;
} Loading;

static gint32
read_day (YlRows *rows, int column)
{
  const char *date = yl_rows_text (rows, column);
  gint64 day;

  /* What another version wrote may be no date: then it is not known. */
  if (date == NULL || !yl_date_parse (date, &day, NULL))
    return YL_NO_DAY;
  return (gint32) CLAMP (day, -YL_NO_DAY, YL_NO_DAY - 1);
}

static gint64
read_integer (YlRows *rows, int column, gint64 if_null)
{
  return yl_rows_is_null (rows, column) ? if_null : yl_rows_integer (rows, column);
}

static YlPlace
read_place (YlRows *rows, int lat, int lon)
{
  if (yl_rows_is_null (rows, lat) || yl_rows_is_null (rows, lon))
    return YL_NOWHERE;
  return yl_place_from_degrees (yl_rows_integer (rows, lat), yl_rows_integer (rows, lon));
}

static gboolean
text_is (YlRows *rows, int column, const char *text)
{
  return g_strcmp0 (yl_rows_text (rows, column), text) == 0;
}

static const char worker_query[] =
    "SELECT id, worker_no, home_store, accept_state, blacklist_reason, shareable, sex, adult, lat, lon, max_travel,"
    " expected_wage, wage_unit, debt, health_exam, health_expires, health_result, insurance_from, insurance_to,"
    " insurance_status, background_date, background_status, rating, rating_count,"
    " ifnull(dropout_count, 0) + (SELECT count(*) FROM dropout WHERE dropout.worker = worker.id)"
    " FROM worker WHERE id " WHO;

enum
{
  COLUMN_ID,
  COLUMN_NUMBER,
  COLUMN_HOME_STORE,
  COLUMN_ACCEPT_STATE,
  COLUMN_BLACKLIST_REASON,
  COLUMN_SHAREABLE,
  COLUMN_SEX,
  COLUMN_ADULT,
  COLUMN_LAT,
  COLUMN_LON,
  COLUMN_MAX_TRAVEL,
  COLUMN_WAGE,
  COLUMN_WAGE_UNIT,
  COLUMN_DEBT,
  COLUMN_HEALTH_EXAM,
  COLUMN_HEALTH_EXPIRES,
  COLUMN_HEALTH_RESULT,
  COLUMN_INSURANCE_FROM,
  COLUMN_INSURANCE_TO,
  COLUMN_INSURANCE_STATUS,
  COLUMN_BACKGROUND_DATE,
  COLUMN_BACKGROUND_STATUS,
  COLUMN_RATING,
  COLUMN_RATING_COUNT,
  COLUMN_DROPOUTS,
};

static void
read_papers (YlRows *rows, YlMatchWorker *worker)
{
  gboolean void_policy = text_is (rows, COLUMN_INSURANCE_STATUS, "expired")
                         || text_is (rows, COLUMN_INSURANCE_STATUS, "cancelled")
                         || text_is (rows, COLUMN_INSURANCE_STATUS, "surrendered");
  gboolean unsure_policy =
      text_is (rows, COLUMN_INSURANCE_STATUS, "pending") || text_is (rows, COLUMN_INSURANCE_STATUS, "processing");

  worker->health_until = read_day (rows, COLUMN_HEALTH_EXPIRES);
  worker->health_seen = worker->health_until != YL_NO_DAY || read_day (rows, COLUMN_HEALTH_EXAM) != YL_NO_DAY;
  worker->health_bad = text_is (rows, COLUMN_HEALTH_RESULT, "fail");
  worker->insured_from = read_day (rows, COLUMN_INSURANCE_FROM);
  worker->insured_until = read_day (rows, COLUMN_INSURANCE_TO);
  worker->insurance_void = void_policy;
  worker->insurance_seen =
      !unsure_policy && (worker->insured_until != YL_NO_DAY || text_is (rows, COLUMN_INSURANCE_STATUS, "active"));
  worker->background_bad = text_is (rows, COLUMN_BACKGROUND_STATUS, "flagged");
  if (!text_is (rows, COLUMN_BACKGROUND_STATUS, "pending"))
    worker->background_day = read_day (rows, COLUMN_BACKGROUND_DATE);
}

static void
read_worker (YlMatchColumns *columns, YlRows *rows)
{
  const char *accept_state = yl_rows_text (rows, COLUMN_ACCEPT_STATE);
  YlMatchWorker worker = YL_MATCH_WORKER_INIT;

  worker.id = yl_rows_text (rows, COLUMN_ID);
  worker.number = yl_rows_text (rows, COLUMN_NUMBER);
  worker.home_store = yl_rows_text (rows, COLUMN_HOME_STORE);
  worker.accepting = (accept_state == NULL || g_str_equal (accept_state, "accepting"))
                     && yl_rows_is_null (rows, COLUMN_BLACKLIST_REASON);
  worker.shareable = !text_is (rows, COLUMN_SHAREABLE, "none");
  worker.sex = (int) read_integer (rows, COLUMN_SEX, 0);
  worker.adult = yl_rows_is_null (rows, COLUMN_ADULT) ? -1 : yl_rows_integer (rows, COLUMN_ADULT) != 0;
  worker.place = read_place (rows, COLUMN_LAT, COLUMN_LON);
  worker.max_travel = read_integer (rows, COLUMN_MAX_TRAVEL, -1);
  worker.wage = read_integer (rows, COLUMN_WAGE, YL_NO_WAGE);
  worker.wage_unit = yl_wage_unit_from_code (yl_rows_text (rows, COLUMN_WAGE_UNIT));
  worker.debt = read_integer (rows, COLUMN_DEBT, 0);
  worker.rating = read_integer (rows, COLUMN_RATING, YL_NO_RATING);
  worker.rating_count = read_integer (rows, COLUMN_RATING_COUNT, 0);
  worker.dropouts = read_integer (rows, COLUMN_DROPOUTS, 0);
  read_papers (rows, &worker);
  yl_match_columns_put (columns, &worker);
}

/* What hangs on a worker: her row is known by then. The first column of every query is the worker. */
typedef void (*ReadFunc) (YlMatchColumns *columns, guint row, YlRows *rows);

static void
read_job (YlMatchColumns *columns, guint row, YlRows *rows)
{
  yl_match_columns_add_job (columns, row, yl_rows_text (rows, 1));
}

static void
read_mode (YlMatchColumns *columns, guint row, YlRows *rows)
{
  yl_match_columns_add_mode (columns, row, yl_rows_text (rows, 1));
}

static void
read_area (YlMatchColumns *columns, guint row, YlRows *rows)
{
  yl_match_columns_add_area (columns, row, yl_rows_text (rows, 1));
}

static void
read_skill (YlMatchColumns *columns, guint row, YlRows *rows)
{
  yl_match_columns_add_skill (columns, row, yl_rows_text (rows, 1), read_integer (rows, 2, 1));
}

static void
read_language (YlMatchColumns *columns, guint row, YlRows *rows)
{
  yl_match_columns_add_language (columns, row, yl_rows_text (rows, 1), read_integer (rows, 2, 1));
}

static void
read_certificate (YlMatchColumns *columns, guint row, YlRows *rows)
{
  yl_match_columns_add_certificate (columns, row, yl_rows_text (rows, 1), read_day (rows, 2), read_day (rows, 3));
}

static void
read_leave (YlMatchColumns *columns, guint row, YlRows *rows)
{
  YlBusy busy = { yl_rows_integer (rows, 1), yl_rows_integer (rows, 2), YL_NOWHERE, FALSE };

  yl_match_columns_add_busy (columns, row, &busy);
}

/* worker, start, end, served, lat, lon, order, household, service_type, trial_days */
static void
read_promise (YlMatchColumns *columns, guint row, YlRows *rows)
{
  YlBusy busy = { yl_rows_integer (rows, 1), yl_rows_integer (rows, 2), read_place (rows, 4, 5), TRUE };
  gboolean served = yl_rows_integer (rows, 3) != 0;
  gint64 trial_days = yl_rows_integer (rows, 9);

  yl_match_columns_add_busy (columns, row, &busy);
  if (served && !yl_rows_is_null (rows, 7))
    yl_match_columns_add_household (columns, row, yl_rows_text (rows, 7), 1);
  if (served && !yl_rows_is_null (rows, 8))
    yl_match_columns_add_scene (columns, row, yl_rows_text (rows, 8), 1);
  if (trial_days > 0)
    yl_match_columns_add_trial (columns, row, yl_rows_text (rows, 6), busy.start,
                                yl_trial_end (busy.start, trial_days));
}

static void
read_block (YlMatchColumns *columns, guint row, YlRows *rows)
{
  yl_match_columns_add_block (columns, row, yl_rows_text (rows, 1));
}

/* Of the other records of the same person. */
static void
read_other_dropouts (YlMatchColumns *columns, guint row, YlRows *rows)
{
  columns->dropouts[row] += (gint32) CLAMP (yl_rows_integer (rows, 1), 0, 1000);
}

/* In the order of the tables, which is the quickest. `+state`: one worker's promises are found by her, not by their state. */
static const struct
{
  const char *query;
  ReadFunc read;
} sources[] = {
  { "SELECT worker, code FROM worker_job WHERE worker " WHO " AND code IS NOT NULL", read_job },
  { "SELECT worker, code FROM worker_mode WHERE worker " WHO " AND code IS NOT NULL", read_mode },
  { "SELECT worker, code FROM worker_area WHERE worker " WHO " AND code IS NOT NULL", read_area },
  { "SELECT worker, code, level FROM worker_skill WHERE worker " WHO " AND code IS NOT NULL", read_skill },
  { "SELECT worker, code, level FROM worker_language WHERE worker " WHO " AND code IS NOT NULL", read_language },
  { "SELECT worker, type, issued, expires FROM certificate WHERE worker " WHO " AND type IS NOT NULL",
    read_certificate },
  { "SELECT worker, household FROM worker_block WHERE worker " WHO " AND household IS NOT NULL", read_block },
  { "SELECT worker, start, end FROM availability"
    " WHERE worker " WHO " AND state IN ('leave', 'unavailable') AND start IS NOT NULL AND end IS NOT NULL",
    read_leave },
  { "SELECT booking.worker, booking.start, booking.end, state = 'served', lat, lon, booking.[order], household, service_type, trial_days"
    " FROM booking LEFT JOIN [order] ON [order].id = booking.[order]"
    " WHERE booking.worker " WHO " AND +state IN " YL_MATCH_STANDING
    " AND booking.start IS NOT NULL AND booking.end IS NOT NULL",
    read_promise },
  { "SELECT id, (SELECT count(*) FROM dropout WHERE dropout.worker = merged.id)"
    " + ifnull((SELECT dropout_count FROM worker WHERE worker.id = merged.id), 0)"
    " FROM merged WHERE id " WHO,
    read_other_dropouts },
};

static YlRows *
open_source (const Loading *loading, const char *query, GError **error)
{
  g_autoptr (GString) sql = g_string_new (query);

  g_string_replace (sql, WHO, loading->who, 0);
  return loading->id != NULL ? yl_database_query (loading->database, error, sql->str, "t", loading->id)
                             : yl_database_query (loading->database, error, sql->str, "");
}

static gboolean
is_merged (const YlMatchColumns *columns, const char *id)
{
  return columns->aliases != NULL && g_hash_table_contains (columns->aliases, id);
}

/* Which records are shown as another one. */
static gboolean
load_merged (const Loading *loading, GError **error)
{
  static const char all[] = "SELECT id, survivor FROM merged WHERE kind = 'worker'";
  static const char hers[] = "SELECT id, survivor FROM merged WHERE survivor = ?1";
  g_autoptr (YlRows) rows = open_source (loading, loading->id == NULL ? all : hers, error);
  GError *failure = NULL;

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, &failure))
    yl_match_columns_merge (loading->columns, yl_rows_text (rows, 0), yl_rows_text (rows, 1));
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, failure);
  return FALSE;
}

static gboolean
load_workers (const Loading *loading, guint *n, GError **error)
{
  g_autoptr (YlRows) rows = open_source (loading, worker_query, error);
  GError *failure = NULL;

  if (rows == NULL)
    return FALSE;
  for (*n = 0; yl_rows_next (rows, &failure); (*n)++)
    if (!is_merged (loading->columns, yl_rows_text (rows, COLUMN_ID)))
      read_worker (loading->columns, rows);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, failure);
  return FALSE;
}

static gboolean
load_source (const Loading *loading, guint source, GError **error)
{
  g_autoptr (YlRows) rows = open_source (loading, sources[source].query, error);
  GError *failure = NULL;

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, &failure))
    {
      int row = yl_match_columns_find (loading->columns, yl_rows_text (rows, 0));

      /* A set or a promise may be here before its worker is. */
      if (row >= 0)
        sources[source].read (loading->columns, (guint) row, rows);
    }
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, failure);
  return FALSE;
}

static gboolean
load (const Loading *loading, GError **error)
{
  guint n;

  if (!load_workers (loading, &n, error))
    return FALSE;
  if (loading->id != NULL && n == 0)
    {
      yl_match_columns_remove (loading->columns, loading->id);
      return TRUE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    if (!load_source (loading, i, error))
      return FALSE;
  return TRUE;
}

gboolean
yl_match_load_all (YlMatchColumns *columns, YlDatabase *database, GError **error)
{
  const Loading loading = { columns, database, NULL, EVERYBODY };
  gboolean ok;

  yl_match_columns_collect (columns);
  ok = load_merged (&loading, error) && load (&loading, error);
  yl_match_columns_settle (columns);
  return ok;
}

gboolean
yl_match_load_worker (YlMatchColumns *columns, YlDatabase *database, const char *id, GError **error)
{
  Loading loading = { columns, database, id, ONE_RECORD };
  g_autoptr (GError) local = NULL;
  g_autofree char *survivor = NULL;

  /* The first merge makes everybody load anew: until then nobody has several records. */
  if (columns->aliases == NULL)
    return load (&loading, error);
  survivor = yl_database_text (database, &local, "SELECT survivor FROM merged WHERE id = ?1", "t", id);
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  yl_match_columns_merge (columns, id, survivor);
  loading.id = survivor != NULL ? survivor : id;
  loading.who = ONE_WORKER;
  return load_merged (&loading, error) && load (&loading, error);
}
