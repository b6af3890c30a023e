#pragma once

#include "store/yl-log-door.h"

G_BEGIN_DECLS

/**
 * YlReceipt: head office's signed word that everything up to @positions is durable in its file, and that the keys of the push
 * named by @push were taken in. Text lines, the last one the signature over those before (docs/formats.md, "Receipt").
 */
#define YL_PUSH_DIGEST_BYTES 32
typedef struct
{
  char scope[YL_SCOPE_CHARS + 1];
  char by[YL_WRITER_CHARS + 1];      /* writer of the hub */
  char to[YL_WRITER_CHARS + 1];      /* writer of the node that pushed */
  guint8 push[YL_PUSH_DIGEST_BYTES]; /* BLAKE2b-256 of the pushed body, grants included */
  GArray *positions;                 /* of YlEntryName, sorted by writer */
  guint8 signature[YL_SIGNATURE_BYTES];
} YlReceipt;
void yl_receipt_free (YlReceipt *receipt);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlReceipt, yl_receipt_free)

void yl_push_digest (GBytes *body, guint8 *digest);

/** yl_receipt_issue: a receipt for @to and the push @push, signed by this file's node. */
GBytes *yl_receipt_issue (YlStore *store, const char *to, const guint8 *push, GError **error);
/** yl_receipt_parse: reads the form only. Errors: YL_ERROR_INVALID. */
YlReceipt *yl_receipt_parse (GBytes *bytes, GError **error);
/** yl_receipt_verify: by the Ed25519 public key of @receipt->by. */
gboolean yl_receipt_verify (const YlReceipt *receipt, const guint8 *key);

G_END_DECLS
