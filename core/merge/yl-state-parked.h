#pragma once

#include "yl-state-hash-private.h"

G_BEGIN_DECLS

/*
 * Parked sums. What a change adds to a few buckets of the state hash lies in the row of its own entry, which is written anyway, until the log
 * follows: then all of it goes to the buckets at once. Each change writes a page less. Whoever reads buckets adds what is
 * parked, or has it settled first.
 */

/** yl_state_may_park: whether the open transaction wrote an entry of this file's own, and few sums with it. */
gboolean yl_state_may_park (YlStore *store);
/** yl_state_park: the sums of the open transaction. */
gboolean yl_state_park (YlStore *store, GError **error);
/** yl_state_settle_parked: into the buckets, in the open transaction. */
gboolean yl_state_settle_parked (YlStore *store, GError **error);
/** yl_state_add_parked: to @sums (element-type YlTableSums, by number of table), which grows at need. */
gboolean yl_state_add_parked (YlStore *store, GPtrArray *sums, GError **error);

G_END_DECLS
