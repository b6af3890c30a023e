#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** yl_hex_write: lower-case hex of @n bytes. */
char *yl_hex_write (gconstpointer bytes, gsize n);
/** yl_hex_read: exactly @n bytes from lower-case hex and nothing else. */
gboolean yl_hex_read (const char *text, gpointer bytes, gsize n);

G_END_DECLS
