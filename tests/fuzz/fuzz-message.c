/* The small texts of the exchange: requests and answers, the calls of an exchange, enrolment codes, names of entries, signatures. The first byte chooses. */
#include <string.h>

#include "yl-fuzz.h"
#include "exchange/yl-enrol-code.h"
#include "exchange/yl-frontier.h"
#include "exchange/yl-message.h"
#include "exchange/yl-sync-wire.h"
#include "log/yl-signature.h"

static void
read_message (GBytes *bytes)
{
  g_autoptr (JsonObject) object = yl_message_parse (bytes, NULL);
  guint8 nonce[32];
  gint64 value;

  if (object == NULL)
    return;
  yl_message_get_text (object, "scope", 32, NULL);
  yl_message_get_hex (object, "nonce", nonce, sizeof nonce, NULL);
  if (yl_message_get_integer (object, "wait", 0, 25, &value, NULL))
    g_assert_true (value >= 0 && value <= 25);
}

static void
read_call (GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlSyncCall) call = yl_sync_call_decode (bytes, &error);
  g_autoptr (GBytes) again = call != NULL ? yl_sync_call_encode (call) : NULL;
  g_autoptr (YlSyncCall) same = again != NULL ? yl_sync_call_decode (again, NULL) : NULL;

  g_assert_true ((call == NULL) == (error != NULL));
  if (call == NULL)
    return;
  g_assert_nonnull (same);
  g_assert_cmpuint (call->wait, <=, YL_SYNC_WAIT_MAX_SECONDS);
  g_assert_cmpuint (same->wait, ==, call->wait);
}

static void
read_answer (GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlSyncAnswer) answer = yl_sync_answer_decode (bytes, &error);
  g_autoptr (GBytes) again = answer != NULL ? yl_sync_answer_encode (answer) : NULL;
  g_autoptr (YlSyncAnswer) same = again != NULL ? yl_sync_answer_decode (again, NULL) : NULL;

  g_assert_true ((answer == NULL) == (error != NULL));
  g_assert_true ((answer == NULL) == (same == NULL));
}

static void
read_code (const char *text)
{
  g_autoptr (YlEnrolCode) code = yl_enrol_code_parse (text, NULL);
  g_autofree char *again = code != NULL ? yl_enrol_code_format (code) : NULL;
  g_autoptr (YlEnrolCode) same = again != NULL ? yl_enrol_code_parse (again, NULL) : NULL;

  if (code == NULL)
    return;
  g_assert_nonnull (same);
  g_assert_cmpstr (same->hub_url, ==, code->hub_url);
  g_assert_cmpmem (same->secret, YL_SECRET_BYTES, code->secret, YL_SECRET_BYTES);
}

static void
read_name (const char *text)
{
  YlEntryName name;
  g_autofree char *again = NULL;

  if (!yl_entry_name_parse (text, &name))
    return;
  again = yl_entry_name_format (&name);
  g_assert_cmpstr (again, ==, text);
}

static void
read_signature (const char *text)
{
  guint8 signature[YL_SIGNATURE_BYTES], key[YL_KEY_BYTES];
  g_autofree char *again = NULL;

  if (!yl_signature_parse (text, signature, key, NULL))
    return;
  again = yl_signature_armour (signature, key);
  g_assert_cmpstr (again, ==, text);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize length)
{
  g_autofree char *text = length > 0 ? g_strndup ((const char *) data + 1, length - 1) : NULL;
  g_autoptr (GBytes) bytes = length > 0 ? g_bytes_new (data + 1, length - 1) : NULL;

  switch (length > 0 ? data[0] : 0)
    {
    case 'j':
      read_message (bytes);
      break;
    case 'r':
      read_call (bytes);
      break;
    case 'a':
      read_answer (bytes);
      break;
    case 'c':
      read_code (text);
      break;
    case 'n':
      read_name (text);
      break;
    case 's':
      read_signature (text);
      break;
    default:
      break;
    }
  return 0;
}
