#include "hub/yl-hub-private.h"

#include <sodium.h>
#include <string.h>

#include "base/yl-i18n.h"
#include "exchange/yl-hex.h"
#include "exchange/yl-message.h"

#define CHALLENGE_SECONDS 60
#define CHALLENGES_MAX 1024
#define SESSIONS_MAX 4096
#define TOKEN_BYTES 32

static gboolean
challenge_is_old (gpointer key, gpointer value, gpointer now)
{
  return ((YlHubChallenge *) value)->expires < *(gint64 *) now;
}

static gboolean
session_is_old (gpointer key, gpointer value, gpointer now)
{
  return ((YlHubSession *) value)->expires < *(gint64 *) now;
}

/* Drops what has expired; FALSE if there are too many all the same. */
static gboolean
make_room (GHashTable *table, GHRFunc is_old, guint max, GError **error)
{
  gint64 now = g_get_monotonic_time ();

  g_hash_table_foreach_remove (table, is_old, &now);
  if (g_hash_table_size (table) < max)
    return TRUE;
  g_set_error_literal (error, YL_ERROR, YL_ERROR_REFUSED, _ ("Too many PCs ask at once; try again in a minute."));
  return FALSE;
}

gboolean
yl_hub_keep_challenge (YlHub *hub, const guint8 *nonce, YlHubChallenge *challenge, GError **error)
{
  if (!make_room (hub->challenges, challenge_is_old, CHALLENGES_MAX, error))
    {
      g_free (challenge);
      return FALSE;
    }
  challenge->expires = g_get_monotonic_time () + CHALLENGE_SECONDS * G_TIME_SPAN_SECOND;
  g_hash_table_insert (hub->challenges, yl_hex_write (nonce, YL_NONCE_BYTES), challenge);
  return TRUE;
}

YlHubChallenge *
yl_hub_take_challenge (YlHub *hub, const guint8 *nonce, GError **error)
{
  g_autofree char *name = yl_hex_write (nonce, YL_NONCE_BYTES);
  g_autofree char *key = NULL;
  g_autofree YlHubChallenge *challenge = NULL;

  if (g_hash_table_steal_extended (hub->challenges, name, (gpointer *) &key, (gpointer *) &challenge)
      && challenge->expires >= g_get_monotonic_time ())
    return g_steal_pointer (&challenge);
  g_set_error_literal (error, YL_ERROR, YL_ERROR_REFUSED, _ ("The answer came too late; try again."));
  return NULL;
}

/* Whether @challenge asks for this company, and a PC of it. */
static gboolean
check_node (YlHub *hub, const char *scope, const char *writer, YlChallenge *challenge, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (strcmp (scope, yl_store_get_scope (hub->store)) == 0
      && yl_log_writer_key (hub->store, writer, challenge->node_key, &local))
    return TRUE;
  if (local != NULL && !g_error_matches (local, YL_ERROR, YL_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  g_set_error_literal (error, YL_ERROR, YL_ERROR_REFUSED,
                       _ ("This PC is not enrolled with this company; ask head office for a code."));
  return FALSE;
}

static gboolean
fill_challenge (YlHub *hub, JsonObject *request, YlChallenge *challenge, GError **error)
{
  const char *scope = yl_message_get_text (request, "scope", YL_SCOPE_CHARS, error);
  const char *writer = scope == NULL ? NULL : yl_message_get_text (request, "writer", YL_WRITER_CHARS, error);

  if (writer == NULL || !yl_message_get_hex (request, "nonce", challenge->node_nonce, YL_NONCE_BYTES, error)
      || !check_node (hub, scope, writer, challenge, error))
    return FALSE;
  g_strlcpy (challenge->scope, scope, sizeof challenge->scope);
  challenge->relay = hub->relay;
  memcpy (challenge->certificate, hub->certificate, sizeof challenge->certificate);
  randombytes_buf (challenge->hub_nonce, YL_NONCE_BYTES);
  return yl_log_public_key (hub->store, yl_store_get_identity (hub->store), challenge->hub_key, error);
}

GBytes *
yl_hub_session_challenge (YlHub *hub, const YlHubCall *call, GError **error)
{
  g_autoptr (JsonObject) request = yl_message_parse (call->body, error);
  YlHubChallenge kept = { 0 };
  guint8 signature[YL_SIGNATURE_BYTES];
  JsonObject *answer;

  if (request == NULL || !fill_challenge (hub, request, &kept.session, error)
      || !yl_challenge_sign (&kept.session, YL_SIDE_HUB, hub->store, signature, error)
      || !yl_hub_keep_challenge (hub, kept.session.hub_nonce, g_memdup2 (&kept, sizeof kept), error))
    return NULL;
  answer = json_object_new ();
  yl_message_set_hex (answer, "key", kept.session.hub_key, YL_KEY_BYTES);
  yl_message_set_hex (answer, "nonce", kept.session.hub_nonce, YL_NONCE_BYTES);
  yl_message_set_hex (answer, "signature", signature, sizeof signature);
  return yl_message_encode (answer);
}

static char *
new_session (YlHub *hub, const YlChallenge *challenge)
{
  YlHubSession *session = g_new0 (YlHubSession, 1);
  guint8 token[TOKEN_BYTES];
  char *text;

  yl_writer_of_key (challenge->node_key, session->writer);
  session->expires = g_get_monotonic_time () + YL_SESSION_SECONDS * G_TIME_SPAN_SECOND;
  randombytes_buf (token, sizeof token);
  text = yl_hex_write (token, sizeof token);
  g_hash_table_insert (hub->sessions, g_strdup (text), session);
  return text;
}

GBytes *
yl_hub_session_open (YlHub *hub, const YlHubCall *call, GError **error)
{
  g_autoptr (JsonObject) request = yl_message_parse (call->body, error);
  g_autofree YlHubChallenge *challenge = NULL;
  g_autofree char *token = NULL;
  guint8 nonce[YL_NONCE_BYTES];
  guint8 signature[YL_SIGNATURE_BYTES];
  JsonObject *answer;

  if (request == NULL || !yl_message_get_hex (request, "nonce", nonce, sizeof nonce, error)
      || !yl_message_get_hex (request, "signature", signature, sizeof signature, error))
    return NULL;
  challenge = yl_hub_take_challenge (hub, nonce, error);
  if (challenge == NULL)
    return NULL;
  if (!yl_challenge_verify (&challenge->session, YL_SIDE_NODE, signature))
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_REFUSED,
                           _ ("This PC cannot prove who it is; ask head office for a new code."));
      return NULL;
    }
  if (!make_room (hub->sessions, session_is_old, SESSIONS_MAX, error))
    return NULL;
  token = new_session (hub, &challenge->session);
  answer = json_object_new ();
  json_object_set_string_member (answer, "token", token);
  json_object_set_int_member (answer, "seconds", YL_SESSION_SECONDS);
  return yl_message_encode (answer);
}

const char *
yl_hub_session_writer (YlHub *hub, const char *token)
{
  YlHubSession *session = token == NULL ? NULL : g_hash_table_lookup (hub->sessions, token);

  return session != NULL && session->expires >= g_get_monotonic_time () ? session->writer : NULL;
}
