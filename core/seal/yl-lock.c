#include "yl-lock.h"

#include <sodium.h>
#include <string.h>

#include "base/yl-i18n.h"
#include "yl-key-file.h"
#include "yl-lock-private.h"
#include "store/yl-store-private.h"

/* The means of this process, and the store keys that it has unlocked. */
static struct
{
  GMutex mutex; /* for all below */
  const YlKeyring *keyring;
  char *key_file;
  YlPassphraseFunc ask;
  GHashTable *store_keys; /* GBytes (key id) -> guint8[YL_STORE_KEY_BYTES] in locked memory */
} process;

void
yl_lock_set_keyring (const YlKeyring *keyring)
{
  g_mutex_lock (&process.mutex);
  process.keyring = keyring;
  g_mutex_unlock (&process.mutex);
}

void
yl_lock_set_key_file (const char *file)
{
  g_mutex_lock (&process.mutex);
  g_free (process.key_file);
  process.key_file = g_strdup (file);
  g_mutex_unlock (&process.mutex);
}

void
yl_lock_set_passphrase_func (YlPassphraseFunc func)
{
  g_mutex_lock (&process.mutex);
  process.ask = func;
  g_mutex_unlock (&process.mutex);
}

static const YlKeyring *
get_keyring (void)
{
  const YlKeyring *keyring;

  g_mutex_lock (&process.mutex);
  keyring = process.keyring;
  g_mutex_unlock (&process.mutex);
  return keyring;
}

static YlPassphraseFunc
get_passphrase_func (void)
{
  YlPassphraseFunc ask;

  g_mutex_lock (&process.mutex);
  ask = process.ask;
  g_mutex_unlock (&process.mutex);
  return ask;
}

static char *
get_key_file (void)
{
  char *file;

  g_mutex_lock (&process.mutex);
  file = g_strdup (process.key_file != NULL ? process.key_file : g_getenv ("YUELAI_KEY_FILE"));
  g_mutex_unlock (&process.mutex);
  if (file != NULL && *file == '\0')
    g_clear_pointer (&file, g_free);
  return file;
}

/* Store keys in memory */

static gboolean
recall (const YlLock *lock, guint8 *store_key)
{
  g_autoptr (GBytes) id = g_bytes_new (lock->key_id, sizeof lock->key_id);
  const guint8 *known;

  g_mutex_lock (&process.mutex);
  known = process.store_keys != NULL ? g_hash_table_lookup (process.store_keys, id) : NULL;
  if (known != NULL)
    memcpy (store_key, known, YL_STORE_KEY_BYTES);
  g_mutex_unlock (&process.mutex);
  return known != NULL;
}

static void
remember (const YlLock *lock, const guint8 *store_key)
{
  GBytes *id = g_bytes_new (lock->key_id, sizeof lock->key_id);
  guint8 *copy = sodium_malloc (YL_STORE_KEY_BYTES);

  g_assert_nonnull (copy);
  memcpy (copy, store_key, YL_STORE_KEY_BYTES);
  g_mutex_lock (&process.mutex);
  if (process.store_keys == NULL)
    process.store_keys =
        g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, sodium_free);
  g_hash_table_insert (process.store_keys, id, copy);
  g_mutex_unlock (&process.mutex);
}

void
yl_lock_forget (void)
{
  g_mutex_lock (&process.mutex);
  g_clear_pointer (&process.store_keys, g_hash_table_unref);
  g_mutex_unlock (&process.mutex);
}

/* Secrets from outside the file */

static char *
keyring_name (const YlLock *lock)
{
  char hex[2 * YL_LOCK_ID_BYTES + 1];

  return g_strdup (sodium_bin2hex (hex, sizeof hex, lock->id, sizeof lock->id));
}

static gboolean
ask_passphrase (const YlLock *lock, const char *file, gboolean fresh, guint8 *secret, GError **error)
{
  YlPassphraseFunc ask = get_passphrase_func ();
  char *passphrase = ask != NULL ? ask (file, fresh, error) : NULL;
  gboolean ok = FALSE;

  if (ask == NULL)
    g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("%s is protected by a passphrase, and none was given"), file);
  if (passphrase == NULL)
    return FALSE;
  if (fresh && g_utf8_strlen (passphrase, -1) < YL_PASSPHRASE_MIN)
    g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("the passphrase is too short: use at least %d characters"),
                 YL_PASSPHRASE_MIN);
  else
    ok = yl_lock_stretch (lock, passphrase, secret, error);
  sodium_memzero (passphrase, strlen (passphrase));
  g_free (passphrase);
  return ok;
}

static gboolean
read_key_file (const char *file, guint8 *secret, GError **error)
{
  g_autofree char *key_file = get_key_file ();

  if (key_file != NULL)
    return yl_key_file_read (key_file, secret, error);
  g_set_error (error, YL_ERROR, YL_ERROR_REFUSED,
               _ ("%s is protected by a key file: name it with --key-file FILE or YUELAI_KEY_FILE"), file);
  return FALSE;
}

static gboolean
look_in_keyring (const YlLock *lock, const char *file, guint8 *secret, GError **error)
{
  const YlKeyring *keyring = get_keyring ();
  g_autofree char *name = keyring_name (lock);

  if (keyring != NULL)
    return keyring->find (name, secret, error);
  g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("%s is protected by a keyring, and there is none here"), file);
  return FALSE;
}

static gboolean
get_secret (const YlLock *lock, const char *file, guint8 *secret, GError **error)
{
  switch (lock->kind)
    {
    case YL_LOCK_KEY_FILE:
      return read_key_file (file, secret, error);
    case YL_LOCK_KEYRING:
      return look_in_keyring (lock, file, secret, error);
    case YL_LOCK_PASSPHRASE:
      return ask_passphrase (lock, file, FALSE, secret, error);
    default:
      g_return_val_if_reached (FALSE);
    }
}

static gboolean
make_in_keyring (const YlLock *lock, const char *file, guint8 *secret, GError **error)
{
  const YlKeyring *keyring = get_keyring ();
  g_autofree char *name = keyring_name (lock);
  g_autofree char *label = g_strdup_printf ("Yuelai: %s", file);

  if (keyring == NULL || !keyring->is_there ())
    {
      g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("there is no keyring here that could protect %s"), file);
      return FALSE;
    }
  return keyring->make (name, label, secret, error);
}

/* @key_file NULL: the one that the process was given. */
static gboolean
make_secret (const YlLock *lock, const char *file, const char *key_file, guint8 *secret, GError **error)
{
  g_autofree char *given = get_key_file ();

  switch (lock->kind)
    {
    case YL_LOCK_KEY_FILE:
      return yl_key_file_make (key_file != NULL ? key_file : given, secret, error);
    case YL_LOCK_KEYRING:
      return make_in_keyring (lock, file, secret, error);
    case YL_LOCK_PASSPHRASE:
      return ask_passphrase (lock, file, TRUE, secret, error);
    default:
      g_return_val_if_reached (FALSE);
    }
}

static char *
wrong_secret (const YlLock *lock, const char *file)
{
  switch (lock->kind)
    {
    case YL_LOCK_KEY_FILE:
      return g_strdup_printf (_ ("the key file given is not the one that protects %s"), file);
    case YL_LOCK_KEYRING:
      return g_strdup_printf (_ ("what the keyring holds does not open %s"), file);
    case YL_LOCK_PASSPHRASE:
    default:
      return g_strdup_printf (_ ("that is not the passphrase of %s"), file);
    }
}

static gboolean
unseal (const YlLock *lock, const char *file, const guint8 *secret, guint8 *store_key, GError **error)
{
  g_autofree char *wrong = NULL;

  if (yl_lock_unseal (lock, secret, store_key))
    {
      remember (lock, store_key);
      return TRUE;
    }
  wrong = wrong_secret (lock, file);
  g_set_error_literal (error, YL_ERROR, YL_ERROR_REFUSED, wrong);
  return FALSE;
}

gboolean
yl_lock_open (YlDatabase *database, const char *file, guint8 *store_key, GError **error)
{
  guint8 secret[YL_LOCK_SECRET_BYTES];
  YlLock lock;
  gboolean ok;

  if (!yl_lock_read (database, file, &lock, error))
    return FALSE;
  if (recall (&lock, store_key))
    return TRUE;
  ok = get_secret (&lock, file, secret, error) && unseal (&lock, file, secret, store_key, error);
  sodium_memzero (secret, sizeof secret);
  return ok;
}

/* Seals @store_key under a new secret and writes the row. */
static gboolean
protect (YlDatabase *database,
         const char *file,
         YlLock *lock,
         const char *key_file,
         const guint8 *store_key,
         GError **error)
{
  guint8 secret[YL_LOCK_SECRET_BYTES];
  gboolean ok = make_secret (lock, file, key_file, secret, error);

  if (ok)
    yl_lock_seal (lock, secret, store_key);
  sodium_memzero (secret, sizeof secret);
  return ok && yl_lock_write (database, lock, error);
}

gboolean
yl_lock_kind_for_new (YlLockKind *kind, GError **error)
{
  g_autofree char *key_file = get_key_file ();
  const YlKeyring *keyring = get_keyring ();

  if (key_file != NULL)
    *kind = YL_LOCK_KEY_FILE;
  else if (keyring != NULL && keyring->is_there ())
    *kind = YL_LOCK_KEYRING;
  else if (get_passphrase_func () != NULL)
    *kind = YL_LOCK_PASSPHRASE;
  else
    {
      g_set_error (error, YL_ERROR, YL_ERROR_REFUSED,
                   _ ("nothing here could protect the keys of a new store: name a key file with --key-file FILE"));
      return FALSE;
    }
  return TRUE;
}

gboolean
yl_lock_make (YlDatabase *database, const char *file, guint8 *store_key, GError **error)
{
  YlLockKind kind;
  YlLock lock;

  if (!yl_lock_kind_for_new (&kind, error))
    return FALSE;
  randombytes_buf (store_key, YL_STORE_KEY_BYTES);
  yl_lock_init (&lock, kind);
  if (!protect (database, file, &lock, NULL, store_key, error))
    return FALSE;
  remember (&lock, store_key);
  return TRUE;
}

const char *
yl_lock_describe (YlLockKind kind)
{
  static const char *const words[] = { N_ ("a key file"), N_ ("the login's keyring"), N_ ("a passphrase") };

  return _ (words[kind]);
}

/* Reads the row of a file that is not open. */
static gboolean
peek (const char *file, YlLock *lock, GError **error)
{
  g_autoptr (YlDatabase) database = yl_database_open (file, SQLITE_OPEN_READWRITE, error);

  return database != NULL && yl_lock_read (database, file, lock, error);
}

gboolean
yl_lock_needs_passphrase (const char *file)
{
  guint8 store_key[YL_STORE_KEY_BYTES];
  YlLock lock;
  gboolean needs = peek (file, &lock, NULL) && lock.kind == YL_LOCK_PASSPHRASE && !recall (&lock, store_key);

  sodium_memzero (store_key, sizeof store_key);
  return needs;
}

gboolean
yl_lock_try_passphrase (const char *file, const char *passphrase, GError **error)
{
  guint8 secret[YL_LOCK_SECRET_BYTES], store_key[YL_STORE_KEY_BYTES];
  YlLock lock;
  gboolean ok;

  /* This may come before any store is opened. */
  if (sodium_init () < 0)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_FAILED, _ ("the cryptography library did not start"));
      return FALSE;
    }
  ok = peek (file, &lock, error) && yl_lock_stretch (&lock, passphrase, secret, error)
       && unseal (&lock, file, secret, store_key, error);
  sodium_memzero (secret, sizeof secret);
  sodium_memzero (store_key, sizeof store_key);
  return ok;
}

gboolean
yl_lock_get_kind (YlStore *store, YlLockKind *kind, GError **error)
{
  YlLock lock;

  if (!yl_lock_read (store->database, store->file, &lock, error))
    return FALSE;
  *kind = lock.kind;
  return TRUE;
}

static void
forget_in_keyring (const YlLock *lock)
{
  const YlKeyring *keyring = get_keyring ();
  g_autofree char *name = keyring_name (lock);
  g_autoptr (GError) error = NULL;

  /* The item opens nothing any more: that it stays behind harms nobody. */
  if (lock->kind == YL_LOCK_KEYRING && keyring != NULL && !keyring->forget (name, &error))
    g_debug ("the keyring keeps an old item: %s", error->message);
}

gboolean
yl_lock_change (YlStore *store, YlLockKind kind, const char *key_file, GError **error)
{
  guint8 store_key[YL_STORE_KEY_BYTES];
  YlLock before, after;
  gboolean ok = yl_lock_read (store->database, store->file, &before, error);

  if (!ok)
    return FALSE;
  yl_lock_init (&after, kind);
  ok = yl_lock_open (store->database, store->file, store_key, error)
       && protect (store->database, store->file, &after, key_file, store_key, error);
  sodium_memzero (store_key, sizeof store_key);
  if (!ok)
    return FALSE;
  forget_in_keyring (&before);
  /* The row before must not be found in the write-ahead log: its secret may be why it was changed. */
  return yl_database_script (store->database, "PRAGMA wal_checkpoint (TRUNCATE)", error);
}
