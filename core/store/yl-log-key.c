#include <sodium.h>
#include <string.h>

#include "seal/yl-seal.h"
#include "yl-company.h"
#include "yl-log-door.h"
#include "yl-store-private.h"
#include "yl-vault.h"
#include "base/yl-i18n.h"

/* Keys: pens to sign with, other writers' keys, and the keys of the seal. */

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
  if (read_hex_key (hex, key))
    return TRUE;
  if (error == NULL || *error == NULL)
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
      "SELECT site.code || '-' || node.letter FROM node JOIN site ON site.id = node.site WHERE node.writer = ?", "t",
      writer);
  return label != NULL ? label : g_strdup (writer);
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

  if (!yl_vault_read_pen (store, store->writer, seed, error))
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

/* Keys of the seal */

GArray *
yl_log_keys_of (YlStore *store, const guint8 *ids, guint n_ids, GError **error)
{
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (YlSealKey));
  g_autoptr (GError) local = NULL;

  for (guint i = 0; local == NULL && i < n_ids; i++)
    {
      YlSealKey key = { { 0 } };

      if (yl_vault_read_key (store, ids + i * YL_KEY_ID_BYTES, &key, &local))
        g_array_append_val (keys, key);
    }
  if (local == NULL)
    return g_steal_pointer (&keys);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, YL_KEY_ID_BYTES);
}

GBytes *
yl_log_keys_used (const YlEntry *entry)
{
  typedef guint8 Id[YL_KEY_ID_BYTES];
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (Id));
  GByteArray *unique = g_byte_array_new ();

  for (guint i = 0; i < entry->ops->len; i++)
    {
      const YlOp *op = entry->ops->pdata[i];

      for (guint c = 0; c < op->n_columns; c++)
        if (op->values[c].type == YL_VALUE_BLOB && yl_seal_is_form (op->values[c].bytes, op->values[c].length))
          g_array_append_vals (ids, op->values[c].bytes, 1);
    }
  g_array_sort (ids, compare_ids);
  for (guint i = 0; i < ids->len; i++)
    if (i == 0 || compare_ids (&g_array_index (ids, Id, i), &g_array_index (ids, Id, i - 1)) != 0)
      g_byte_array_append (unique, g_array_index (ids, Id, i), YL_KEY_ID_BYTES);
  return g_byte_array_free_to_bytes (unique);
}

static gboolean
add_wanted (YlStore *store, const char *sql, GHashTable *wanted, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (store->database, error, sql, NULL);

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    {
      gsize length;
      gconstpointer id = yl_rows_blob (rows, 0, &length);

      if (length == YL_KEY_ID_BYTES)
        g_hash_table_add (wanted, g_bytes_new (id, length));
    }
  return yl_rows_ended (rows);
}

/* Values that rows show, and those that stand beside them in a conflict. */
static gboolean
add_all_wanted (YlStore *store, GHashTable *wanted, GError **error)
{
  for (const YlTable *const *table = yl_tables (); *table != NULL; table++)
    for (const YlField *field = (*table)->fields; field->name != NULL; field++)
      {
        g_autofree char *sql = NULL;

        if (field->disclosure == YL_OPEN)
          continue;
        sql = g_strdup_printf ("SELECT DISTINCT substr([%s], 1, %d) AS k FROM [%s] WHERE [%s] IS NOT NULL AND"
                               " k NOT IN (SELECT id FROM seal_key)",
                               field->name, YL_KEY_ID_BYTES, (*table)->name, field->name);
        if (!add_wanted (store, sql, wanted, error))
          return FALSE;
      }
  return add_wanted (store,
                     "SELECT DISTINCT substr(value, 1, " G_STRINGIFY (
                         YL_KEY_ID_BYTES) ") AS k FROM version"
                                          " WHERE typeof(value) = 'blob' AND k NOT IN (SELECT id FROM seal_key)",
                     wanted, error);
}

GBytes *
yl_log_keys_wanted (YlStore *store, GError **error)
{
  g_autoptr (GHashTable) wanted =
      g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);
  g_autoptr (GByteArray) ids = g_byte_array_new ();
  GHashTableIter iter;
  gpointer id;

  if (!add_all_wanted (store, wanted, error))
    return NULL;
  g_hash_table_iter_init (&iter, wanted);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    g_byte_array_append (ids, g_bytes_get_data (id, NULL), YL_KEY_ID_BYTES);
  return g_byte_array_free_to_bytes (g_steal_pointer (&ids));
}

/* Joins the open transaction if there is one. */
gboolean
yl_log_add_keys (YlStore *store, const YlSealKey *keys, guint n_keys, GError **error)
{
  gboolean own = !store->in_transaction;
  gboolean ok = !own || yl_store_begin (store, error);
  gboolean began = ok;

  for (guint i = 0; ok && i < n_keys; i++)
    ok = yl_vault_add_key (store, &keys[i], error);
  ok = ok
       && yl_database_run (
           store->database, error,
           "INSERT INTO meta (key, value) VALUES ('keys_added', 1) ON CONFLICT (key) DO UPDATE SET value = value + 1",
           NULL);
  if (!own)
    return ok;
  if (!ok && began)
    yl_store_rollback (store);
  return ok && yl_store_commit (store, error) && yl_store_refresh (store, error);
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
