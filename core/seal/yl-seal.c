#include "yl-seal.h"

#include <sodium.h>
#include <string.h>

G_STATIC_ASSERT (YL_SEAL_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
G_STATIC_ASSERT (YL_SEAL_NONCE_BYTES == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
G_STATIC_ASSERT (YL_SEAL_OVERHEAD
                 == YL_SEAL_KEY_ID_BYTES + YL_SEAL_NONCE_BYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES);

void
yl_seal_key_id (const guint8 *key, guint8 *id)
{
  guint8 hash[32];

  crypto_generichash (hash, sizeof hash, key, YL_SEAL_KEY_BYTES, NULL, 0);
  memcpy (id, hash, YL_SEAL_KEY_ID_BYTES);
}

/* The parts are joined by a byte that none of them can hold. */
static char *
place_text (const YlSealPlace *place)
{
  return g_strjoin ("\n", place->scope, place->table, place->id, place->column, NULL);
}

static void
synthetic_nonce (const guint8 *key, const char *where, const char *plain, gsize length, guint8 *nonce)
{
  crypto_generichash_state state;

  crypto_generichash_init (&state, key, YL_SEAL_KEY_BYTES, YL_SEAL_NONCE_BYTES);
  crypto_generichash_update (&state, (const guint8 *) where, strlen (where) + 1);
  crypto_generichash_update (&state, (const guint8 *) plain, length);
  crypto_generichash_final (&state, nonce, YL_SEAL_NONCE_BYTES);
}

GBytes *
yl_seal_close (const guint8 *key, const YlSealPlace *place, const char *plain, gsize length)
{
  g_autofree char *where = place_text (place);
  gsize size = length + YL_SEAL_OVERHEAD;
  guint8 *sealed = g_malloc (size);
  guint8 *nonce = sealed + YL_SEAL_KEY_ID_BYTES;
  unsigned long long written;

  yl_seal_key_id (key, sealed);
  synthetic_nonce (key, where, plain, length, nonce);
  crypto_aead_xchacha20poly1305_ietf_encrypt (nonce + YL_SEAL_NONCE_BYTES, &written, (const guint8 *) plain, length,
                                              (const guint8 *) where, strlen (where), NULL, nonce, key);
  return g_bytes_new_take (sealed, size);
}

GBytes *
yl_seal_open (const guint8 *key, const YlSealPlace *place, gconstpointer sealed, gsize length)
{
  g_autofree char *where = place_text (place);
  const guint8 *nonce = (const guint8 *) sealed + YL_SEAL_KEY_ID_BYTES;
  g_autofree guint8 *plain = NULL;
  unsigned long long written;

  if (!yl_seal_is_form (sealed, length))
    return NULL;
  plain = g_malloc (length - YL_SEAL_OVERHEAD + 1);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt (plain, &written, NULL, nonce + YL_SEAL_NONCE_BYTES,
                                                  length - YL_SEAL_KEY_ID_BYTES - YL_SEAL_NONCE_BYTES,
                                                  (const guint8 *) where, strlen (where), nonce, key)
      != 0)
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&plain), written);
}

gboolean
yl_seal_is_form (gconstpointer bytes, gsize length)
{
  return bytes != NULL && length >= YL_SEAL_OVERHEAD;
}
