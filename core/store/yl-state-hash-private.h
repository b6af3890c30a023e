#pragma once

#include "yl-store-private.h"

G_BEGIN_DECLS

/* Adds (@sign 1) or takes out (@sign -1) one standing version of the open transaction's sums. */
void yl_state_hash_value (YlStore *store,
                          const char *table,
                          const char *id,
                          const char *column,
                          gint64 n,
                          const YlValue *value,
                          int sign);
void yl_state_hash_life (YlStore *store, const char *table, const char *id, gint64 n, gboolean alive, int sign);
/* Compares the sums gathered since the transaction began with those stored; names the first table that differs. */
gboolean yl_state_hash_compare (YlStore *store, GError **error);

G_END_DECLS
