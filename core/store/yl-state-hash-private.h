#pragma once

#include "yl-state-sums.h"
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

/* One bucket and the sums gathered for it in the open transaction. */
guint yl_state_hash_bucket (const char *id);
void yl_state_hash_forget (YlStore *store, const char *table, guint bucket);
gboolean yl_state_hash_matches (YlStore *store, const char *table, guint bucket, gboolean *same, GError **error);
/* yl_state_hash_gathered: YL_SUM_BYTES, big endian. */
void yl_state_hash_gathered (YlStore *store, const char *table, guint bucket, guint8 *bytes);
/* yl_state_hash_settle: what was gathered is the bucket's sum from now on. @differed: it was another. */
gboolean yl_state_hash_settle (YlStore *store, const char *table, guint bucket, gboolean *differed, GError **error);

G_END_DECLS
