#include "exchange/yl-exchange.h"

#include <inttypes.h>
#include <string.h>

#include "base/yl-i18n.h"
#include "checkpoint/yl-checkpoint-late.h"
#include "checkpoint/yl-checkpoint-load.h"
#include "exchange/yl-delivery.h"
#include "exchange/yl-frontier.h"
#include "exchange/yl-grant.h"
#include "exchange/yl-state-compare.h"
#include "records/yl-booking.h"
#include "records/yl-duplicate.h"
#include "store/yl-erase.h"

/* Others go on writing meanwhile: how often to try for a moment at which both have the same change sets. */
#define ROUNDS 4

typedef struct
{
  YlStore *store;
  YlPeer *peer;
  GArray *hub;       /* the hub's frontier as last heard */
  GBytes *hub_wants; /* ids of keys the hub lacks */
  YlSyncReport *report;
} Run;

static void
run_clear (Run *run)
{
  g_clear_pointer (&run->hub, g_array_unref);
  g_clear_pointer (&run->hub_wants, g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

static const char *
hub_url (Run *run)
{
  return yl_transport_get_url (yl_peer_get_transport (run->peer));
}

/* A segment that cannot be taken in is the hub's fault unless this file is damaged; says so. */
static gboolean
explain_segment (Run *run, GError *fault, GError **error)
{
  if (g_error_matches (fault, YL_ERROR, YL_ERROR_INVALID) || g_error_matches (fault, YL_ERROR, YL_ERROR_MISSING))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("Head office at %s sends what cannot be taken in: %s"),
                   hub_url (run), fault->message);
      g_error_free (fault);
    }
  else
    g_propagate_error (error, fault);
  return FALSE;
}

/* With rungs where a writer has forked, and where only the hub can know that it has. */
static GBytes *
ask_segment (Run *run, GError **error)
{
  g_autoptr (GArray) own = yl_log_ladder (run->store, run->hub, TRUE, error);
  g_autoptr (GError) fault = NULL;
  GBytes *bytes = own != NULL ? yl_peer_fetch (run->peer, own, &fault) : NULL;

  if (g_error_matches (fault, YL_ERROR, YL_ERROR_MISSING))
    {
      g_clear_error (&fault);
      g_array_unref (own);
      own = yl_log_ladder (run->store, run->hub, FALSE, error);
      bytes = own != NULL ? yl_peer_fetch (run->peer, own, &fault) : NULL;
    }
  if (fault != NULL)
    g_propagate_error (error, g_steal_pointer (&fault));
  return bytes;
}

/* What its entries merged from behind this copy's checkpoint is asked for first. */
static gboolean
take (Run *run, GBytes *bytes, YlTaken *taken, GError **error)
{
  g_autoptr (YlSegment) segment = yl_delivery_read (run->store, bytes, error);
  guint n;

  return segment != NULL && yl_late_fetch (run->store, run->peer, segment, &n, error)
         && yl_delivery_accept (run->store, segment, taken, error);
}

/* Takes in one segment; @done once the hub has nothing more. */
static gboolean
fetch (Run *run, gboolean *done, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  YlTaken taken = { 0 };
  GError *fault = NULL;

  if (!yl_log_has_all (run->store, run->hub, done, error))
    return FALSE;
  if (*done)
    return TRUE;
  bytes = ask_segment (run, error);
  if (bytes == NULL)
    return FALSE;
  if (!take (run, bytes, &taken, &fault))
    return explain_segment (run, fault, error);
  run->report->received += taken.n_entries;
  run->report->keys += taken.n_keys;
  if (taken.n_entries > 0)
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("Head office at %s announces change sets that it does not send."),
               hub_url (run));
  return FALSE;
}

static gboolean
pull (Run *run, GError **error)
{
  gboolean done = FALSE;

  while (!done)
    if (!yl_delivery_settle (run->store, error) || !fetch (run, &done, error))
      return FALSE;
  return TRUE;
}

/* What the receipt covers no longer waits. What it names and this file does not know is others' work. */
static gboolean
acknowledge_all (Run *run, const YlReceipt *receipt, GError **error)
{
  guint before = yl_log_n_waiting (run->store);

  for (guint i = 0; i < receipt->positions->len && before > 0; i++)
    {
      g_autoptr (GError) fault = NULL;

      if (!yl_log_acknowledge (run->store, &g_array_index (receipt->positions, YlEntryName, i), &fault)
          && !g_error_matches (fault, YL_ERROR, YL_ERROR_NOT_FOUND))
        {
          g_propagate_error (error, g_steal_pointer (&fault));
          return FALSE;
        }
    }
  run->report->sent += before - MIN (before, yl_log_n_waiting (run->store));
  return TRUE;
}

/* Whether the receipt covers all that was sent. */
static gboolean
check_covered (Run *run, const YlReceipt *receipt, YlSegment *segment, GError **error)
{
  g_autoptr (GArray) coverage = yl_log_coverage (run->store, receipt->positions, error);

  if (coverage == NULL)
    return FALSE;
  for (guint i = 0; i < segment->entries->len; i++)
    {
      const YlEntry *entry = ((const YlIncoming *) segment->entries->pdata[i])->entry;
      YlEntryName name = { .seq = entry->seq };
      g_autoptr (YlEntryRow) row = NULL;

      memcpy (name.writer, entry->writer, sizeof name.writer);
      memcpy (name.id8, entry->id, sizeof name.id8);
      row = yl_log_find_name (run->store, &name, error);
      if (row == NULL)
        return FALSE;
      if (!yl_log_covers (coverage, row->strand, row->seq))
        {
          g_set_error (error, YL_ERROR, YL_ERROR_INVALID,
                       _ ("The receipt from %s leaves out what was sent; it keeps waiting."), hub_url (run));
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
push_segment (Run *run, YlSegment *segment, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (YlReceipt) receipt = NULL;

  bytes = yl_segment_encode (segment);
  receipt = bytes == NULL ? NULL : yl_peer_push (run->peer, bytes, error);
  if (receipt == NULL || !acknowledge_all (run, receipt, error) || !check_covered (run, receipt, segment, error))
    return FALSE;
  g_array_unref (run->hub);
  run->hub = g_array_ref (receipt->positions);
  return TRUE;
}

static gboolean
push (Run *run, GError **error)
{
  const char *hub = yl_peer_get_hub (run->peer);
  gboolean more = TRUE;

  while (more)
    {
      g_autoptr (YlSegment) segment = NULL;
      g_autoptr (GBytes) keys = NULL;

      if (!yl_delivery_settle (run->store, error))
        return FALSE;
      segment = yl_delivery_collect (run->store, run->hub, error);
      if (segment == NULL)
        return FALSE;
      /* An empty segment asks for a receipt that was lost on the way. */
      if (segment->entries->len == 0 && yl_log_n_waiting (run->store) == 0)
        return TRUE;
      more = segment->more;
      keys = yl_delivery_keys (segment);
      if (keys == NULL || !yl_grant_attach (run->store, segment, hub, keys, NULL, error)
          || !push_segment (run, segment, error))
        return FALSE;
    }
  return TRUE;
}

/* Keys the hub lacks although it has what they seal: a carrier brought it, or an old copy of its file came back. */
static gboolean
refill_hub (Run *run, GError **error)
{
  g_autoptr (YlSegment) segment = yl_segment_new ();
  guint n_keys;

  return yl_grant_attach (run->store, segment, yl_peer_get_hub (run->peer), run->hub_wants, &n_keys, error)
         && (n_keys == 0 || push_segment (run, segment, error));
}

static gboolean
ask_keys (Run *run, GError **error)
{
  g_autoptr (GBytes) wanted = NULL;
  gsize length;
  gsize step = YL_PEER_KEYS_MAX * YL_KEY_ID_BYTES;

  wanted = yl_log_keys_wanted (run->store, error);
  if (wanted == NULL)
    return FALSE;
  length = g_bytes_get_size (wanted);
  for (gsize at = 0; at < length; at += step)
    {
      g_autoptr (GBytes) ids = g_bytes_new_from_bytes (wanted, at, MIN (step, length - at));
      g_autoptr (GBytes) grant = yl_peer_keys (run->peer, ids, error);
      guint n_keys = 0;
      GError *fault = NULL;

      if (grant == NULL)
        return FALSE;
      if (!yl_grant_take (run->store, grant, &n_keys, &fault))
        return explain_segment (run, fault, error);
      run->report->keys += n_keys;
    }
  return TRUE;
}

/* Confirming is an act of its own after the exchange: where it fails the exchange still stands. */
static guint
confirm_due (YlStore *store)
{
  g_autoptr (GError) fault = NULL;
  int n = yl_booking_confirm_due (store, &fault);

  if (n < 0)
    yl_exchange_note_error (store, fault);
  return (guint) MAX (n, 0);
}

/* Likewise at head office: which records may be one person. */
static guint
compare_people (YlStore *store)
{
  g_autoptr (GError) fault = NULL;
  int n = yl_duplicate_find_due (store, &fault);

  if (n < 0)
    yl_exchange_note_error (store, fault);
  return (guint) MAX (n, 0);
}

/* Likewise: what was erased elsewhere is gone here too, and this node says so. */
static guint
settle_erasures (YlStore *store)
{
  g_autoptr (GError) fault = NULL;
  guint n = 0;

  if (!yl_erase_settle (store, &n, &fault))
    yl_exchange_note_error (store, fault);
  return n;
}

/* Compares the state where both have the same change sets; @settled if they have. */
static gboolean
compare_state (Run *run, gboolean *settled, GError **error)
{
  g_autoptr (YlPeerState) theirs = yl_peer_state (run->peer, error);
  g_autoptr (GArray) own = NULL;
  g_autofree char *hash = NULL;

  if (theirs == NULL || !yl_delivery_state (run->store, &own, &hash, error))
    return FALSE;
  g_array_unref (run->hub);
  run->hub = g_array_ref (theirs->frontier);
  run->hub_wants = g_bytes_ref (theirs->wanted);
  *settled = yl_frontier_equal (own, theirs->frontier);
  if (!*settled)
    return TRUE;
  run->report->same_state = strcmp (hash, theirs->hash) == 0;
  if (run->report->same_state)
    return TRUE;
  *settled = FALSE;
  return yl_state_reconcile (run->store, run->peer, error);
}

static gboolean
exchange (Run *run, GError **error)
{
  g_autoptr (GArray) nothing = yl_frontier_new ();
  gboolean settled = FALSE;

  if (!yl_checkpoint_start (run->store, run->peer, error))
    return FALSE;
  run->hub = yl_peer_frontier (run->peer, nothing, 0, error);
  if (run->hub == NULL || !yl_log_hold (run->store, error))
    return FALSE;
  for (guint round = 0; round < ROUNDS && !settled; round++)
    {
      if (!pull (run, error) || !yl_log_renew_pen (run->store, error) || !push (run, error) || !ask_keys (run, error))
        return FALSE;
      if (confirm_due (run->store) + settle_erasures (run->store) > 0 && !push (run, error))
        return FALSE;
      g_clear_pointer (&run->hub_wants, g_bytes_unref);
      if (!compare_state (run, &settled, error) || !refill_hub (run, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
note (YlStore *store, const char *kind, guint n, GError **error)
{
  g_autofree char *detail = g_strdup_printf (_ ("change sets: %u"), n);

  return n == 0 || yl_store_note_sync (store, kind, detail, error);
}

/* When this copy last had all there is, for people to see. */
static gboolean
note_agreement (YlStore *store, GError **error)
{
  g_autofree char *now = g_strdup_printf ("%" G_GINT64_FORMAT, yl_store_now (store));

  return yl_store_set_setting (store, "last_sync", now, error);
}

gboolean
yl_exchange_run (YlStore *store, YlPeer *peer, YlSyncReport *report, GError **error)
{
  g_auto (Run) run = { .store = store, .peer = peer, .report = report };
  gsize bytes_in, bytes_out;
  gboolean ok;

  *report = (YlSyncReport){ 0 };
  yl_transport_get_bytes (yl_peer_get_transport (peer), &bytes_in, &bytes_out);
  ok = exchange (&run, error);
  yl_transport_get_bytes (yl_peer_get_transport (peer), &report->bytes_in, &report->bytes_out);
  report->bytes_in -= bytes_in;
  report->bytes_out -= bytes_out;
  /* After an error the first cause is what counts. */
  return note (store, "received", report->received, ok ? error : NULL)
         && note (store, "sent", report->sent, ok ? error : NULL) && ok && note_agreement (store, error);
}

gboolean
yl_exchange_rest (YlStore *store, GError **error)
{
  if (!yl_delivery_settle (store, error))
    return FALSE;
  return confirm_due (store) + compare_people (store) + settle_erasures (store) == 0 || yl_delivery_settle (store, error);
}

void
yl_exchange_note_error (YlStore *store, const GError *error)
{
  const char *kind = "failed";
  g_autoptr (GError) fault = NULL;

  if (g_error_matches (error, YL_ERROR, YL_ERROR_OFFLINE))
    kind = "offline";
  else if (g_error_matches (error, YL_ERROR, YL_ERROR_REFUSED))
    kind = "refused";
  if (!yl_store_note_sync (store, kind, error->message, &fault))
    g_debug ("the sync log cannot be written: %s", fault->message);
}
