#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/**
 * yl_scratch_open: a second state beside a store's, in memory and empty, in an open transaction that is never committed; what it has not of
 * its own it reads from the store's file. It has the tables of the trade, the merge state, and those of @also (may be NULL).
 * It holds no keys.
 */
YlStore *yl_scratch_open (YlStore *store, const char *const *also, GError **error);

G_END_DECLS
