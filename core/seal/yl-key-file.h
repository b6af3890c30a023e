#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * A key file: YL_LOCK_SECRET_BYTES as lower-case hex and a newline, readable by its owner only (or handed over by the service
 * manager, in $CREDENTIALS_DIRECTORY).
 */

/** yl_key_file_read: Errors: YL_ERROR_REFUSED: not there, open to others, not a key file. */
gboolean yl_key_file_read (const char *file, guint8 *secret, GError **error);
/** yl_key_file_make: reads it, or makes it with a random secret where there is none. */
gboolean yl_key_file_make (const char *file, guint8 *secret, GError **error);

G_END_DECLS
