#include "exchange/yl-grant.h"

#include <sodium.h>
#include <string.h>

#include "base/yl-id.h"
#include "exchange/yl-hex.h"
#include "seal/yl-seal.h"

/* "YLG1", scope, from, to, number of keys u32 little-endian, the sealed keys, the signature over all before it. */
#define MAGIC "YLG1"
#define MAGIC_BYTES 4
#define SCOPE_BYTES (YL_SCOPE_CHARS / 2)
#define WRITER_BYTES (YL_WRITER_CHARS / 2)
#define HEAD_BYTES (MAGIC_BYTES + SCOPE_BYTES + 2 * WRITER_BYTES + 4)
/* Sealed, each key is: key, person (16 bytes of its UUID), disclosure. */
#define PERSON_BYTES 16
#define ITEM_BYTES (YL_KEY_BYTES + PERSON_BYTES + 1)
#define PERSON_CHARS 36

static void
append_hex (GByteArray *out, const char *hex, gsize n)
{
  guint8 bytes[SCOPE_BYTES] = { 0 };

  yl_hex_read (hex, bytes, n);
  g_byte_array_append (out, bytes, (guint) n);
}

static void
append_item (GByteArray *out, const YlSealKey *key)
{
  g_auto (GStrv) groups = g_strsplit (key->person, "-", -1);
  g_autofree char *person = g_strjoinv ("", groups);
  guint8 disclosure = (guint8) key->disclosure;

  g_byte_array_append (out, key->key, YL_KEY_BYTES);
  append_hex (out, person, PERSON_BYTES);
  g_byte_array_append (out, &disclosure, 1);
}

static gboolean
read_item (const guint8 *bytes, YlSealKey *key)
{
  g_autofree char *hex = yl_hex_write (bytes + YL_KEY_BYTES, PERSON_BYTES);

  memcpy (key->key, bytes, YL_KEY_BYTES);
  yl_seal_key_id (key->key, key->id);
  g_snprintf (key->person, sizeof key->person, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
  key->disclosure = bytes[YL_KEY_BYTES + PERSON_BYTES];
  return yl_id_is_valid (key->person);
}

/* @keys sealed to @box_key, appended to @out. */
static void
append_sealed (GByteArray *out, GArray *keys, const guint8 *box_key)
{
  g_autoptr (GByteArray) plain = g_byte_array_sized_new (keys->len * ITEM_BYTES);
  guint at = out->len;

  for (guint i = 0; i < keys->len; i++)
    append_item (plain, &g_array_index (keys, YlSealKey, i));
  g_byte_array_set_size (out, at + crypto_box_SEALBYTES + plain->len);
  crypto_box_seal (out->data + at, plain->data, plain->len, box_key);
  if (plain->len > 0)
    sodium_memzero (plain->data, plain->len);
}

GBytes *
yl_grant_make (YlStore *store, const char *to, GBytes *ids, guint *n_keys, GError **error)
{
  gsize n_bytes;
  const guint8 *wanted = g_bytes_get_data (ids, &n_bytes);
  g_autoptr (GArray) keys = yl_log_keys_of (store, wanted, (guint) (n_bytes / YL_KEY_ID_BYTES), error);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  const char *from = yl_store_get_writer (store);
  guint8 box_key[YL_KEY_BYTES];
  guint8 signature[YL_SIGNATURE_BYTES];
  guint32 count;

  if (keys == NULL || !yl_log_box_key (store, to, box_key, error))
    return NULL;
  *n_keys = keys->len;
  count = GUINT32_TO_LE (keys->len);
  g_byte_array_append (out, (const guint8 *) MAGIC, MAGIC_BYTES);
  append_hex (out, yl_store_get_scope (store), SCOPE_BYTES);
  append_hex (out, from, WRITER_BYTES);
  append_hex (out, to, WRITER_BYTES);
  g_byte_array_append (out, (const guint8 *) &count, sizeof count);
  append_sealed (out, keys, box_key);
  if (!yl_log_sign (store, from, out->data, out->len, signature, error))
    return NULL;
  g_byte_array_append (out, signature, sizeof signature);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

gboolean
yl_grant_attach (YlStore *store, YlSegment *segment, const char *to, GBytes *ids, guint *n_keys, GError **error)
{
  g_autoptr (GBytes) grant = NULL;
  guint n = 0;

  if (g_bytes_get_size (ids) > 0)
    {
      grant = yl_grant_make (store, to, ids, &n, error);
      if (grant == NULL)
        return FALSE;
    }
  if (n > 0)
    segment->grant = g_steal_pointer (&grant);
  segment->has_all_keys = n == g_bytes_get_size (ids) / YL_KEY_ID_BYTES;
  if (n_keys != NULL)
    *n_keys = n;
  return TRUE;
}

static gboolean
malformed (GError **error)
{
  g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID, "the grant is malformed, or not for this PC");
  return FALSE;
}

/* Whether a node of this company signed the grant for this file's node. */
static gboolean
check_head (YlStore *store, const guint8 *data, gsize length, GError **error)
{
  g_autoptr (GByteArray) expected = g_byte_array_new ();
  g_autofree char *from = NULL;
  guint8 key[YL_KEY_BYTES];

  if (length < HEAD_BYTES + crypto_box_SEALBYTES + YL_SIGNATURE_BYTES)
    return malformed (error);
  from = yl_hex_write (data + MAGIC_BYTES + SCOPE_BYTES, WRITER_BYTES);
  g_byte_array_append (expected, (const guint8 *) MAGIC, MAGIC_BYTES);
  append_hex (expected, yl_store_get_scope (store), SCOPE_BYTES);
  append_hex (expected, from, WRITER_BYTES);
  append_hex (expected, yl_store_get_writer (store), WRITER_BYTES);
  if (memcmp (data, expected->data, expected->len) != 0)
    return malformed (error);
  if (!yl_log_writer_key (store, from, key, error))
    return FALSE;
  if (crypto_sign_verify_detached (data + length - YL_SIGNATURE_BYTES, data, length - YL_SIGNATURE_BYTES, key) != 0)
    return malformed (error);
  return TRUE;
}

gboolean
yl_grant_take (YlStore *store, GBytes *grant, guint *n_keys, GError **error)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (grant, &length);
  g_autoptr (GBytes) sealed = NULL;
  g_autoptr (GBytes) plain = NULL;
  g_autoptr (GArray) keys = g_array_new (FALSE, TRUE, sizeof (YlSealKey));
  const guint8 *items;
  guint32 count;

  if (!check_head (store, data, length, error))
    return FALSE;
  memcpy (&count, data + HEAD_BYTES - sizeof count, sizeof count);
  count = GUINT32_FROM_LE (count);
  sealed = g_bytes_new_from_bytes (grant, HEAD_BYTES, length - HEAD_BYTES - YL_SIGNATURE_BYTES);
  if (g_bytes_get_size (sealed) != crypto_box_SEALBYTES + (gsize) count * ITEM_BYTES)
    return malformed (error);
  plain = yl_log_unbox (store, sealed, error);
  if (plain == NULL)
    return FALSE;
  items = g_bytes_get_data (plain, NULL);
  g_array_set_size (keys, count);
  for (guint i = 0; i < count; i++)
    if (!read_item (items + (gsize) i * ITEM_BYTES, &g_array_index (keys, YlSealKey, i)))
      return malformed (error);
  *n_keys = count;
  return count == 0 || yl_log_add_keys (store, (const YlSealKey *) keys->data, count, error);
}
