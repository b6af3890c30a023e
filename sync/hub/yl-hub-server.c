/* YlHubServer: the hub's calls over HTTP(S), by libsoup. Nothing here knows what they mean. */
#include "hub/yl-hub-private.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>
#include <sys/resource.h>

#include "base/yl-i18n.h"
#include "exchange/yl-certificate.h"
#include "exchange/yl-exchange.h"
#include "hub/yl-hub-guard.h"

#define PREFIX "/v1/"
#define BEARER "Bearer "
#define BASIC "Basic "
#define GIT_PREFIX PREFIX "git/"
#define DEFAULT_PORT 8470
#define UNIX_PREFIX "unix:"
/* A thousand stores may come back at once, after the hub was away; the kernel allows as many as it has been told to (somaxconn). */
#define BACKLOG 4096

struct _YlHubServer
{
  YlHub *hub; /* borrowed; owns the server */
  SoupServer *soup;
  YlHubGuard *guard;
  char *url;
  char *path;       /* of the socket in the file system, or NULL */
  GPtrArray *polls; /* of Poll */
};

/** Poll: a paused message whose answer is still to come. */
typedef struct
{
  YlHubServer *server;
  SoupServerMessage *message;
  gulong finished_id;
} Poll;

static void
poll_free (Poll *poll)
{
  if (poll->finished_id != 0)
    g_signal_handler_disconnect (poll->message, poll->finished_id);
  g_object_unref (poll->message);
  g_free (poll);
}

/* Requests */

static void
describe (SoupServerMessage *message, const char *path, YlHubRequest *request)
{
  const char *authorization =
      soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Authorization");
  const char *method = soup_server_message_get_method (message);

  *request = (YlHubRequest){ 0 };
  /* What is neither is no call of ours. */
  if (g_str_has_prefix (path, PREFIX) && (method == SOUP_METHOD_POST || method == SOUP_METHOD_GET))
    request->path = path + strlen (PREFIX);
  else
    request->path = "";
  request->post = method == SOUP_METHOD_POST;
  if (authorization != NULL && g_str_has_prefix (authorization, BEARER))
    request->token = authorization + strlen (BEARER);
  if (authorization != NULL && g_str_has_prefix (authorization, BASIC))
    request->credentials = authorization + strlen (BASIC);
}

static gboolean
is_for_git (SoupServerMessage *message)
{
  return g_str_has_prefix (g_uri_get_path (soup_server_message_get_uri (message)), GIT_PREFIX);
}

static void
answer_cb (guint status, const char *type, GBytes *body, gpointer data)
{
  SoupServerMessage *message = data;

  soup_server_message_set_status (message, status, NULL);
  /* Without this git does not ask its user for name and token. */
  if (status == YL_HUB_UNAUTHORIZED && is_for_git (message))
    soup_message_headers_replace (soup_server_message_get_response_headers (message), "WWW-Authenticate",
                                  "Basic realm=\"yuelai\"");
  soup_message_headers_set_content_type (soup_server_message_get_response_headers (message), type, NULL);
  soup_message_body_append_bytes (soup_server_message_get_response_body (message), body);
}

static void
poll_answer_cb (guint status, const char *type, GBytes *body, gpointer data)
{
  Poll *poll = data;

  answer_cb (status, type, body, poll->message);
  if (poll->finished_id == 0)
    return;
  soup_server_message_unpause (poll->message);
  g_ptr_array_remove_fast (poll->server->polls, poll);
}

/* The caller has hung up. */
static void
finished_cb (SoupServerMessage *message, gpointer data)
{
  Poll *poll = data;

  yl_hub_hang_up (poll->server->hub, poll);
  g_ptr_array_remove_fast (poll->server->polls, poll);
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
hang_up (YlHubServer *server, SoupServerMessage *message)
{
  static const char answer[] =
      "HTTP/1.1 413 Request Entity Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
  g_autoptr (GIOStream) connection = NULL;

  yl_hub_guard_forget (server->guard, message);
  connection = soup_server_message_steal_connection (message);
  if (!g_output_stream_write_all (g_io_stream_get_output_stream (connection), answer, strlen (answer), NULL, NULL, NULL)
      || !g_io_stream_close (connection, NULL, NULL))
    g_debug ("a caller with too large a request has gone");
}

/* Before the body is read: what is refused anyway is read at most as far as a good one goes, and not kept. */
static void
headers_cb (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  YlHubServer *server = data;
  YlHubRequest request;

  describe (message, path, &request);
  if (!body_fits (message, yl_hub_body_max (request.path, request.post)))
    hang_up (server, message);
  else if (!yl_hub_admits (server->hub, &request, answer_cb, message))
    soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
}

/* The body as it is meant: git packs longer requests. NULL: it is none, or larger unpacked than a request may be. */
static GBytes *
read_body (SoupServerMessage *message, gsize max)
{
  g_autoptr (GBytes) body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  g_autoptr (GZlibDecompressor) unpack = NULL;
  g_autofree guint8 *plain = NULL;
  gsize packed_length, taken, length;
  gconstpointer packed = g_bytes_get_data (body, &packed_length);

  if (!is_for_git (message) || g_strcmp0 (soup_message_headers_get_one (headers, "Content-Encoding"), "gzip") != 0)
    return g_steal_pointer (&body);
  unpack = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  plain = g_malloc (max);
  if (g_converter_convert (G_CONVERTER (unpack), packed, packed_length, plain, max, G_CONVERTER_INPUT_AT_END, &taken,
                           &length, NULL)
      != G_CONVERTER_FINISHED)
    return NULL;
  return g_bytes_new (plain, length);
}

static void
request_cb (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  YlHubServer *server = data;
  YlHubRequest request;
  g_autoptr (GBytes) body = NULL;
  Poll *poll = NULL;

  describe (message, path, &request);
  body = read_body (message, yl_hub_body_max (request.path, request.post));
  if (body == NULL)
    {
      soup_server_message_set_status (message, YL_HUB_INVALID, NULL);
      return;
    }
  request.body = body;
  poll = g_new0 (Poll, 1);
  poll->server = server;
  poll->message = g_object_ref (message);
  if (yl_hub_call (server->hub, &request, poll_answer_cb, poll))
    {
      poll_free (poll);
      return;
    }
  poll->finished_id = g_signal_connect (message, "finished", G_CALLBACK (finished_cb), poll);
  g_ptr_array_add (server->polls, poll);
  soup_server_message_pause (message);
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

/* What a hub that was killed left behind; a hub that runs answers there. */
static void
remove_dead_socket (GSocketAddress *at)
{
  g_autoptr (GSocket) probe =
      g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
  const char *path = g_unix_socket_address_get_path (G_UNIX_SOCKET_ADDRESS (at));
  g_autoptr (GError) fault = NULL;
  GStatBuf status;

  /* Connecting to a file that is no socket is refused, too. */
  if (g_lstat (path, &status) != 0 || !S_ISSOCK (status.st_mode))
    return;
  if (probe == NULL || g_socket_connect (probe, at, NULL, &fault)
      || !g_error_matches (fault, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    return;
  if (g_unlink (path) != 0)
    g_debug ("%s: %s", path, g_strerror (errno));
}

static GSocket *
open_socket (GSocketAddress *at, GError **error)
{
  g_autoptr (GSocket) socket =
      g_socket_new (g_socket_address_get_family (at), G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, error);

  if (socket == NULL)
    return NULL;
  if (G_IS_UNIX_SOCKET_ADDRESS (at))
    remove_dead_socket (at);
  g_socket_set_listen_backlog (socket, BACKLOG);
  if (!g_socket_bind (socket, at, TRUE, error) || !g_socket_listen (socket, error))
    return NULL;
  return g_steal_pointer (&socket);
}

static GSocketAddress *
resolve (const char *address, GError **error)
{
  g_autoptr (GError) fault = NULL;
  g_autoptr (GSocketConnectable) connectable = g_network_address_parse (address, DEFAULT_PORT, &fault);
  g_autoptr (GSocketAddressEnumerator) addresses = NULL;
  GSocketAddress *found = NULL;

  if (g_str_has_prefix (address, UNIX_PREFIX))
    return g_unix_socket_address_new (address + strlen (UNIX_PREFIX));
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

/* Head office's own hub is the only one: others have nothing to sign receipts with, and only relay. */
static gboolean
check_role (YlHub *hub, gboolean unix_socket, GError **error)
{
  gboolean head_office = yl_store_is_head_office (hub->store);

  /* Nobody can put a proxy before it: its certificate is part of the proof. */
  if (hub->relay && unix_socket)
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID,
                           _ ("A relay listens on HOST:PORT, not on unix:PATH: others reach it directly."));
      return FALSE;
    }
  if (!hub->relay && !head_office)
    g_set_error (error, YL_ERROR, YL_ERROR_REFUSED,
                 _ ("%s is not head office's store; only that one can be a hub. Others relay, with --relay."),
                 yl_store_get_file (hub->store));
  else if (hub->relay && head_office)
    g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("%s is head office's store: run its hub without --relay."),
                 yl_store_get_file (hub->store));
  else if (hub->relay && yl_log_is_revoked (hub->store, yl_store_get_identity (hub->store)))
    g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("Head office has shut out the PC of %s; it cannot relay."),
                 yl_store_get_file (hub->store));
  else
    return TRUE;
  return FALSE;
}

static gboolean
set_certificate (YlHubServer *server, gboolean *https, GError **error)
{
  const char *url = yl_store_get_hub_url (server->hub->store);
  g_autoptr (GTlsCertificate) certificate = NULL;

  *https = url != NULL && g_str_has_prefix (url, "https:");
  if (!*https)
    return TRUE;
  certificate = yl_certificate_of_hub (server->hub->store, error);
  if (certificate == NULL)
    return FALSE;
  soup_server_set_tls_certificate (server->soup, certificate);
  yl_certificate_fingerprint (certificate, server->hub->certificate);
  return TRUE;
}

static YlHubServer *
server_new (YlHub *hub)
{
  YlHubServer *server = g_new0 (YlHubServer, 1);

  server->hub = hub;
  server->polls = g_ptr_array_new_with_free_func ((GDestroyNotify) poll_free);
  server->soup = soup_server_new ("server-header", NULL, NULL);
  server->guard = yl_hub_guard_new (server->soup);
  soup_server_add_early_handler (server->soup, NULL, headers_cb, server, NULL);
  soup_server_add_handler (server->soup, NULL, request_cb, server, NULL);
  return server;
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

void
yl_hub_server_free (YlHubServer *server)
{
  for (guint i = 0; i < server->polls->len; i++)
    yl_hub_hang_up (server->hub, server->polls->pdata[i]);
  g_ptr_array_unref (server->polls);
  soup_server_disconnect (server->soup);
  yl_hub_guard_free (server->guard);
  g_object_unref (server->soup);
  if (server->path != NULL && g_unlink (server->path) != 0)
    g_debug ("%s: %s", server->path, g_strerror (errno));
  g_free (server->path);
  g_free (server->url);
  g_free (server);
}

gboolean
yl_hub_listen (YlHub *hub, const char *address, GError **error)
{
  g_autoptr (GSocketAddress) at = NULL;
  g_autoptr (YlHubServer) server = NULL;
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GError) fault = NULL;
  gboolean https;

  g_return_val_if_fail (hub->server == NULL, FALSE);
  at = resolve (address, error);
  if (at == NULL || !check_role (hub, G_IS_UNIX_SOCKET_ADDRESS (at), error))
    return FALSE;
  server = server_new (hub);
  if (!set_certificate (server, &https, error) || !yl_exchange_rest (hub->store, error))
    return FALSE;
  raise_file_limit ();
  socket = open_socket (at, &fault);
  if (socket == NULL || !soup_server_listen_socket (server->soup, socket, https ? SOUP_SERVER_LISTEN_HTTPS : 0, &fault))
    {
      if (g_error_matches (fault, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
        g_set_error (error, YL_ERROR, YL_ERROR_FAILED,
                     _ ("The hub cannot listen on %s: another program does. Choose another port."), address);
      else
        g_set_error (error, YL_ERROR, YL_ERROR_FAILED, _ ("The hub cannot listen on %s: %s."), address, fault->message);
      return FALSE;
    }
  if (G_IS_UNIX_SOCKET_ADDRESS (at))
    server->path = g_strdup (address + strlen (UNIX_PREFIX));
  server->url = server->path != NULL ? g_strdup (address) : listening_url (server->soup);
  hub->server = g_steal_pointer (&server);
  yl_hub_scrub (hub);
  return TRUE;
}

const char *
yl_hub_get_url (YlHub *hub)
{
  return hub->server == NULL ? NULL : hub->server->url;
}
