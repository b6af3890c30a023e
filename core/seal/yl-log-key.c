#include <sodium.h>
#include <string.h>

#include "trust/yl-company.h"
#include "log/yl-log-door.h"
#include "store/yl-store-private.h"
#include "yl-vault.h"
#include "base/yl-i18n.h"

/* Keys: pens to sign with, and other writers' keys. */

static gboolean
read_hex_key (const char *hex, guint8 *key)
{
  gsize length;

  return hex != NULL && sodium_hex2bin (key, YL_KEY_BYTES, hex, strlen (hex), NULL, &length, NULL) == 0
         && length == YL_KEY_BYTES;
}

const char *
yl_log_authority (YlStore *store)
{
  return store->authority;
}

gboolean
yl_log_writer_key (YlStore *store, const char *writer, guint8 *key, GError **error)
{
  g_autofree char *hex = NULL;

  if (g_str_equal (writer, store->authority))
    hex = yl_store_get_setting (store, "authority_key");
  else
    hex = yl_database_text (
        store->database, error,
        "SELECT k.value FROM authority_fact AS w JOIN authority_fact AS k ON k.tbl = 'node' AND k.id = w.id AND k.col = 'sign_key'"
        " WHERE w.tbl = 'node' AND w.col = 'writer' AND w.value = ? LIMIT 1",
        "t", writer);
  if (hex == NULL)
    hex =
        yl_database_text (store->database, NULL, "SELECT sign_key FROM pen_fact WHERE writer = ? LIMIT 1", "t", writer);
  if (read_hex_key (hex, key))
    return TRUE;
  if ((error == NULL || *error == NULL) && yl_database_check_fault (store->database, error))
    g_set_error (error, YL_ERROR, YL_ERROR_NOT_FOUND, _ ("no PC of this company writes as %s"), writer);
  return FALSE;
}

char *
yl_log_writer_label (YlStore *store, const char *writer)
{
  char *label;

  if (g_str_equal (writer, store->authority))
    return g_strdup ("authority");
  label = yl_database_text (
      store->database, NULL,
      "SELECT site.code || '-' || node.letter FROM node JOIN site ON site.id = node.site WHERE ?1 IN (node.writer, node.id)"
      " OR node.id = (SELECT node FROM pen_fact WHERE writer = ?1)",
      "t", writer);
  return label != NULL ? label : g_strdup (writer);
}

/* Names of writers are as long as the beginnings of ids that stand in names of entries; those have no label and stay. */
char *
yl_log_label_writers (YlStore *store, const char *text)
{
  GString *labelled = g_string_new (NULL);

  while (*text != '\0')
    {
      gsize length = strspn (text, "0123456789abcdef");
      g_autofree char *word = g_strndup (text, MAX (length, 1));
      g_autofree char *label = length == YL_WRITER_CHARS ? yl_log_writer_label (store, word) : g_strdup (word);

      g_string_append (labelled, label);
      text += MAX (length, 1);
    }
  return g_string_free (labelled, FALSE);
}

char *
yl_log_labelled (YlStore *store, const char *label, GError **error)
{
  char *writer = yl_database_text (store->database, error,
                                   "SELECT node.writer FROM node JOIN site ON site.id = node.site"
                                   " WHERE site.code || '-' || node.letter = ?",
                                   "t", label);

  if (writer == NULL && (error == NULL || *error == NULL))
    g_set_error (error, YL_ERROR, YL_ERROR_NOT_FOUND, _ ("no PC of this company is called %s: see `list node`"), label);
  return writer;
}

gboolean
yl_log_sign (YlStore *store, const char *writer, gconstpointer data, gsize length, guint8 *signature, GError **error)
{
  guint8 seed[YL_KEY_BYTES], public_key[YL_KEY_BYTES], secret[crypto_sign_SECRETKEYBYTES];

  if (!yl_vault_read_pen (store, writer, seed, error))
    return FALSE;
  crypto_sign_seed_keypair (public_key, secret, seed);
  crypto_sign_detached (signature, NULL, data, length, secret);
  sodium_memzero (seed, sizeof seed);
  sodium_memzero (secret, sizeof secret);
  return TRUE;
}

gboolean
yl_log_public_key (YlStore *store, const char *writer, guint8 *key, GError **error)
{
  guint8 seed[YL_KEY_BYTES];

  if (g_str_equal (writer, store->authority))
    return yl_log_writer_key (store, writer, key, error);
  if (!yl_vault_read_pen (store, writer, seed, error))
    return FALSE;
  yl_node_keys (seed, key, NULL, NULL);
  sodium_memzero (seed, sizeof seed);
  return TRUE;
}

gboolean
yl_log_box_key (YlStore *store, const char *writer, guint8 *key, GError **error)
{
  g_autofree char *hex =
      yl_database_text (store->database, error, "SELECT box_key FROM node WHERE writer = ?", "t", writer);

  if (read_hex_key (hex, key))
    return TRUE;
  if (error == NULL || *error == NULL)
    g_set_error (error, YL_ERROR, YL_ERROR_NOT_FOUND, _ ("no PC of this company writes as %s"), writer);
  return FALSE;
}

GBytes *
yl_log_unbox (YlStore *store, GBytes *sealed, GError **error)
{
  guint8 seed[YL_KEY_BYTES], sign_key[YL_KEY_BYTES], box_key[YL_KEY_BYTES];
  guint8 sign_secret[crypto_sign_SECRETKEYBYTES], box_secret[YL_KEY_BYTES];
  gsize length;
  const guint8 *bytes = g_bytes_get_data (sealed, &length);
  g_autofree guint8 *plain = NULL;
  int result = -1;

  if (!yl_vault_read_pen (store, store->identity, seed, error))
    return NULL;
  yl_node_keys (seed, sign_key, box_key, NULL);
  crypto_sign_seed_keypair (sign_key, sign_secret, seed);
  if (crypto_sign_ed25519_sk_to_curve25519 (box_secret, sign_secret) == 0 && length >= crypto_box_SEALBYTES)
    {
      plain = g_malloc (length);
      result = crypto_box_seal_open (plain, bytes, length, box_key, box_secret);
    }
  sodium_memzero (seed, sizeof seed);
  sodium_memzero (sign_secret, sizeof sign_secret);
  sodium_memzero (box_secret, sizeof box_secret);
  if (result == 0)
    return g_bytes_new_take (g_steal_pointer (&plain), length - crypto_box_SEALBYTES);
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("a box of keys that is not for this PC, or damaged"));
  return NULL;
}

/* The sync log */

void
yl_sync_note_free (YlSyncNote *note)
{
  g_free (note->kind);
  g_free (note->detail);
  g_free (note);
}

gboolean
yl_store_note_sync (YlStore *store, const char *kind, const char *detail, GError **error)
{
  return yl_database_run (store->database, error, "INSERT INTO sync_note (at, kind, detail) VALUES (?, ?, ?)", "itt",
                          yl_store_now (store), kind, detail);
}

GPtrArray *
yl_store_sync_notes (YlStore *store, guint limit, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (
      store->database, error, "SELECT at, kind, detail FROM sync_note ORDER BY i DESC LIMIT ?", "i", (gint64) limit);
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_sync_note_free);

  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    {
      YlSyncNote *note = g_new0 (YlSyncNote, 1);

      note->at = yl_rows_integer (rows, 0);
      note->kind = g_strdup (yl_rows_text (rows, 1));
      note->detail = g_strdup (yl_rows_text (rows, 2));
      g_ptr_array_add (notes, note);
    }
  return yl_rows_ended (rows) ? g_steal_pointer (&notes) : NULL;
}
