#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** yl_id_new: a fresh UUIDv7 (RFC 9562) in canonical lower-case text, 36 characters. @now: UTC ms. */
char *yl_id_new (gint64 now);

/** yl_id_derive: the same id (UUIDv8) for the same parts on every node; names elements of sets. NULL ends the list. */
char *yl_id_derive (const char *first, ...) G_GNUC_NULL_TERMINATED;

#define YL_ID_BYTES 16
#define YL_ID_CHARS 36
/** yl_id_to_bytes: FALSE where @text is no canonical UUID. */
gboolean yl_id_to_bytes (const char *text, guint8 *bytes);
/** yl_id_from_bytes: @text: room for YL_ID_CHARS + 1. */
void yl_id_from_bytes (const guint8 *bytes, char *text);

/** yl_id_is_valid: canonical lower-case UUID text. */
gboolean yl_id_is_valid (const char *text);

G_END_DECLS
