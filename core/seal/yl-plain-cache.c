#include "yl-plain-cache.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>

#include "store/yl-store-private.h"

#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES crypto_aead_xchacha20poly1305_ietf_ABYTES
#define KEY_BYTES crypto_aead_xchacha20poly1305_ietf_KEYBYTES
#define FILE_MAX ((gsize) 512 << 20)

/* What the saved plain side reflects; stands before the nonce, and the ciphertext is bound to it. */
typedef struct
{
  char magic[4];
  guint8 version[4];
  guint8 n[8];
  guint8 keys_added[8];
  guint8 entry[YL_ENTRY_ID_BYTES]; /* id of entry n */
  guint8 schema[YL_PLAIN_SCHEMA_BYTES];
} Header;

static char *chosen_folder;

void
yl_plain_cache_set_folder (const char *folder)
{
  g_free (chosen_folder);
  chosen_folder = g_strdup (folder);
}

static gboolean
is_used (void)
{
  return chosen_folder == NULL || *chosen_folder != '\0';
}

static char *
cache_file (YlStore *store)
{
  guint8 hash[16];
  char hex[2 * sizeof hash + 1];
  g_autofree char *place = g_strconcat (yl_vault_get_name (store), "\n", store->file, NULL);
  g_autofree char *name = NULL;

  crypto_generichash (hash, sizeof hash, (const guint8 *) place, strlen (place), NULL, 0);
  name = g_strconcat (sodium_bin2hex (hex, sizeof hex, hash, sizeof hash), ".plain", NULL);
  return chosen_folder != NULL ? g_build_filename (chosen_folder, name, NULL)
                               : g_build_filename (g_get_user_cache_dir (), "yuelai", name, NULL);
}

static gboolean
entry_at (YlStore *store, gint64 n, guint8 *id)
{
  g_autoptr (YlRows) rows = yl_database_query (store->database, NULL, "SELECT id FROM entry WHERE n = ?", "i", n);
  gconstpointer stored;
  gsize length = 0;

  if (rows == NULL || !yl_rows_next (rows, NULL))
    return FALSE;
  stored = yl_rows_blob (rows, 0, &length);
  if (length != YL_ENTRY_ID_BYTES)
    return FALSE;
  memcpy (id, stored, length);
  return TRUE;
}

static guint64
read_number (const guint8 *bytes)
{
  guint64 number;

  memcpy (&number, bytes, sizeof number);
  return GUINT64_FROM_LE (number);
}

static void
write_number (guint8 *bytes, guint64 number)
{
  number = GUINT64_TO_LE (number);
  memcpy (bytes, &number, sizeof number);
}

static gboolean
make_header (YlStore *store, gint64 n, Header *header)
{
  memset (header, 0, sizeof *header);
  memcpy (header->magic, "YLPC", sizeof header->magic);
  header->version[0] = 1;
  write_number (header->n, (guint64) n);
  write_number (header->keys_added, (guint64) store->keys_added);
  yl_plain_schema (store, header->schema);
  return entry_at (store, n, header->entry);
}

/* Of this program's form, and of this file's own past. */
static gboolean
fits (YlStore *store, const Header *found)
{
  Header expected;
  guint64 n = read_number (found->n);

  if (n == 0 || n > G_MAXINT64 || !make_header (store, (gint64) n, &expected))
    return FALSE;
  memcpy (expected.keys_added, found->keys_added, sizeof expected.keys_added);
  return memcmp (&expected, found, sizeof expected) == 0
         && read_number (found->keys_added) <= (guint64) store->keys_added;
}

/* The plain bytes in SQLite's own memory, or NULL. */
static guint8 *
unseal (YlStore *store, const char *epoch, const guint8 *file, gsize length, gsize *size)
{
  const guint8 *nonce = file + sizeof (Header);
  guint8 key[KEY_BYTES];
  guint8 *bytes;
  int result;

  *size = length - sizeof (Header) - NONCE_BYTES - TAG_BYTES;
  bytes = sqlite3_malloc64 (*size);
  if (bytes == NULL)
    return NULL;
  yl_vault_cache_key (store, epoch, key);
  result = crypto_aead_xchacha20poly1305_ietf_decrypt (bytes, NULL, NULL, nonce + NONCE_BYTES, *size + TAG_BYTES, file,
                                                       sizeof (Header), nonce, key);
  sodium_memzero (key, sizeof key);
  if (result == 0)
    return bytes;
  sqlite3_free (bytes);
  return NULL;
}

/* SQLite frees @bytes, whatever happens. */
static gboolean
adopt (YlStore *store, guint8 *bytes, gsize size)
{
  int code = sqlite3_deserialize (yl_database_handle (store->database), "plain", bytes, (sqlite3_int64) size,
                                  (sqlite3_int64) size, SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE);
  g_autofree char *mode = NULL;

  if (code != SQLITE_OK)
    return FALSE;
  /* Nothing of it may reach a disk, not even what a rollback needs. */
  mode = yl_database_text (store->database, NULL, "PRAGMA plain.journal_mode = MEMORY", NULL);
  return g_strcmp0 (mode, "memory") == 0;
}

static gboolean
catch_up (YlStore *store, const Header *header, GError **error)
{
  if (!yl_database_script (store->database, "BEGIN", error))
    return FALSE;
  if (yl_plain_follow_since (store, (gint64) read_number (header->n), error)
      && (read_number (header->keys_added) == (guint64) store->keys_added || yl_plain_follow_locked (store, error))
      && yl_database_script (store->database, "COMMIT", error))
    return TRUE;
  yl_database_script (store->database, "ROLLBACK", NULL);
  return FALSE;
}

static gboolean
load_file (YlStore *store, const char *epoch, const guint8 *file, gsize length)
{
  g_autoptr (GError) error = NULL;
  Header header;
  guint8 *bytes;
  gsize size;

  if (length <= sizeof header + NONCE_BYTES + TAG_BYTES || length > FILE_MAX)
    return FALSE;
  memcpy (&header, file, sizeof header);
  bytes = fits (store, &header) ? unseal (store, epoch, file, length, &size) : NULL;
  if (bytes == NULL)
    return FALSE;
  if (adopt (store, bytes, size) && catch_up (store, &header, &error))
    return TRUE;
  g_debug ("the cache of the plain side is of no use: %s", error != NULL ? error->message : "not taken in");
  yl_database_script (store->database, "DETACH plain; ATTACH ':memory:' AS plain", NULL);
  return FALSE;
}

gboolean
yl_plain_cache_load (YlStore *store)
{
  g_autofree char *file = cache_file (store);
  g_autoptr (GMappedFile) mapped = NULL;

  /* A change under way keeps what is attached as it is. */
  if (store->in_transaction || store->plain_epoch == NULL || !is_used ())
    return FALSE;
  mapped = g_mapped_file_new (file, FALSE, NULL);
  return mapped != NULL
         && load_file (store, store->plain_epoch, (const guint8 *) g_mapped_file_get_contents (mapped),
                       g_mapped_file_get_length (mapped));
}

/* The plain side follows every entry and key there is: a saved one must not claim more than it holds. */
static gboolean
is_current (YlStore *store)
{
  g_autofree char *epoch = yl_store_get_setting (store, "plain_epoch");
  gint64 n, keys;

  return yl_database_integer (store->database, &n, 0, NULL, "SELECT max(n) FROM entry", NULL)
         && yl_database_integer (store->database, &keys, 0, NULL, "SELECT value FROM meta WHERE key = 'keys_added'",
                                 NULL)
         && n == store->last_n && keys == store->keys_added && g_strcmp0 (epoch, store->plain_epoch) == 0;
}

static guint8 *
seal (YlStore *store, gsize *length)
{
  sqlite3_int64 size = 0;
  guint8 *plain = sqlite3_serialize (yl_database_handle (store->database), "plain", &size, 0);
  guint8 *file = plain != NULL ? g_malloc (sizeof (Header) + NONCE_BYTES + (gsize) size + TAG_BYTES) : NULL;
  guint8 *nonce = file + sizeof (Header);
  guint8 key[KEY_BYTES];
  Header header;

  if (plain == NULL || !make_header (store, store->last_n, &header))
    {
      sqlite3_free (plain);
      g_free (file);
      return NULL;
    }
  memcpy (file, &header, sizeof header);
  randombytes_buf (nonce, NONCE_BYTES);
  yl_vault_cache_key (store, store->plain_epoch, key);
  crypto_aead_xchacha20poly1305_ietf_encrypt (nonce + NONCE_BYTES, NULL, plain, (gsize) size, file, sizeof header, NULL,
                                              nonce, key);
  sodium_memzero (key, sizeof key);
  sodium_memzero (plain, (gsize) size);
  sqlite3_free (plain);
  *length = sizeof header + NONCE_BYTES + (gsize) size + TAG_BYTES;
  return file;
}

static gboolean
write_file (const char *file, const guint8 *bytes, gsize length, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (file);

  if (g_mkdir_with_parents (folder, 0700) == 0)
    return g_file_set_contents_full (file, (const char *) bytes, (gssize) length, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                     error);
  g_set_error_literal (error, G_FILE_ERROR, (int) g_file_error_from_errno (errno), g_strerror (errno));
  return FALSE;
}

void
yl_plain_cache_save (YlStore *store, guint n_rows)
{
  g_autofree char *file = cache_file (store);
  g_autofree guint8 *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  if (store->plain == NULL || store->plain_epoch == NULL || !is_used () || store->in_transaction
      || yl_plain_n_written (store) < n_rows)
    return;
  if (!yl_database_script (store->database, "BEGIN", NULL))
    return;
  bytes = is_current (store) ? seal (store, &length) : NULL;
  yl_database_script (store->database, "COMMIT", NULL);
  if (bytes == NULL)
    return;
  /* Without it the next start is slower, and nothing else. */
  if (!write_file (file, bytes, length, &error))
    g_debug ("the plain side could not be saved: %s", error->message);
  else
    yl_plain_set_saved (store);
}

void
yl_plain_cache_remove (YlStore *store)
{
  g_autofree char *file = cache_file (store);

  g_unlink (file);
}
