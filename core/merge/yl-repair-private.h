#pragma once

#include "yl-repair.h"
#include "store/yl-store-private.h"

G_BEGIN_DECLS

/* Entries parsed while records are folded anew: neighbours in a bucket often come from the same ones. */
typedef struct
{
  YlStore *store;
  GHashTable *entries; /* n -> YlEntry */
} YlRefold;

YlRefold *yl_refold_new (YlStore *store);
void yl_refold_free (YlRefold *refold);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlRefold, yl_refold_free)

/* yl_refold_record: puts one record right inside the open transaction, without regard to the sum of its bucket. */
gboolean yl_refold_record (YlRefold *refold, const char *table, const char *id, GPtrArray *faults, GError **error);

/* yl_repair_tables: names of the tables of this version, and of those of a newer one that the state holds, sorted. */
GPtrArray *yl_repair_tables (YlStore *store, GError **error);
/* yl_repair_range: compares the buckets @from <= b < @to of a table with their sums, and repairs those that differ, in the open
 * transaction. */
gboolean yl_repair_range (YlStore *store, const char *table, guint from, guint to, GPtrArray *faults, GError **error);
/* yl_repair_log: what entries had seen, whether they count, and the index of ops, against their messages; put right in the open
 * transaction. An entry that cannot be read is passed over. */
gboolean yl_repair_log (YlStore *store, GPtrArray *faults, GError **error);
/* yl_repair_finish: ends a transaction in which faults may have been repaired. @keep: commit it. */
gboolean yl_repair_finish (YlStore *store, gboolean keep, GError **error);

G_END_DECLS
