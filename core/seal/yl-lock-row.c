/* How the store key lies in the file (docs/formats.md, "Store key"). */
#include <sodium.h>
#include <string.h>

#include "base/yl-i18n.h"
#include "yl-lock-private.h"

G_STATIC_ASSERT (YL_STORE_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
G_STATIC_ASSERT (sizeof ((YlLock *) NULL)->salt == crypto_pwhash_SALTBYTES);

/* What a file may ask of this machine for one passphrase. */
#define PASSES_MAX 10
#define MEMORY_MAX (G_GINT64_CONSTANT (1) << 30)

static const char *const kind_names[] = { "key-file", "keyring", "passphrase" };

const char *
yl_lock_kind_name (YlLockKind kind)
{
  return kind_names[kind];
}

static gboolean
find_kind (const char *name, YlLockKind *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (kind_names); i++)
    if (g_strcmp0 (name, kind_names[i]) == 0)
      {
        *kind = (YlLockKind) i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
take_blob (YlRows *rows, int column, guint8 *bytes, gsize length)
{
  gsize stored;
  gconstpointer blob = yl_rows_blob (rows, column, &stored);

  if (stored != length)
    return FALSE;
  memcpy (bytes, blob, length);
  return TRUE;
}

static gboolean
take_row (YlRows *rows, YlLock *lock)
{
  lock->passes = yl_rows_integer (rows, 4);
  lock->memory = yl_rows_integer (rows, 5);
  return find_kind (yl_rows_text (rows, 0), &lock->kind) && take_blob (rows, 1, lock->id, sizeof lock->id)
         && take_blob (rows, 2, lock->key_id, sizeof lock->key_id) && take_blob (rows, 3, lock->salt, sizeof lock->salt)
         && take_blob (rows, 6, lock->sealed, sizeof lock->sealed) && lock->passes >= 0 && lock->passes <= PASSES_MAX
         && lock->memory >= 0 && lock->memory <= MEMORY_MAX;
}

gboolean
yl_lock_read (YlDatabase *database, const char *file, YlLock *lock, GError **error)
{
  g_autoptr (YlRows) rows =
      yl_database_query (database, error, "SELECT kind, id, key_id, salt, passes, memory, sealed FROM lock", NULL);

  if (rows == NULL)
    return FALSE;
  if (yl_rows_next (rows, error))
    {
      if (take_row (rows, lock))
        return TRUE;
    }
  else if (!yl_rows_ended (rows))
    return FALSE;
  g_set_error (error, YL_ERROR, YL_ERROR_CORRUPT, _ ("the store file %s is incomplete: restore a backup or join again"),
               file);
  return FALSE;
}

gboolean
yl_lock_write (YlDatabase *database, const YlLock *lock, GError **error)
{
  return yl_database_run (database, error,
                          "INSERT OR REPLACE INTO lock (i, kind, id, key_id, salt, passes, memory, sealed)"
                          " VALUES (1, ?, ?, ?, ?, ?, ?, ?)",
                          "tbbbiib", yl_lock_kind_name (lock->kind), lock->id, sizeof lock->id, lock->key_id,
                          sizeof lock->key_id, lock->salt, sizeof lock->salt, lock->passes, lock->memory, lock->sealed,
                          sizeof lock->sealed);
}

void
yl_lock_init (YlLock *lock, YlLockKind kind)
{
  memset (lock, 0, sizeof *lock);
  lock->kind = kind;
  randombytes_buf (lock->id, sizeof lock->id);
  if (kind != YL_LOCK_PASSPHRASE)
    return;
  randombytes_buf (lock->salt, sizeof lock->salt);
  lock->passes = crypto_pwhash_OPSLIMIT_INTERACTIVE;
  lock->memory = crypto_pwhash_MEMLIMIT_INTERACTIVE;
}

/* One key for each protection, so that one secret can serve several files. */
static void
wrapping_key (const YlLock *lock, const guint8 *secret, guint8 *key)
{
  static const char purpose[] = "yuelai store key";
  crypto_generichash_state state;

  crypto_generichash_init (&state, secret, YL_LOCK_SECRET_BYTES, YL_STORE_KEY_BYTES);
  crypto_generichash_update (&state, (const guint8 *) purpose, sizeof purpose);
  crypto_generichash_update (&state, lock->id, sizeof lock->id);
  crypto_generichash_final (&state, key, YL_STORE_KEY_BYTES);
}

void
yl_lock_seal (YlLock *lock, const guint8 *secret, const guint8 *store_key)
{
  guint8 key[YL_STORE_KEY_BYTES];
  guint8 *nonce = lock->sealed;

  crypto_generichash (lock->key_id, sizeof lock->key_id, store_key, YL_STORE_KEY_BYTES, NULL, 0);
  wrapping_key (lock, secret, key);
  randombytes_buf (nonce, crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
  crypto_aead_xchacha20poly1305_ietf_encrypt (nonce + crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, NULL, store_key,
                                              YL_STORE_KEY_BYTES, lock->key_id, sizeof lock->key_id, NULL, nonce, key);
  sodium_memzero (key, sizeof key);
}

gboolean
yl_lock_unseal (const YlLock *lock, const guint8 *secret, guint8 *store_key)
{
  guint8 key[YL_STORE_KEY_BYTES];
  const guint8 *nonce = lock->sealed;
  int result;

  wrapping_key (lock, secret, key);
  result = crypto_aead_xchacha20poly1305_ietf_decrypt (
      store_key, NULL, NULL, nonce + crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
      sizeof lock->sealed - crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, lock->key_id, sizeof lock->key_id, nonce,
      key);
  sodium_memzero (key, sizeof key);
  return result == 0;
}

gboolean
yl_lock_stretch (const YlLock *lock, const char *passphrase, guint8 *secret, GError **error)
{
  if (crypto_pwhash (secret, YL_LOCK_SECRET_BYTES, passphrase, strlen (passphrase), lock->salt,
                     (unsigned long long) lock->passes, (size_t) lock->memory, crypto_pwhash_ALG_ARGON2ID13)
      == 0)
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_FAILED,
               _ ("there is not enough memory to check the passphrase: close a program and try again"));
  return FALSE;
}
