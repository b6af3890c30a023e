#pragma once

#include "checkpoint/yl-checkpoint-content.h"

G_BEGIN_DECLS

/*
 * Checkpoints: commits signed by the company's key, each with the whole merge state at a frontier as its tree (docs/formats.md,
 * "Checkpoint"). Every copy that has the frontier makes the same tree of it; a new copy begins with one.
 */
#define YL_REF_CHECKPOINTS "refs/checkpoints/"

/** YlCheckpoint: what the commit says. */
typedef struct
{
  gint64 number; /* 1, 2, 3 … */
  gint64 time;   /* UTC ms, when it was made */
  gint64 n_entries;
  GArray *frontier; /* of YlEntryName */
  char *state_hash; /* 64 hex digits */
  guint8 content[YL_CONTENT_ID_BYTES];
  git_oid tree;
  git_oid oid;    /* of the commit */
  GBytes *commit; /* its bytes, signature included */
} YlCheckpoint;
void yl_checkpoint_free (YlCheckpoint *checkpoint);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlCheckpoint, yl_checkpoint_free)

/** yl_checkpoint_make: of the state as it is, with all its files, kept here. Only where the authority key is. Where nothing came since the
 * last one that is returned. Errors: YL_ERROR_REFUSED. */
YlCheckpoint *yl_checkpoint_make (YlStore *store, GError **error);
/** yl_checkpoint_list: those kept here, the oldest first (element-type YlCheckpoint). */
GPtrArray *yl_checkpoint_list (YlStore *store, GError **error);
/** yl_checkpoint_latest: NULL without an error where there is none. */
YlCheckpoint *yl_checkpoint_latest (YlStore *store, GError **error);
/** yl_checkpoint_parse: reads the bytes of a commit: form, scope, and the company's signature. Errors: YL_ERROR_INVALID. */
YlCheckpoint *yl_checkpoint_parse (YlStore *store, GBytes *commit, GError **error);
/** yl_checkpoint_keep: stores the commit and its ref; inside a YlLogTransaction. */
gboolean yl_checkpoint_keep (YlStore *store, const YlCheckpoint *checkpoint, GError **error);

typedef enum
{
  YL_CHECKPOINT_SAME,  /* the state here makes the same tree */
  YL_CHECKPOINT_OTHER, /* it makes another one */
  YL_CHECKPOINT_PAST,  /* the state here is further on, and the history to look back is not here */
} YlCheckpointVerdict;
/** yl_checkpoint_compare: what the state here, or as it was at the checkpoint's frontier, makes of it. @other: with YL_CHECKPOINT_OTHER the
 * path of the first file that differs; else NULL. */
gboolean yl_checkpoint_compare (YlStore *store,
                                const YlCheckpoint *checkpoint,
                                YlCheckpointVerdict *verdict,
                                char **other,
                                GError **error);
/** yl_checkpoint_replay: folds the log anew up to the checkpoint's frontier, from its beginning or @on_base. @other: as above. Errors:
 * YL_ERROR_MISSING where the log does not reach that far, at either end. */
gboolean yl_checkpoint_replay (YlStore *store,
                               const YlCheckpoint *checkpoint,
                               gboolean on_base,
                               char **other,
                               GError **error);

G_END_DECLS
