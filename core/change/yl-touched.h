#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

typedef gboolean (*YlTouchedFunc) (const char *table, const char *id, gpointer data, GError **error);

/** yl_store_touched_since: the records that entries after @n name, each once, in no order, until @func returns FALSE with an error.
 * For those who follow what other programs write. */
gboolean yl_store_touched_since (YlStore *store, gint64 n, YlTouchedFunc func, gpointer data, GError **error);

G_END_DECLS
