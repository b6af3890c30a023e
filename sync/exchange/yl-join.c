#include "exchange/yl-join.h"

#include <sodium.h>
#include <string.h>

#include "exchange/yl-hex.h"
#include "exchange/yl-message.h"
#include "trust/yl-company.h"

#define PC_NAME_MAX 120

char *
yl_join_challenge_transcript (const YlJoinChallenge *challenge)
{
  g_autofree char *authority_key = yl_hex_write (challenge->authority_key, YL_KEY_BYTES);
  g_autofree char *hub_key = yl_hex_write (challenge->hub_key, YL_KEY_BYTES);
  g_autofree char *hub_box_key = yl_hex_write (challenge->hub_box_key, YL_KEY_BYTES);
  g_autofree char *hub_nonce = yl_hex_write (challenge->hub_nonce, YL_NONCE_BYTES);
  g_autofree char *node_nonce = yl_hex_write (challenge->node_nonce, YL_NONCE_BYTES);

  return g_strdup_printf ("yuelai join 1 hub\n%s\n%s\n%s\n%s\n%s\n%s\n", challenge->scope, authority_key, hub_key,
                          hub_box_key, hub_nonce, node_nonce);
}

gboolean
yl_join_challenge_verify (const YlJoinChallenge *challenge, const guint8 *signature)
{
  g_autofree char *text = yl_join_challenge_transcript (challenge);
  g_autofree char *scope = NULL;
  guint8 digest[32];

  crypto_generichash (digest, sizeof digest, challenge->authority_key, YL_KEY_BYTES, NULL, 0);
  scope = yl_hex_write (digest, YL_SCOPE_CHARS / 2);
  return strcmp (scope, challenge->scope) == 0
         && crypto_sign_verify_detached (signature, (const guint8 *) text, strlen (text), challenge->authority_key)
                == 0;
}

static char *
bid_transcript (const YlJoinChallenge *challenge, const guint8 *sign_key, const guint8 *box_key, const char *pc_name)
{
  g_autofree char *hub = yl_join_challenge_transcript (challenge);
  g_autofree char *sign = yl_hex_write (sign_key, YL_KEY_BYTES);
  g_autofree char *box = yl_hex_write (box_key, YL_KEY_BYTES);

  return g_strdup_printf ("yuelai join 1 node\n%s%s\n%s\n%s\n", hub, sign, box, pc_name);
}

static GBytes *
seal (GBytes *plain, const guint8 *box_key)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (plain, &length);
  guint8 *sealed = g_malloc (crypto_box_SEALBYTES + length);

  crypto_box_seal (sealed, data, length, box_key);
  return g_bytes_new_take (sealed, crypto_box_SEALBYTES + length);
}

GBytes *
yl_join_bid_seal (const YlJoinChallenge *challenge, const guint8 *secret, const guint8 *seed, const char *pc_name)
{
  guint8 public_key[crypto_sign_PUBLICKEYBYTES];
  guint8 secret_key[crypto_sign_SECRETKEYBYTES];
  guint8 signature[YL_SIGNATURE_BYTES];
  guint8 box_key[YL_KEY_BYTES];
  char writer[YL_WRITER_CHARS + 1];
  JsonObject *object = json_object_new ();
  g_autoptr (GBytes) plain = NULL;
  g_autofree char *text = NULL;

  yl_node_keys (seed, public_key, box_key, writer);
  crypto_sign_seed_keypair (public_key, secret_key, seed);
  text = bid_transcript (challenge, public_key, box_key, pc_name);
  crypto_sign_detached (signature, NULL, (const guint8 *) text, strlen (text), secret_key);
  sodium_memzero (secret_key, sizeof secret_key);

  yl_message_set_hex (object, "nonce", challenge->hub_nonce, YL_NONCE_BYTES);
  yl_message_set_hex (object, "secret", secret, YL_SECRET_BYTES);
  yl_message_set_hex (object, "sign_key", public_key, YL_KEY_BYTES);
  yl_message_set_hex (object, "box_key", box_key, YL_KEY_BYTES);
  json_object_set_string_member (object, "pc_name", pc_name);
  yl_message_set_hex (object, "signature", signature, YL_SIGNATURE_BYTES);
  plain = yl_message_encode (object);
  return seal (plain, challenge->hub_box_key);
}

YlJoinBid *
yl_join_bid_parse (GBytes *plain, guint8 *signature, GError **error)
{
  g_autoptr (JsonObject) object = yl_message_parse (plain, error);
  g_autoptr (YlJoinBid) bid = g_new0 (YlJoinBid, 1);
  const char *pc_name;

  if (object == NULL || !yl_message_get_hex (object, "nonce", bid->hub_nonce, YL_NONCE_BYTES, error)
      || !yl_message_get_hex (object, "secret", bid->secret, YL_SECRET_BYTES, error)
      || !yl_message_get_hex (object, "sign_key", bid->sign_key, YL_KEY_BYTES, error)
      || !yl_message_get_hex (object, "box_key", bid->box_key, YL_KEY_BYTES, error)
      || !yl_message_get_hex (object, "signature", signature, YL_SIGNATURE_BYTES, error))
    return NULL;
  pc_name = yl_message_get_text (object, "pc_name", PC_NAME_MAX, error);
  if (pc_name == NULL)
    return NULL;
  bid->pc_name = g_strdup (pc_name);
  return g_steal_pointer (&bid);
}

gboolean
yl_join_bid_verify (const YlJoinBid *bid, const YlJoinChallenge *challenge, const guint8 *signature)
{
  g_autofree char *text = bid_transcript (challenge, bid->sign_key, bid->box_key, bid->pc_name);

  return crypto_sign_verify_detached (signature, (const guint8 *) text, strlen (text), bid->sign_key) == 0;
}

void
yl_join_bid_free (YlJoinBid *bid)
{
  g_free (bid->pc_name);
  sodium_memzero (bid, sizeof *bid);
  g_free (bid);
}

void
yl_join_answer_proof (const YlJoinChallenge *challenge, const guint8 *secret, const char *node, guint8 *proof)
{
  g_autofree char *hub = yl_join_challenge_transcript (challenge);
  g_autofree char *text = g_strdup_printf ("yuelai join 1 answer\n%s%s\n", hub, node);

  crypto_generichash (proof, YL_JOIN_PROOF_BYTES, (const guint8 *) text, strlen (text), secret, YL_SECRET_BYTES);
}

char *
yl_join_digits (const YlJoinChallenge *challenge, const guint8 *secret, const guint8 *sign_key, const guint8 *box_key)
{
  guint8 keys[4 * YL_KEY_BYTES];
  guint8 digest[32];
  guint64 number;

  memcpy (keys, challenge->hub_key, YL_KEY_BYTES);
  memcpy (keys + YL_KEY_BYTES, challenge->hub_box_key, YL_KEY_BYTES);
  memcpy (keys + 2 * YL_KEY_BYTES, sign_key, YL_KEY_BYTES);
  memcpy (keys + 3 * YL_KEY_BYTES, box_key, YL_KEY_BYTES);
  crypto_generichash (digest, sizeof digest, keys, sizeof keys, secret, YL_SECRET_BYTES);
  memcpy (&number, digest, sizeof number);
  return g_strdup_printf ("%06u", (guint) (GUINT64_FROM_LE (number) % 1000000));
}
