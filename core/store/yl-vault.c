#include "yl-vault.h"

#include <string.h>

#include "base/yl-i18n.h"
#include "seal/yl-seal.h"
#include "yl-store-private.h"

/* Copies the secret in the first column of the row at hand. */
static gboolean
take_secret (YlRows *rows, guint8 *secret)
{
  gsize length;
  gconstpointer bytes = yl_rows_blob (rows, 0, &length);

  if (length != YL_KEY_BYTES)
    return FALSE;
  memcpy (secret, bytes, length);
  return TRUE;
}

gboolean
yl_vault_add_pen (YlStore *store, const char *role, const char *writer, const guint8 *seed, GError **error)
{
  return yl_database_run (store->database, error, "INSERT INTO pen (role, writer, seed) VALUES (?, ?, ?)", "ttb", role,
                          writer, (gconstpointer) seed, (gsize) YL_KEY_BYTES);
}

gboolean
yl_vault_read_pen (YlStore *store, const char *writer, guint8 *seed, GError **error)
{
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error, "SELECT seed FROM pen WHERE writer = ?", "t", writer);

  if (rows == NULL)
    return FALSE;
  if (yl_rows_next (rows, error))
    return take_secret (rows, seed);
  if (yl_rows_ended (rows))
    g_set_error (error, YL_ERROR, YL_ERROR_NOT_FOUND, _ ("this store file does not hold the pen %s"), writer);
  return FALSE;
}

gboolean
yl_vault_add_key (YlStore *store, const YlSealKey *key, GError **error)
{
  guint8 id[YL_KEY_ID_BYTES];

  yl_seal_key_id (key->key, id);
  return yl_database_run (store->database, error,
                          "INSERT OR IGNORE INTO seal_key (id, key, person, disclosure) VALUES (?, ?, ?, ?)", "bbti",
                          (gconstpointer) id, (gsize) sizeof id, (gconstpointer) key->key, (gsize) YL_KEY_BYTES,
                          key->person, (gint64) key->disclosure);
}

gboolean
yl_vault_read_key (YlStore *store, const guint8 *id, YlSealKey *key, GError **error)
{
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error, "SELECT key, person, disclosure FROM seal_key WHERE id = ?", "b",
                         (gconstpointer) id, (gsize) YL_KEY_ID_BYTES);

  if (rows == NULL || !yl_rows_next (rows, error) || !take_secret (rows, key->key))
    return FALSE;
  memcpy (key->id, id, sizeof key->id);
  g_strlcpy (key->person, yl_rows_text (rows, 1), sizeof key->person);
  key->disclosure = (int) yl_rows_integer (rows, 2);
  return TRUE;
}
