#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/*
 * Chunks of attachments: sealed pieces of content, each named by BLAKE2b-256 of its sealed bytes. The names of all chunks, one after the
 * other in base64url, are the attachment's manifest and stand in the log; the chunks themselves lie beside it, on the copies that
 * have fetched them.
 */
#define YL_CHUNK_BYTES (256 * 1024)
#define YL_CHUNK_SEALED_MAX (YL_CHUNK_BYTES + 16)
#define YL_CHUNK_ID_BYTES 32
#define YL_CHUNKS_MAX 80         /* of one attachment */
#define YL_CHUNK_QUOTA_MIB 20480 /* of one store file, unless the setting attachment.quota says another number of MiB */

/** yl_chunk_seal: chunk @i of @n of attachment @id, under the attachment's own key of 32 bytes. */
GBytes *yl_chunk_seal (YlStore *store,
                       const guint8 *key,
                       const char *id,
                       guint i,
                       guint n,
                       gconstpointer data,
                       gsize length);
/** yl_chunk_open: NULL where key, place or bytes do not fit. */
GBytes *yl_chunk_open (YlStore *store, const guint8 *key, const char *id, guint i, guint n, GBytes *sealed);
void yl_chunk_id (GBytes *sealed, guint8 *id);

/** yl_chunk_manifest: the chunk ids of an attachment, YL_CHUNK_ID_BYTES each. Errors: YL_ERROR_NOT_FOUND; YL_ERROR_CORRUPT. */
GBytes *yl_chunk_manifest (YlStore *store, const char *attachment, GError **error);
/** yl_chunk_get: NULL without an error where it is not here. */
GBytes *yl_chunk_get (YlStore *store, const char *attachment, guint i, GError **error);
/** yl_chunk_is_whole: whether the one that is here is what the manifest says. */
gboolean yl_chunk_is_whole (YlStore *store, const char *attachment, guint i);
/**
 * yl_chunk_put: keeps a chunk that is what the manifest says. @sent: head office has it.
 * Errors: YL_ERROR_NOT_FOUND (no such attachment here), YL_ERROR_INVALID (another chunk), YL_ERROR_REFUSED (the quota is used up),
 * YL_ERROR_FULL.
 */
gboolean yl_chunk_put (YlStore *store, const char *attachment, guint i, GBytes *sealed, gboolean sent, GError **error);
/** yl_chunk_missing: whether chunk @i is not here, for each of an attachment's; NULL where the attachment is not known. */
GByteArray *yl_chunk_missing (YlStore *store, const char *attachment, GError **error);

/** yl_chunk_unsent: attachments with chunks that head office has given no receipt for. */
GStrv yl_chunk_unsent (YlStore *store, guint limit, GError **error);
/** yl_chunk_unsent_of: which chunks of that attachment those are (element-type guint). */
GArray *yl_chunk_unsent_of (YlStore *store, const char *attachment, GError **error);
/** yl_chunk_n_unsent: how many attachments that are. */
guint yl_chunk_n_unsent (YlStore *store);
gboolean yl_chunk_set_sent (YlStore *store, const char *attachment, guint i, GError **error);

/** yl_chunk_sweep: removes chunks whose attachment is gone, or whose person was erased. Joins an open transaction. */
gboolean yl_chunk_sweep (YlStore *store, GError **error);

G_END_DECLS
