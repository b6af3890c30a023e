#pragma once

#include "checkpoint/yl-checkpoint.h"
#include "exchange/yl-peer.h"

G_BEGIN_DECLS

/**
 * yl_checkpoint_load: makes the state of a checkpoint that of a file whose log is empty, in one transaction: rows, merge state, skeleton and
 * the checkpoint itself. @places: of its entries in the order of whoever sent it, which this file takes over. Nothing is
 * taken in unless state and hash are those that the company signed. Errors: YL_ERROR_INVALID; YL_ERROR_REFUSED where there is a log.
 */
gboolean yl_checkpoint_load (YlStore *store,
                             const YlCheckpoint *checkpoint,
                             const YlCheckpointContent *content,
                             GArray *places,
                             GError **error);

/**
 * yl_checkpoint_start: a new copy begins with the hub's last checkpoint, where it has one; what came by a fetch that broke off is used. A file that
 * has a log already is left as it is.
 */
gboolean yl_checkpoint_start (YlStore *store, YlPeer *peer, GError **error);

G_END_DECLS
