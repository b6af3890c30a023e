#include "yl-signature.h"

#include <sodium.h>
#include <string.h>

#define MAGIC "SSHSIG"
#define NAMESPACE "git"
#define HASH "sha512"
#define KEY_TYPE "ssh-ed25519"
#define ARMOUR_BEGIN "-----BEGIN SSH SIGNATURE-----\n"
#define ARMOUR_END "-----END SSH SIGNATURE-----\n"
#define ARMOUR_COLUMNS 70

/* Every field before the two that vary has a fixed length, so they stand at fixed places. */
#define KEY_OFFSET 33
#define SIGNATURE_OFFSET 109
#define BLOB_BYTES (SIGNATURE_OFFSET + YL_SIGNATURE_BYTES)

static void
append_number (GByteArray *blob, guint32 number)
{
  guint32 big_endian = GUINT32_TO_BE (number);

  g_byte_array_append (blob, (const guint8 *) &big_endian, sizeof big_endian);
}

/* SSH's `string`: a length, then the bytes. */
static void
append_string (GByteArray *blob, gconstpointer bytes, gsize length)
{
  append_number (blob, length);
  g_byte_array_append (blob, bytes, length);
}

static void
append_typed (GByteArray *blob, const guint8 *bytes, gsize length)
{
  append_string (blob, KEY_TYPE, strlen (KEY_TYPE));
  append_string (blob, bytes, length);
}

static void
append_typed_string (GByteArray *blob, const guint8 *bytes, gsize length)
{
  append_number (blob, 4 + strlen (KEY_TYPE) + 4 + length);
  append_typed (blob, bytes, length);
}

static void
append_magic (GByteArray *blob)
{
  g_byte_array_append (blob, (const guint8 *) MAGIC, strlen (MAGIC));
}

static void
append_purpose (GByteArray *blob)
{
  append_string (blob, NAMESPACE, strlen (NAMESPACE));
  append_string (blob, "", 0);
  append_string (blob, HASH, strlen (HASH));
}

GBytes *
yl_signature_payload (const char *text, gsize length)
{
  GByteArray *payload = g_byte_array_new ();
  guint8 hash[crypto_hash_sha512_BYTES];

  crypto_hash_sha512 (hash, (const guint8 *) text, length);
  append_magic (payload);
  append_purpose (payload);
  append_string (payload, hash, sizeof hash);
  return g_byte_array_free_to_bytes (payload);
}

gboolean
yl_signature_verify (const guint8 *signature, const guint8 *key, const char *text, gsize length)
{
  g_autoptr (GBytes) payload = yl_signature_payload (text, length);
  gsize payload_length;
  const guint8 *bytes = g_bytes_get_data (payload, &payload_length);

  return crypto_sign_verify_detached (signature, bytes, payload_length, key) == 0;
}

char *
yl_signature_armour (const guint8 *signature, const guint8 *key)
{
  g_autoptr (GByteArray) blob = g_byte_array_sized_new (BLOB_BYTES);
  g_autofree char *base64 = NULL;
  GString *armour = g_string_new (ARMOUR_BEGIN);

  append_magic (blob);
  append_number (blob, 1);
  append_typed_string (blob, key, YL_KEY_BYTES);
  append_purpose (blob);
  append_typed_string (blob, signature, YL_SIGNATURE_BYTES);
  base64 = g_base64_encode (blob->data, blob->len);
  for (gsize at = 0, length = strlen (base64); at < length; at += ARMOUR_COLUMNS)
    {
      g_string_append_len (armour, base64 + at, MIN (ARMOUR_COLUMNS, length - at));
      g_string_append_c (armour, '\n');
    }
  g_string_append (armour, ARMOUR_END);
  return g_string_free (armour, FALSE);
}

gboolean
yl_signature_parse (const char *armour, guint8 *signature, guint8 *key, GError **error)
{
  g_autofree char *canonical = NULL;
  g_autofree guint8 *blob = NULL;
  g_autofree char *base64 = NULL;
  gsize length = 0;

  if (g_str_has_prefix (armour, ARMOUR_BEGIN) && g_str_has_suffix (armour, ARMOUR_END))
    {
      base64 = g_strndup (armour + strlen (ARMOUR_BEGIN), strlen (armour) - strlen (ARMOUR_BEGIN ARMOUR_END));
      blob = g_base64_decode (base64, &length);
    }
  if (length == BLOB_BYTES)
    canonical = yl_signature_armour (blob + SIGNATURE_OFFSET, blob + KEY_OFFSET);
  if (g_strcmp0 (canonical, armour) != 0)
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID, "this is no Ed25519 signature in canonical SSH form");
      return FALSE;
    }
  memcpy (signature, blob + SIGNATURE_OFFSET, YL_SIGNATURE_BYTES);
  memcpy (key, blob + KEY_OFFSET, YL_KEY_BYTES);
  return TRUE;
}

char *
yl_signature_public_key (const guint8 *key)
{
  g_autoptr (GByteArray) blob = g_byte_array_new ();
  g_autofree char *base64 = NULL;

  append_typed (blob, key, YL_KEY_BYTES);
  base64 = g_base64_encode (blob->data, blob->len);
  return g_strconcat (KEY_TYPE, " ", base64, NULL);
}
