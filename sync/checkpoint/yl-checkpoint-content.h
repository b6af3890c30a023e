#pragma once

#include "checkpoint/yl-shard.h"
#include "log/yl-git-private.h"

G_BEGIN_DECLS

#define YL_CONTENT_ID_BYTES 32

/** YlCheckpointPart: one file of a checkpoint's tree. */
typedef struct
{
  char *path;
  GBytes *bytes;
  git_oid oid;
  GArray *entries; /* of YlBone: those it names, with their places here; may be NULL */
} YlCheckpointPart;

/** YlCheckpointContent: the whole merge state as the files of a git tree: equal states, equal trees. */
typedef struct
{
  GPtrArray *parts; /* of YlCheckpointPart, ascending by path */
  git_oid tree;
  guint8 id[YL_CONTENT_ID_BYTES]; /* BLAKE2b-256 over all paths and bytes, so that nothing rests on SHA-1 */
} YlCheckpointContent;

/** yl_checkpoint_content_new: of the state as it is. Call it inside a transaction. Errors: as yl_skeleton_tips(). */
YlCheckpointContent *yl_checkpoint_content_new (YlStore *store, GError **error);
/** yl_checkpoint_content_of: from given files (paths and bytes), in any order. Errors: YL_ERROR_INVALID (a path twice, or no path of ours). */
YlCheckpointContent *yl_checkpoint_content_of (GPtrArray *parts, GError **error);
void yl_checkpoint_content_free (YlCheckpointContent *content);
/** yl_checkpoint_content_keep: stores the blobs and trees; inside a YlLogTransaction. */
gboolean yl_checkpoint_content_keep (YlGit *git, const YlCheckpointContent *content, GError **error);
/** yl_checkpoint_content_read: the files of a stored tree. Errors: YL_ERROR_CORRUPT, YL_ERROR_NOT_FOUND. */
YlCheckpointContent *yl_checkpoint_content_read (YlGit *git, const git_oid *tree, GError **error);

YlCheckpointPart *yl_checkpoint_part_new (const char *path, GBytes *bytes);
void yl_checkpoint_part_free (YlCheckpointPart *part);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlCheckpointContent, yl_checkpoint_content_free)

/* The files that are text, a line an entry; that of branches is only there where a writer forked. */
#define YL_CHECKPOINT_BRANCHES "branches"
#define YL_CHECKPOINT_TIPS "tips"
#define YL_CHECKPOINT_REFUSED "refused"
#define YL_CHECKPOINT_AUTHORITY "authority/"
#define YL_CHECKPOINT_STATE "state/"
GBytes *yl_checkpoint_write_tips (GPtrArray *tips);
/** yl_checkpoint_read_tips: (element-type YlTip), places not set. Errors: YL_ERROR_INVALID. */
GPtrArray *yl_checkpoint_read_tips (GBytes *bytes, GError **error);
GBytes *yl_checkpoint_write_bones (GArray *bones);
/** yl_checkpoint_read_bones: (element-type YlBone), ascending, places not set. Errors: YL_ERROR_INVALID. */
GArray *yl_checkpoint_read_bones (GBytes *bytes, GError **error);
/** yl_checkpoint_write_branches: of YlBone: with an actor those at which branches part, with the branch of the one before; else others that
 * are on a further branch, with that. */
GBytes *yl_checkpoint_write_branches (GArray *branches);
/** yl_checkpoint_read_branches: (element-type YlBone), ascending, places not set. Errors: YL_ERROR_INVALID. */
GArray *yl_checkpoint_read_branches (GBytes *bytes, GError **error);

G_END_DECLS
