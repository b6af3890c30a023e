#include "matching/yl-matcher-private.h"

#include "base/yl-i18n.h"
#include "matching/yl-match-follow.h"
#include "matching/yl-match-load.h"
#include "matching/yl-match-rule.h"
#include "matching/yl-match-search.h"
#include "records/yl-order.h"
#include "records/yl-tables.h"
#include "store/yl-store-private.h"

/* Above this share of rows it is cheaper to load all anew than one by one. */
#define RELOAD_SHARE 8
#define MAX_WASTE_PERCENT 50

struct _YlMatcher
{
  /* Owned */
  YlStore *store;
  YlMatchColumns *columns;

  gint64 last_n; /* entry the columns are as of */
};

static gboolean
load_everybody (YlMatcher *matcher, GError **error)
{
  g_autoptr (YlMatchColumns) columns = yl_match_columns_new ();

  if (!yl_match_load_all (columns, matcher->store->database, error))
    return FALSE;
  g_clear_pointer (&matcher->columns, yl_match_columns_free);
  matcher->columns = g_steal_pointer (&columns);
  return TRUE;
}

static gboolean
load_some (YlMatcher *matcher, GHashTable *workers, GError **error)
{
  GHashTableIter iter;
  gpointer id;

  g_hash_table_iter_init (&iter, workers);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    if (!yl_match_load_worker (matcher->columns, matcher->store->database, id, error))
      return FALSE;
  return TRUE;
}

static gboolean
follow (YlMatcher *matcher, gint64 n, GError **error)
{
  g_autoptr (GHashTable) workers = NULL;
  gboolean everybody =
      matcher->columns == NULL || n < matcher->last_n || yl_match_columns_waste (matcher->columns) > MAX_WASTE_PERCENT;
  GError *failure = NULL;

  if (!everybody)
    workers = yl_match_follow (matcher->store, matcher->last_n, &everybody, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  if (everybody || g_hash_table_size (workers) > 64 + matcher->columns->n_rows / RELOAD_SHARE)
    return load_everybody (matcher, error);
  return load_some (matcher, workers, error);
}

static gboolean
last_entry (YlMatcher *matcher, gint64 *n, GError **error)
{
  return yl_database_integer (matcher->store->database, n, 0, error, "SELECT ifnull(max(n), 0) FROM entry", "");
}

/* In one read transaction, so that the rows are as of the entry noted. */
static gboolean
catch_up (YlMatcher *matcher, GError **error)
{
  YlDatabase *database = matcher->store->database;
  gboolean ok;
  gint64 n = 0;

  if (!yl_database_script (database, "SAVEPOINT matching", error))
    return FALSE;
  ok = last_entry (matcher, &n, error) && follow (matcher, n, error);
  if (!yl_database_script (database, "RELEASE matching", ok ? error : NULL))
    return FALSE;
  if (ok)
    matcher->last_n = n;
  return ok;
}

gboolean
yl_matcher_refresh (YlMatcher *matcher, GError **error)
{
  gint64 n = 0;

  if (!last_entry (matcher, &n, error))
    return FALSE;
  return n == matcher->last_n || catch_up (matcher, error);
}

YlMatcher *
yl_matcher_new (YlStore *store, GError **error)
{
  g_autoptr (YlMatcher) matcher = g_new0 (YlMatcher, 1);

  matcher->store = g_object_ref (store);
  return catch_up (matcher, error) ? g_steal_pointer (&matcher) : NULL;
}

void
yl_matcher_free (YlMatcher *matcher)
{
  g_clear_pointer (&matcher->columns, yl_match_columns_free);
  g_object_unref (matcher->store);
  g_free (matcher);
}

YlStore *
yl_matcher_get_store (YlMatcher *matcher)
{
  return matcher->store;
}

/* An order's sets as pairs of name and comma list. */
static GStrv
read_sets (YlMatcher *matcher, const char *order, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (const YlSet *set = yl_order_table.sets; set->name != NULL; set++)
    {
      g_autofree char *list = yl_store_get_set (matcher->store, set, order, error);

      if (list == NULL)
        return NULL;
      g_strv_builder_add_many (builder, set->name, list, NULL);
    }
  return g_strv_builder_end (builder);
}

static YlMatchQuery *
query_new (YlMatcher *matcher, const YlRecord *order, const char *const *sets, GError **error)
{
  g_autoptr (YlMatchQuery) query = yl_match_query_new (matcher->columns);
  const char *store = yl_record_get_text (order, "store");

  if (store == NULL)
    store = yl_store_get_site (matcher->store);
  if (store != NULL)
    query->own_store = yl_match_columns_code (matcher->columns->stores, store);
  return yl_match_query_read (query, matcher->columns, order, sets, error) ? g_steal_pointer (&query) : NULL;
}

/* Promises that stand for the order, whoever made them. Returns: (element-type YlInterval) */
static GArray *
standing_promises (YlMatcher *matcher, const char *order, GError **error)
{
  g_autoptr (GArray) promises = g_array_new (FALSE, FALSE, sizeof (YlInterval));
  g_autoptr (YlRows) rows = yl_database_query (
      matcher->store->database, error,
      "SELECT start, end FROM booking WHERE [order] = ?1 AND state IN " YL_MATCH_STANDING, "t", order);
  GError *failure = NULL;

  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, &failure))
    {
      YlInterval promise = { yl_rows_integer (rows, 0), yl_rows_integer (rows, 1) };

      g_array_append_val (promises, promise);
    }
  if (failure == NULL)
    return g_steal_pointer (&promises);
  g_propagate_error (error, failure);
  return NULL;
}

static gboolean
is_open (const YlVisit *visit, GArray *promises, gint64 headcount)
{
  gint64 n = 0;

  for (guint i = 0; i < promises->len; i++)
    {
      const YlInterval *promise = &g_array_index (promises, YlInterval, i);

      n += promise->start < visit->end && promise->end > visit->start;
    }
  return n < headcount;
}

static void
set_visits (YlMatchQuery *query, GArray *visits)
{
  G_STATIC_ASSERT (sizeof (YlVisit) == sizeof (YlInterval));

  yl_match_query_set_visits (query, (const YlInterval *) visits->data, visits->len);
}

/* The visits somebody is still wanted for: not promised and not over. Where none is left, all of them. */
static gboolean
set_open_visits (YlMatcher *matcher, YlMatchQuery *query, const YlRecord *order, GError **error)
{
  g_autoptr (GArray) visits = yl_order_visits (order);
  g_autoptr (GArray) open = g_array_new (FALSE, FALSE, sizeof (YlVisit));
  g_autoptr (GArray) promises = standing_promises (matcher, yl_record_get_id (order), error);
  gint64 headcount = yl_record_get_integer (order, "headcount", 1);
  gint64 now = yl_store_now (matcher->store);

  if (promises == NULL)
    return FALSE;
  for (guint i = 0; i < visits->len; i++)
    {
      const YlVisit *visit = &g_array_index (visits, YlVisit, i);

      if (visit->end > now && is_open (visit, promises, headcount))
        g_array_append_vals (open, visit, 1);
    }
  set_visits (query, open->len > 0 ? open : visits);
  return TRUE;
}

static YlRecord *
read_order (YlMatcher *matcher, const char *order, GError **error)
{
  g_autofree char *id = yl_store_find_id (matcher->store, "order", order, error);

  return id == NULL ? NULL : yl_store_get (matcher->store, "order", id, error);
}

/* The query of a stored order, bound to columns that are up to date. */
static YlMatchQuery *
query_of_order (YlMatcher *matcher, const YlRecord *order, GError **error)
{
  g_autoptr (YlMatchQuery) query = NULL;
  g_auto (GStrv) sets = NULL;

  if (!yl_matcher_refresh (matcher, error))
    return NULL;
  sets = read_sets (matcher, yl_record_get_id (order), error);
  if (sets == NULL)
    return NULL;
  query = query_new (matcher, order, (const char *const *) sets, error);
  if (query == NULL || !set_open_visits (matcher, query, order, error))
    return NULL;
  return g_steal_pointer (&query);
}

static gboolean
check_is_wanted (YlMatcher *matcher, const YlRecord *order, GError **error)
{
  GError *failure = NULL;
  g_autofree char *state = yl_database_text (
      matcher->store->database, &failure, "SELECT state FROM order_state WHERE id = ?1", "t", yl_record_get_id (order));

  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  if (g_strcmp0 (state, "cancelled") != 0 && g_strcmp0 (state, "completed") != 0)
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("Order %s is closed: reopen it to look for a worker"),
               yl_record_get_text (order, "order_no"));
  return FALSE;
}

/* Who dropped out of the order is not asked again. */
static gboolean
exclude_dropouts (YlMatcher *matcher, YlMatchQuery *query, const char *order, GError **error)
{
  g_autoptr (YlRows) rows =
      yl_database_query (matcher->store->database, error, "SELECT worker FROM dropout WHERE [order] = ?1", "t", order);
  GError *failure = NULL;

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, &failure))
    {
      const char *worker = yl_rows_text (rows, 0);
      int row = worker != NULL ? yl_match_columns_find (matcher->columns, worker) : -1;

      if (row >= 0)
        yl_bits_set (&query->excluded, (guint) row, TRUE);
    }
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, failure);
  return FALSE;
}

static YlMatchResult *
match_order (YlMatcher *matcher, const char *order, guint limit, gboolean substitute, GError **error)
{
  g_autoptr (YlRecord) record = read_order (matcher, order, error);
  g_autoptr (YlMatchQuery) query = NULL;
  YlMatchResult *result;

  if (record == NULL || !check_is_wanted (matcher, record, error))
    return NULL;
  query = query_of_order (matcher, record, error);
  if (query == NULL || (substitute && !exclude_dropouts (matcher, query, yl_record_get_id (record), error)))
    return NULL;
  result = yl_match_search (matcher->columns, query, yl_record_get_text (record, "service_type"), limit);
  result->order = g_strdup (yl_record_get_id (record));
  return result;
}

YlMatchResult *
yl_matcher_match (YlMatcher *matcher, const char *order, guint limit, GError **error)
{
  return match_order (matcher, order, limit, FALSE, error);
}

YlMatchResult *
yl_matcher_substitute (YlMatcher *matcher, const char *order, guint limit, GError **error)
{
  return match_order (matcher, order, limit, TRUE, error);
}

YlMatchResult *
yl_matcher_match_draft (YlMatcher *matcher, const YlRecord *order, const char *const *sets, guint limit, GError **error)
{
  g_autoptr (YlMatchQuery) query = NULL;
  g_autoptr (GArray) visits = yl_order_visits (order);

  if (!yl_matcher_refresh (matcher, error))
    return NULL;
  query = query_new (matcher, order, sets, error);
  if (query == NULL)
    return NULL;
  set_visits (query, visits);
  return yl_match_search (matcher->columns, query, yl_record_get_text (order, "service_type"), limit);
}

/* The dates on which she is not free, each once. */
static GStrv
failing_dates (YlMatcher *matcher, const YlMatchQuery *query, guint row)
{
  g_autoptr (GStrvBuilder) dates = g_strv_builder_new ();
  gint64 last_day = G_MININT64;

  for (guint i = 0; i < query->visits->len; i++)
    {
      const YlInterval *visit = &g_array_index (query->visits, YlInterval, i);
      gint64 day = yl_date_of (visit->start);
      g_autofree char *date = NULL;

      if (day == last_day || yl_match_is_free (matcher->columns, query, row, visit))
        continue;
      date = yl_date_format (day);
      g_strv_builder_add (dates, date);
      last_day = day;
    }
  return g_strv_builder_end (dates);
}

static YlMatchVerdict *
verdict_new (YlMatcher *matcher, YlMatchQuery *query, guint row)
{
  g_autoptr (GStrvBuilder) failed = g_strv_builder_new ();
  YlMatchVerdict *verdict = g_new0 (YlMatchVerdict, 1);

  query->stage = yl_bits_test (query->own_store, row) ? YL_STAGE_OWN : YL_STAGE_CHAIN;
  for (guint i = 0; i < YL_MATCH_N_RULES; i++)
    if (yl_match_rule_refuses (&yl_match_rules[i], matcher->columns, query, row))
      g_strv_builder_add (failed, yl_match_rules[i].code);
  verdict->failed = g_strv_builder_end (failed);
  verdict->failing_dates = failing_dates (matcher, query, row);
  return verdict;
}

YlMatchVerdict *
yl_matcher_judge (YlMatcher *matcher, const char *order, const char *worker, gint64 start, gint64 end, GError **error)
{
  g_autoptr (YlRecord) record = read_order (matcher, order, error);
  g_autofree char *worker_id = record != NULL ? yl_store_find_id (matcher->store, "worker", worker, error) : NULL;
  g_autoptr (YlMatchQuery) query = NULL;
  int row;

  if (worker_id == NULL)
    return NULL;
  query = query_of_order (matcher, record, error);
  if (query == NULL)
    return NULL;
  if (start != 0 || end != 0)
    yl_match_query_set_visits (query, &(YlInterval){ start, end }, 1);
  row = yl_match_columns_find (matcher->columns, worker_id);
  if (row < 0)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_NOT_FOUND, _ ("There is no worker %s here"), worker);
      return NULL;
    }
  return verdict_new (matcher, query, (guint) row);
}

void
yl_match_verdict_free (YlMatchVerdict *verdict)
{
  g_strfreev (verdict->failed);
  g_strfreev (verdict->failing_dates);
  g_free (verdict);
}
