#pragma once

#include "yl-merge-record.h"
#include "yl-state-sums.h"

G_BEGIN_DECLS

/* YlTableSums: what the open transaction adds to the sums of one table. */
typedef unsigned __int128 YlSum;
typedef struct
{
  YlSum deltas[YL_BUCKETS];
  guint8 used[YL_BUCKETS];
  guint n_used;
} YlTableSums;

/* Adds (@sign 1) or takes out (@sign -1) a record as it stands in memory; nothing where it has no state. */
void yl_state_hash_record (YlStore *store, YlMergeRecord *record, int sign);
/* yl_state_hash_drop: forgets what was gathered in the open transaction. */
void yl_state_hash_drop (YlStore *store);

/* One bucket and the sums gathered for it in the open transaction. */
guint yl_state_hash_bucket (const char *id);
void yl_state_hash_forget (YlStore *store, const char *table, guint bucket);
gboolean yl_state_hash_matches (YlStore *store, const char *table, guint bucket, gboolean *same, GError **error);
/* yl_state_hash_gathered: 16 bytes, big endian. */
void yl_state_hash_gathered (YlStore *store, const char *table, guint bucket, guint8 *bytes);
/* yl_state_hash_settle: what was gathered is the bucket's sum from now on. @differed: it was another. */
gboolean yl_state_hash_settle (YlStore *store, const char *table, guint bucket, gboolean *differed, GError **error);

G_END_DECLS
