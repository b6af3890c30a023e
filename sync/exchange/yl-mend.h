#pragma once

#include "exchange/yl-peer.h"
#include "log/yl-merge-log.h"

G_BEGIN_DECLS

/* What is damaged in the log here, or was dropped, asked for once more. */

/** yl_mend_fetch_run: brings the run with the entry @name from the hub, and puts it in its place here, from entry @start on. Errors: as
 * yl_peer_call(); YL_ERROR_NOT_FOUND (the hub does not have it either), YL_ERROR_INVALID. */
gboolean yl_mend_fetch_run (YlStore *store, YlPeer *peer, const YlEntryName *name, gint64 start, GError **error);
/** yl_mend_fetch_entry: entry number @n, whose message was dropped here, with its run. No error where it is here, or where so little is
 * known of it that only the whole history brings it. Errors: as above. */
gboolean yl_mend_fetch_entry (YlStore *store, YlPeer *peer, gint64 n, GError **error);
/** yl_mend_log: all that @damage names: runs and parts of checkpoints from the hub, refs from the log. Goes on with the rest where something
 * cannot be had; says FALSE with the first cause then. @peer: NULL for a copy that has nobody to ask. */
gboolean yl_mend_log (YlStore *store, YlPeer *peer, const YlLogDamage *damage, GError **error);

/** yl_mend_answer: the hub's side: the run with the entry @name, as a segment. */
GBytes *yl_mend_answer (YlStore *store, const YlEntryName *name, GError **error);

G_END_DECLS
