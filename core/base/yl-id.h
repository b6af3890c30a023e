#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** yl_id_new: a fresh UUIDv7 (RFC 9562) in canonical lower-case text, 36 characters. @now: UTC ms. */
char *yl_id_new (gint64 now);

/** yl_id_derive: the same id (UUIDv8) for the same parts on every node; names elements of sets. NULL ends the list. */
char *yl_id_derive (const char *first, ...) G_GNUC_NULL_TERMINATED;

/** yl_id_is_valid: canonical lower-case UUID text. */
gboolean yl_id_is_valid (const char *text);

G_END_DECLS
