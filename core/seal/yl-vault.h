#pragma once

#include "log/yl-log-door.h"

G_BEGIN_DECLS

/*
 * The vault: the only code that reads and writes the secrets in a store file, the seeds of its pens and the keys of the seal,
 * which lie there sealed under the store key (yl-lock.h). Callers clear what they were given (sodium_memzero).
 */

/** yl_vault_add_pen: keeps a pen's Ed25519 seed (YL_KEY_BYTES). @role: `node` or `authority`. */
gboolean yl_vault_add_pen (YlStore *store, const char *role, const char *writer, const guint8 *seed, GError **error);
/** yl_vault_read_pen: Errors: YL_ERROR_NOT_FOUND for a writer that is not of this file. */
gboolean yl_vault_read_pen (YlStore *store, const char *writer, guint8 *seed, GError **error);

/** yl_vault_add_key: keeps a key of the seal; one that is here already stays as it is. Its id is worked out, not read from @key. */
gboolean yl_vault_add_key (YlStore *store, const YlSealKey *key, GError **error);
/** yl_vault_read_key: the key with this id (YL_KEY_ID_BYTES), all of @key filled. FALSE without an error where it is not here. */
gboolean yl_vault_read_key (YlStore *store, const guint8 *id, YlSealKey *key, GError **error);

/** yl_vault_set_secret: a named text that must not be read off the disk, such as a certificate's key. */
gboolean yl_vault_set_secret (YlStore *store, const char *name, const char *text, GError **error);
/** yl_vault_get_secret: NULL without an error where there is none. */
char *yl_vault_get_secret (YlStore *store, const char *name, GError **error);

G_END_DECLS
