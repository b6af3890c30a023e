#pragma once

#include "checkpoint/yl-checkpoint-content.h"

G_BEGIN_DECLS

/** YlCheckpointFiles: a checkpoint's files, read. */
typedef struct
{
  GArray *branches;  /* of YlBranching, ascending by name; NULL: no writer forked */
  GPtrArray *tips;   /* of YlTip */
  GArray *refused;   /* of YlBone */
  GPtrArray *shards; /* of YlCheckpointShard, in the order of paths */
} YlCheckpointFiles;

/** YlBranching: an entry at which branches part. */
typedef struct
{
  YlBone bone;
  guint8 parent[YL_BRANCH_BYTES]; /* of the entry before; its own is another one where it begins one */
} YlBranching;

typedef struct
{
  char *table;
  gboolean is_state; /* else facts of the authority chain */
  YlShard *shard;
} YlCheckpointShard;

/** yl_checkpoint_is_path: whether a file of a checkpoint may have this name. */
gboolean yl_checkpoint_is_path (const char *path);
/** yl_checkpoint_files_read: Errors: YL_ERROR_INVALID. */
YlCheckpointFiles *yl_checkpoint_files_read (const YlCheckpointContent *content, GError **error);
void yl_checkpoint_files_free (YlCheckpointFiles *files);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlCheckpointFiles, yl_checkpoint_files_free)

/** yl_checkpoint_places: where this file has the entries that a checkpoint names (element-type gint64): those at which branches part, tips,
 * refused ones, then those of each shard, in order. */
GArray *yl_checkpoint_places (YlStore *store, const YlCheckpointContent *content, GError **error);
/** yl_checkpoint_files_place: gives those places to the entries. Errors: YL_ERROR_INVALID where they are not as many, or beyond @max. */
gboolean yl_checkpoint_files_place (YlCheckpointFiles *files, GArray *places, gint64 max, GError **error);

G_END_DECLS
