#pragma once

#include "yl-log-door.h"

G_BEGIN_DECLS

/*
 * Entries that are damaged in this file, or whose messages were dropped, put right from a copy that somebody else gave: the whole run, whose
 * signature the caller has verified. What follows from an entry is not touched: fsck goes on from there. In an open transaction.
 */

/** yl_mend_entry: entry number @n, which stands on its writer's strand at that sequence. @same: it has the id that is known here.
 * Errors: YL_ERROR_INVALID where another one stands there; YL_ERROR_MISSING. */
gboolean yl_mend_entry (YlStore *store, const YlEntry *entry, gint64 n, gboolean *same, GError **error);
/** yl_mend_run: the run that ends with entry @n. @same: all its entries have the ids known here; if not, its commit must be the one known
 * here. Errors: YL_ERROR_INVALID. */
gboolean yl_mend_run (YlStore *store,
                      gint64 n,
                      const guint8 *oid,
                      const guint8 *signature,
                      gboolean same,
                      GError **error);

G_END_DECLS
