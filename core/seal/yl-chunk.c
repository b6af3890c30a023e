#include "yl-chunk.h"

#include <inttypes.h>
#include <sodium.h>
#include <string.h>

#include "base/yl-i18n.h"
#include "store/yl-store-private.h"

#define TAG_BYTES crypto_aead_xchacha20poly1305_ietf_ABYTES
#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES

G_STATIC_ASSERT (YL_CHUNK_SEALED_MAX == YL_CHUNK_BYTES + TAG_BYTES);

/* What a chunk is bound to, with how many there are: none can be left out, moved or taken from another. */
static char *
place_text (YlStore *store, const char *id, guint i, guint n)
{
  return g_strdup_printf ("%s\n%s\n%u\n%u", store->scope, id, i, n);
}

/* Every attachment has a random key of its own, so the chunk's number is nonce enough. */
static void
nonce_for (guint i, guint8 *nonce)
{
  guint32 number = GUINT32_TO_LE (i);

  memset (nonce, 0, NONCE_BYTES);
  memcpy (nonce, &number, sizeof number);
}

GBytes *
yl_chunk_seal (YlStore *store, const guint8 *key, const char *id, guint i, guint n, gconstpointer data, gsize length)
{
  g_autofree char *place = place_text (store, id, i, n);
  guint8 *sealed = g_malloc (length + TAG_BYTES);
  guint8 nonce[NONCE_BYTES];

  nonce_for (i, nonce);
  crypto_aead_xchacha20poly1305_ietf_encrypt (sealed, NULL, data, length, (const guint8 *) place, strlen (place), NULL,
                                              nonce, key);
  return g_bytes_new_take (sealed, length + TAG_BYTES);
}

GBytes *
yl_chunk_open (YlStore *store, const guint8 *key, const char *id, guint i, guint n, GBytes *sealed)
{
  g_autofree char *place = place_text (store, id, i, n);
  gsize length;
  const guint8 *bytes = g_bytes_get_data (sealed, &length);
  g_autofree guint8 *plain = NULL;
  guint8 nonce[NONCE_BYTES];

  if (length <= TAG_BYTES)
    return NULL;
  plain = g_malloc (length);
  nonce_for (i, nonce);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt (plain, NULL, NULL, bytes, length, (const guint8 *) place,
                                                  strlen (place), nonce, key)
      != 0)
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&plain), length - TAG_BYTES);
}

void
yl_chunk_id (GBytes *sealed, guint8 *id)
{
  crypto_generichash (id, YL_CHUNK_ID_BYTES, g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed), NULL, 0);
}

GBytes *
yl_chunk_manifest (YlStore *store, const char *attachment, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree char *text =
      yl_database_text (store->database, &local, "SELECT manifest FROM attachment WHERE id = ?", "t", attachment);
  guint8 ids[YL_CHUNKS_MAX * YL_CHUNK_ID_BYTES];
  gsize length = 0;

  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  else if (text == NULL)
    g_set_error (error, YL_ERROR, YL_ERROR_NOT_FOUND, _ ("there is no attachment %s"), attachment);
  else if (sodium_base642bin (ids, sizeof ids, text, strlen (text), NULL, &length, NULL,
                              sodium_base64_VARIANT_URLSAFE_NO_PADDING)
               == 0
           && length > 0 && length % YL_CHUNK_ID_BYTES == 0)
    return g_bytes_new (ids, length);
  else
    g_set_error (error, YL_ERROR, YL_ERROR_CORRUPT, _ ("the manifest of attachment %s cannot be read"), attachment);
  return NULL;
}

GBytes *
yl_chunk_get (YlStore *store, const char *attachment, guint i, GError **error)
{
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error, "SELECT data FROM attachment_chunk WHERE attachment = ? AND i = ?",
                         "ti", attachment, (gint64) i);
  gconstpointer data;
  gsize length;

  if (rows == NULL || !yl_rows_next (rows, error))
    return NULL;
  data = yl_rows_blob (rows, 0, &length);
  return g_bytes_new (data, length);
}

/* The size of a chunk is known from its number, so the sum needs no look at the contents. */
static gboolean
check_quota (YlStore *store, GError **error)
{
  g_autofree char *setting = yl_store_get_setting (store, "attachment.quota");
  gint64 quota = setting != NULL ? g_ascii_strtoll (setting, NULL, 10) : YL_CHUNK_QUOTA_MIB;
  gint64 n;

  if (!yl_database_integer (store->database, &n, 0, error, "SELECT count(*) FROM attachment_chunk", NULL))
    return FALSE;
  if (n < quota * 1024 * 1024 / YL_CHUNK_BYTES)
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_REFUSED,
               _ ("attachments fill the %" PRId64 " MiB set aside for them: remove some, or allow more"), quota);
  return FALSE;
}

static gboolean
is_as_announced (GBytes *manifest, guint i, GBytes *sealed)
{
  gsize length;
  const guint8 *ids = g_bytes_get_data (manifest, &length);
  guint8 id[YL_CHUNK_ID_BYTES];

  if (i >= length / YL_CHUNK_ID_BYTES || g_bytes_get_size (sealed) > YL_CHUNK_SEALED_MAX)
    return FALSE;
  yl_chunk_id (sealed, id);
  return memcmp (id, ids + i * YL_CHUNK_ID_BYTES, sizeof id) == 0;
}

gboolean
yl_chunk_put (YlStore *store, const char *attachment, guint i, GBytes *sealed, gboolean sent, GError **error)
{
  g_autoptr (GBytes) manifest = yl_chunk_manifest (store, attachment, error);

  if (manifest == NULL || !check_quota (store, error))
    return FALSE;
  if (is_as_announced (manifest, i, sealed))
    return yl_database_run (store->database, error,
                            "INSERT INTO attachment_chunk (attachment, i, sent, data) VALUES (?, ?, ?, ?)"
                            " ON CONFLICT DO NOTHING",
                            "tiig", attachment, (gint64) i, (gint64) sent, sealed);
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("part %u of attachment %s is not what was announced"), i + 1,
               attachment);
  return FALSE;
}

gboolean
yl_chunk_is_whole (YlStore *store, const char *attachment, guint i)
{
  g_autoptr (GBytes) manifest = yl_chunk_manifest (store, attachment, NULL);
  g_autoptr (GBytes) sealed = manifest != NULL ? yl_chunk_get (store, attachment, i, NULL) : NULL;

  return sealed != NULL && is_as_announced (manifest, i, sealed);
}

GByteArray *
yl_chunk_missing (YlStore *store, const char *attachment, GError **error)
{
  g_autoptr (GBytes) manifest = yl_chunk_manifest (store, attachment, error);
  g_autoptr (YlRows) rows = NULL;
  g_autoptr (GByteArray) missing = NULL;

  if (manifest == NULL)
    return NULL;
  missing = g_byte_array_new ();
  g_byte_array_set_size (missing, (guint) (g_bytes_get_size (manifest) / YL_CHUNK_ID_BYTES));
  memset (missing->data, 1, missing->len);
  rows = yl_database_query (store->database, error, "SELECT i FROM attachment_chunk WHERE attachment = ?", "t",
                            attachment);
  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    if (yl_rows_integer (rows, 0) < missing->len)
      missing->data[yl_rows_integer (rows, 0)] = 0;
  return yl_rows_ended (rows) ? g_steal_pointer (&missing) : NULL;
}

GStrv
yl_chunk_unsent (YlStore *store, guint limit, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (
      store->database, error,
      "SELECT DISTINCT attachment FROM attachment_chunk WHERE sent = 0 AND attachment IN (SELECT id FROM attachment)"
      " ORDER BY attachment LIMIT ?",
      "i", (gint64) limit);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    g_strv_builder_add (builder, yl_rows_text (rows, 0));
  return yl_rows_ended (rows) ? g_strv_builder_end (builder) : NULL;
}

GArray *
yl_chunk_unsent_of (YlStore *store, const char *attachment, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (
      store->database, error, "SELECT i FROM attachment_chunk WHERE attachment = ? AND sent = 0 ORDER BY i", "t",
      attachment);
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint));

  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    {
      guint i = (guint) yl_rows_integer (rows, 0);

      g_array_append_val (numbers, i);
    }
  return yl_rows_ended (rows) ? g_steal_pointer (&numbers) : NULL;
}

guint
yl_chunk_n_unsent (YlStore *store)
{
  gint64 n = 0;

  /* Head office is where chunks go: there none waits. */
  if (yl_store_is_head_office (store)
      || !yl_database_integer (store->database, &n, 0, NULL,
                               "SELECT count(DISTINCT attachment) FROM attachment_chunk WHERE sent = 0", NULL))
    return 0;
  return (guint) n;
}

gboolean
yl_chunk_set_sent (YlStore *store, const char *attachment, guint i, GError **error)
{
  return yl_database_run (store->database, error, "UPDATE attachment_chunk SET sent = 1 WHERE attachment = ? AND i = ?",
                          "ti", attachment, (gint64) i);
}

gboolean
yl_chunk_sweep (YlStore *store, GError **error)
{
  return yl_database_run (store->database, error,
                          "DELETE FROM attachment_chunk WHERE attachment NOT IN (SELECT id FROM attachment WHERE person"
                          " NOT IN (SELECT person FROM erased_person))",
                          NULL);
}
