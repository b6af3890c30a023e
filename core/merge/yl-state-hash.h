#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/** yl_state_hash: 64 hex digits over the bucket sums of all tables. Equal logs give equal hashes on every node. */
char *yl_state_hash (YlStore *store, GError **error);

/** yl_store_check_file: SQLite's integrity check. Errors: YL_ERROR_CORRUPT: pages of the file are damaged, which only a backup or
 * joining again puts right. */
gboolean yl_store_check_file (YlStore *store, GError **error);

/** yl_store_check: SQLite's integrity check, the buckets against the rows, the derived tables against the facts.
 * Returns FALSE with YL_ERROR_CORRUPT naming the first difference. */
gboolean yl_store_check (YlStore *store, GError **error);

/** yl_store_rebuild: makes the state anew from the log alone, in one transaction. Errors: YL_ERROR_CORRUPT. */
gboolean yl_store_rebuild (YlStore *store, GError **error);

G_END_DECLS
