#pragma once

#include "checkpoint/yl-checkpoint.h"
#include "exchange/yl-peer.h"

G_BEGIN_DECLS

/*
 * The horizon: the last checkpoint that lies in a backup of head office which somebody has verified off its machine. Stores may drop the
 * change sets behind it.
 */

/** yl_horizon_verified: at head office: @file is such a backup. Returns the number of the checkpoint that is the horizon now. Errors:
 * YL_ERROR_REFUSED (elsewhere, another company's, without a checkpoint), YL_ERROR_CORRUPT. */
gint64 yl_horizon_verified (YlStore *store, const char *file, GError **error);
/** yl_horizon_number: at head office; 0 while there is none. */
gint64 yl_horizon_number (YlStore *store);
/** yl_horizon_statement: what the hub says of it, signed by its node. Errors: YL_ERROR_NOT_FOUND. */
GBytes *yl_horizon_statement (YlStore *store, GError **error);
/** yl_horizon_read: the number in a statement of head office. Errors: YL_ERROR_INVALID. Returns: 0 on an error. */
gint64 yl_horizon_read (YlStore *store, GBytes *statement, GError **error);

/** yl_checkpoint_prune: drops what is behind the hub's horizon, keeping its checkpoint, and gives the room back. What lies behind it
 * and is not here yet is not wanted any more. A copy that began with a later checkpoint has nothing to drop. @n: change sets dropped. */
gboolean yl_checkpoint_prune (YlStore *store, YlPeer *peer, guint *n, GError **error);
/** yl_checkpoint_tend: does so where it is due (yl-prune.h), and says so in the sync log. */
gboolean yl_checkpoint_tend (YlStore *store, YlPeer *peer, GError **error);

G_END_DECLS
