#include "yl-vault.h"

#include <sodium.h>
#include <string.h>

#include "base/yl-i18n.h"
#include "seal/yl-seal.h"
#include "yl-lock-private.h"
#include "store/yl-store-private.h"

#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES crypto_aead_xchacha20poly1305_ietf_ABYTES
#define SEALED_BYTES (YL_KEY_BYTES + TAG_BYTES)

G_STATIC_ASSERT (YL_STORE_KEY_BYTES == crypto_kdf_KEYBYTES);

/* Keys derived from the store key, one for each use; in locked memory. */
struct _YlVault
{
  guint8 secrets[crypto_aead_xchacha20poly1305_ietf_KEYBYTES];
  guint8 cache[crypto_generichash_KEYBYTES];
  char name[2 * 16 + 1];
};

enum
{
  SUBKEY_SECRETS = 1,
  SUBKEY_CACHE = 2,
  SUBKEY_NAME = 3,
};

static YlVault *
vault_new (const guint8 *store_key)
{
  YlVault *vault = sodium_malloc (sizeof *vault);
  guint8 name[16];

  g_assert_nonnull (vault);
  crypto_kdf_derive_from_key (vault->secrets, sizeof vault->secrets, SUBKEY_SECRETS, "yl-vault", store_key);
  crypto_kdf_derive_from_key (vault->cache, sizeof vault->cache, SUBKEY_CACHE, "yl-vault", store_key);
  crypto_kdf_derive_from_key (name, sizeof name, SUBKEY_NAME, "yl-vault", store_key);
  sodium_bin2hex (vault->name, sizeof vault->name, name, sizeof name);
  return vault;
}

YlVault *
yl_vault_open (YlDatabase *database, const char *file, gboolean create, GError **error)
{
  guint8 store_key[YL_STORE_KEY_BYTES];
  gboolean ok =
      create ? yl_lock_make (database, file, store_key, error) : yl_lock_open (database, file, store_key, error);
  YlVault *vault = ok ? vault_new (store_key) : NULL;

  sodium_memzero (store_key, sizeof store_key);
  return vault;
}

void
yl_vault_free (YlVault *vault)
{
  sodium_free (vault);
}

void
yl_vault_cache_key (YlStore *store, const char *epoch, guint8 *key)
{
  crypto_generichash (key, crypto_aead_xchacha20poly1305_ietf_KEYBYTES, (const guint8 *) epoch, strlen (epoch),
                      store->vault->cache, sizeof store->vault->cache);
}

const char *
yl_vault_get_name (YlStore *store)
{
  return store->vault->name;
}

/*
 * A secret is named by a digest of itself (a pen by that of its public key), so no two are ever sealed under one nonce, and the
 * nonce can follow from the name.
 */
static void
nonce_for (const YlVault *vault, const char *what, gconstpointer name, gsize length, guint8 *nonce)
{
  crypto_generichash_state state;

  crypto_generichash_init (&state, vault->secrets, sizeof vault->secrets, NONCE_BYTES);
  crypto_generichash_update (&state, (const guint8 *) what, strlen (what) + 1);
  crypto_generichash_update (&state, name, length);
  crypto_generichash_final (&state, nonce, NONCE_BYTES);
}

static void
seal (const YlVault *vault, const char *what, gconstpointer name, gsize length, const guint8 *secret, guint8 *sealed)
{
  guint8 nonce[NONCE_BYTES];

  nonce_for (vault, what, name, length, nonce);
  crypto_aead_xchacha20poly1305_ietf_encrypt (sealed, NULL, secret, YL_KEY_BYTES, name, length, NULL, nonce,
                                              vault->secrets);
}

static void
set_damaged (YlStore *store, GError **error)
{
  g_set_error (error, YL_ERROR, YL_ERROR_CORRUPT,
               _ ("a key in the store file %s is damaged: restore a backup or join again"), store->file);
}

/* Opens the secret in the first column of the row at hand. */
static gboolean
unseal (YlStore *store,
        const char *what,
        gconstpointer name,
        gsize length,
        YlRows *rows,
        guint8 *secret,
        GError **error)
{
  guint8 nonce[NONCE_BYTES];
  gsize stored;
  gconstpointer sealed = yl_rows_blob (rows, 0, &stored);

  nonce_for (store->vault, what, name, length, nonce);
  if (stored == SEALED_BYTES
      && crypto_aead_xchacha20poly1305_ietf_decrypt (secret, NULL, NULL, sealed, stored, name, length, nonce,
                                                     store->vault->secrets)
             == 0)
    return TRUE;
  set_damaged (store, error);
  return FALSE;
}

gboolean
yl_vault_add_pen (YlStore *store, const char *role, const char *writer, const guint8 *seed, GError **error)
{
  guint8 sealed[SEALED_BYTES];

  seal (store->vault, "pen", writer, strlen (writer), seed, sealed);
  return yl_database_run (store->database, error, "INSERT INTO pen (role, writer, seed) VALUES (?, ?, ?)", "ttb", role,
                          writer, (gconstpointer) sealed, sizeof sealed);
}

gboolean
yl_vault_read_pen (YlStore *store, const char *writer, guint8 *seed, GError **error)
{
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error, "SELECT seed FROM pen WHERE writer = ?", "t", writer);

  if (rows == NULL)
    return FALSE;
  if (yl_rows_next (rows, error))
    return unseal (store, "pen", writer, strlen (writer), rows, seed, error);
  if (yl_rows_ended (rows))
    g_set_error (error, YL_ERROR, YL_ERROR_NOT_FOUND, _ ("this store file does not hold the pen %s"), writer);
  return FALSE;
}

gboolean
yl_vault_add_key (YlStore *store, const YlSealKey *key, GError **error)
{
  guint8 id[YL_KEY_ID_BYTES], sealed[SEALED_BYTES];

  yl_seal_key_id (key->key, id);
  seal (store->vault, "key", id, sizeof id, key->key, sealed);
  return yl_database_run (store->database, error,
                          "INSERT OR IGNORE INTO seal_key (id, key, person, disclosure, epoch, site, since)"
                          " VALUES (?, ?, ?, ?, ?, ?, ?)",
                          "bbtiiti", (gconstpointer) id, (gsize) sizeof id, (gconstpointer) sealed, sizeof sealed,
                          key->person, (gint64) key->disclosure, key->epoch, *key->site != '\0' ? key->site : NULL,
                          yl_store_now (store));
}

gboolean
yl_vault_read_key (YlStore *store, const guint8 *id, YlSealKey *key, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (store->database, error,
                                               "SELECT key, person, disclosure, epoch, site FROM seal_key WHERE id = ?",
                                               "b", (gconstpointer) id, (gsize) YL_KEY_ID_BYTES);

  if (rows == NULL || !yl_rows_next (rows, error) || !unseal (store, "key", id, YL_KEY_ID_BYTES, rows, key->key, error))
    return FALSE;
  memcpy (key->id, id, sizeof key->id);
  g_strlcpy (key->person, yl_rows_text (rows, 1), sizeof key->person);
  key->disclosure = (int) yl_rows_integer (rows, 2);
  key->epoch = yl_rows_integer (rows, 3);
  g_strlcpy (key->site, yl_rows_is_null (rows, 4) ? "" : yl_rows_text (rows, 4), sizeof key->site);
  return TRUE;
}

/* Named secrets may change, so each has a nonce of its own, which stands before it. */

gboolean
yl_vault_set_secret (YlStore *store, const char *name, const char *text, GError **error)
{
  gsize length = strlen (text);
  gsize size = NONCE_BYTES + length + TAG_BYTES;
  g_autofree guint8 *sealed = g_malloc (size);

  randombytes_buf (sealed, NONCE_BYTES);
  crypto_aead_xchacha20poly1305_ietf_encrypt (sealed + NONCE_BYTES, NULL, (const guint8 *) text, length,
                                              (const guint8 *) name, strlen (name), NULL, sealed,
                                              store->vault->secrets);
  return yl_database_run (store->database, error, "INSERT OR REPLACE INTO secret (name, sealed) VALUES (?, ?)", "tb",
                          name, (gconstpointer) sealed, size);
}

char *
yl_vault_get_secret (YlStore *store, const char *name, GError **error)
{
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error, "SELECT sealed FROM secret WHERE name = ?", "t", name);
  g_autofree char *text = NULL;
  const guint8 *sealed;
  gsize length;

  if (rows == NULL || !yl_rows_next (rows, error))
    return NULL;
  sealed = yl_rows_blob (rows, 0, &length);
  text = g_malloc0 (length + 1);
  if (length >= NONCE_BYTES + TAG_BYTES
      && crypto_aead_xchacha20poly1305_ietf_decrypt ((guint8 *) text, NULL, NULL, sealed + NONCE_BYTES,
                                                     length - NONCE_BYTES, (const guint8 *) name, strlen (name), sealed,
                                                     store->vault->secrets)
             == 0)
    return g_steal_pointer (&text);
  set_damaged (store, error);
  return NULL;
}
