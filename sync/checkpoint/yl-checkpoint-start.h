#pragma once

#include "checkpoint/yl-checkpoint.h"
#include "exchange/yl-peer.h"

G_BEGIN_DECLS

/** yl_checkpoint_fetch: brings checkpoint @number with its files from the hub and keeps it. Errors: YL_ERROR_NOT_FOUND. */
YlCheckpoint *yl_checkpoint_fetch (YlStore *store, YlPeer *peer, gint64 number, GError **error);

G_END_DECLS
