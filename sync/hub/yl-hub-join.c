#include "hub/yl-hub-private.h"

#include <sodium.h>
#include <string.h>

#include "base/yl-i18n.h"
#include "exchange/yl-message.h"
#include "trust/yl-company.h"

static gboolean
fill_challenge (YlHub *hub, JsonObject *request, YlJoinChallenge *challenge, GError **error)
{
  const char *scope = yl_message_get_text (request, "scope", YL_SCOPE_CHARS, error);
  const char *writer = yl_store_get_identity (hub->store);

  if (scope == NULL || !yl_message_get_hex (request, "nonce", challenge->node_nonce, YL_NONCE_BYTES, error))
    return FALSE;
  if (strcmp (scope, yl_store_get_scope (hub->store)) != 0)
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_REFUSED,
                           _ ("The code is of another company than this head office."));
      return FALSE;
    }
  g_strlcpy (challenge->scope, scope, sizeof challenge->scope);
  randombytes_buf (challenge->hub_nonce, YL_NONCE_BYTES);
  return yl_log_public_key (hub->store, yl_log_authority (hub->store), challenge->authority_key, error)
         && yl_log_public_key (hub->store, writer, challenge->hub_key, error)
         && yl_log_box_key (hub->store, writer, challenge->hub_box_key, error);
}

static gboolean
sign (YlHub *hub, const YlJoinChallenge *challenge, guint8 *signature, GError **error)
{
  g_autofree char *text = yl_join_challenge_transcript (challenge);

  return yl_log_sign (hub->store, yl_log_authority (hub->store), text, strlen (text), signature, error);
}

GBytes *
yl_hub_join_challenge (YlHub *hub, const YlHubCall *call, GError **error)
{
  g_autoptr (JsonObject) request = yl_message_parse (call->body, error);
  YlHubChallenge kept = { 0 };
  guint8 signature[YL_SIGNATURE_BYTES];
  JsonObject *answer;

  if (request == NULL || !fill_challenge (hub, request, &kept.join, error) || !sign (hub, &kept.join, signature, error)
      || !yl_hub_keep_challenge (hub, kept.join.hub_nonce, g_memdup2 (&kept, sizeof kept), error))
    return NULL;
  answer = json_object_new ();
  yl_message_set_hex (answer, "authority", kept.join.authority_key, YL_KEY_BYTES);
  yl_message_set_hex (answer, "key", kept.join.hub_key, YL_KEY_BYTES);
  yl_message_set_hex (answer, "box_key", kept.join.hub_box_key, YL_KEY_BYTES);
  yl_message_set_hex (answer, "nonce", kept.join.hub_nonce, YL_NONCE_BYTES);
  yl_message_set_hex (answer, "signature", signature, sizeof signature);
  return yl_message_encode (answer);
}

static YlJoinBid *
open_bid (YlHub *hub, GBytes *sealed, guint8 *signature, GError **error)
{
  g_autoptr (GBytes) plain = yl_log_unbox (hub->store, sealed, error);

  return plain == NULL ? NULL : yl_join_bid_parse (plain, signature, error);
}

/* The node's record id; empty while it waits for a person; NULL when refused. */
static char *
enrol (YlHub *hub, const YlJoinBid *bid, const char *digits, GError **error)
{
  YlJoinRequest request = { bid->secret, bid->sign_key, bid->box_key, bid->pc_name, digits };
  GError *fault = NULL;
  char *node = yl_company_join (hub->store, &request, &fault);

  if (fault == NULL)
    return node == NULL ? g_strdup ("") : node;
  g_propagate_error (error, fault);
  return NULL;
}

GBytes *
yl_hub_join (YlHub *hub, const YlHubCall *call, GError **error)
{
  guint8 signature[YL_SIGNATURE_BYTES];
  guint8 proof[YL_JOIN_PROOF_BYTES];
  g_autoptr (YlJoinBid) bid = open_bid (hub, call->body, signature, error);
  g_autofree YlHubChallenge *challenge = bid == NULL ? NULL : yl_hub_take_challenge (hub, bid->hub_nonce, error);
  g_autofree char *digits = NULL;
  g_autofree char *node = NULL;
  JsonObject *answer;

  if (challenge == NULL)
    return NULL;
  if (!yl_join_bid_verify (bid, &challenge->join, signature))
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID, "the PC's signature does not fit its key");
      return NULL;
    }
  digits = yl_join_digits (&challenge->join, bid->secret, bid->sign_key, bid->box_key);
  node = enrol (hub, bid, digits, error);
  if (node == NULL)
    return NULL;
  yl_join_answer_proof (&challenge->join, bid->secret, node, proof);
  answer = json_object_new ();
  json_object_set_string_member (answer, "node", node);
  yl_message_set_hex (answer, "proof", proof, sizeof proof);
  yl_hub_news (hub);
  return yl_message_encode (answer);
}
