#pragma once

#include "merge/yl-merge-record.h"

G_BEGIN_DECLS

/*
 * The derived tables, booking and order_state: functions of the facts, worked out again for every record a transaction
 * touched, before it commits. The same on every node; a merge writes nothing else.
 */

/** yl_derive_touch: what @record bears on, as it stands in memory, is worked out again. Called as it was and as it becomes: a fact that
 * no longer counts leaves nothing behind to tell what it was about. */
void yl_derive_touch (YlStore *store, const YlMergeRecord *record);
/** yl_derive_touched: called by the store before every commit. */
gboolean yl_derive_touched (YlStore *store, GError **error);
/** yl_derive_check: works everything out anew inside the open transaction (which the caller rolls back) and compares.
 * Errors: YL_ERROR_CORRUPT. */
gboolean yl_derive_check (YlStore *store, GError **error);

G_END_DECLS
