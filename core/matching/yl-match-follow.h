#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/**
 * yl_match_follow: which workers the entries folded after @since may have changed, as a set of record ids.
 * Returns: NULL with @everybody set when it cannot be told, or NULL with an error.
 */
GHashTable *yl_match_follow (YlStore *store, gint64 since, gboolean *everybody, GError **error);

G_END_DECLS
