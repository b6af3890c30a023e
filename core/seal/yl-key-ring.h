#pragma once

#include "log/yl-log-door.h"

G_BEGIN_DECLS

/*
 * The key ring: which key of a person seals what is written now, and which keys are in use that are not here. Everything here runs
 * inside an open transaction.
 */

/**
 * yl_key_ring_current: the key for a new value: of the last epoch, of several the one with the lowest id; made where there is none.
 * A store that may not read a class of a person seals what it writes itself under a key of its own, which the person's own store
 * can read but never uses. Errors: YL_ERROR_REFUSED for a person who was erased.
 */
gboolean yl_key_ring_current (YlStore *store, const char *person, int disclosure, YlSealKey *key, GError **error);
/** yl_key_ring_make: a new key of @epoch, one of the person's own. */
gboolean yl_key_ring_make (YlStore *store,
                           const char *person,
                           int disclosure,
                           gint64 epoch,
                           YlSealKey *key,
                           GError **error);

/** yl_key_ring_note: notes keys that a folded op uses and that are not here. */
gboolean yl_key_ring_note (YlStore *store, const YlOp *op, GError **error);
/** yl_key_ring_note_all: notes keys that are not here of all values that rows show, and that stand beside them in a conflict. */
gboolean yl_key_ring_note_all (YlStore *store, GError **error);
/** yl_key_ring_follow: touched records may have given this node a reason to have keys it could not have before. */
gboolean yl_key_ring_follow (YlStore *store, GError **error);

G_END_DECLS
