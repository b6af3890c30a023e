#include "yl-order-state.h"

#include <string.h>

#include "merge/yl-fold.h"
#include "yl-order.h"

typedef struct
{
  const char *state;
  const char *cause;
  char *cause_by;
  gint64 since;
  gboolean disputed;
} OrderState;

/* The entry that wrote a record: the earliest that counts. */
#define ENTRY_OF(table, column)                                                                               \
  "(SELECT e.n FROM op JOIN entry AS e USING (n) WHERE op.t = (SELECT t FROM table_name WHERE name = '" table \
  "') AND op.id = yl_id (" column ")"                                                                         \
  " AND e.refused IS NULL"                                                                                    \
  " ORDER BY e.hlc, e.id LIMIT 1)"

typedef struct
{
  char *kind;
  gint64 n;
} Event;

static void
event_free (Event *event)
{
  g_free (event->kind);
  g_free (event);
}

static GPtrArray *
read_events (YlStore *store, const char *order, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (
      store->database, error,
      "SELECT kind, " ENTRY_OF ("order_event", "v.id") " FROM order_event AS v WHERE [order] = ?", "t", order);
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func ((GDestroyNotify) event_free);

  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    {
      Event *event = g_new0 (Event, 1);

      event->kind = g_strdup (yl_rows_is_null (rows, 0) ? "" : yl_rows_text (rows, 0));
      event->n = yl_rows_integer (rows, 1);
      g_ptr_array_add (events, event);
    }
  return yl_rows_ended (rows) ? g_steal_pointer (&events) : NULL;
}

static gboolean
had_seen (YlStore *store, gint64 later, gint64 earlier)
{
  const YlEntryFacts *after = yl_store_entry_facts (store, later);
  const YlEntryFacts *before = yl_store_entry_facts (store, earlier);
  g_autoptr (YlVector) seen = after != NULL ? yl_fold_seen_of (store, after->w, after->seq, NULL) : NULL;

  return seen != NULL && before != NULL && later != earlier && yl_vector_get (seen, before->w) >= before->seq;
}

/* The event of that kind that still counts, or NULL. */
static const Event *
live_event (YlStore *store, GPtrArray *events, const char *kind)
{
  for (guint i = 0; i < events->len; i++)
    {
      const Event *event = events->pdata[i];
      gboolean reopened = FALSE;

      if (!g_str_equal (event->kind, kind))
        continue;
      for (guint j = 0; j < events->len && !reopened; j++)
        {
          const Event *other = events->pdata[j];

          reopened = g_str_equal (other->kind, "reopen") && had_seen (store, other->n, event->n);
        }
      if (!reopened)
        return event;
    }
  return NULL;
}

static gboolean
is_filled (YlStore *store,
           const char *order,
           const YlRecord *record,
           GHashTable *open_slots,
           gboolean *any,
           GError **error)
{
  g_autoptr (GArray) visits = yl_order_visits (record);
  gint64 headcount = yl_record_get_integer (record, "headcount", 1);
  g_autoptr (GError) local = NULL;
  g_autoptr (YlRows) rows = NULL;

  for (guint v = 0; v < visits->len; v++)
    for (gint64 i = 0; i < headcount; i++)
      g_hash_table_add (open_slots, g_strdup_printf ("%" G_GINT64_FORMAT "#%" G_GINT64_FORMAT,
                                                     g_array_index (visits, YlVisit, v).start, i));
  rows = yl_database_query (store->database, error,
                            "SELECT claim.slot FROM booking JOIN claim USING (id) WHERE booking.[order] = ?"
                            " AND booking.state IN ('tentative', 'confirmed', 'served')",
                            "t", order);
  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, &local))
    {
      *any = TRUE;
      g_hash_table_remove (open_slots, yl_rows_text (rows, 0));
    }
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  return visits->len > 0 && g_hash_table_size (open_slots) == 0;
}

/* When a promise was taken away: the fact that did it. */
#define LOST_SQL                                                                                                                                                                                          \
  "SELECT b.id, b.cause, c.slot, max("                                                                                                                                                                    \
  " ifnull((SELECT e.hlc FROM entry AS e WHERE e.n = " ENTRY_OF (                                                                                                                                         \
      "claim",                                                                                                                                                                                            \
      "b.id") "), 0),"                                                                                                                                                                                    \
              " ifnull((SELECT e.hlc FROM entry AS e WHERE e.n = " ENTRY_OF (                                                                                                                             \
                  "claim",                                                                                                                                                                                \
                  "b.winner") "), 0),"                                                                                                                                                                    \
                              " ifnull((SELECT max(e.hlc) FROM withdrawal AS w JOIN op ON op.t = (SELECT t FROM table_name WHERE name = 'withdrawal') AND op.id = yl_id (w.id) JOIN entry AS e USING (n)" \
                              "   WHERE w.claim = b.id AND e.refused IS NULL), 0)) AS at"                                                                                                                 \
                              " FROM booking AS b JOIN claim AS c USING (id) WHERE b.[order] = ? AND b.state IN ('overruled', 'dropped', 'withdrawn')"                                                    \
                              " ORDER BY at DESC, b.id"

static gboolean
find_cause (YlStore *store, const char *order, GHashTable *open_slots, OrderState *state, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (store->database, error, LOST_SQL, "t", order);

  if (rows == NULL)
    return FALSE;
  while (state->cause_by == NULL && yl_rows_next (rows, error))
    {
      if (!g_hash_table_contains (open_slots, yl_rows_text (rows, 2)))
        continue;
      state->cause = g_intern_string (yl_rows_text (rows, 1));
      state->cause_by = g_strdup (yl_rows_text (rows, 0));
      state->since = YL_HLC_MS (yl_rows_integer (rows, 3));
    }
  return yl_rows_ended (rows);
}

static gint64
time_of (YlStore *store, gint64 n)
{
  const YlEntryFacts *facts = yl_store_entry_facts (store, n);

  return facts != NULL ? YL_HLC_MS (facts->hlc) : 0;
}

/* Opened again after whatever took its last promise away. */
static void
note_reopening (YlStore *store, GPtrArray *events, OrderState *state)
{
  for (guint i = 0; i < events->len; i++)
    {
      const Event *event = events->pdata[i];

      if (!g_str_equal (event->kind, "reopen") || time_of (store, event->n) < state->since)
        continue;
      state->cause = "reopened";
      state->since = time_of (store, event->n);
      g_clear_pointer (&state->cause_by, g_free);
    }
}

static gboolean
created_at (YlStore *store, const char *order, gint64 *at, GError **error)
{
  gint64 n;

  if (!yl_database_integer (store->database, &n, 0, error, "SELECT " ENTRY_OF ("order", "?1"), "t", order))
    return FALSE;
  *at = time_of (store, n);
  return TRUE;
}

static gboolean
decide (YlStore *store, const char *order, const YlRecord *record, OrderState *state, GError **error)
{
  g_autoptr (GPtrArray) events = read_events (store, order, error);
  g_autoptr (GHashTable) open_slots = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GError) local = NULL;
  const Event *closing;
  gboolean any = FALSE, filled;

  if (events == NULL || !created_at (store, order, &state->since, error))
    return FALSE;
  filled = is_filled (store, order, record, open_slots, &any, &local);
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  closing = live_event (store, events, "cancel");
  state->state = "cancelled";
  if (closing == NULL)
    {
      closing = live_event (store, events, "complete");
      state->state = "completed";
    }
  if (closing != NULL)
    {
      state->since = time_of (store, closing->n);
      state->disputed = any && g_str_equal (state->state, "cancelled");
      return TRUE;
    }
  if (filled)
    {
      state->state = "proposed";
      return TRUE;
    }
  closing = live_event (store, events, "stock");
  state->state = closing != NULL ? "stock" : yl_record_is_null (record, "customer") ? "intake" : "matching";
  state->cause = closing != NULL ? "no_fit" : "new";
  if (!find_cause (store, order, open_slots, state, error))
    return FALSE;
  if (closing == NULL)
    note_reopening (store, events, state);
  return TRUE;
}

gboolean
yl_order_state_derive (YlStore *store, const char *order, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (YlRecord) record = yl_store_get (store, "order", order, &local);
  OrderState state = { NULL };
  gboolean ok;

  if (record == NULL && g_error_matches (local, YL_ERROR, YL_ERROR_NOT_FOUND))
    return yl_database_run (store->database, error, "DELETE FROM order_state WHERE id = ?", "t", order);
  if (record == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  ok = decide (store, order, record, &state, error)
       && yl_database_run (
           store->database, error,
           "INSERT OR REPLACE INTO order_state (id, state, cause, cause_by, since, disputed) VALUES (?, ?, ?, ?, ?, ?)",
           "ttttii", order, state.state, state.cause, state.cause_by, state.since, (gint64) state.disputed);
  g_free (state.cause_by);
  return ok;
}
