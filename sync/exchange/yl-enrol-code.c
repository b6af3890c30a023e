#include "exchange/yl-enrol-code.h"

#include <sodium.h>
#include <string.h>

#include "base/yl-i18n.h"
#include "exchange/yl-hex.h"

#define PREFIX "YL1-"
#define VERSION 1
#define FLAG_FINGERPRINT 1
#define CHECKSUM_BYTES 4
#define SCOPE_BYTES (YL_SCOPE_CHARS / 2)
#define FIXED_BYTES (2 + SCOPE_BYTES + YL_SECRET_BYTES)
#define MAX_CHARS 600

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

void
yl_enrol_code_free (YlEnrolCode *code)
{
  g_free (code->hub_url);
  sodium_memzero (code, sizeof *code);
  g_free (code);
}

static void
checksum (const guint8 *bytes, gsize length, guint8 *sum)
{
  guint8 digest[crypto_generichash_BYTES_MIN];

  crypto_generichash (digest, sizeof digest, bytes, length, NULL, 0);
  memcpy (sum, digest, CHECKSUM_BYTES);
}

static char *
to_base32 (GByteArray *bytes)
{
  GString *text = g_string_new (PREFIX);
  guint bits = 0;
  guint held = 0;

  for (guint i = 0; i < bytes->len; i++)
    {
      held = held << 8 | bytes->data[i];
      for (bits += 8; bits >= 5; bits -= 5)
        g_string_append_c (text, alphabet[held >> (bits - 5) & 31]);
      held &= (1u << bits) - 1;
    }
  if (bits > 0)
    g_string_append_c (text, alphabet[held << (5 - bits) & 31]);
  return g_string_free (text, FALSE);
}

static GByteArray *
from_base32 (const char *text)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint bits = 0;
  guint held = 0;

  for (const char *p = text; *p != '\0'; p++)
    {
      const char *digit = strchr (alphabet, g_ascii_toupper (*p));

      if (digit == NULL)
        return NULL;
      held = held << 5 | (guint) (digit - alphabet);
      bits += 5;
      if (bits >= 8)
        {
          guint8 byte = (guint8) (held >> (bits - 8));

          g_byte_array_append (bytes, &byte, 1);
          bits -= 8;
          held &= (1u << bits) - 1;
        }
    }
  return held == 0 && bits < 5 ? g_steal_pointer (&bytes) : NULL;
}

char *
yl_enrol_code_format (const YlEnrolCode *code)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint8 start[2] = { VERSION, code->has_fingerprint ? FLAG_FINGERPRINT : 0 };
  guint8 scope[SCOPE_BYTES];
  guint8 sum[CHECKSUM_BYTES];

  yl_hex_read (code->scope, scope, sizeof scope);
  g_byte_array_append (bytes, start, sizeof start);
  g_byte_array_append (bytes, scope, sizeof scope);
  g_byte_array_append (bytes, code->secret, sizeof code->secret);
  if (code->has_fingerprint)
    g_byte_array_append (bytes, code->fingerprint, sizeof code->fingerprint);
  g_byte_array_append (bytes, (const guint8 *) code->hub_url, (guint) strlen (code->hub_url));
  checksum (bytes->data, bytes->len, sum);
  g_byte_array_append (bytes, sum, sizeof sum);
  return to_base32 (bytes);
}

gboolean
yl_hub_url_check (const char *url, GError **error)
{
  g_autoptr (GUri) uri = strlen (url) > YL_HUB_URL_MAX ? NULL : g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  const char *scheme = uri == NULL ? NULL : g_uri_get_scheme (uri);
  const char *host = uri == NULL ? NULL : g_uri_get_host (uri);

  if (host != NULL && *host != '\0' && (strcmp (scheme, "http") == 0 || strcmp (scheme, "https") == 0))
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID, "“%.*s” is no hub address; it looks like http://HOST:PORT.",
               YL_HUB_URL_MAX, url);
  return FALSE;
}

/* Everything behind the checksum's back: @bytes are as somebody wrote them. */
static YlEnrolCode *
read_bytes (GByteArray *bytes)
{
  g_autoptr (YlEnrolCode) code = g_new0 (YlEnrolCode, 1);
  const guint8 *at = bytes->data;
  gsize fixed = FIXED_BYTES;
  g_autofree char *scope = NULL;

  if (at[0] != VERSION || (at[1] & ~FLAG_FINGERPRINT) != 0)
    return NULL;
  code->has_fingerprint = (at[1] & FLAG_FINGERPRINT) != 0;
  fixed += code->has_fingerprint ? YL_FINGERPRINT_BYTES : 0;
  if (bytes->len <= fixed)
    return NULL;
  scope = yl_hex_write (at + 2, SCOPE_BYTES);
  g_strlcpy (code->scope, scope, sizeof code->scope);
  memcpy (code->secret, at + 2 + SCOPE_BYTES, sizeof code->secret);
  if (code->has_fingerprint)
    memcpy (code->fingerprint, at + FIXED_BYTES, sizeof code->fingerprint);
  code->hub_url = g_strndup ((const char *) at + fixed, bytes->len - fixed);
  return yl_hub_url_check (code->hub_url, NULL) ? g_steal_pointer (&code) : NULL;
}

YlEnrolCode *
yl_enrol_code_parse (const char *text, GError **error)
{
  g_autofree char *word = strlen (text) > MAX_CHARS ? NULL : g_strstrip (g_strdup (text));
  g_autoptr (GByteArray) bytes = NULL;
  g_autoptr (YlEnrolCode) code = NULL;
  guint8 sum[CHECKSUM_BYTES];

  if (word != NULL && g_ascii_strncasecmp (word, PREFIX, strlen (PREFIX)) == 0)
    bytes = from_base32 (word + strlen (PREFIX));
  if (bytes != NULL && bytes->len > FIXED_BYTES + CHECKSUM_BYTES)
    {
      g_byte_array_set_size (bytes, bytes->len - CHECKSUM_BYTES);
      checksum (bytes->data, bytes->len, sum);
      if (memcmp (sum, bytes->data + bytes->len, sizeof sum) == 0)
        code = read_bytes (bytes);
    }
  if (code == NULL)
    g_set_error_literal (
        error, YL_ERROR, YL_ERROR_INVALID,
        "This is not an enrolment code, or a character of it is wrong; copy it again from head office.");
  return g_steal_pointer (&code);
}
