#include "exchange/yl-exchange.h"

static gboolean
run (YlStore *store, const char *peer_url, YlSyncReport *report, GError **error)
{
  g_autoptr (YlPeer) peer = NULL;

  /* Head office's own store is where all others send to. */
  if (peer_url == NULL && yl_store_is_head_office (store))
    {
      report->same_state = TRUE;
      return yl_exchange_rest (store, error);
    }
  peer = yl_peer_new (store, peer_url, error);
  return peer != NULL && yl_exchange_run (store, peer, 0, report, error);
}

gboolean
yl_sync_run (YlStore *store, const char *peer_url, YlSyncReport *report, GError **error)
{
  YlSyncReport unused;
  g_autoptr (GError) fault = NULL;

  if (report == NULL)
    report = &unused;
  *report = (YlSyncReport){ 0 };
  if (run (store, peer_url, report, &fault))
    return TRUE;
  yl_exchange_note_error (store, fault);
  g_propagate_error (error, g_steal_pointer (&fault));
  return FALSE;
}
