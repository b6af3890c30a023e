#pragma once

#include "log/yl-skeleton.h"

G_BEGIN_DECLS

/*
 * A shard: all standing versions of the records of one table and bucket, by column, and the entries that wrote them
 * (docs/formats.md, "Checkpoint"). Equal states give equal bytes. As a git blob it is shared by all checkpoints in which nothing of it changed.
 */
#define YL_SHARD_MAX_BYTES (64 * 1024 * 1024)
#define YL_SHARD_MAX_VERSIONS 4000000

/* Writing */

typedef struct _YlShardWriter YlShardWriter;
YlShardWriter *yl_shard_writer_new (void);
/** yl_shard_writer_add: in the order of yl_merge_state_foreach(). Returns: an entry that was not met before, whose actor (taken over) and
 * place the caller fills in, valid until the next call; else NULL. */
YlBone *yl_shard_writer_add (YlShardWriter *writer, const YlMergeVersion *version);
/** yl_shard_writer_end: the shard. @entries: its entries, in its order (element-type YlBone); may be NULL. */
GBytes *yl_shard_writer_end (YlShardWriter *writer, GArray **entries);
void yl_shard_writer_free (YlShardWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlShardWriter, yl_shard_writer_free)

/* Reading: foreign bytes */

typedef struct _YlShard YlShard;
/** yl_shard_read: Errors: YL_ERROR_INVALID for what no writer writes. */
YlShard *yl_shard_read (GBytes *bytes, GError **error);
void yl_shard_free (YlShard *shard);
/** yl_shard_is_of: whether all its records are of that bucket of the state hash: by the last byte of their ids. */
gboolean yl_shard_is_of (YlShard *shard, guint bucket);
/** yl_shard_entries: (element-type YlBone), owned by the shard; callers fill in @n. */
GArray *yl_shard_entries (YlShard *shard);
/** yl_shard_foreach: its versions in canonical order. */
gboolean yl_shard_foreach (YlShard *shard, const char *table, YlMergeVersionFunc func, gpointer data, GError **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlShard, yl_shard_free)

G_END_DECLS
