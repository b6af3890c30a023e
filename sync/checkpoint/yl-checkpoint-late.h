#pragma once

#include "exchange/yl-peer.h"
#include "exchange/yl-wire.h"

G_BEGIN_DECLS

/*
 * A change set may have merged one from behind the checkpoint with which a copy began. What that one had seen, and its commit, the hub tells
 * on demand.
 */
#define YL_LATE_NAMES_MAX 1000

/** yl_late_fetch: asks for what the entries of a segment merged and this copy lacks. @n: how many came. */
gboolean yl_late_fetch (YlStore *store, YlPeer *peer, const YlSegment *segment, guint *n, GError **error);
/** yl_late_answer: the hub's side: a line of places, then the lines of `tips` for these names. Errors: YL_ERROR_NOT_FOUND. */
GBytes *yl_late_answer (YlStore *store, GArray *names, GError **error);

G_END_DECLS
