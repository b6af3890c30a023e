#include "exchange/yl-grant.h"

#include <sodium.h>
#include <string.h>

#include "base/yl-i18n.h"
#include "base/yl-id.h"
#include "exchange/yl-hex.h"
#include "exchange/yl-session.h"
#include "seal/yl-grant-policy.h"

/* "YLG1", scope, from, to, number of keys and of refusals (u32 little-endian), the refusals, the sealed keys, the signature over
 * all before it. */
#define MAGIC "YLG1"
#define MAGIC_BYTES 4
#define SCOPE_BYTES (YL_SCOPE_CHARS / 2)
#define WRITER_BYTES (YL_WRITER_CHARS / 2)
#define NAMES_BYTES (MAGIC_BYTES + SCOPE_BYTES + 2 * WRITER_BYTES)
#define HEAD_BYTES (NAMES_BYTES + 2 * 4)
#define REFUSAL_BYTES (YL_KEY_ID_BYTES + 1)
/* Sealed, each key is: flags, key, its epoch where it is not the first, the store that made it where it is not the person's own. */
#define FLAG_EPOCH 1
#define FLAG_SITE 2
#define SITE_BYTES 16

static void
append_hex (GByteArray *out, const char *hex, gsize n)
{
  guint8 bytes[SCOPE_BYTES] = { 0 };

  yl_hex_read (hex, bytes, n);
  g_byte_array_append (out, bytes, (guint) n);
}

static void
append_u32 (GByteArray *out, guint32 number)
{
  guint32 bytes = GUINT32_TO_LE (number);

  g_byte_array_append (out, (const guint8 *) &bytes, sizeof bytes);
}

static void
append_item (GByteArray *out, const YlSealKey *key)
{
  guint8 flags = (key->epoch > 0 ? FLAG_EPOCH : 0) | (*key->site != '\0' ? FLAG_SITE : 0);
  g_auto (GStrv) groups = g_strsplit (key->site, "-", -1);
  g_autofree char *site = g_strjoinv ("", groups);

  g_byte_array_append (out, &flags, 1);
  g_byte_array_append (out, key->key, YL_KEY_BYTES);
  if ((flags & FLAG_EPOCH) != 0)
    append_u32 (out, (guint32) key->epoch);
  if ((flags & FLAG_SITE) != 0)
    append_hex (out, site, SITE_BYTES);
}

/** Reading: what is left of the opened box. */
typedef struct
{
  const guint8 *at;
  const guint8 *end;
} Reading;

static gboolean
take (Reading *reading, gpointer bytes, gsize n)
{
  if ((gsize) (reading->end - reading->at) < n)
    return FALSE;
  memcpy (bytes, reading->at, n);
  reading->at += n;
  return TRUE;
}

static gboolean
read_site (Reading *reading, YlSealKey *key)
{
  guint8 bytes[SITE_BYTES];
  g_autofree char *hex = NULL;

  if (!take (reading, bytes, sizeof bytes))
    return FALSE;
  hex = yl_hex_write (bytes, sizeof bytes);
  g_snprintf (key->site, sizeof key->site, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
  return yl_id_is_valid (key->site);
}

static gboolean
read_item (Reading *reading, YlSealKey *key)
{
  guint8 flags;
  guint32 epoch = 0;

  if (!take (reading, &flags, 1) || (flags & ~(FLAG_EPOCH | FLAG_SITE)) != 0 || !take (reading, key->key, YL_KEY_BYTES)
      || ((flags & FLAG_EPOCH) != 0 && !take (reading, &epoch, sizeof epoch))
      || ((flags & FLAG_SITE) != 0 && !read_site (reading, key)))
    return FALSE;
  key->epoch = GUINT32_FROM_LE (epoch);
  return TRUE;
}

/* @keys sealed to @box_key, appended to @out. */
static void
append_sealed (GByteArray *out, GArray *keys, const guint8 *box_key)
{
  g_autoptr (GByteArray) plain = g_byte_array_new ();
  guint at = out->len;

  for (guint i = 0; i < keys->len; i++)
    append_item (plain, &g_array_index (keys, YlSealKey, i));
  g_byte_array_set_size (out, at + crypto_box_SEALBYTES + plain->len);
  crypto_box_seal (out->data + at, plain->data, plain->len, box_key);
  if (plain->len > 0)
    sodium_memzero (plain->data, plain->len);
}

static void
append_refusals (GByteArray *out, GArray *refused)
{
  for (guint i = 0; i < refused->len; i++)
    {
      const YlKeyRefusal *refusal = &g_array_index (refused, YlKeyRefusal, i);
      guint8 verdict = (guint8) refusal->verdict;

      g_byte_array_append (out, refusal->id, YL_KEY_ID_BYTES);
      g_byte_array_append (out, &verdict, 1);
    }
}

/* The wire form of @keys for @to; clears them. */
static GBytes *
encode (YlStore *store, const char *to, GArray *keys, GArray *refused, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  const char *from = yl_store_get_identity (store);
  guint8 box_key[YL_KEY_BYTES];
  guint8 signature[YL_SIGNATURE_BYTES];

  if (!yl_log_box_key (store, to, box_key, error))
    return NULL;
  g_byte_array_append (out, (const guint8 *) MAGIC, MAGIC_BYTES);
  append_hex (out, yl_store_get_scope (store), SCOPE_BYTES);
  append_hex (out, from, WRITER_BYTES);
  append_hex (out, to, WRITER_BYTES);
  append_u32 (out, keys->len);
  append_u32 (out, refused->len);
  append_refusals (out, refused);
  append_sealed (out, keys, box_key);
  if (!yl_log_sign (store, from, out->data, out->len, signature, error))
    return NULL;
  g_byte_array_append (out, signature, sizeof signature);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

static void
wipe (GArray *keys)
{
  if (keys->len > 0)
    sodium_memzero (keys->data, keys->len * sizeof (YlSealKey));
}

GBytes *
yl_grant_make (YlStore *store, const char *to, GBytes *ids, guint *n_keys, GError **error)
{
  gsize n_bytes;
  const guint8 *wanted = g_bytes_get_data (ids, &n_bytes);
  g_autoptr (GArray) refused = NULL;
  g_autoptr (GArray) keys = yl_log_keys_for (store, to, wanted, (guint) (n_bytes / YL_KEY_ID_BYTES), &refused, error);
  GBytes *grant;

  if (keys == NULL)
    return NULL;
  *n_keys = keys->len;
  grant = encode (store, to, keys, refused, error);
  wipe (keys);
  return grant;
}

gboolean
yl_grant_attach (YlStore *store, YlSegment *segment, const char *to, GBytes *ids, guint *n_keys, GError **error)
{
  gsize n_bytes;
  const guint8 *wanted = g_bytes_get_data (ids, &n_bytes);
  g_autoptr (GArray) refused = NULL;
  g_autoptr (GArray) none = g_array_new (FALSE, FALSE, sizeof (YlKeyRefusal));
  g_autoptr (GArray) keys = yl_log_keys_for (store, to, wanted, (guint) (n_bytes / YL_KEY_ID_BYTES), &refused, error);

  if (keys == NULL)
    return FALSE;
  /* Nobody asked: what the other may not have it need not be told. */
  segment->grant = keys->len > 0 ? encode (store, to, keys, none, error) : NULL;
  if (n_keys != NULL)
    *n_keys = keys->len;
  wipe (keys);
  return keys->len == 0 || segment->grant != NULL;
}

static gboolean
malformed (GError **error)
{
  g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID, "the grant is malformed, or not for this PC");
  return FALSE;
}

static gboolean
are_verdicts (const guint8 *refusals, guint32 n)
{
  for (guint32 i = 0; i < n; i++)
    if (yl_grant_allows (refusals[i * REFUSAL_BYTES + YL_KEY_ID_BYTES])
        || refusals[i * REFUSAL_BYTES + YL_KEY_ID_BYTES] > YL_GRANT_OTHER_CLASS)
      return FALSE;
  return TRUE;
}

/* Whether a node of this company signed the grant for this file's node; @giver: which. */
static gboolean
check_head (YlStore *store, const guint8 *data, gsize length, char **giver, GError **error)
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
  append_hex (expected, yl_store_get_identity (store), WRITER_BYTES);
  if (memcmp (data, expected->data, expected->len) != 0)
    return malformed (error);
  if (!yl_log_writer_key (store, from, key, error))
    return FALSE;
  if (crypto_sign_verify_detached (data + length - YL_SIGNATURE_BYTES, data, length - YL_SIGNATURE_BYTES, key) != 0)
    return malformed (error);
  *giver = g_steal_pointer (&from);
  return TRUE;
}

static gboolean
take_refusals (YlStore *store, const guint8 *data, guint32 n_refused, GError **error)
{
  g_autoptr (GArray) refused = g_array_new (FALSE, FALSE, sizeof (YlKeyRefusal));
  g_autofree char *detail = NULL;

  if (n_refused == 0)
    return TRUE;
  for (guint32 i = 0; i < n_refused; i++)
    {
      YlKeyRefusal refusal = { .verdict = data[i * REFUSAL_BYTES + YL_KEY_ID_BYTES] };

      memcpy (refusal.id, data + i * REFUSAL_BYTES, YL_KEY_ID_BYTES);
      g_array_append_val (refused, refusal);
    }
  detail = g_strdup_printf (_ ("keys: %u, %s"), n_refused,
                            yl_grant_sentence (g_array_index (refused, YlKeyRefusal, 0).verdict));
  return yl_log_keys_refused (store, (const YlKeyRefusal *) (gpointer) refused->data, refused->len, error)
         && yl_store_note_sync (store, "refused", detail, error);
}

/* The keys in the opened box. */
static gboolean
take_box (YlStore *store, const char *from, GBytes *plain, guint32 count, guint *n_keys, GError **error)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (plain, &length);
  g_autoptr (GArray) keys = g_array_new (FALSE, TRUE, sizeof (YlSealKey));
  Reading reading = { data, data + length };
  gboolean ok = count <= length / (1 + YL_KEY_BYTES);

  if (ok)
    g_array_set_size (keys, count);
  for (guint i = 0; ok && i < count; i++)
    ok = read_item (&reading, &g_array_index (keys, YlSealKey, i));
  if (!ok || reading.at != reading.end)
    return malformed (error);
  ok = count == 0 || yl_log_add_keys (store, from, (const YlSealKey *) (gpointer) keys->data, count, n_keys, error);
  wipe (keys);
  return ok;
}

static guint32
read_u32 (const guint8 *bytes)
{
  guint32 number;

  memcpy (&number, bytes, sizeof number);
  return GUINT32_FROM_LE (number);
}

gboolean
yl_grant_take (YlStore *store, GBytes *grant, guint *n_keys, GError **error)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (grant, &length);
  g_autofree char *from = NULL;
  g_autoptr (GBytes) sealed = NULL;
  g_autoptr (GBytes) plain = NULL;
  guint32 n_refused;
  gsize box;

  *n_keys = 0;
  if (!check_head (store, data, length, &from, error))
    return FALSE;
  n_refused = read_u32 (data + NAMES_BYTES + 4);
  box = HEAD_BYTES + (gsize) n_refused * REFUSAL_BYTES;
  if (length < box + crypto_box_SEALBYTES + YL_SIGNATURE_BYTES || !are_verdicts (data + HEAD_BYTES, n_refused))
    return malformed (error);
  sealed = g_bytes_new_from_bytes (grant, box, length - box - YL_SIGNATURE_BYTES);
  plain = yl_log_unbox (store, sealed, error);
  if (plain == NULL || !take_box (store, from, plain, read_u32 (data + NAMES_BYTES), n_keys, error))
    return FALSE;
  /* Another store may know less of who may have what. */
  return !yl_writer_is_head_office (store, from) || take_refusals (store, data + HEAD_BYTES, n_refused, error);
}
