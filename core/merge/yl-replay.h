#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/**
 * yl_replay: the state as it was when the log ended in @frontier (of YlEntryName, logged entries), folded anew in memory: from the first
 * entry on, or with @on_base from the checkpoint on which this copy stands. Returns: a store to read states from, never to be written.
 * Errors: YL_ERROR_MISSING where the log here does not reach as far, at either end; YL_ERROR_CORRUPT.
 */
YlStore *yl_replay (YlStore *store, GArray *frontier, gboolean on_base, GError **error);

G_END_DECLS
