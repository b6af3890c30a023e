#include "yl-booking.h"

#include <string.h>

#include "base/yl-i18n.h"
#include "store/yl-store-private.h"
#include "yl-codes.h"

#define STANDING "('tentative', 'confirmed', 'served')"

gboolean
yl_claim_check (YlStore *store, const YlRecord *before, YlRecord *after, GError **error)
{
  if (yl_record_get_integer (after, "start", 0) < yl_record_get_integer (after, "end", 0))
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID, "%s", _ ("a promise must end after it starts"));
  return FALSE;
}

/* The visits asked for, each with the slot it fills */

typedef struct
{
  YlVisit visit;
  char *slot;
} Wanted;

static void
wanted_clear (gpointer data)
{
  g_free (((Wanted *) data)->slot);
}

static gboolean
slot_is_free (YlStore *store, const char *order, const char *slot)
{
  gint64 taken = 0;

  return yl_database_integer (store->database, &taken, 0, NULL,
                              "SELECT 1 FROM booking JOIN claim USING (id) WHERE claim.[order] = ? AND claim.slot = ?"
                              " AND booking.state IN " STANDING,
                              "tt", order, slot)
         && taken == 0;
}

/* The first free place of a visit; the first place of all when none is free. */
static char *
choose_slot (YlStore *store, const YlRecord *order, gint64 visit_start, gboolean *filled)
{
  gint64 headcount = yl_record_get_integer (order, "headcount", 1);

  *filled = FALSE;
  for (gint64 i = 0; i < headcount; i++)
    {
      g_autofree char *slot = g_strdup_printf ("%" G_GINT64_FORMAT "#%" G_GINT64_FORMAT, visit_start, i);

      if (slot_is_free (store, yl_record_get_id (order), slot))
        return g_steal_pointer (&slot);
    }
  *filled = TRUE;
  return g_strdup_printf ("%" G_GINT64_FORMAT "#0", visit_start);
}

static gboolean
add_wanted (YlStore *store,
            const YlRecord *order,
            const YlVisit *visit,
            gint64 slot_start,
            gboolean skip_filled,
            GArray *wanted,
            GError **error)
{
  Wanted one = { *visit, NULL };
  gboolean filled;

  one.slot = choose_slot (store, order, slot_start, &filled);
  if (!filled || !skip_filled)
    g_array_append_val (wanted, one);
  else
    g_free (one.slot);
  return TRUE;
}

/* An interval given by hand fills the visit it overlaps. */
static gint64
slot_start_for (const YlRecord *order, const YlVisit *given)
{
  g_autoptr (GArray) visits = yl_order_visits (order);

  for (guint i = 0; i < visits->len; i++)
    {
      const YlVisit *visit = &g_array_index (visits, YlVisit, i);

      if (given->start < visit->end && visit->start < given->end)
        return visit->start;
    }
  return given->start;
}

static GArray *
visits_wanted (YlStore *store, const YlRecord *order, const YlBookRequest *request, GError **error)
{
  g_autoptr (GArray) wanted = g_array_new (FALSE, FALSE, sizeof (Wanted));
  g_autoptr (GArray) visits = NULL;
  YlVisit given = { request->start, request->end };

  g_array_set_clear_func (wanted, wanted_clear);
  if (request->start != 0 || request->end != 0)
    {
      if (given.start >= given.end)
        {
          g_set_error (error, YL_ERROR, YL_ERROR_INVALID, "%s", _ ("a promise must end after it starts"));
          return NULL;
        }
      add_wanted (store, order, &given, slot_start_for (order, &given), !request->force, wanted, error);
    }
  else
    {
      visits = yl_order_visits (order);
      for (guint i = 0; i < visits->len; i++)
        add_wanted (store, order, &g_array_index (visits, YlVisit, i), g_array_index (visits, YlVisit, i).start, TRUE,
                    wanted, error);
    }
  if (wanted->len > 0)
    return g_steal_pointer (&wanted);
  g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("order %s is already filled: nothing is left to promise"),
               yl_record_get_text (order, "order_no"));
  return NULL;
}

/* Rules that a promise by hand must keep, whatever the matcher said. */

static gboolean
check_order_open (YlStore *store, const YlRecord *order, gboolean force, GError **error)
{
  g_autofree char *state = yl_database_text (store->database, error, "SELECT state FROM order_state WHERE id = ?", "t",
                                             yl_record_get_id (order));

  if (force || (g_strcmp0 (state, "cancelled") != 0 && g_strcmp0 (state, "completed") != 0))
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("order %s is closed (%s): reopen it first"),
               yl_record_get_text (order, "order_no"), yl_code_label ("order_state", state));
  return FALSE;
}

static gboolean
check_worker_free (YlStore *store, const YlRecord *worker, const YlVisit *visit, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree char *other = yl_database_text (
      store->database, &local,
      "SELECT o.order_no FROM booking AS b JOIN [order] AS o ON o.id = b.[order]"
      " WHERE b.worker = ? AND b.start < ? AND b.end > ? AND b.state IN " STANDING " ORDER BY b.start LIMIT 1",
      "tii", yl_record_get_id (worker), visit->end, visit->start);
  g_autofree char *when = NULL;

  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (other == NULL)
    return TRUE;
  when = yl_instant_format (visit->start);
  g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("%s is already promised to order %s at %s: choose somebody else"),
               yl_record_get_text (worker, "worker_no"), other, when);
  return FALSE;
}

/* Writing facts */

static gboolean
insert_withdrawal (YlChange *change, const char *claim, const char *cause, const char *note, GError **error)
{
  g_autoptr (YlRecord) withdrawal = yl_record_new (yl_table_find ("withdrawal"), NULL);

  yl_record_set_text (withdrawal, "claim", claim);
  yl_record_set_text (withdrawal, "cause", cause);
  yl_record_set_text (withdrawal, "note", note);
  return yl_change_insert (change, withdrawal, error);
}

static gboolean
insert_confirmation (YlChange *change, const char *claim, const char *site, gint64 epoch, GError **error)
{
  g_autoptr (YlRecord) confirmation = yl_record_new (yl_table_find ("confirmation"), NULL);

  yl_record_set_text (confirmation, "claim", claim);
  yl_record_set_text (confirmation, "site", site);
  yl_record_set_integer (confirmation, "epoch", epoch);
  return yl_change_insert (change, confirmation, error);
}

static gboolean
insert_attempt (YlChange *change,
                const YlRecord *claim,
                const char *stage,
                const char *outcome,
                const char *cause,
                const char *reason,
                GError **error)
{
  g_autoptr (YlRecord) attempt = yl_record_new (yl_table_find ("attempt"), NULL);

  yl_record_set_text (attempt, "order", yl_record_get_text (claim, "order"));
  yl_record_set_text (attempt, "worker", yl_record_get_text (claim, "worker"));
  yl_record_set_text (attempt, "claim", yl_record_get_id (claim));
  yl_record_set_text (attempt, "stage", stage);
  yl_record_set_text (attempt, "outcome", outcome);
  yl_record_set_text (attempt, "cause", cause);
  yl_record_set_integer (attempt, "at", yl_change_now (change));
  yl_record_set_text (attempt, "reason", reason);
  return yl_change_insert (change, attempt, error);
}

/* The epoch under which this node confirms for a site; 0 if another one does. */
static gint64
confirming_epoch (YlStore *store, const char *site)
{
  gint64 epoch = 0;

  return yl_database_integer (store->database, &epoch, 0, NULL,
                              "SELECT confirming_epoch FROM site WHERE id = ? AND confirming_node = ?", "tt", site,
                              yl_store_get_node (store))
             ? epoch
             : 0;
}

static gboolean
withdraw_earlier (YlChange *change, const YlRecord *order, const char *slot, GError **error)
{
  YlStore *store = yl_change_get_store (change);
  g_autoptr (GError) local = NULL;
  g_autofree char *earlier =
      yl_database_text (store->database, &local,
                        "SELECT claim.id FROM booking JOIN claim USING (id) WHERE claim.[order] = ? AND claim.slot = ?"
                        " AND booking.state IN ('tentative', 'confirmed')",
                        "tt", yl_record_get_id (order), slot);

  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (earlier == NULL)
    return TRUE;
  return insert_withdrawal (change, earlier, "later_claim", NULL, error);
}

static YlRecord *
new_claim (YlStore *store,
           const YlRecord *order,
           const YlRecord *worker,
           const Wanted *wanted,
           const YlBookRequest *request)
{
  YlRecord *claim = yl_record_new (yl_table_find ("claim"), NULL);
  const char *home = yl_record_get_text (worker, "home_store");

  yl_record_set_text (claim, "order", yl_record_get_id (order));
  yl_record_set_text (claim, "worker", yl_record_get_id (worker));
  yl_record_set_text (claim, "slot", wanted->slot);
  yl_record_set_integer (claim, "start", wanted->visit.start);
  yl_record_set_integer (claim, "end", wanted->visit.end);
  yl_record_set_text (claim, "site", home != NULL ? home : yl_store_get_site (store));
  yl_record_set_text (claim, "by_site", yl_store_get_site (store));
  yl_record_set_text (claim, "forced", request->force ? request->overridden : NULL);
  yl_record_set_text (claim, "reason", request->reason);
  return claim;
}

static char *
claim_one (YlChange *change,
           const YlRecord *order,
           const YlRecord *worker,
           const Wanted *wanted,
           const YlBookRequest *request,
           GError **error)
{
  YlStore *store = yl_change_get_store (change);
  g_autoptr (YlRecord) claim = new_claim (store, order, worker, wanted, request);
  gint64 epoch = confirming_epoch (store, yl_record_get_text (claim, "site"));

  if (!request->force && !check_worker_free (store, worker, &wanted->visit, error))
    return NULL;
  if (!withdraw_earlier (change, order, wanted->slot, error) || !yl_change_insert (change, claim, error))
    return NULL;
  if (epoch > 0
      && !insert_confirmation (change, yl_record_get_id (claim), yl_record_get_text (claim, "site"), epoch, error))
    return NULL;
  return insert_attempt (change, claim, request->stage, "promised", NULL, request->reason, error)
             ? g_strdup (yl_record_get_id (claim))
             : NULL;
}

static GStrv
claim_all (YlChange *change,
           const YlRecord *order,
           const YlRecord *worker,
           GArray *wanted,
           const YlBookRequest *request,
           GError **error)
{
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();

  for (guint i = 0; i < wanted->len; i++)
    {
      g_autofree char *id = claim_one (change, order, worker, &g_array_index (wanted, Wanted, i), request, error);

      if (id == NULL)
        return NULL;
      g_strv_builder_add (ids, id);
    }
  return g_strv_builder_end (ids);
}

GStrv
yl_booking_promise (YlStore *store, const YlBookRequest *request, GError **error)
{
  g_autoptr (YlRecord) order = yl_store_get (store, "order", request->order, error);
  g_autoptr (YlRecord) worker = order != NULL ? yl_store_get (store, "worker", request->worker, error) : NULL;
  g_autoptr (GArray) wanted = NULL;
  g_autoptr (YlChange) change = NULL;
  g_auto (GStrv) ids = NULL;

  if (worker == NULL)
    return NULL;
  if (request->force && (request->reason == NULL || *request->reason == '\0'))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID, "%s",
                   _ ("say why a rule is set aside: a forced promise needs a reason"));
      return NULL;
    }
  change = yl_change_begin (store, "book", error);
  if (change == NULL || !check_order_open (store, order, request->force, error))
    return NULL;
  wanted = visits_wanted (store, order, request, error);
  if (wanted == NULL)
    return NULL;
  yl_change_name (change, yl_record_get_text (order, "order_no"));
  yl_change_name (change, yl_record_get_text (worker, "worker_no"));
  ids = claim_all (change, order, worker, wanted, request, error);
  return ids != NULL && yl_change_commit (change, error) ? g_steal_pointer (&ids) : NULL;
}

/* Taking promises back */

static gboolean
check_standing (YlStore *store, const char *claim, GError **error)
{
  g_autofree char *state =
      yl_database_text (store->database, error, "SELECT state FROM booking WHERE id = ?", "t", claim);

  if (g_strcmp0 (state, "tentative") == 0 || g_strcmp0 (state, "confirmed") == 0)
    return TRUE;
  if (error == NULL || *error == NULL)
    g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("this promise no longer stands (%s)"),
                 state != NULL ? yl_code_label ("booking_state", state) : _ ("unknown"));
  return FALSE;
}

static gboolean
insert_dropout (YlChange *change, const YlRecord *claim, const char *cause, const char *reason, GError **error)
{
  g_autoptr (YlRecord) dropout = yl_record_new (yl_table_find ("dropout"), NULL);
  gint64 now = yl_change_now (change);

  yl_record_set_text (dropout, "claim", yl_record_get_id (claim));
  yl_record_set_text (dropout, "order", yl_record_get_text (claim, "order"));
  yl_record_set_text (dropout, "worker", yl_record_get_text (claim, "worker"));
  yl_record_set_text (dropout, "cause", cause);
  yl_record_set_integer (dropout, "at", now);
  yl_record_set_integer (dropout, "notice_minutes", (yl_record_get_integer (claim, "start", now) - now) / YL_MINUTE_MS);
  yl_record_set_text (dropout, "reason", reason);
  return yl_change_insert (change, dropout, error);
}

static YlChange *
begin_about (YlStore *store, const char *what, const YlRecord *claim, GError **error)
{
  YlChange *change = yl_change_begin (store, what, error);
  g_autofree char *order = yl_store_number (store, "order", yl_record_get_text (claim, "order"));
  g_autofree char *worker = yl_store_number (store, "worker", yl_record_get_text (claim, "worker"));

  if (change == NULL)
    return NULL;
  yl_change_name (change, order);
  yl_change_name (change, worker);
  return change;
}

gboolean
yl_booking_dropout (YlStore *store, const char *claim_id, const char *cause, const char *reason, GError **error)
{
  g_autoptr (YlRecord) claim = yl_store_get (store, "claim", claim_id, error);
  g_autoptr (YlChange) change = NULL;

  if (cause == NULL)
    cause = "dropout";
  if (claim == NULL || !check_standing (store, yl_record_get_id (claim), error))
    return FALSE;
  change = begin_about (store, "dropout", claim, error);
  return change != NULL && insert_withdrawal (change, yl_record_get_id (claim), cause, NULL, error)
         && insert_dropout (change, claim, cause, reason, error)
         && insert_attempt (change, claim, NULL, "dropped", cause, reason, error) && yl_change_commit (change, error);
}

gboolean
yl_booking_withdraw (YlStore *store, const char *claim_id, const char *cause, const char *note, GError **error)
{
  g_autoptr (YlRecord) claim = yl_store_get (store, "claim", claim_id, error);
  g_autoptr (YlChange) change = NULL;

  if (claim == NULL || !check_standing (store, yl_record_get_id (claim), error))
    return FALSE;
  change = begin_about (store, "withdraw", claim, error);
  return change != NULL && insert_withdrawal (change, yl_record_get_id (claim), cause, note, error)
         && insert_attempt (change, claim, NULL, "withdrawn", cause, note, error) && yl_change_commit (change, error);
}

gboolean
yl_booking_rule_on (YlStore *store, const char *claim_id, const char *verdict, const char *note, GError **error)
{
  g_autoptr (YlRecord) claim = yl_store_get (store, "claim", claim_id, error);
  g_autoptr (YlRecord) ruling = yl_record_new (yl_table_find ("ruling"), NULL);
  g_autoptr (YlChange) change = claim != NULL ? begin_about (store, "rule", claim, error) : NULL;

  if (change == NULL)
    return FALSE;
  yl_record_set_text (ruling, "claim", yl_record_get_id (claim));
  yl_record_set_text (ruling, "verdict", verdict);
  yl_record_set_text (ruling, "note", note);
  return yl_change_insert (change, ruling, error) && yl_change_commit (change, error);
}

gboolean
yl_booking_add_evidence (YlStore *store, const char *claim_id, const char *kind, GError **error)
{
  g_autoptr (YlRecord) claim = yl_store_get (store, "claim", claim_id, error);
  g_autoptr (YlRecord) evidence = yl_record_new (yl_table_find ("evidence"), NULL);
  g_autoptr (YlChange) change = NULL;

  if (claim == NULL || !check_standing (store, yl_record_get_id (claim), error))
    return FALSE;
  change = begin_about (store, "visit", claim, error);
  if (change == NULL)
    return FALSE;
  yl_record_set_text (evidence, "claim", yl_record_get_id (claim));
  yl_record_set_text (evidence, "kind", kind);
  yl_record_set_integer (evidence, "at", yl_change_now (change));
  return yl_change_insert (change, evidence, error) && yl_change_commit (change, error);
}

/* Confirming what others promised */

gboolean
yl_booking_confirm (YlStore *store, const char *claim_id, GError **error)
{
  g_autoptr (YlRecord) claim = yl_store_get (store, "claim", claim_id, error);
  const char *site = claim != NULL ? yl_record_get_text (claim, "site") : NULL;
  gint64 epoch = site != NULL ? confirming_epoch (store, site) : 0;
  g_autoptr (YlChange) change = NULL;

  if (claim == NULL || !check_standing (store, yl_record_get_id (claim), error))
    return FALSE;
  if (epoch == 0)
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_REFUSED,
                           _ ("another PC confirms for the worker's store: agree there"));
      return FALSE;
    }
  change = begin_about (store, "confirm", claim, error);
  return change != NULL && insert_confirmation (change, yl_record_get_id (claim), site, epoch, error)
         && yl_change_commit (change, error);
}

#define MAX_CONFIRMED_AT_ONCE 400

static GPtrArray *
claims_due (YlStore *store, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (
      store->database, error,
      "SELECT claim.id, claim.site, site.confirming_epoch FROM booking JOIN claim USING (id) JOIN site ON site.id = claim.site"
      " WHERE booking.state = 'tentative' AND site.confirming_node = ? ORDER BY claim.id LIMIT ?",
      "ti", yl_store_get_node (store), (gint64) MAX_CONFIRMED_AT_ONCE);
  g_autoptr (GPtrArray) due = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_record_free);

  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    {
      YlRecord *confirmation = yl_record_new (yl_table_find ("confirmation"), NULL);

      yl_record_set_text (confirmation, "claim", yl_rows_text (rows, 0));
      yl_record_set_text (confirmation, "site", yl_rows_text (rows, 1));
      yl_record_set_integer (confirmation, "epoch", yl_rows_integer (rows, 2));
      g_ptr_array_add (due, confirmation);
    }
  return yl_rows_ended (rows) ? g_steal_pointer (&due) : NULL;
}

int
yl_booking_confirm_due (YlStore *store, GError **error)
{
  g_autoptr (GPtrArray) due = claims_due (store, error);
  g_autoptr (YlChange) change = NULL;

  if (due == NULL)
    return -1;
  if (due->len == 0)
    return 0;
  change = yl_change_begin (store, "confirm", error);
  if (change == NULL)
    return -1;
  for (guint i = 0; i < due->len; i++)
    if (!yl_change_insert (change, due->pdata[i], error))
      return -1;
  return yl_change_commit (change, error) ? (int) due->len : -1;
}
