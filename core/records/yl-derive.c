#include "yl-derive.h"

#include <string.h>

#include "merge/yl-alias.h"
#include "merge/yl-fold.h"
#include "yl-booking-rule.h"
#include "yl-derive-people.h"
#include "yl-order-state.h"
#include "base/yl-i18n.h"

typedef struct
{
  YlStore *store;
  GHashTable *claims; /* id -> YlClaim, the component so far */
  GQueue *queue;      /* of claim ids still to read */
  GHashTable *orders; /* ids of orders to work out */
} Derivation;

static void
derivation_clear (Derivation *derivation)
{
  g_clear_pointer (&derivation->claims, g_hash_table_unref);
  g_clear_pointer (&derivation->orders, g_hash_table_unref);
  if (derivation->queue != NULL)
    g_queue_free_full (derivation->queue, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Derivation, derivation_clear)

static void
derivation_init (Derivation *derivation, YlStore *store)
{
  derivation->store = store;
  derivation->claims = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) yl_claim_free);
  derivation->orders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  derivation->queue = g_queue_new ();
}

/* Reading claims */

#define CLAIM_SQL                                                                                                                                                                       \
  "SELECT c.[order], c.slot, " YL_ALIAS_SURVIVOR (                                                                                                                                      \
      "c.worker") ", c.start, c.end,"                                                                                                                                                   \
                  " (SELECT min(e.hlc) FROM op JOIN entry AS e USING (n) WHERE op.t = (SELECT t FROM table_name WHERE name = 'claim') AND op.id = yl_id (c.id) AND e.refused IS NULL)," \
                  " EXISTS (SELECT 1 FROM evidence WHERE claim = c.id),"                                                                                                                \
                  " (SELECT max(epoch) FROM confirmation WHERE claim = c.id),"                                                                                                          \
                  " EXISTS (SELECT 1 FROM withdrawal WHERE claim = c.id),"                                                                                                              \
                  " (SELECT r.verdict FROM ruling AS r JOIN op ON op.t = (SELECT t FROM table_name WHERE name = 'ruling') AND op.id = yl_id (r.id) JOIN entry AS e USING (n)"           \
                  "   WHERE r.claim = c.id ORDER BY e.hlc DESC, r.id DESC LIMIT 1)"                                                                                                     \
                  " FROM claim AS c WHERE c.id = ?"

static YlClaim *
read_claim (Derivation *derivation, const char *id, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (derivation->store->database, error, CLAIM_SQL, "t", id);
  const char *verdict;
  YlClaim *claim;

  if (rows == NULL || !yl_rows_next (rows, error))
    return NULL;
  if (yl_rows_is_null (rows, 0) || yl_rows_is_null (rows, 1) || yl_rows_is_null (rows, 2))
    return NULL;
  claim = g_new0 (YlClaim, 1);
  claim->id = g_strdup (id);
  claim->slot = g_strdup_printf ("%s %s", yl_rows_text (rows, 0), yl_rows_text (rows, 1));
  claim->worker = g_strdup (yl_rows_text (rows, 2));
  claim->start = yl_rows_integer (rows, 3);
  claim->end = yl_rows_integer (rows, 4);
  claim->hlc = yl_rows_integer (rows, 5);
  claim->served = yl_rows_integer (rows, 6) != 0;
  claim->epoch = yl_rows_integer (rows, 7);
  claim->withdrawn = yl_rows_integer (rows, 8) != 0;
  verdict = yl_rows_text (rows, 9);
  claim->ruling = verdict == NULL ? 0 : g_str_equal (verdict, "holds") ? 1 : -1;
  g_hash_table_add (derivation->orders, g_strdup (yl_rows_text (rows, 0)));
  return claim;
}

/* Everything that could clash with it: same slot, or same worker at an overlapping time. */
static gboolean
queue_neighbours (Derivation *derivation, const YlClaim *claim, GError **error)
{
  const char *space = strchr (claim->slot, ' ');
  g_autofree char *order = g_strndup (claim->slot, (gsize) (space - claim->slot));
  g_autoptr (YlRows) rows = yl_database_query (
      derivation->store->database, error,
      "SELECT id FROM claim WHERE [order] = ?1 AND slot = ?2"
      " UNION SELECT id FROM claim WHERE worker IN " YL_ALIAS_GROUP ("?3") " AND start < ?5 AND end > ?4",
      "tttii", order, space + 1, claim->worker, claim->start, claim->end);

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    if (!g_hash_table_contains (derivation->claims, yl_rows_text (rows, 0)))
      g_queue_push_tail (derivation->queue, g_strdup (yl_rows_text (rows, 0)));
  return yl_rows_ended (rows);
}

/* A promise that is no longer there has no booking. */
static gboolean
leave_out (Derivation *derivation, const char *id, GError **error)
{
  return yl_database_run (derivation->store->database, error, "DELETE FROM booking WHERE id = ?", "t", id);
}

static gboolean
read_component (Derivation *derivation, GError **error)
{
  g_autoptr (GError) local = NULL;
  char *id;

  while ((id = g_queue_pop_head (derivation->queue)) != NULL)
    {
      g_autofree char *owned = id;
      YlClaim *claim;

      if (g_hash_table_contains (derivation->claims, id))
        continue;
      claim = read_claim (derivation, id, &local);
      if (local != NULL || (claim == NULL && !leave_out (derivation, id, &local)))
        break;
      if (claim == NULL)
        continue;
      g_hash_table_insert (derivation->claims, claim->id, claim);
      if (!queue_neighbours (derivation, claim, &local))
        break;
    }
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* Writing bookings */

static const char *
state_of (Derivation *derivation, const YlClaim *claim, const char **cause)
{
  gint64 dropped = 0;

  *cause = NULL;
  switch (claim->fate)
    {
    case YL_CLAIM_STANDS:
      return claim->served ? "served" : claim->epoch > 0 || claim->ruling > 0 ? "confirmed" : "tentative";
    case YL_CLAIM_OVERRULED:
      *cause = "overruled";
      return "overruled";
    case YL_CLAIM_WITHDRAWN:
      if (!yl_database_integer (derivation->store->database, &dropped, 0, NULL, "SELECT 1 FROM dropout WHERE claim = ?",
                                "t", claim->id))
        dropped = 0;
      *cause = dropped != 0 ? "dropout" : "withdrawn";
      return dropped != 0 ? "dropped" : "withdrawn";
    default:
      g_assert_not_reached ();
    }
}

static gboolean
write_booking (Derivation *derivation, const YlClaim *claim, GError **error)
{
  const char *space = strchr (claim->slot, ' ');
  g_autofree char *order = g_strndup (claim->slot, (gsize) (space - claim->slot));
  const char *cause;
  const char *state = state_of (derivation, claim, &cause);

  return yl_database_run (derivation->store->database, error,
                          "INSERT OR REPLACE INTO booking (id, [order], worker, start, end, state, cause, winner)"
                          " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                          "tttiittt", claim->id, order, claim->worker, claim->start, claim->end, state, cause,
                          claim->winner);
}

static gboolean
write_bookings (Derivation *derivation, GError **error)
{
  g_autoptr (GPtrArray) claims = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer claim;

  g_hash_table_iter_init (&iter, derivation->claims);
  while (g_hash_table_iter_next (&iter, NULL, &claim))
    g_ptr_array_add (claims, claim);
  yl_booking_decide (claims);
  for (guint i = 0; i < claims->len; i++)
    if (!write_booking (derivation, claims->pdata[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
write_orders (Derivation *derivation, GError **error)
{
  GHashTableIter iter;
  gpointer order;

  g_hash_table_iter_init (&iter, derivation->orders);
  while (g_hash_table_iter_next (&iter, &order, NULL))
    if (!yl_order_state_derive (derivation->store, order, error))
      return FALSE;
  return TRUE;
}

/* Which claims and orders a touched record bears on */

static const struct
{
  const char *table;
  const char *column;
  const char *derived; /* of what the column names */
} bearings[] = {
  { "claim", "order", "order_state" },       { "confirmation", "claim", "booking" },
  { "withdrawal", "claim", "booking" },      { "evidence", "claim", "booking" },
  { "ruling", "claim", "booking" },          { "dropout", "claim", "booking" },
  { "order_event", "order", "order_state" },
};

static void
touch_named (YlStore *store, const YlMergeRecord *record, const char *column, const char *derived)
{
  guint n;
  guint first = yl_merge_record_find (record, column, &n);

  for (guint i = first; i < first + n; i++)
    {
      const YlValue *value = g_array_index (record->slots, YlMergeSlot, i).value;

      if (value->type == YL_VALUE_TEXT)
        g_hash_table_add (store->touched,
                          g_strdup_printf ("%s:%.*s", derived, (int) value->length, (const char *) value->bytes));
    }
}

void
yl_derive_touch (YlStore *store, const YlMergeRecord *record)
{
  for (guint i = 0; i < G_N_ELEMENTS (bearings); i++)
    if (g_str_equal (record->table_name, bearings[i].table))
      touch_named (store, record, bearings[i].column, bearings[i].derived);
}

/* What a promise contended with when it was last worked out: it may be gone, or say something else. */
static gboolean
queue_former (Derivation *derivation, const char *id, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (
      derivation->store->database, error,
      "SELECT claim.id FROM booking JOIN claim ON claim.[order] = booking.[order] WHERE booking.id = ?1"
      " UNION SELECT b.id FROM booking AS a JOIN booking AS b ON b.worker = a.worker AND b.start < a.end AND b.end > a.start"
      " WHERE a.id = ?1",
      "t", id);

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    g_queue_push_tail (derivation->queue, g_strdup (yl_rows_text (rows, 0)));
  return yl_rows_ended (rows);
}

static gboolean
queue_touched (Derivation *derivation, const char *table, const char *id, GError **error)
{
  if (g_str_equal (table, "order") || g_str_equal (table, "order_state"))
    g_hash_table_add (derivation->orders, g_strdup (id));
  else if (g_str_equal (table, "claim") || g_str_equal (table, "booking"))
    g_queue_push_tail (derivation->queue, g_strdup (id));
  return !g_str_equal (table, "claim") || queue_former (derivation, id, error);
}

/* Promises of records that are now shown as another, or no longer. */
static gboolean
queue_moved (Derivation *derivation, const GPtrArray *moved, GError **error)
{
  for (guint i = 0; i < moved->len; i++)
    {
      g_autoptr (YlRows) rows = yl_database_query (derivation->store->database, error,
                                                   "SELECT id FROM claim WHERE worker = ?", "t", moved->pdata[i]);

      while (rows != NULL && yl_rows_next (rows, error))
        g_queue_push_tail (derivation->queue, g_strdup (yl_rows_text (rows, 0)));
      if (rows == NULL || !yl_rows_ended (rows))
        return FALSE;
    }
  return TRUE;
}

gboolean
yl_derive_touched (YlStore *store, GError **error)
{
  g_auto (Derivation) derivation = { NULL };
  g_autoptr (GPtrArray) moved = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer key;

  if (g_hash_table_size (store->touched) == 0)
    return TRUE;
  derivation_init (&derivation, store);
  if (!yl_derive_people (store, store->touched, moved, error) || !queue_moved (&derivation, moved, error))
    return FALSE;
  g_hash_table_iter_init (&iter, store->touched);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      const char *colon = strchr (key, ':');
      g_autofree char *table = g_strndup (key, (gsize) (colon - (const char *) key));

      if (!queue_touched (&derivation, table, colon + 1, error))
        return FALSE;
    }
  return read_component (&derivation, error) && write_bookings (&derivation, error)
         && write_orders (&derivation, error);
}

/* Checking */

#define DERIVED_TEXT                                                                                                                    \
  "SELECT group_concat(t, char(10)) FROM ("                                                                                             \
  " SELECT id || '|' || survivor AS t FROM merged"                                                                                      \
  " UNION ALL SELECT id || '|' || worker || '|' || state || '|' || ifnull(cause, '') || '|' || ifnull(winner, '') FROM booking"         \
  " UNION ALL SELECT id || '|' || state || '|' || ifnull(cause, '') || '|' || ifnull(cause_by, '') || '|' || disputed FROM order_state" \
  " ORDER BY 1)"

static gboolean
queue_all (Derivation *derivation, GError **error)
{
  g_autoptr (YlRows) claims = yl_database_query (derivation->store->database, error, "SELECT id FROM claim", NULL);
  g_autoptr (YlRows) orders = NULL;
  g_autoptr (GError) local = NULL;

  while (claims != NULL && yl_rows_next (claims, &local))
    g_queue_push_tail (derivation->queue, g_strdup (yl_rows_text (claims, 0)));
  orders = claims != NULL && local == NULL
               ? yl_database_query (derivation->store->database, error, "SELECT id FROM [order]", NULL)
               : NULL;
  while (orders != NULL && yl_rows_next (orders, &local))
    g_hash_table_add (derivation->orders, g_strdup (yl_rows_text (orders, 0)));
  if (local == NULL)
    return orders != NULL;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

gboolean
yl_derive_check (YlStore *store, GError **error)
{
  g_auto (Derivation) derivation = { NULL };
  g_autoptr (GPtrArray) moved = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *before = yl_database_text (store->database, error, DERIVED_TEXT, NULL);
  g_autofree char *after = NULL;

  derivation_init (&derivation, store);
  if (!yl_database_script (store->database, "DELETE FROM merged; DELETE FROM booking; DELETE FROM order_state", error)
      || !yl_derive_all_people (store, moved, error) || !queue_all (&derivation, error)
      || !read_component (&derivation, error) || !write_bookings (&derivation, error)
      || !write_orders (&derivation, error))
    return FALSE;
  after = yl_database_text (store->database, error, DERIVED_TEXT, NULL);
  if (g_strcmp0 (before, after) == 0)
    return TRUE;
  if (error == NULL || *error == NULL)
    g_set_error (error, YL_ERROR, YL_ERROR_CORRUPT,
                 _ ("bookings or order states differ from what the facts say: run `yuelaictl rebuild`"));
  return FALSE;
}
