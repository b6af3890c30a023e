#pragma once

#include "log/yl-log-door.h"

G_BEGIN_DECLS

/*
 * A receipt: head office's signed word that all that was pushed is durable in its file, the keys that came along included,
 * at a time by its clock (docs/formats.md, "Receipt"). Only that time and the signature travel: the rest both sides know.
 */
#define YL_PUSH_DIGEST_BYTES 32

/** yl_push_digest: BLAKE2b-256 of a segment. */
void yl_push_digest (GBytes *segment, guint8 *digest);

/** yl_receipt_issue: for @to and the segment with @push, when the frontier here has the digest @frontier at @time (UTC ms); by this
 * file's node. */
gboolean yl_receipt_issue (YlStore *store,
                           const char *to,
                           const guint8 *push,
                           const guint8 *frontier,
                           gint64 time,
                           guint8 *signature,
                           GError **error);
/** yl_receipt_verify: whether node @by gave this file's node such a receipt. */
gboolean yl_receipt_verify (YlStore *store,
                            const char *by,
                            const guint8 *push,
                            const guint8 *frontier,
                            gint64 time,
                            const guint8 *signature);

G_END_DECLS
