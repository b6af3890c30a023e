#include "hub/yl-hub-private.h"

#include <string.h>

#include "base/yl-i18n.h"
#include "checkpoint/yl-checkpoint-base.h"
#include "exchange/yl-attachment-wire.h"
#include "exchange/yl-exchange.h"
#include "exchange/yl-message.h"
#include "exchange/yl-transport.h"
#include "exchange/yl-sync-wire.h"
#include "log/yl-git-serve.h"

#define SEALED_MAX 4096

G_DEFINE_FINAL_TYPE (YlHub, yl_hub, G_TYPE_OBJECT)

/* Who may make a call. */
typedef enum
{
  FOR_ANYBODY,
  FOR_NODES,    /* in a session */
  FOR_AUDITORS, /* by name and token */
} Access;

/** Route: @body_max 0: GET, without a body. */
typedef struct
{
  const char *path;
  gsize body_max;
  Access access;
  gboolean relayed; /* a relay answers it too */
  const char *answer_type;
  YlHubFunc func;
} Route;

static const Route routes[] = {
  { "session/challenge", 4096, FOR_ANYBODY, TRUE, YL_MEDIA_JSON, yl_hub_session_challenge },
  { "session", 4096, FOR_ANYBODY, TRUE, YL_MEDIA_JSON, yl_hub_session_open },
  { "join/challenge", 4096, FOR_ANYBODY, FALSE, YL_MEDIA_JSON, yl_hub_join_challenge },
  { "join", SEALED_MAX, FOR_ANYBODY, FALSE, YL_MEDIA_JSON, yl_hub_join },
  { "sync", YL_SYNC_BODY_MAX, FOR_NODES, TRUE, YL_MEDIA_SYNC, yl_hub_sync },
  { "grants", YL_MESSAGE_MAX_BYTES, FOR_NODES, TRUE, YL_MEDIA_GRANT, yl_hub_grants },
  { "checkpoint", 4096, FOR_NODES, FALSE, YL_MEDIA_CHECKPOINT, yl_hub_checkpoint },
  { "skeleton", YL_MESSAGE_MAX_BYTES, FOR_NODES, TRUE, YL_MEDIA_CHECKPOINT, yl_hub_skeleton },
  { "history", 4096, FOR_NODES, FALSE, YL_MEDIA_CHECKPOINT, yl_hub_history },
  { "run", 4096, FOR_NODES, FALSE, YL_MEDIA_CHECKPOINT, yl_hub_run },
  { "horizon", 0, FOR_NODES, FALSE, YL_MEDIA_CHECKPOINT, yl_hub_horizon },
  { "chunks/put", YL_CHUNK_PUT_MAX, FOR_NODES, FALSE, YL_MEDIA_CHUNK, yl_hub_chunk_put },
  { "chunks/get", YL_CHUNK_NAME_BYTES, FOR_NODES, FALSE, YL_MEDIA_CHUNK, yl_hub_chunk_get },
  { "state/buckets", 0, FOR_NODES, TRUE, YL_MEDIA_STATE, yl_hub_state_buckets },
  { "state/records", 4096, FOR_NODES, TRUE, YL_MEDIA_STATE, yl_hub_state_records },
  { "git/info/refs", 0, FOR_AUDITORS, FALSE, "application/x-git-upload-pack-advertisement", yl_hub_git_refs },
  { "git/git-upload-pack", YL_GIT_REQUEST_MAX, FOR_AUDITORS, FALSE, "application/x-git-upload-pack-result",
    yl_hub_git_pack },
  { "git/allowed_signers", 0, FOR_AUDITORS, FALSE, "text/plain", yl_hub_git_signers },
};

static void
yl_hub_dispose (GObject *object)
{
  YlHub *hub = YL_HUB (object);

  yl_hub_stop (hub);
  g_clear_object (&hub->store);
  G_OBJECT_CLASS (yl_hub_parent_class)->dispose (object);
}

static void
yl_hub_finalize (GObject *object)
{
  YlHub *hub = YL_HUB (object);

  g_main_context_unref (hub->context);
  g_clear_pointer (&hub->pack, yl_checkpoint_pack_free);
  g_hash_table_unref (hub->challenges);
  g_hash_table_unref (hub->sessions);
  g_ptr_array_unref (hub->waits);
  yl_hub_memory_free (hub->memory);
  G_OBJECT_CLASS (yl_hub_parent_class)->finalize (object);
}

static void
yl_hub_class_init (YlHubClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = yl_hub_dispose;
  object_class->finalize = yl_hub_finalize;
}

static void
yl_hub_init (YlHub *hub)
{
  hub->context = g_main_context_ref_thread_default ();
  hub->challenges = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  hub->sessions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  hub->memory = yl_hub_memory_new ();
  hub->waits = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_hub_wait_free);
}

YlHub *
yl_hub_new (YlStore *store)
{
  YlHub *hub = g_object_new (YL_TYPE_HUB, NULL);

  yl_checkpoint_init ();
  hub->store = g_object_ref (store);
  return hub;
}

YlHub *
yl_hub_new_relay (YlStore *store)
{
  YlHub *hub = yl_hub_new (store);

  hub->relay = TRUE;
  return hub;
}

static const Route *
find_route (const char *path, gboolean post)
{
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    if (strcmp (routes[i].path, path) == 0 && post == (routes[i].body_max > 0))
      return &routes[i];
  return NULL;
}

/** Answer: where the answer to one request goes. */
typedef struct
{
  YlHub *hub;
  YlHubReply reply;
  gpointer data;
} Answer;

static void
refuse (const Answer *answer, guint status, const char *word, const char *sentence)
{
  JsonObject *refusal = json_object_new ();
  g_autoptr (GBytes) body = NULL;

  json_object_set_string_member (refusal, "error", word);
  json_object_set_string_member (refusal, "message", sentence);
  body = yl_message_encode (refusal);
  answer->reply (status, YL_MEDIA_JSON, body, answer->data);
}

static guint
status_of (const GError *error)
{
  switch (error->domain == YL_ERROR ? error->code : YL_ERROR_FAILED)
    {
    case YL_ERROR_INVALID:
    case YL_ERROR_NEWER:
      return YL_HUB_INVALID;
    case YL_ERROR_REFUSED:
      return YL_HUB_REFUSED;
    case YL_ERROR_NOT_FOUND:
      return YL_HUB_NOT_FOUND;
    case YL_ERROR_MISSING:
      return YL_HUB_MISSING;
    default:
      return YL_HUB_FAULT;
    }
}

static void
refuse_shut_out (const Answer *answer)
{
  const char *word = answer->hub->relay ? YL_REFUSAL_SHUT_OUT_HERE : YL_REFUSAL_SHUT_OUT;

  refuse (answer, YL_HUB_REFUSED, word, yl_refusal_sentence (word));
}

static void
explain (const Answer *answer, const char *writer, const GError *error)
{
  guint status = status_of (error);

  if (status == YL_HUB_REFUSED && writer != NULL && yl_log_is_revoked (answer->hub->store, writer))
    {
      refuse_shut_out (answer);
      return;
    }
  if (status != YL_HUB_FAULT)
    {
      refuse (answer, status, yl_refusal_word (error->code), error->message);
      return;
    }
  /* What is wrong with head office's own file is for head office to read. */
  yl_exchange_note_error (answer->hub->store, error);
  refuse (answer, status, yl_refusal_word (error->domain == YL_ERROR ? error->code : YL_ERROR_FAILED),
          _ ("The hub has a fault of its own; its sync log says which."));
}

static gboolean
is_let_in (YlHub *hub, const Route *route, const YlHubRequest *request, const char *writer)
{
  return route->access == FOR_ANYBODY || (route->access == FOR_NODES && writer != NULL)
         || (route->access == FOR_AUDITORS && yl_hub_git_knows (hub, request->credentials));
}

/* A PC that was shut out may only hand in what it has, at head office. */
static gboolean
is_trusted (YlHub *hub, const Route *route, const char *writer)
{
  return (!hub->relay && route->func == yl_hub_sync) || !yl_log_is_revoked (hub->store, writer);
}

/* The route of a request, and whose session it comes in; NULL: it has been refused. */
static const Route *
admit (const Answer *answer, const YlHubRequest *request, const char **writer)
{
  const Route *route = find_route (request->path, request->post);

  *writer = yl_hub_session_writer (answer->hub, request->token);
  if (route == NULL || (answer->hub->relay && !route->relayed))
    refuse (answer, YL_HUB_NOT_FOUND, "not_found", _ ("The hub knows no such call."));
  else if (!is_let_in (answer->hub, route, request, *writer))
    refuse (answer, YL_HUB_UNAUTHORIZED, "refused",
            route->access == FOR_AUDITORS ? _ ("Name and token of an auditor are needed.")
                                          : _ ("There is no session; open one first."));
  else if (*writer != NULL && !is_trusted (answer->hub, route, *writer))
    refuse_shut_out (answer);
  else if (request->body != NULL && g_bytes_get_size (request->body) > route->body_max)
    refuse (answer, YL_HUB_TOO_LARGE, "invalid", _ ("The hub takes no request of that size."));
  else
    return route;
  return NULL;
}

gsize
yl_hub_body_max (const char *path, gboolean post)
{
  const Route *route = find_route (path, post);

  return route == NULL ? YL_MESSAGE_MAX_BYTES : route->body_max;
}

gboolean
yl_hub_admits (YlHub *hub, const YlHubRequest *request, YlHubReply reply, gpointer data)
{
  Answer answer = { hub, reply, data };
  const char *writer;

  return admit (&answer, request, &writer) != NULL;
}

gboolean
yl_hub_call (YlHub *hub, const YlHubRequest *request, YlHubReply reply, gpointer data)
{
  Answer answer = { hub, reply, data };
  g_autoptr (GBytes) body = request->body == NULL ? g_bytes_new (NULL, 0) : g_bytes_ref (request->body);
  YlHubCall call = { NULL, body, reply, data };
  const Route *route = admit (&answer, request, &call.writer);
  g_autoptr (GBytes) result = NULL;
  g_autoptr (GError) error = NULL;

  if (route == NULL)
    return TRUE;
  if (yl_store_refresh (hub->store, &error))
    result = route->func (hub, &call, &error);
  if ((result != NULL || error != NULL) && !yl_store_check_reads (hub->store, &error))
    g_clear_pointer (&result, g_bytes_unref);
  if (result != NULL)
    reply (YL_HUB_OK, route->answer_type, result, data);
  else if (error == NULL && yl_hub_is_waiting (hub, data))
    return FALSE;
  else
    {
      /* Whoever asked must not wait for ever. */
      if (error == NULL)
        g_set_error (&error, YL_ERROR, YL_ERROR_FAILED, "the call %s ended without an answer", request->path);
      explain (&answer, call.writer, error);
    }
  return TRUE;
}

void
yl_hub_stop (YlHub *hub)
{
  g_clear_pointer (&hub->server, yl_hub_server_free);
  yl_hub_stop_waits (hub);
  if (hub->scrub != NULL)
    g_source_destroy (hub->scrub);
  g_clear_pointer (&hub->scrub, g_source_unref);
  yl_scrub_clear (&hub->scrubbed);
}
