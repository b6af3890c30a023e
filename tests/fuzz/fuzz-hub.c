/*
 * Whatever is asked of a hub by a PC of the company, or by an auditor: each call is answered once. The first byte chooses the call, the
 * second whether a relay is asked; the rest is the body.
 */
#include "exchange/yl-message.h"
#include "exchange/yl-session.h"
#include "hub/yl-hub.h"
#include "log/yl-merge-log.h"
#include "trust/yl-auditor.h"
#include "yl-fuzz-store.h"
#include "yl-fuzz.h"

static const struct
{
  const char *path;
  gboolean post;
} calls[] = {
  { "session/challenge", TRUE },
  { "session", TRUE },
  { "join/challenge", TRUE },
  { "join", TRUE },
  { "sync", TRUE },
  { "grants", TRUE },
  { "checkpoint", TRUE },
  { "skeleton", TRUE },
  { "history", TRUE },
  { "run", TRUE },
  { "horizon", FALSE },
  { "chunks/put", TRUE },
  { "chunks/get", TRUE },
  { "state/buckets", FALSE },
  { "state/records", TRUE },
  { "git/info/refs", FALSE },
  { "git/git-upload-pack", TRUE },
};

/** Asked: a hub, and the session of a PC there. */
typedef struct
{
  YlHub *hub;
  char *token;
} Asked;

typedef struct
{
  guint n;
  guint status;
  GBytes *body;
} Reply;

static char *credentials;

static void
reply_cb (guint status, const char *type, GBytes *body, gpointer data)
{
  Reply *reply = data;

  reply->n++;
  reply->status = status;
  g_clear_pointer (&reply->body, g_bytes_unref);
  reply->body = g_bytes_ref (body);
}

static void
ask (const Asked *asked, const YlHubRequest *request, Reply *reply)
{
  if (!yl_hub_admits (asked->hub, request, reply_cb, reply) || yl_hub_call (asked->hub, request, reply_cb, reply))
    g_assert_cmpuint (reply->n, ==, 1);
  else
    yl_hub_hang_up (asked->hub, reply);
}

static JsonObject *
ask_json (const Asked *asked, const char *path, JsonObject *object)
{
  g_autoptr (GBytes) body = yl_message_encode (object);
  YlHubRequest request = { .path = path, .post = TRUE, .body = body };
  Reply reply = { 0 };
  JsonObject *answer;

  ask (asked, &request, &reply);
  g_assert_cmpuint (reply.status, ==, 200);
  answer = yl_message_parse (reply.body, NULL);
  g_bytes_unref (reply.body);
  return answer;
}

/* As the PC of head office itself. */
static void
open_session (Asked *asked, gboolean relay)
{
  YlStore *store = yl_fuzz_store ();
  YlChallenge challenge = { .relay = relay, .node_nonce = { 1 } };
  guint8 signature[YL_SIGNATURE_BYTES];
  JsonObject *request = json_object_new ();
  g_autoptr (JsonObject) greeting = NULL;
  g_autoptr (JsonObject) session = NULL;

  asked->hub = relay ? yl_hub_new_relay (store) : yl_hub_new (store);
  g_strlcpy (challenge.scope, yl_store_get_scope (store), sizeof challenge.scope);
  json_object_set_string_member (request, "scope", challenge.scope);
  json_object_set_string_member (request, "writer", yl_store_get_identity (store));
  yl_message_set_hex (request, "nonce", challenge.node_nonce, YL_NONCE_BYTES);
  greeting = ask_json (asked, "session/challenge", request);
  g_assert_true (yl_message_get_hex (greeting, "key", challenge.hub_key, YL_KEY_BYTES, NULL));
  g_assert_true (yl_message_get_hex (greeting, "nonce", challenge.hub_nonce, YL_NONCE_BYTES, NULL));
  memcpy (challenge.node_key, challenge.hub_key, YL_KEY_BYTES);
  g_assert_true (yl_challenge_sign (&challenge, YL_SIDE_NODE, store, signature, NULL));
  request = json_object_new ();
  yl_message_set_hex (request, "nonce", challenge.hub_nonce, YL_NONCE_BYTES);
  yl_message_set_hex (request, "signature", signature, sizeof signature);
  session = ask_json (asked, "session", request);
  asked->token = g_strdup (json_object_get_string_member (session, "token"));
}

static const Asked *
get_ready (gboolean relay)
{
  static Asked asked[2];

  if (asked[0].hub == NULL)
    {
      g_autofree char *token = yl_auditor_add (yl_fuzz_store (), "auditor", NULL);
      g_autofree char *pair = g_strconcat ("auditor:", token, NULL);

      g_assert_true (yl_merge_log_append (yl_fuzz_store (), NULL));
      credentials = g_base64_encode ((const guchar *) pair, strlen (pair));
      open_session (&asked[0], FALSE);
      open_session (&asked[1], TRUE);
    }
  return &asked[relay ? 1 : 0];
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize length)
{
  g_autoptr (GBytes) body = length > 2 ? g_bytes_new (data + 2, length - 2) : g_bytes_new (NULL, 0);
  const Asked *asked = get_ready (length > 1 && data[1] == 'r');
  guint i = length > 0 ? (guint) (data[0] - 'a') % G_N_ELEMENTS (calls) : 0;
  YlHubRequest request = { .path = calls[i].path,
                           .post = calls[i].post,
                           .token = asked->token,
                           .credentials = credentials,
                           .body = calls[i].post ? body : NULL };
  Reply reply = { 0 };

  ask (asked, &request, &reply);
  g_clear_pointer (&reply.body, g_bytes_unref);
  return 0;
}
