#pragma once

#include "log/yl-entry.h"
#include "store/yl-store.h"

G_BEGIN_DECLS

/*
 * Merge state out and in: every standing version of every register of every record, in one canonical order, so that equal states give
 * equal sequences: by table (bytes), record id, column (life, "", first), and within a register as shown: the first one is
 * what people see. Life is ordered alive before dead. Derived tables are no part of it: they follow from the rest.
 */

/**
 * YlMergeVersion: one standing version. All pointers are borrowed, by the callback for the time of the call.
 * @column: "" is life: its value is the integer 1 (alive) or 0.
 * @entry: which entry wrote it, @hlc its clock reading, @n its number in this file's order, 0 where that is not said.
 * @value: wire form: sealed columns are blobs.
 */
typedef struct
{
  const char *table;
  const char *id;
  const char *column;
  YlEntryName entry;
  gint64 hlc;
  gint64 n;
  const YlValue *value;
} YlMergeVersion;

typedef gboolean (*YlMergeVersionFunc) (const YlMergeVersion *version, gpointer data, GError **error);

/**
 * yl_merge_state_foreach: calls @func for all versions in canonical order, until it returns FALSE with an error. It must not write.
 * @table: NULL: every table. @id: NULL: every record of it. Tables and columns unknown to this program are included.
 * Errors: those of @func; YL_ERROR_CORRUPT.
 */
gboolean yl_merge_state_foreach (YlStore *store,
                                 const char *table,
                                 const char *id,
                                 YlMergeVersionFunc func,
                                 gpointer data,
                                 GError **error);

/**
 * YlMergeInstall: takes such a sequence in, within an open transaction. A record is replaced as a whole: what it held before goes. The entries
 * behind the versions need not be here: unknown ones become skeletons, which have a name and a clock reading but no
 * message, no full id (its first 8 bytes stand for it) and an empty `seen`. Rows, state hash, op index, derived tables and the plain
 * side follow. The facts of the authority chain do not: its entries must be folded.
 */
typedef struct _YlMergeInstall YlMergeInstall;
YlMergeInstall *yl_merge_install_new (YlStore *store);
/** yl_merge_install_add: Errors: YL_ERROR_INVALID for what is out of form or order; YL_ERROR_CORRUPT where the log has another
 * entry of that name. After an error the transaction must be rolled back. */
gboolean yl_merge_install_add (YlMergeInstall *install, const YlMergeVersion *version, GError **error);
/** yl_merge_install_finish: writes the last record. */
gboolean yl_merge_install_finish (YlMergeInstall *install, GError **error);
void yl_merge_install_free (YlMergeInstall *install);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlMergeInstall, yl_merge_install_free)

/** yl_merge_state_remove: takes a record out of state, hash and rows, as if no entry had written it; the index of ops
 * keeps it. In an open transaction. */
gboolean yl_merge_state_remove (YlStore *store, const char *table, const char *id, GError **error);

G_END_DECLS
