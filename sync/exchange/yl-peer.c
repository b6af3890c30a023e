#include "exchange/yl-peer.h"

#include <sodium.h>
#include <string.h>

#include "base/yl-i18n.h"
#include "exchange/yl-enrol-code.h"
#include "exchange/yl-frontier.h"
#include "exchange/yl-hex.h"
#include "exchange/yl-message.h"
#include "exchange/yl-session.h"
#include "exchange/yl-wire.h"

#define TOKEN_MAX 128

struct _YlPeer
{
  YlStore *store;
  YlTransport *transport;
  GCancellable *cancellable;
  gboolean relay;
  gboolean rubbish; /* the last answer was */
  char *token;
  YlPosition position;
  char hub_writer[YL_WRITER_CHARS + 1]; /* of the hub that the session is with */
};

static gboolean
load_hex (YlStore *store, const char *setting, guint8 *bytes, gsize n)
{
  g_autofree char *hex = yl_store_get_setting (store, setting);

  return hex != NULL && yl_hex_read (hex, bytes, n);
}

YlPeer *
yl_peer_new (YlStore *store, const char *url, GError **error)
{
  g_autoptr (YlPeer) peer = g_new0 (YlPeer, 1);
  guint8 fingerprint[YL_FINGERPRINT_BYTES];
  gboolean pinned = load_hex (store, YL_SETTING_FINGERPRINT, fingerprint, sizeof fingerprint);

  if (url == NULL)
    url = yl_store_get_hub_url (store);
  if (url == NULL || *url == '\0')
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID,
                           _ ("This store knows no address of head office; give one with --peer."));
      return NULL;
    }
  peer->store = g_object_ref (store);
  peer->transport = yl_transport_open (url, pinned ? fingerprint : NULL, error);
  return peer->transport == NULL ? NULL : g_steal_pointer (&peer);
}

YlPeer *
yl_peer_new_relay (YlStore *store, const char *url, GError **error)
{
  g_autoptr (YlPeer) peer = g_new0 (YlPeer, 1);

  peer->store = g_object_ref (store);
  peer->relay = TRUE;
  peer->transport = yl_transport_open_to_stranger (url, error);
  return peer->transport == NULL ? NULL : g_steal_pointer (&peer);
}

gboolean
yl_peer_is_relay (YlPeer *peer)
{
  return peer->relay;
}

void
yl_peer_free (YlPeer *peer)
{
  g_clear_object (&peer->store);
  g_clear_object (&peer->transport);
  g_clear_object (&peer->cancellable);
  g_clear_pointer (&peer->position.mine, g_array_unref);
  g_clear_pointer (&peer->position.theirs, g_array_unref);
  g_free (peer->token);
  g_free (peer);
}

YlPosition *
yl_peer_get_position (YlPeer *peer)
{
  return &peer->position;
}

YlTransport *
yl_peer_get_transport (YlPeer *peer)
{
  return peer->transport;
}

void
yl_peer_set_cancellable (YlPeer *peer, GCancellable *cancellable)
{
  g_set_object (&peer->cancellable, cancellable);
}

gboolean
yl_peer_has_session (YlPeer *peer)
{
  return peer->token != NULL;
}

gboolean
yl_peer_was_rubbish (YlPeer *peer)
{
  return peer->rubbish;
}

const char *
yl_peer_get_hub (YlPeer *peer)
{
  return peer->hub_writer;
}

/* Says who sent the fault; takes @fault. */
static gboolean
rubbish (YlPeer *peer, GError *fault, GError **error)
{
  peer->rubbish = TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("What answers at %s is no Yuelai hub: %s. Check the address."),
               yl_transport_get_url (peer->transport), fault->message);
  g_error_free (fault);
  return FALSE;
}

/* A JSON call without a session. */
static JsonObject *
call_openly (YlPeer *peer, const char *path, JsonObject *object, GError **error)
{
  g_autoptr (GBytes) body = yl_message_encode (object);
  YlTransportCall call = { .path = path,
                           .body = body,
                           .body_type = YL_MEDIA_JSON,
                           .answer_type = YL_MEDIA_JSON,
                           .answer_max = YL_MESSAGE_MAX_BYTES };
  g_autoptr (GBytes) answer = yl_transport_call (peer->transport, &call, NULL, peer->cancellable, error);
  GError *fault = NULL;
  JsonObject *result = answer == NULL ? NULL : yl_message_parse (answer, &fault);

  if (fault != NULL)
    rubbish (peer, fault, error);
  return result;
}

/* Whether the key is that of another PC which the authority chain names, and head office has not shut out. */
static gboolean
check_relay_key (YlPeer *peer, const guint8 *key, GError **error)
{
  const char *url = yl_transport_get_url (peer->transport);
  guint8 known[YL_KEY_BYTES];

  yl_writer_of_key (key, peer->hub_writer);
  if (!yl_log_writer_key (peer->store, peer->hub_writer, known, NULL) || sodium_memcmp (known, key, sizeof known) != 0)
    g_set_error (error, YL_ERROR, YL_ERROR_REFUSED,
                 _ ("What answers at %s is no PC of this company that head office has told of. Check the address."),
                 url);
  else if (yl_log_is_revoked (peer->store, peer->hub_writer))
    g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("Head office has shut out the PC at %s; nothing was exchanged."),
                 url);
  else if (g_str_equal (peer->hub_writer, yl_store_get_identity (peer->store)))
    g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("What answers at %s is this store itself."), url);
  else
    return TRUE;
  return FALSE;
}

/* Whether the hub's key is one that the company knows: by the authority chain, or before that is here, by the enrolment. */
static gboolean
check_hub_key (YlPeer *peer, const guint8 *key, GError **error)
{
  guint8 known[YL_KEY_BYTES];

  yl_writer_of_key (key, peer->hub_writer);
  if (yl_log_writer_key (peer->store, peer->hub_writer, known, NULL))
    {
      if (sodium_memcmp (known, key, sizeof known) == 0 && yl_writer_is_head_office (peer->store, peer->hub_writer))
        return TRUE;
    }
  else if (load_hex (peer->store, YL_SETTING_HUB_KEY, known, sizeof known)
           && sodium_memcmp (known, key, sizeof known) == 0)
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID,
               _ ("What answers at %s is not head office of this company. Check the address."),
               yl_transport_get_url (peer->transport));
  return FALSE;
}

/* The hub's half: its key, its nonce, and its signature over both. */
static gboolean
read_challenge (YlPeer *peer, JsonObject *answer, YlChallenge *challenge, GError **error)
{
  guint8 signature[YL_SIGNATURE_BYTES];
  GError *fault = NULL;

  if (!yl_message_get_hex (answer, "key", challenge->hub_key, YL_KEY_BYTES, &fault)
      || !yl_message_get_hex (answer, "nonce", challenge->hub_nonce, YL_NONCE_BYTES, &fault)
      || !yl_message_get_hex (answer, "signature", signature, sizeof signature, &fault))
    return rubbish (peer, fault, error);
  if (!(peer->relay ? check_relay_key : check_hub_key) (peer, challenge->hub_key, error))
    return FALSE;
  if (peer->relay)
    yl_transport_get_certificate (peer->transport, challenge->certificate);
  if (yl_challenge_verify (challenge, YL_SIDE_HUB, signature))
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID,
               peer->relay ? _ ("What answers at %s cannot prove that it is a PC of this company that relays.")
                           : _ ("What answers at %s cannot prove that it is head office."),
               yl_transport_get_url (peer->transport));
  return FALSE;
}

static gboolean
ask_challenge (YlPeer *peer, YlChallenge *challenge, GError **error)
{
  JsonObject *request = json_object_new ();
  const char *writer = yl_store_get_identity (peer->store);
  g_autoptr (JsonObject) answer = NULL;

  g_strlcpy (challenge->scope, yl_store_get_scope (peer->store), sizeof challenge->scope);
  challenge->relay = peer->relay;
  randombytes_buf (challenge->node_nonce, sizeof challenge->node_nonce);
  json_object_set_string_member (request, "scope", challenge->scope);
  json_object_set_string_member (request, "writer", writer);
  yl_message_set_hex (request, "nonce", challenge->node_nonce, YL_NONCE_BYTES);
  answer = call_openly (peer, "session/challenge", request, error);
  return answer != NULL && yl_log_public_key (peer->store, writer, challenge->node_key, error)
         && read_challenge (peer, answer, challenge, error);
}

static gboolean
open_session (YlPeer *peer, GError **error)
{
  YlChallenge challenge = { 0 };
  guint8 signature[YL_SIGNATURE_BYTES];
  JsonObject *request;
  g_autoptr (JsonObject) answer = NULL;
  const char *token;
  GError *fault = NULL;

  g_clear_pointer (&peer->token, g_free);
  if (!ask_challenge (peer, &challenge, error)
      || !yl_challenge_sign (&challenge, YL_SIDE_NODE, peer->store, signature, error))
    return FALSE;
  request = json_object_new ();
  yl_message_set_hex (request, "nonce", challenge.hub_nonce, YL_NONCE_BYTES);
  yl_message_set_hex (request, "signature", signature, sizeof signature);
  answer = call_openly (peer, "session", request, error);
  if (answer == NULL)
    return FALSE;
  token = yl_message_get_text (answer, "token", TOKEN_MAX, &fault);
  if (token == NULL)
    return rubbish (peer, fault, error);
  peer->token = g_strdup (token);
  return TRUE;
}

gboolean
yl_peer_open (YlPeer *peer, GError **error)
{
  return peer->token != NULL || open_session (peer, error);
}

/* A call within a session, opening it anew once if the hub has forgotten it. */
static GBytes *
call_session (YlPeer *peer, YlTransportCall *call, GError **error)
{
  gboolean fresh = peer->token == NULL;
  gboolean unauthorized = FALSE;
  g_autoptr (GError) fault = NULL;
  GBytes *answer;

  if (fresh && !open_session (peer, error))
    return NULL;
  call->token = peer->token;
  answer = yl_transport_call (peer->transport, call, &unauthorized, peer->cancellable, &fault);
  if (answer == NULL && unauthorized && !fresh)
    {
      g_clear_error (&fault);
      if (!open_session (peer, error))
        return NULL;
      call->token = peer->token;
      answer = yl_transport_call (peer->transport, call, NULL, peer->cancellable, &fault);
    }
  if (fault != NULL)
    g_propagate_error (error, g_steal_pointer (&fault));
  return answer;
}

static GBytes *
call_binary (YlPeer *peer, YlTransportCall *call, JsonObject *request, GError **error)
{
  g_autoptr (GBytes) body = yl_message_encode (request);

  call->body = body;
  call->body_type = YL_MEDIA_JSON;
  return call_session (peer, call, error);
}

GBytes *
yl_peer_call (YlPeer *peer, const char *path, GBytes *body, const char *type, gsize answer_max, GError **error)
{
  YlTransportCall call = {
    .path = path, .body = body, .body_type = type, .answer_type = type, .answer_max = answer_max
  };

  return call_session (peer, &call, error);
}

YlSyncAnswer *
yl_peer_sync (YlPeer *peer, const YlSyncCall *call, GError **error)
{
  g_autoptr (GBytes) body = yl_sync_call_encode (call);
  g_autoptr (GBytes) bytes = yl_peer_call (peer, "sync", body, YL_MEDIA_SYNC, YL_SYNC_BODY_MAX, error);
  GError *fault = NULL;
  YlSyncAnswer *answer = bytes == NULL ? NULL : yl_sync_answer_decode (bytes, &fault);

  peer->rubbish = FALSE;
  if (fault != NULL)
    rubbish (peer, fault, error);
  return answer;
}

GBytes *
yl_peer_keys (YlPeer *peer, GBytes *ids, GError **error)
{
  JsonObject *request = json_object_new ();
  YlTransportCall call = { .path = "grants", .answer_type = YL_MEDIA_GRANT, .answer_max = YL_WIRE_GRANT_MAX };

  yl_message_set_ids (request, "keys", ids, YL_KEY_ID_BYTES);
  return call_binary (peer, &call, request, error);
}
