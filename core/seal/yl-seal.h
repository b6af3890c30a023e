#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * The seal: key id (16) | nonce (24) | XChaCha20-Poly1305-IETF ciphertext and tag, bound to (scope, table, id, column).
 * The nonce is BLAKE2b-192, keyed, of place and plain text, so equal values give equal bytes.
 */
#define YL_SEAL_KEY_BYTES 32
#define YL_SEAL_KEY_ID_BYTES 16
#define YL_SEAL_NONCE_BYTES 24
#define YL_SEAL_OVERHEAD (YL_SEAL_KEY_ID_BYTES + YL_SEAL_NONCE_BYTES + 16)

typedef struct
{
  const char *scope;
  const char *table;
  const char *id;
  const char *column;
} YlSealPlace;

/** yl_seal_key_id: the first 16 bytes of BLAKE2b-256 of the key. */
void yl_seal_key_id (const guint8 *key, guint8 *id);
/** yl_seal_close: seals @plain under @key. Returns the wire bytes. */
GBytes *yl_seal_close (const guint8 *key, const YlSealPlace *place, const char *plain, gsize length);
/** yl_seal_open: the plain bytes, or NULL when key, place or bytes do not fit. */
GBytes *yl_seal_open (const guint8 *key, const YlSealPlace *place, gconstpointer sealed, gsize length);
/** yl_seal_is_form: long enough to be a sealed value; its first 16 bytes are the key id. */
gboolean yl_seal_is_form (gconstpointer bytes, gsize length);

G_END_DECLS
