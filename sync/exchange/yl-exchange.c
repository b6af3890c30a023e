#include "exchange/yl-exchange.h"

#include <string.h>

#include "base/yl-i18n.h"
#include "checkpoint/yl-checkpoint-history.h"
#include "checkpoint/yl-checkpoint-late.h"
#include "checkpoint/yl-checkpoint-load.h"
#include "exchange/yl-attachment-transfer.h"
#include "exchange/yl-delivery.h"
#include "exchange/yl-frontier.h"
#include "exchange/yl-grant.h"
#include "exchange/yl-key-compare.h"
#include "exchange/yl-receipt.h"
#include "exchange/yl-session.h"
#include "exchange/yl-state-compare.h"
#include "exchange/yl-watch.h"
#include "records/yl-booking.h"
#include "records/yl-duplicate.h"
#include "seal/yl-chunk.h"
#include "seal/yl-erase.h"
#include "seal/yl-key-hold.h"
#include "store/yl-base.h"
#include "store/yl-trouble.h"
#include "trust/yl-agreement.h"

/* Calls in a row that bring nothing and settle nothing: others write faster than we can follow, or the hub does not know its own log. */
#define IDLE_CALLS 6
/* So often keys are compared while a peer is in use; the first exchange does it always. */
#define KEYS_EVERY_US (10 * G_TIME_SPAN_MINUTE)

typedef struct
{
  YlStore *store;
  YlPeer *peer;
  YlPosition *position; /* borrowed: the peer's */
  GArray *names; /* to be told instead of a digest: this log's frontier, with rungs where a writer forked; or NULL */
  GArray *hub_names;  /* the hub's frontier, where it was told */
  gboolean all_rungs; /* @names has rungs wherever the hub may want them */
  GBytes *hub_wants;  /* ids of keys the hub lacks; NULL: none known of */
  YlSyncReport *report;
  gboolean settled;    /* both have the same change sets */
  gboolean more;       /* one of them has more for the other */
  gboolean moved;      /* the last call carried something */
  gboolean apart;      /* by the last answer one of them lacks change sets */
  gboolean received;   /* head office's receipt came with the last answer */
  gboolean refilled;   /* the hub has been asked which keys it lacks */
  gboolean gave;       /* it has been given such */
  gboolean keys_due;   /* it is to be compared which keys both have */
  gboolean keys_apart; /* they were not the same: both look which they lost */
  gboolean stocked;    /* the hub has */
} Run;

static void
run_clear (Run *run)
{
  g_clear_pointer (&run->names, g_array_unref);
  g_clear_pointer (&run->hub_names, g_array_unref);
  g_clear_pointer (&run->hub_wants, g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

static const char *
hub_url (Run *run)
{
  return yl_transport_get_url (yl_peer_get_transport (run->peer));
}

/* A relay gives no receipts, and may have less than before: what it does not have it does not owe. */
static gboolean
is_relay (Run *run)
{
  return yl_peer_is_relay (run->peer);
}

/* A segment that cannot be taken in is the hub's fault unless this file is damaged; says so. */
static gboolean
explain_segment (Run *run, GError *fault, GError **error)
{
  yl_watch_fault (run->store, yl_peer_get_hub (run->peer), fault);
  if (g_error_matches (fault, YL_ERROR, YL_ERROR_INVALID) || g_error_matches (fault, YL_ERROR, YL_ERROR_MISSING))
    {
      g_autofree char *why = yl_log_label_writers (run->store, fault->message);

      g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("The hub at %s sends what cannot be taken in: %s"),
                   hub_url (run), why);
      g_error_free (fault);
    }
  else
    g_propagate_error (error, fault);
  return FALSE;
}

static GArray *
copy_coverage (GArray *coverage)
{
  return g_array_copy (coverage);
}

/* Before anything is known of the hub: it has all that this file has, except what still waits here; a relay may have had that too.
 * It says if it does not. */
static gboolean
take_position (Run *run, GError **error)
{
  if (run->position->mine != NULL || run->names != NULL)
    return TRUE;
  run->position->mine =
      is_relay (run) ? yl_log_coverage_of_all (run->store, error) : yl_log_coverage_of_others (run->store, error);
  if (run->position->mine == NULL)
    return FALSE;
  run->position->theirs = copy_coverage (run->position->mine);
  return TRUE;
}

/* The hub does not know this file's digest: from now on both tell what they have. */
static gboolean
tell_all (Run *run, GArray *theirs, GError **error)
{
  g_autoptr (GArray) told = yl_log_ladder (run->store, theirs, TRUE, error);
  g_autoptr (GError) fault = NULL;
  g_autoptr (GArray) covered = told != NULL ? yl_log_coverage (run->store, theirs, &fault) : NULL;

  if (g_error_matches (fault, YL_ERROR, YL_ERROR_MISSING))
    {
      /* A fork of which only names are known: with nothing taken for granted the hub sorts out what it has. */
      g_clear_error (&fault);
      covered = g_array_new (FALSE, TRUE, sizeof (gint64));
    }
  if (fault != NULL)
    g_propagate_error (error, g_steal_pointer (&fault));
  if (covered == NULL
      || (!is_relay (run) && !yl_watch_frontier (run->store, yl_peer_get_hub (run->peer), covered, error)))
    return FALSE;
  g_clear_pointer (&run->position->mine, g_array_unref);
  g_clear_pointer (&run->position->theirs, g_array_unref);
  run->position->theirs = g_steal_pointer (&covered);
  g_clear_pointer (&run->names, g_array_unref);
  run->names = g_steal_pointer (&told);
  g_clear_pointer (&run->hub_names, g_array_unref);
  run->hub_names = g_array_ref (theirs);
  return TRUE;
}

/* The hub cannot tell where a writer forked. */
static gboolean
add_rungs (Run *run, GError **error)
{
  GArray *ladder = yl_log_ladder (run->store, run->hub_names, FALSE, error);

  if (ladder == NULL)
    return FALSE;
  g_array_unref (run->names);
  run->names = ladder;
  run->all_rungs = TRUE;
  return TRUE;
}

/* What the hub lacks, and the keys for it and those it asked for; NULL in @bytes for nothing. */
static gboolean
collect (Run *run, YlSegment **segment, GBytes **bytes, GError **error)
{
  g_autoptr (YlSegment) found = yl_delivery_collect (run->store, run->position->theirs, error);
  g_autoptr (GBytes) used = found == NULL ? NULL : yl_delivery_keys (found);
  g_autoptr (GByteArray) ids = g_byte_array_new ();
  guint n_keys = 0;

  if (used == NULL)
    return FALSE;
  g_byte_array_append (ids, g_bytes_get_data (used, NULL), (guint) g_bytes_get_size (used));
  if (run->hub_wants != NULL)
    g_byte_array_append (ids, g_bytes_get_data (run->hub_wants, NULL), (guint) g_bytes_get_size (run->hub_wants));
  run->gave = run->hub_wants != NULL;
  g_clear_pointer (&run->hub_wants, g_bytes_unref);
  if (ids->len > 0)
    {
      g_autoptr (GBytes) all = g_byte_array_free_to_bytes (g_steal_pointer (&ids));

      if (!yl_grant_attach (run->store, found, yl_peer_get_hub (run->peer), all, &n_keys, error))
        return FALSE;
    }
  run->gave = run->gave && n_keys > 0;
  /* What waits and is there already, because somebody else brought it or a receipt got lost: an empty segment asks for another. */
  if (found->entries->len > 0 || n_keys > 0 || (yl_log_n_waiting (run->store) > 0 && !is_relay (run)))
    *bytes = yl_segment_encode (found);
  *segment = g_steal_pointer (&found);
  return TRUE;
}

static gboolean
cover_names (Run *run, GArray *names, GError **error)
{
  for (guint i = 0; i < names->len; i++)
    {
      const YlEntryName *name = &g_array_index (names, YlEntryName, i);

      if (!yl_log_cover (run->store, run->position->mine, name, error)
          || !yl_log_cover (run->store, run->position->theirs, name, error))
        return FALSE;
    }
  return TRUE;
}

/* What was sent and is of this file's own no longer waits. */
static gboolean
acknowledge (Run *run, GArray *names, GError **error)
{
  guint before = yl_log_n_waiting (run->store);

  for (guint i = 0; i < names->len; i++)
    if (!yl_log_acknowledge (run->store, &g_array_index (names, YlEntryName, i), error))
      return FALSE;
  run->report->sent += before - MIN (before, yl_log_n_waiting (run->store));
  return TRUE;
}

static gboolean
take_receipt (Run *run, YlSegment *sent, GBytes *bytes, const YlSyncAnswer *answer, GError **error)
{
  g_autoptr (GArray) names = yl_delivery_names (sent);
  guint8 push[YL_PUSH_DIGEST_BYTES];

  if (is_relay (run))
    {
      run->report->handed_over += sent->entries->len;
      return cover_names (run, names, error);
    }
  yl_push_digest (bytes, push);
  if (!answer->has_receipt
      || !yl_receipt_verify (run->store, yl_peer_get_hub (run->peer), push, answer->frontier, answer->time,
                             answer->receipt))
    {
      g_autoptr (GError) fault =
          g_error_new_literal (YL_ERROR, YL_ERROR_INVALID, _ ("its receipt is not for what was sent"));

      yl_watch_fault (run->store, yl_peer_get_hub (run->peer), fault);
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID,
                   _ ("The receipt from %s is not head office's for what was sent; it keeps waiting."), hub_url (run));
      return FALSE;
    }
  run->received = TRUE;
  return cover_names (run, names, error) && acknowledge (run, names, error);
}

/* What its entries merged from behind this copy's checkpoint is asked for first. */
static gboolean
take_late (Run *run, GBytes *bytes, YlTaken *taken, GError **error)
{
  g_autoptr (YlSegment) segment = yl_delivery_read (run->store, bytes, error);
  guint n;

  return segment != NULL && (!is_relay (run) || yl_watch_others (run->store, segment, error))
         && yl_late_fetch (run->store, run->peer, segment, &n, error)
         && yl_delivery_accept (run->store, segment, taken, error);
}

/* Where a copy that stands on a checkpoint lacks more than that, as when head office shuts out somebody whose work lies behind it, it
 * fetches what is there. */
static gboolean
take (Run *run, GBytes *bytes, YlTaken *taken, GError **error)
{
  g_autoptr (GError) fault = NULL;
  gboolean stands_on_base;

  if (take_late (run, bytes, taken, &fault))
    return TRUE;
  if (!yl_base_exists (run->store, &stands_on_base, error))
    return FALSE;
  if (!stands_on_base || !g_error_matches (fault, YL_ERROR, YL_ERROR_MISSING))
    {
      g_propagate_error (error, g_steal_pointer (&fault));
      return FALSE;
    }
  yl_taken_clear (taken);
  return yl_history_fetch (run->store, run->peer, error) && take_late (run, bytes, taken, error);
}

static gboolean
take_segment (Run *run, GBytes *bytes, gboolean *more, GError **error)
{
  g_auto (YlTaken) taken = { 0 };
  GError *fault = NULL;

  if (!take (run, bytes, &taken, &fault))
    return explain_segment (run, fault, error);
  run->moved = run->moved || taken.n_entries > 0 || taken.n_keys > 0;
  run->report->received += taken.n_entries;
  run->report->keys += taken.n_keys;
  *more = taken.more;
  return cover_names (run, taken.names, error);
}

/* Whether both still have the keys that they had. Where not, first this copy looks which it lost, then the hub, and what either wants is
 * given; what differs after that is in the ledgers only. */
static gboolean
compare_keys (Run *run, const YlSyncAnswer *answer, GError **error)
{
  const char *hub = yl_peer_get_hub (run->peer);
  gboolean same = TRUE;
  guint n_lost = 0;

  if (!run->keys_due || !answer->has_keys || answer->wanted != NULL)
    return TRUE;
  if (run->keys_apart ? !yl_key_compare_settle (run->store, hub, answer->keys, error)
                      : !yl_key_compare (run->store, hub, answer->keys, &same, &n_lost, error))
    return FALSE;
  run->keys_due = !same;
  run->keys_apart = !same && n_lost == 0;
  run->settled = same;
  if (same)
    run->position->keys_compared = g_get_monotonic_time ();
  return TRUE;
}

/* Whether both now have the same change sets, and then whether they have made the same of them. */
static gboolean
compare (Run *run, const YlSyncAnswer *answer, GError **error)
{
  g_auto (YlMoment) moment = { 0 };

  if (!yl_delivery_moment (run->store, &moment, error))
    return FALSE;
  run->settled = memcmp (moment.frontier, answer->frontier, sizeof moment.frontier) == 0;
  run->apart = !run->settled;
  if (!run->settled)
    return TRUE;
  if (!(is_relay (run)
            ? yl_watch_clear (run->store, yl_peer_get_hub (run->peer), error)
            : yl_watch_agreement (run->store, yl_peer_get_hub (run->peer), moment.names, answer->time, error)))
    return FALSE;
  /* The receipt is over the hub's frontier, which is this file's. */
  if (run->received && !acknowledge (run, moment.names, error))
    return FALSE;
  g_clear_pointer (&run->position->mine, g_array_unref);
  g_clear_pointer (&run->position->theirs, g_array_unref);
  run->position->mine = g_steal_pointer (&moment.coverage);
  run->position->theirs = copy_coverage (run->position->mine);
  run->report->same_state = memcmp (moment.hash, answer->hash, sizeof moment.hash) == 0;
  if (run->report->same_state)
    return compare_keys (run, answer, error);
  run->settled = FALSE;
  return yl_state_reconcile (run->store, run->peer, error);
}

static gboolean
take_answer (Run *run, YlSegment *sent, GBytes *bytes, const YlSyncAnswer *answer, GError **error)
{
  gboolean more = FALSE;

  run->moved = sent->entries->len > 0;
  if (answer->names != NULL)
    return tell_all (run, answer->names, error);
  if (run->position->mine == NULL)
    run->position->mine = yl_log_coverage (run->store, run->names, error);
  if (run->position->mine == NULL || (bytes != NULL && !take_receipt (run, sent, bytes, answer, error))
      || (answer->segment != NULL && !take_segment (run, answer->segment, &more, error)))
    return FALSE;
  g_clear_pointer (&run->names, g_array_unref);
  run->more = more || sent->more;
  run->apart = run->more;
  /* What went without its keys by a relay or a stick lacks them still. */
  run->refilled = !run->gave;
  run->stocked = run->keys_apart && (run->stocked || answer->has_keys);
  if (answer->wanted != NULL)
    run->hub_wants = g_bytes_ref (answer->wanted);
  return run->more || compare (run, answer, error);
}

static gboolean
open_session (Run *run, GError **error)
{
  g_autoptr (GError) fault = NULL;

  if (yl_peer_open (run->peer, &fault))
    return TRUE;
  if (!is_relay (run))
    yl_watch_impostor (run->store, hub_url (run), fault);
  g_propagate_error (error, g_steal_pointer (&fault));
  return FALSE;
}

/* One round trip. */
static gboolean
call_hub (Run *run, guint wait, GError **error)
{
  g_autoptr (YlSyncCall) call = yl_sync_call_new ();
  g_autoptr (YlSyncAnswer) answer = NULL;
  g_autoptr (YlSegment) segment = NULL;
  g_autoptr (GArray) mine = NULL;
  g_autoptr (GError) fault = NULL;

  if (!open_session (run, error) || !yl_delivery_settle (run->store, error) || !take_position (run, error)
      || !collect (run, &segment, &call->segment, error))
    return FALSE;
  call->wants = TRUE;
  call->keys = run->keys_due;
  call->stock = run->keys_apart && !run->stocked;
  call->refills = !run->refilled || call->stock;
  call->wait = call->segment == NULL && !call->keys ? wait : 0;
  if (run->names != NULL)
    {
      /* The hub does not know what this copy has: it may have been put back, and not know who was erased. */
      call->names = g_array_ref (run->names);
      call->erased = is_relay (run) ? NULL : yl_key_hold_erased (run->store, YL_SYNC_IDS_MAX, &fault);
      if (fault != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&fault));
          return FALSE;
        }
    }
  else
    {
      mine = yl_log_covered_names (run->store, run->position->mine, error);
      if (mine == NULL)
        return FALSE;
      yl_frontier_digest (mine, call->base);
    }
  answer = yl_peer_sync (run->peer, call, &fault);
  if (answer != NULL)
    return take_answer (run, segment, call->segment, answer, error);
  if (run->names != NULL && !run->all_rungs && g_error_matches (fault, YL_ERROR, YL_ERROR_MISSING))
    return add_rungs (run, error);
  if (yl_peer_was_rubbish (run->peer))
    yl_watch_fault (run->store, yl_peer_get_hub (run->peer), fault);
  /* The hub knows this PC, has taken in what it sent, and tells it nothing. */
  if (!is_relay (run) && g_error_matches (fault, YL_ERROR, YL_ERROR_REFUSED) && yl_peer_has_session (run->peer)
      && !yl_trouble_raise (run->store, YL_TROUBLE_REVOKED, yl_store_get_node (run->store), "", error))
    return FALSE;
  g_propagate_error (error, g_steal_pointer (&fault));
  return FALSE;
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

/* Likewise: for the other PCs, that this one and head office have the same. */
static void
tell_agreement (Run *run)
{
  g_autoptr (GError) fault = NULL;

  if (!yl_agreement_tell (run->store, yl_peer_get_hub (run->peer), yl_watch_through (run->store), &fault))
    yl_exchange_note_error (run->store, fault);
}

/* What this file writes of its own after it has heard all there is. */
static gboolean
write_due (Run *run, GError **error)
{
  guint before = yl_log_n_waiting (run->store);

  /* Only head office surely has all that the old pen wrote. */
  if (!is_relay (run) && !yl_log_renew_pen (run->store, error))
    return FALSE;
  confirm_due (run->store);
  settle_erasures (run->store);
  if (run->settled && !is_relay (run))
    tell_agreement (run);
  if (yl_log_n_waiting (run->store) > before)
    run->settled = FALSE;
  return TRUE;
}

/* It goes on saying that there is more, and hands out nothing. */
static gboolean
name_apart (Run *run, GError **error)
{
  GError *fault = g_error_new (YL_ERROR, YL_ERROR_MISSING, _ ("it says that there is more and does not hand it out"));

  return explain_segment (run, fault, error);
}

/* Until both have the same, or others go on writing. */
static gboolean
exchange (Run *run, guint wait, GError **error)
{
  guint idle = 0;

  if ((!is_relay (run) && !yl_checkpoint_start (run->store, run->peer, error)) || !yl_log_hold (run->store, error))
    return FALSE;
  while (!run->settled && idle < IDLE_CALLS)
    {
      run->more = FALSE;
      run->moved = FALSE;
      run->received = FALSE;
      if (!call_hub (run, wait, error))
        return FALSE;
      wait = 0;
      idle = run->moved ? 0 : idle + 1;
      if (run->more || run->names != NULL)
        continue;
      if (!ask_keys (run, error) || !write_due (run, error))
        return FALSE;
      if (run->hub_wants != NULL)
        run->settled = FALSE;
    }
  return run->settled || !run->apart || name_apart (run, error);
}

/* Attachments last: change sets never wait for them. They go to head office only. */
static gboolean
exchange_chunks (Run *run, GError **error)
{
  return (run->report->received == 0 || yl_chunk_sweep (run->store, error))
         && (is_relay (run) || yl_attachment_push (run->store, run->peer, &run->report->chunks, error));
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

static gboolean
is_due (gint64 compared)
{
  return compared == 0 || g_get_monotonic_time () - compared > KEYS_EVERY_US;
}

gboolean
yl_exchange_run (YlStore *store, YlPeer *peer, guint wait, YlSyncReport *report, GError **error)
{
  g_auto (Run) run = { .store = store, .peer = peer, .report = report, .position = yl_peer_get_position (peer) };
  gsize bytes_in, bytes_out;
  gboolean ok;

  *report = (YlSyncReport){ 0 };
  run.keys_due = !is_relay (&run) && is_due (run.position->keys_compared);
  yl_transport_get_bytes (yl_peer_get_transport (peer), &bytes_in, &bytes_out);
  ok = exchange (&run, wait, error) && exchange_chunks (&run, error);
  ok = yl_store_check_reads (store, error) && ok;
  yl_transport_get_bytes (yl_peer_get_transport (peer), &report->bytes_in, &report->bytes_out);
  report->bytes_in -= bytes_in;
  report->bytes_out -= bytes_out;
  /* After an error the first cause is what counts. */
  return note (store, "received", report->received, ok ? error : NULL)
         && note (store, "sent", report->sent, ok ? error : NULL)
         && note (store, "handed_over", report->handed_over, ok ? error : NULL) && ok
         && (is_relay (&run) || !run.settled || note_agreement (store, error));
}

gboolean
yl_exchange_rest (YlStore *store, GError **error)
{
  if (!yl_delivery_settle (store, error) || !yl_chunk_sweep (store, error))
    return FALSE;
  return confirm_due (store) + compare_people (store) + settle_erasures (store) == 0
         || yl_delivery_settle (store, error);
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
