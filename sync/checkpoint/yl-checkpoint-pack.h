#pragma once

#include "checkpoint/yl-checkpoint.h"

G_BEGIN_DECLS

/*
 * A checkpoint on its way: the commit and its files in compressed chunks, which arrive one after the other (docs/formats.md, "Checkpoint on
 * the wire").
 */
#define YL_CHECKPOINT_ANSWER_MAX (9 * 1024 * 1024)
#define YL_CHECKPOINT_CHUNKS_MAX 4096

/** YlCheckpointPack: all of it. */
typedef struct
{
  GBytes *commit;
  GPtrArray *chunks; /* of GBytes, compressed; NULL where one is not here */
} YlCheckpointPack;
YlCheckpointPack *yl_checkpoint_pack_new (GBytes *commit, guint n_chunks);
void yl_checkpoint_pack_free (YlCheckpointPack *pack);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlCheckpointPack, yl_checkpoint_pack_free)

/** yl_checkpoint_pack: of a checkpoint kept here, with the places its entries have in this file's order. */
YlCheckpointPack *yl_checkpoint_pack (YlStore *store, const YlCheckpoint *checkpoint, GError **error);
/** yl_checkpoint_pack_answer: from chunk @first on, as many as one answer takes. */
GBytes *yl_checkpoint_pack_answer (YlCheckpointPack *pack, guint first);
/** yl_checkpoint_pack_read: an answer: the commit and those chunks; the others stay NULL. Errors: YL_ERROR_INVALID. */
YlCheckpointPack *yl_checkpoint_pack_read (GBytes *answer, guint *first, guint *end, GError **error);
/** yl_checkpoint_pack_open: the files, once all chunks are here, each held against the checkpoint. @places: of its entries, in the order of
 * yl_checkpoint_pack(). Errors: YL_ERROR_INVALID. */
YlCheckpointContent *yl_checkpoint_pack_open (YlCheckpointPack *pack,
                                              const YlCheckpoint *checkpoint,
                                              GArray **places,
                                              GError **error);

G_END_DECLS
