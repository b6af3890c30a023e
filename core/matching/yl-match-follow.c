#include "matching/yl-match-follow.h"

#include "store/yl-store-private.h"
#include "change/yl-touched.h"

/*
 * From the operations of new entries to workers. Rows of a worker name her; what decides promises names a claim. Which
 * promises stand is derived, and one claim may make another fall or rise again: that reaches as far as claims contend for
 * a slot or for an hour of one worker, and no further.
 */

typedef enum
{
  TOUCH_WORKER,    /* the record is the worker */
  TOUCH_OWNER,     /* its column `worker` names her */
  TOUCH_CLAIM,     /* the record is a claim; where it no longer counts, nothing tells whom it kept from what */
  TOUCH_DECISION,  /* its column `claim` names the claim */
  TOUCH_ORDER,     /* the record is an order: its place and type show in its promises */
  TOUCH_EVENT,     /* its column `order` names the order */
  TOUCH_EVERYBODY, /* rights: entries folded earlier may count differently now; people merged or no longer: rarely */
} Touch;

static const struct
{
  const char *table;
  Touch touch;
} touches[] = {
  { "worker", TOUCH_WORKER },       { "worker_job", TOUCH_OWNER },      { "worker_mode", TOUCH_OWNER },
  { "worker_skill", TOUCH_OWNER },  { "worker_language", TOUCH_OWNER }, { "worker_area", TOUCH_OWNER },
  { "worker_block", TOUCH_OWNER },  { "certificate", TOUCH_OWNER },     { "availability", TOUCH_OWNER },
  { "dropout", TOUCH_OWNER },       { "claim", TOUCH_CLAIM },           { "confirmation", TOUCH_DECISION },
  { "withdrawal", TOUCH_DECISION }, { "evidence", TOUCH_DECISION },     { "ruling", TOUCH_DECISION },
  { "order", TOUCH_ORDER },         { "order_event", TOUCH_EVENT },     { "company", TOUCH_EVERYBODY },
  { "site", TOUCH_EVERYBODY },      { "staff", TOUCH_EVERYBODY },       { "node", TOUCH_EVERYBODY },
  { "alias", TOUCH_EVERYBODY },
};

/* Claims that contend with claim ?1, however indirectly, and itself. Bookings name the worker as whom she is shown. */
static const char contenders_of_claim[] =
    "WITH RECURSIVE near (id) AS ("
    " VALUES (?1)"
    " UNION SELECT b.id FROM near JOIN claim a ON a.id = near.id JOIN claim b ON b.[order] = a.[order] AND b.slot = a.slot"
    " UNION SELECT b.id FROM near JOIN booking a ON a.id = near.id"
    " JOIN booking b ON b.worker = a.worker AND b.start < a.end AND b.end > a.start)"
    "SELECT DISTINCT worker FROM near JOIN booking USING (id)";

static const char contenders_of_order[] =
    "WITH RECURSIVE near (id) AS ("
    " SELECT id FROM claim WHERE [order] = ?1"
    " UNION SELECT b.id FROM near JOIN claim a ON a.id = near.id JOIN claim b ON b.[order] = a.[order] AND b.slot = a.slot"
    " UNION SELECT b.id FROM near JOIN booking a ON a.id = near.id"
    " JOIN booking b ON b.worker = a.worker AND b.start < a.end AND b.end > a.start)"
    "SELECT DISTINCT worker FROM near JOIN booking USING (id)";

/* Adds the first column of every row. */
static gboolean
add_workers (GHashTable *workers, YlDatabase *database, const char *query, const char *id, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (database, error, query, "t", id);
  GError *failure = NULL;

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, &failure))
    if (!yl_rows_is_null (rows, 0))
      g_hash_table_add (workers, g_strdup (yl_rows_text (rows, 0)));
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, failure);
  return FALSE;
}

/* What a record refers to; of a deleted one, what it referred to. NULL without error when the store has no trace. */
static char *
referred (YlDatabase *database, const char *table, const char *column, const char *id, GError **error)
{
  g_autofree char *query = g_strdup_printf ("SELECT [%s] FROM [%s] WHERE id = ?1", column, table);
  GError *failure = NULL;
  char *found = yl_database_text (database, &failure, query, "t", id);

  if (found != NULL)
    return found;
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return NULL;
    }
  return yl_database_text (
      database, error,
      "SELECT value FROM version WHERE t = (SELECT t FROM table_name WHERE name = ?1) AND id = yl_id (?2)"
      " AND c = (SELECT c FROM column_name WHERE name = ?3)",
      "ttt", table, id, column);
}

/* Follows a column; what it leads to is unknown only for records that never came alive here. */
static gboolean
follow_column (GHashTable *workers,
               YlDatabase *database,
               Touch touch,
               const char *table,
               const char *id,
               gboolean *everybody,
               GError **error)
{
  const char *column = touch == TOUCH_OWNER ? "worker" : touch == TOUCH_DECISION ? "claim" : "order";
  GError *failure = NULL;
  g_autofree char *target = referred (database, table, column, id, &failure);

  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  if (target == NULL)
    *everybody = TRUE;
  else if (touch == TOUCH_OWNER)
    g_hash_table_add (workers, g_steal_pointer (&target));
  else
    return add_workers (workers, database, touch == TOUCH_DECISION ? contenders_of_claim : contenders_of_order, target,
                        error);
  return TRUE;
}

/* Where a record of a merged worker goes, another one of her may be shown. */
static gboolean
follow_survivor (YlDatabase *database, const char *id, gboolean *everybody, GError **error)
{
  gint64 changed;

  if (!yl_database_integer (database, &changed, 0, error,
                            "SELECT 1 FROM alias WHERE (from_id = ?1 OR to_id = ?1)"
                            " AND NOT EXISTS (SELECT 1 FROM worker WHERE id = ?1) LIMIT 1",
                            "t", id))
    return FALSE;
  *everybody |= changed != 0;
  return TRUE;
}

static gboolean
follow_lost_claim (YlDatabase *database, const char *id, gboolean *everybody, GError **error)
{
  gint64 lost;

  if (!yl_database_integer (database, &lost, 0, error, "SELECT NOT EXISTS (SELECT 1 FROM claim WHERE id = ?1)", "t",
                            id))
    return FALSE;
  *everybody |= lost != 0;
  return TRUE;
}

static gboolean
follow_record (GHashTable *workers,
               YlDatabase *database,
               const char *table,
               const char *id,
               gboolean *everybody,
               GError **error)
{
  guint i = 0;

  while (i < G_N_ELEMENTS (touches) && !g_str_equal (touches[i].table, table))
    i++;
  if (i == G_N_ELEMENTS (touches))
    return TRUE;
  switch (touches[i].touch)
    {
    case TOUCH_WORKER:
      g_hash_table_add (workers, g_strdup (id));
      return follow_survivor (database, id, everybody, error);
    case TOUCH_CLAIM:
      return follow_lost_claim (database, id, everybody, error)
             && add_workers (workers, database, contenders_of_claim, id, error);
    case TOUCH_ORDER:
      return add_workers (workers, database, contenders_of_order, id, error);
    case TOUCH_EVERYBODY:
      *everybody = TRUE;
      return TRUE;
    case TOUCH_OWNER:
    case TOUCH_DECISION:
    case TOUCH_EVENT:
      break;
    }
  return follow_column (workers, database, touches[i].touch, table, id, everybody, error);
}

typedef struct
{
  YlDatabase *database;
  GHashTable *workers;
  gboolean everybody;
} Following;

static gboolean
follow_touched (const char *table, const char *id, gpointer data, GError **error)
{
  Following *following = data;

  return following->everybody
         || follow_record (following->workers, following->database, table, id, &following->everybody, error);
}

GHashTable *
yl_match_follow (YlStore *store, gint64 since, gboolean *everybody, GError **error)
{
  g_autoptr (GHashTable) workers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Following following = { store->database, workers, FALSE };

  if (!yl_store_touched_since (store, since, follow_touched, &following, error))
    return NULL;
  *everybody = following.everybody;
  return *everybody ? NULL : g_steal_pointer (&workers);
}
