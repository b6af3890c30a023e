#pragma once

#include "store/yl-store-private.h"

G_BEGIN_DECLS

/*
 * The merge rules (design: merge rules), the same result for any causal order of arrival.
 *
 * Every column of a record is a register: the set of writes that no later write had seen. One of them is shown on every
 * copy: the one with the highest clock reading, then the highest writer, then the highest id. Life is a register of its own: a record is alive
 * if any standing write of it was not a delete, so an edit that had not seen the delete revives it.
 *
 * The shown value of a living record is in its row; all other standing values are in table `version`. record.state holds
 * the entry numbers (core/merge/yl-merge-record.c).
 */

/* YlVector: what an entry had seen: the last sequence of every strand (yl-strand.h), by its local number. */
typedef GArray YlVector; /* of gint64, index w; absent = 0 */
YlVector *yl_vector_new (void);
gint64 yl_vector_get (const YlVector *vector, gint64 w);
void yl_vector_raise (YlVector *vector, gint64 w, gint64 seq);
void yl_vector_join (YlVector *vector, const YlVector *other);
GBytes *yl_vector_pack (const YlVector *vector);
YlVector *yl_vector_unpack (gconstpointer bytes, gsize length);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlVector, g_array_unref)

/* YlMergeEntry: the entry that is being folded. */
typedef struct
{
  gint64 n;
  gint64 w;
  const YlVector *seen; /* without itself */
} YlMergeEntry;

/**
 * yl_merge_fold: folds one op of an entry into the state, and writes the row.
 * @before: for a local op the row as it was (NULL: there was none) — the row itself is then already as it shall be;
 * @is_local tells which.
 */
gboolean yl_merge_fold (YlStore *store,
                        const YlMergeEntry *entry,
                        const YlOp *op,
                        gboolean is_local,
                        const YlValue *before,
                        GError **error);

/* yl_merge_columns: names of the columns of a record that have versions; NULL if it has no state (element-type char *). */
GPtrArray *yl_merge_columns (YlStore *store, const char *table, const char *id, GError **error);

/* YlStanding: one standing version of a column, shown first. */
typedef struct
{
  gint64 n;
  YlValue value;
} YlStanding;
/* yl_merge_standing: the standing versions of a column (of life for ""), shown first (element-type YlStanding *). For life the
 * value is integer 1 (alive) or 0. */
GPtrArray *yl_merge_standing (YlStore *store, const char *table, const char *id, const char *column, GError **error);

/* yl_merge_rehash: adds all standing versions of a record to the sums of the open transaction, as fsck does to compare them. */
gboolean yl_merge_rehash (YlStore *store, const char *table, const char *id, GError **error);
/* yl_merge_flush: writes the bucket sums of the open transaction. */
gboolean yl_merge_flush (YlStore *store, GError **error);

G_END_DECLS
