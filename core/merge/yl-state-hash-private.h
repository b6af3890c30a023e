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

YlSum yl_sum_from_bytes (const guint8 *bytes); /* 16, big endian */
void yl_sum_to_bytes (YlSum sum, guint8 *bytes);
/* yl_table_sums_at: those of table @t, made at need. */
YlTableSums *yl_table_sums_at (GPtrArray *sums, gint64 t);
/* yl_state_hash_add: adds all of @sums, by number of table, to the buckets in the file. */
gboolean yl_state_hash_add (YlStore *store, GPtrArray *sums, GError **error);

/* Adds (@sign 1) or takes out (@sign -1) a record as it stands in memory; nothing where it has no state. */
void yl_state_hash_record (YlStore *store, YlMergeRecord *record, int sign);
/* yl_state_hash_drop: forgets what was gathered in the open transaction. */
void yl_state_hash_drop (YlStore *store);

/* One bucket and the sums gathered for it in the open transaction. */
guint yl_state_hash_bucket (const char *id);
void yl_state_hash_forget (YlStore *store, const char *table, guint bucket);
/* yl_state_hash_matches: with what is in the file; nothing may be parked (yl_state_settle_parked()). */
gboolean yl_state_hash_matches (YlStore *store, const char *table, guint bucket, gboolean *same, GError **error);
/* yl_state_hash_gathered: 16 bytes, big endian. */
void yl_state_hash_gathered (YlStore *store, const char *table, guint bucket, guint8 *bytes);
/* yl_state_hash_settle: what was gathered is the bucket's sum from now on. @differed: it was another. */
gboolean yl_state_hash_settle (YlStore *store, const char *table, guint bucket, gboolean *differed, GError **error);

G_END_DECLS
