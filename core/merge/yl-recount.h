#pragma once

#include "store/yl-store-private.h"

G_BEGIN_DECLS

/*
 * Records folded anew because entries of theirs no longer count, or are no longer there: those records and no others. In one transaction:
 * add the entries, subtract their records from the state hash as they are, change what counts, fold.
 */
typedef struct _YlRecount YlRecount;
YlRecount *yl_recount_new (YlStore *store);
void yl_recount_free (YlRecount *recount);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlRecount, yl_recount_free)

/** yl_recount_add: entry @n. */
gboolean yl_recount_add (YlRecount *recount, gint64 n, GError **error);
/** yl_recount_subtract: after the last entry was added and before anything changes. */
gboolean yl_recount_subtract (YlRecount *recount, GError **error);
/** yl_recount_fold: @because: the entry after which the records are not what they were, for those who follow the log. */
gboolean yl_recount_fold (YlRecount *recount, gint64 because, GError **error);

G_END_DECLS
