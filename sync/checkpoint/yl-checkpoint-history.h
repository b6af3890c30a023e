#pragma once

#include "exchange/yl-peer.h"

G_BEGIN_DECLS

/*
 * The history behind the checkpoint with which a copy began: fetched from the first change set on, in pieces, at leisure. Each piece is
 * verified and kept by itself, so that a fetch that broke off goes on where it was.
 */

/**
 * yl_history_step: one piece more; after the last one the log is folded anew and has to give what the company signed, and then this copy
 * stands on its log alone. @more: there is more to do. What does not fit is raised as YL_TROUBLE_HISTORY and not asked for again.
 * Errors: as yl_peer_call(); YL_ERROR_INVALID.
 */
gboolean yl_history_step (YlStore *store, YlPeer *peer, gboolean *more, GError **error);
/** yl_history_fetch: all of it, also what was dropped here on purpose. */
gboolean yl_history_fetch (YlStore *store, YlPeer *peer, GError **error);

/** yl_history_answer: the hub's side: its change sets after place @after of its own order, with their places. */
GBytes *yl_history_answer (YlStore *store, gint64 after, GError **error);
/** yl_history_read_places: the places in such an answer, appended to @places (of gint64): ascending, all beyond @after. Returns: its segment.
 * Errors: YL_ERROR_INVALID. */
GBytes *yl_history_read_places (GBytes *answer, gint64 after, GArray *places, GError **error);

G_END_DECLS
