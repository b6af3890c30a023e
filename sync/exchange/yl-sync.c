#include "checkpoint/yl-checkpoint-history.h"
#include "exchange/yl-exchange.h"
#include "store/yl-base.h"

/* That another store's PC is not there says nothing of the link to head office. */
static void
note_fault (YlStore *store, YlPeer *peer, const GError *fault)
{
  g_autoptr (GError) error = NULL;

  if (peer == NULL || !yl_peer_is_relay (peer) || !g_error_matches (fault, YL_ERROR, YL_ERROR_OFFLINE))
    yl_exchange_note_error (store, fault);
  else if (!yl_store_note_sync (store, "failed", fault->message, &error))
    g_debug ("the sync log cannot be written: %s", error->message);
}

/* Takes @peer, which is NULL where @fault says why. */
static gboolean
run (YlStore *store, YlPeer *peer, YlSyncReport *report, GError *fault, GError **error)
{
  g_autoptr (YlPeer) owned = peer;
  YlSyncReport unused;

  if (report == NULL)
    report = &unused;
  *report = (YlSyncReport){ 0 };
  if (peer != NULL && yl_exchange_run (store, peer, 0, report, &fault))
    return TRUE;
  note_fault (store, peer, fault);
  g_propagate_error (error, fault);
  return FALSE;
}

/* Head office's own store is where all others send to. */
static gboolean
rest (YlStore *store, YlSyncReport *report, GError **error)
{
  g_autoptr (GError) fault = NULL;

  if (report != NULL)
    *report = (YlSyncReport){ .same_state = TRUE };
  if (yl_exchange_rest (store, &fault))
    return TRUE;
  yl_exchange_note_error (store, fault);
  g_propagate_error (error, g_steal_pointer (&fault));
  return FALSE;
}

gboolean
yl_sync_run (YlStore *store, const char *peer_url, YlSyncReport *report, GError **error)
{
  GError *fault = NULL;
  YlPeer *peer;

  if (peer_url == NULL && yl_store_is_head_office (store))
    return rest (store, report, error);
  peer = yl_peer_new (store, peer_url, &fault);
  return run (store, peer, report, fault, error);
}

gboolean
yl_sync_run_with (YlStore *store, const char *url, YlSyncReport *report, GError **error)
{
  GError *fault = NULL;
  YlPeer *peer = yl_peer_new_relay (store, url, &fault);

  return run (store, peer, report, fault, error);
}

gboolean
yl_sync_history (YlStore *store, const char *peer_url, GError **error)
{
  g_autoptr (YlPeer) peer = NULL;
  gboolean stands_on_base;

  if (!yl_base_exists (store, &stands_on_base, error))
    return FALSE;
  if (!stands_on_base)
    return TRUE;
  peer = yl_peer_new (store, peer_url, error);
  return peer != NULL && yl_history_fetch (store, peer, error);
}
