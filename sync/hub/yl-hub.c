#include "hub/yl-hub-private.h"

#include <string.h>
#include <sys/resource.h>

#include "base/yl-i18n.h"
#include "exchange/yl-certificate.h"
#include "exchange/yl-exchange.h"
#include "exchange/yl-http.h"
#include "exchange/yl-message.h"
#include "exchange/yl-wire.h"

#define PREFIX "/v1/"
#define DEFAULT_PORT 8470
#define SEALED_MAX 4096

G_DEFINE_FINAL_TYPE (YlHub, yl_hub, G_TYPE_OBJECT)

/** Route: @body_max 0: GET, without a body. */
typedef struct
{
  const char *path;
  gsize body_max;
  gboolean open; /* needs no session */
  const char *answer_type;
  YlHubFunc func;
} Route;

static const Route routes[] = {
  { "session/challenge", 4096, TRUE, YL_HTTP_JSON, yl_hub_session_challenge },
  { "session", 4096, TRUE, YL_HTTP_JSON, yl_hub_session_open },
  { "join/challenge", 4096, TRUE, YL_HTTP_JSON, yl_hub_join_challenge },
  { "join", SEALED_MAX, TRUE, YL_HTTP_JSON, yl_hub_join },
  { "frontier", 0, FALSE, YL_HTTP_JSON, yl_hub_frontier },
  { "frontier", YL_MESSAGE_MAX_BYTES, FALSE, YL_HTTP_JSON, yl_hub_frontier },
  { "fetch", YL_MESSAGE_MAX_BYTES, FALSE, YL_HTTP_SEGMENT, yl_hub_fetch },
  { "push", YL_WIRE_BODY_MAX, FALSE, YL_HTTP_RECEIPT, yl_hub_push },
  { "grants", YL_MESSAGE_MAX_BYTES, FALSE, YL_HTTP_GRANT, yl_hub_grants },
  { "state", 0, FALSE, YL_HTTP_JSON, yl_hub_state },
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

  g_free (hub->url);
  g_clear_pointer (&hub->wanted, g_bytes_unref);
  g_hash_table_unref (hub->challenges);
  g_hash_table_unref (hub->sessions);
  g_ptr_array_unref (hub->waits);
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
  hub->challenges = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  hub->sessions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  hub->waits = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_hub_wait_free);
}

YlHub *
yl_hub_new (YlStore *store)
{
  YlHub *hub = g_object_new (YL_TYPE_HUB, NULL);

  hub->store = g_object_ref (store);
  return hub;
}

/* Answers */

void
yl_hub_answer (SoupServerMessage *message, const char *type, GBytes *body)
{
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_message_headers_set_content_type (soup_server_message_get_response_headers (message), type, NULL);
  soup_message_body_append_bytes (soup_server_message_get_response_body (message), body);
}

static void
refuse (SoupServerMessage *message, guint status, const char *word, const char *sentence)
{
  JsonObject *answer = json_object_new ();
  g_autoptr (GBytes) body = NULL;

  json_object_set_string_member (answer, "error", word);
  json_object_set_string_member (answer, "message", sentence);
  body = yl_message_encode (answer);
  yl_hub_answer (message, YL_HTTP_JSON, body);
  soup_server_message_set_status (message, status, NULL);
}

static guint
status_of (const GError *error)
{
  switch (error->domain == YL_ERROR ? error->code : YL_ERROR_FAILED)
    {
    case YL_ERROR_INVALID:
    case YL_ERROR_NEWER:
      return SOUP_STATUS_BAD_REQUEST;
    case YL_ERROR_REFUSED:
      return SOUP_STATUS_FORBIDDEN;
    case YL_ERROR_NOT_FOUND:
      return SOUP_STATUS_NOT_FOUND;
    case YL_ERROR_MISSING:
      return SOUP_STATUS_CONFLICT;
    default:
      return SOUP_STATUS_INTERNAL_SERVER_ERROR;
    }
}

void
yl_hub_refuse (YlHub *hub, SoupServerMessage *message, const GError *error)
{
  guint status = status_of (error);

  if (status != SOUP_STATUS_INTERNAL_SERVER_ERROR)
    {
      refuse (message, status, yl_http_error_word (error->code), error->message);
      return;
    }
  /* What is wrong with head office's own file is for head office to read. */
  yl_exchange_note_error (hub->store, error);
  refuse (message, status, yl_http_error_word (error->domain == YL_ERROR ? error->code : YL_ERROR_FAILED),
          _ ("The hub has a fault of its own; its sync log says which."));
}

/* Requests */

static const Route *
find_route (SoupServerMessage *message, const char *path)
{
  const char *method = soup_server_message_get_method (message);

  if (!g_str_has_prefix (path, PREFIX))
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    if (strcmp (routes[i].path, path + strlen (PREFIX)) == 0
        && method == (routes[i].body_max == 0 ? SOUP_METHOD_GET : SOUP_METHOD_POST))
      return &routes[i];
  return NULL;
}

static const char *
get_writer (YlHub *hub, SoupServerMessage *message)
{
  const char *bearer =
      soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Authorization");

  if (bearer == NULL || !g_str_has_prefix (bearer, "Bearer "))
    return NULL;
  return yl_hub_session_writer (hub, bearer + strlen ("Bearer "));
}

static gboolean
body_fits (SoupServerMessage *message, gsize max)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  SoupEncoding encoding = soup_message_headers_get_encoding (headers);

  return encoding == SOUP_ENCODING_NONE
         || (encoding == SOUP_ENCODING_CONTENT_LENGTH
             && soup_message_headers_get_content_length (headers) <= (goffset) max);
}

/* An answer to a body that is not worth reading; libsoup would read all of it first. */
static void
hang_up (SoupServerMessage *message)
{
  static const char answer[] =
      "HTTP/1.1 413 Request Entity Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
  g_autoptr (GIOStream) connection = soup_server_message_steal_connection (message);

  if (!g_output_stream_write_all (g_io_stream_get_output_stream (connection), answer, strlen (answer), NULL, NULL, NULL)
      || !g_io_stream_close (connection, NULL, NULL))
    g_debug ("a caller with too large a request has gone");
}

static void
refuse_session (SoupServerMessage *message)
{
  refuse (message, SOUP_STATUS_UNAUTHORIZED, "refused", _ ("There is no session; open one first."));
}

/* Before the body is read: what is refused anyway is read at most as far as a good one goes, and not kept. */
static void
headers_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  YlHub *hub = data;
  const Route *route = find_route (message, path);

  if (!body_fits (message, route == NULL ? YL_MESSAGE_MAX_BYTES : route->body_max))
    {
      hang_up (message);
      return;
    }
  if (route == NULL)
    refuse (message, SOUP_STATUS_NOT_FOUND, "not_found", _ ("The hub knows no such call."));
  else if (!route->open && get_writer (hub, message) == NULL)
    refuse_session (message);
  else
    return;
  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
}

static void
request_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  YlHub *hub = data;
  const Route *route = find_route (message, path);
  g_autoptr (GBytes) body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  YlHubCall call = { message, get_writer (hub, message), body };
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (route != NULL);
  /* A session may end while the body comes in. */
  if (!route->open && call.writer == NULL)
    {
      refuse_session (message);
      return;
    }
  if (!yl_store_refresh (hub->store, &error))
    {
      yl_hub_refuse (hub, message, error);
      return;
    }
  answer = route->func (hub, &call, &error);
  if (answer != NULL)
    yl_hub_answer (message, route->answer_type, answer);
  else if (error != NULL)
    yl_hub_refuse (hub, message, error);
}

/* Listening */

/* Every long poll holds a file descriptor. */
static void
raise_file_limit (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0)
    return;
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit (RLIMIT_NOFILE, &limit) != 0)
    g_debug ("the limit of open files stays as it is");
}

static GSocketAddress *
resolve (const char *address, GError **error)
{
  g_autoptr (GError) fault = NULL;
  g_autoptr (GSocketConnectable) connectable = g_network_address_parse (address, DEFAULT_PORT, &fault);
  g_autoptr (GSocketAddressEnumerator) addresses = NULL;
  GSocketAddress *found = NULL;

  if (connectable != NULL)
    {
      addresses = g_socket_connectable_enumerate (connectable);
      found = g_socket_address_enumerator_next (addresses, NULL, &fault);
    }
  if (found == NULL)
    g_set_error (error, YL_ERROR, YL_ERROR_INVALID,
                 _ ("The hub cannot listen on “%s”: give HOST:PORT, such as 127.0.0.1:8470."), address);
  return found;
}

/* Head office's own hub is the only one: others have nothing to sign receipts with. */
static gboolean
prepare (YlHub *hub, gboolean *secure, GError **error)
{
  const char *url = yl_store_get_hub_url (hub->store);
  g_autoptr (GTlsCertificate) certificate = NULL;

  if (!yl_store_is_head_office (hub->store))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("%s is not head office's store; only that one can be a hub."),
                   yl_store_get_file (hub->store));
      return FALSE;
    }
  hub->server = soup_server_new ("server-header", NULL, NULL);
  *secure = url != NULL && g_str_has_prefix (url, "https:");
  if (!*secure)
    return TRUE;
  certificate = yl_certificate_of_hub (hub->store, error);
  if (certificate == NULL)
    return FALSE;
  soup_server_set_tls_certificate (hub->server, certificate);
  return TRUE;
}

static char *
listening_url (SoupServer *server)
{
  GSList *uris = soup_server_get_uris (server);
  GUri *uri = uris->data;
  char *url = g_strdup_printf (strchr (g_uri_get_host (uri), ':') == NULL ? "%s://%s:%d" : "%s://[%s]:%d",
                               g_uri_get_scheme (uri), g_uri_get_host (uri), g_uri_get_port (uri));

  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return url;
}

gboolean
yl_hub_listen (YlHub *hub, const char *address, GError **error)
{
  g_autoptr (GSocketAddress) at = NULL;
  g_autoptr (GError) fault = NULL;
  gboolean secure;

  g_return_val_if_fail (hub->server == NULL, FALSE);
  at = resolve (address, error);
  if (at == NULL || !prepare (hub, &secure, error) || !yl_exchange_rest (hub->store, error))
    return FALSE;
  raise_file_limit ();
  soup_server_add_early_handler (hub->server, NULL, headers_cb, hub, NULL);
  soup_server_add_handler (hub->server, NULL, request_cb, hub, NULL);
  if (!soup_server_listen (hub->server, at, secure ? SOUP_SERVER_LISTEN_HTTPS : 0, &fault))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_FAILED, _ ("The hub cannot listen on %s: %s."), address, fault->message);
      g_clear_object (&hub->server);
      return FALSE;
    }
  hub->url = listening_url (hub->server);
  return TRUE;
}

const char *
yl_hub_get_url (YlHub *hub)
{
  return hub->url;
}

void
yl_hub_stop (YlHub *hub)
{
  g_clear_handle_id (&hub->look_id, g_source_remove);
  g_ptr_array_set_size (hub->waits, 0);
  if (hub->server != NULL)
    soup_server_disconnect (hub->server);
  g_clear_object (&hub->server);
}
