#pragma once

#include "seal/yl-chunk.h"
#include "log/yl-log-door.h"

G_BEGIN_DECLS

/* What chunks of attachments look like between store and hub (docs/formats.md, "Attachments"). */

#define YL_RECORD_ID_CHARS 36
/** One call names a chunk: the attachment's record id (36 characters), its number (32-bit little-endian), and for `put` its bytes. */
#define YL_CHUNK_NAME_BYTES (YL_RECORD_ID_CHARS + 4)
#define YL_CHUNK_PUT_MAX (YL_CHUNK_NAME_BYTES + YL_CHUNK_SEALED_MAX)
#define YL_CHUNK_RECEIPT_BYTES YL_SIGNATURE_BYTES
#define YL_MEDIA_CHUNK "application/vnd.yuelai.chunk"

typedef struct
{
  char attachment[YL_RECORD_ID_CHARS + 1];
  guint i;
} YlChunkName;

/** yl_chunk_call_encode: @data: NULL for none. */
GBytes *yl_chunk_call_encode (const YlChunkName *name, GBytes *data);
/** yl_chunk_call_parse: @data: what follows the name, empty where nothing does. Errors: YL_ERROR_INVALID. */
gboolean yl_chunk_call_parse (GBytes *call, YlChunkName *name, GBytes **data, GError **error);

/** yl_chunk_receipt_issue: the hub's word, to the node that writes as @to, that it holds chunk @name. */
GBytes *yl_chunk_receipt_issue (YlStore *store, const char *to, const YlChunkName *name, GError **error);
/** yl_chunk_receipt_verify: whether @receipt is @hub's, to this node, for that chunk. */
gboolean yl_chunk_receipt_verify (YlStore *store, const char *hub, const YlChunkName *name, GBytes *receipt);

G_END_DECLS
