#include "exchange/yl-attachment-wire.h"

#include <sodium.h>
#include <string.h>

#include "base/yl-i18n.h"

GBytes *
yl_chunk_call_encode (const YlChunkName *name, GBytes *data)
{
  GByteArray *call = g_byte_array_new ();
  guint32 i = GUINT32_TO_LE (name->i);

  g_byte_array_append (call, (const guint8 *) name->attachment, YL_RECORD_ID_CHARS);
  g_byte_array_append (call, (const guint8 *) &i, sizeof i);
  if (data != NULL)
    g_byte_array_append (call, g_bytes_get_data (data, NULL), (guint) g_bytes_get_size (data));
  return g_byte_array_free_to_bytes (call);
}

gboolean
yl_chunk_call_parse (GBytes *call, YlChunkName *name, GBytes **data, GError **error)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (call, &length);
  guint32 i;

  if (length < YL_CHUNK_NAME_BYTES || length > YL_CHUNK_PUT_MAX)
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID, _ ("A chunk is asked for that has no name."));
      return FALSE;
    }
  memcpy (name->attachment, bytes, YL_RECORD_ID_CHARS);
  name->attachment[YL_RECORD_ID_CHARS] = '\0';
  memcpy (&i, bytes + YL_RECORD_ID_CHARS, sizeof i);
  name->i = GUINT32_FROM_LE (i);
  if (!g_uuid_string_is_valid (name->attachment) || name->i >= YL_CHUNKS_MAX)
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID, _ ("A chunk is asked for that has no name."));
      return FALSE;
    }
  if (data != NULL)
    *data = g_bytes_new_from_bytes (call, YL_CHUNK_NAME_BYTES, length - YL_CHUNK_NAME_BYTES);
  return TRUE;
}

/* What the receipt says; NULL where the attachment or the chunk is not known here. */
static char *
receipt_text (YlStore *store, const char *to, const YlChunkName *name)
{
  g_autoptr (GBytes) manifest = yl_chunk_manifest (store, name->attachment, NULL);
  gsize length = 0;
  const guint8 *ids = manifest != NULL ? g_bytes_get_data (manifest, &length) : NULL;
  char hex[2 * YL_CHUNK_ID_BYTES + 1];

  if (ids == NULL || name->i >= length / YL_CHUNK_ID_BYTES)
    return NULL;
  sodium_bin2hex (hex, sizeof hex, ids + name->i * YL_CHUNK_ID_BYTES, YL_CHUNK_ID_BYTES);
  return g_strdup_printf ("yuelai chunk receipt 1\nscope %s\nto %s\nchunk %s\n", yl_store_get_scope (store), to, hex);
}

GBytes *
yl_chunk_receipt_issue (YlStore *store, const char *to, const YlChunkName *name, GError **error)
{
  g_autofree char *text = receipt_text (store, to, name);
  guint8 signature[YL_SIGNATURE_BYTES];

  if (text == NULL)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_NOT_FOUND, _ ("there is no attachment %s"), name->attachment);
      return NULL;
    }
  return yl_log_sign (store, yl_store_get_writer (store), text, strlen (text), signature, error)
             ? g_bytes_new (signature, sizeof signature)
             : NULL;
}

gboolean
yl_chunk_receipt_verify (YlStore *store, const char *hub, const YlChunkName *name, GBytes *receipt)
{
  g_autofree char *text = receipt_text (store, yl_store_get_writer (store), name);
  guint8 key[YL_KEY_BYTES];

  return text != NULL && g_bytes_get_size (receipt) == YL_CHUNK_RECEIPT_BYTES
         && yl_log_writer_key (store, hub, key, NULL)
         && crypto_sign_verify_detached (g_bytes_get_data (receipt, NULL), (const guint8 *) text, strlen (text), key)
                == 0;
}
