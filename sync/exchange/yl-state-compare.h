#pragma once

#include "exchange/yl-peer.h"

G_BEGIN_DECLS

/**
 * yl_state_reconcile: both copies have the same change sets and yet not the same state. Goes down from table to bucket to record; each
 * side first holds its records against its own log, so that the one that is wrong is known, and puts those right. What was
 * repaired, here or there, stands in the sync log. The states are to be compared again afterwards.
 * Errors: YL_ERROR_CORRUPT naming a record that each copy has as its own log says: no damage, but two programs that merge differently.
 */
gboolean yl_state_reconcile (YlStore *store, YlPeer *peer, GError **error);

/** yl_state_answer: the hub's side: checks the buckets asked about against the log, and says what they hold. */
GBytes *yl_state_answer (YlStore *store, GBytes *question, GError **error);

G_END_DECLS
