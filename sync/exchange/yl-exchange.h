#pragma once

#include "exchange/yl-peer.h"
#include "exchange/yl-sync.h"

G_BEGIN_DECLS

/** yl_exchange_run: one whole exchange with @peer, as yl_sync_run(); @report is valid on an error too. @wait: seconds to wait for
 * news where there is nothing to send and nothing to take; what comes then comes with the answer. */
gboolean yl_exchange_run (YlStore *store, YlPeer *peer, guint wait, YlSyncReport *report, GError **error);

/** yl_exchange_rest: what is left to do where nobody else is to be asked, on head office's own store. */
gboolean yl_exchange_rest (YlStore *store, GError **error);

/** yl_exchange_note_error: puts @error into the sync log people read. */
void yl_exchange_note_error (YlStore *store, const GError *error);

G_END_DECLS
