#pragma once

#include "yl-fork.h"
#include "yl-log-door.h"
#include "merge/yl-merge-state.h"

G_BEGIN_DECLS

/*
 * The skeleton of a log: what goes on being needed of entries whose messages are not here, because this copy began with a checkpoint
 * or dropped them: where each writer's entries end and what the last ones had seen, the facts of the authority chain, and which
 * entries do not count.
 */

/** YlTip: the last entry of a writer, or of a branch of one that forked. */
typedef struct
{
  YlEntryName name;
  guint8 id[YL_ENTRY_ID_BYTES];
  guint8 oid[YL_OID_BYTES];
  gint64 hlc;
  char *actor;
  GArray *seen; /* of YlEntryName, ascending: what it had seen of all branches but its own; for the id the branch */
  gint64 n;     /* its place in the order of this file; no part of a checkpoint */
  guint8 branch[YL_BRANCH_BYTES];
} YlTip;
void yl_tip_free (YlTip *tip);
YlTip *yl_tip_new (void);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlTip, yl_tip_free)

/** YlBone: an entry of which no more is known here than this. */
typedef struct
{
  YlEntryName name;
  gint64 hlc;
  char *actor;
  gint64 n; /* its place in the order of this file; 0: not said. No part of a checkpoint. */
  guint8 branch[YL_BRANCH_BYTES];
} YlBone;
/** yl_bones_new: an array of YlBone that owns its actors. */
GArray *yl_bones_new (void);

/* Out */

/** yl_skeleton_tips: ascending by name (element-type YlTip). @forks: of all writers. Errors: YL_ERROR_REFUSED while entries here are not in
 * the log yet; YL_ERROR_MISSING where a writer forked at an entry that is not known here. */
GPtrArray *yl_skeleton_tips (YlStore *store, const YlForks *forks, GError **error);
/** yl_skeleton_about: what else is known of an entry. Errors: YL_ERROR_NOT_FOUND. */
gboolean yl_skeleton_about (YlStore *store, const YlEntryName *name, gint64 *n, char **actor, GError **error);
/** yl_skeleton_refused: entries whose ops do not count, ascending by name (element-type YlBone). */
GArray *yl_skeleton_refused (YlStore *store, GError **error);
/** yl_skeleton_facts: the facts of the authority chain in the form of versions, by table, id, column and position. */
gboolean yl_skeleton_facts (YlStore *store, YlMergeVersionFunc func, gpointer data, GError **error);

/** yl_skeleton_find: what of an entry a copy needs that has not its change set; its commit is not filled in. Errors: YL_ERROR_NOT_FOUND. */
YlTip *yl_skeleton_find (YlStore *store, const YlForks *forks, const YlEntryName *name, GError **error);
/** yl_skeleton_lacks: whether an entry lies behind the checkpoint on which this copy stands and too little of it is known to fold one that
 * merged it. */
gboolean yl_skeleton_lacks (YlStore *store, const YlEntryName *name, gboolean *lacks, GError **error);

/* In, within an open transaction, into a file whose log is empty */

/** yl_skeleton_add_fork: before all else, ascending by name. @begins: it begins a branch, which leaves @parent. */
gboolean yl_skeleton_add_fork (YlStore *store,
                               const YlBone *bone,
                               const guint8 *parent,
                               gboolean begins,
                               GError **error);
/** yl_skeleton_add_tip: with its strand. */
gboolean yl_skeleton_add_tip (YlStore *store, const YlTip *tip, GError **error);
/** yl_skeleton_set_seen: once all tips are added. */
gboolean yl_skeleton_set_seen (YlStore *store, const YlTip *tip, GError **error);
/** yl_skeleton_add_bone: One already here is no error, unless it is another or in another place. */
gboolean yl_skeleton_add_bone (YlStore *store, const YlBone *bone, GError **error);
gboolean yl_skeleton_add_fact (YlStore *store, const YlMergeVersion *fact, GError **error);
gboolean yl_skeleton_refuse (YlStore *store, const YlBone *bone, GError **error);
/** yl_skeleton_add_late: one that yl_skeleton_lacks(), as head office tells it, in a file that goes on from a checkpoint. */
gboolean yl_skeleton_add_late (YlStore *store, const YlTip *tip, GError **error);
/** yl_skeleton_finish: once the state is in too: the file goes on from there. Errors: YL_ERROR_INVALID when the state hash is not @hash. */
gboolean yl_skeleton_finish (YlStore *store, const char *hash, GError **error);

/** yl_skeleton_mend_bone, yl_skeleton_mend_tip: holds what is known here of an entry without a message against what the checkpoint says, and
 * puts it right. In an open transaction. @wrong: it was not that. */
gboolean yl_skeleton_mend_bone (YlStore *store, const YlBone *bone, gboolean *wrong, GError **error);
gboolean yl_skeleton_mend_tip (YlStore *store, const YlTip *tip, gboolean *wrong, GError **error);

/** yl_skeleton_is_empty: no entry was ever folded here. */
gboolean yl_skeleton_is_empty (YlStore *store, gboolean *is_empty, GError **error);

G_END_DECLS
