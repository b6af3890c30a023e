#include "exchange/yl-http.h"

#include <libsoup/soup.h>
#include <string.h>

#include "base/yl-i18n.h"
#include "exchange/yl-certificate.h"
#include "exchange/yl-message.h"

#define CONNECT_SECONDS 5
#define IDLE_SECONDS 30
#define READ_BYTES (64 * 1024)

struct _YlHttp
{
  GObject parent_instance;
  char *url;
  SoupSession *session;
  GMainContext *context;
  gboolean pinned;
  gboolean to_stranger; /* the first certificate shown is to be the one */
  guint8 fingerprint[YL_FINGERPRINT_BYTES];
  gsize bytes_in;
  gsize bytes_out;
};

static void transport_init (YlTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (YlHttp,
                               yl_http,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (YL_TYPE_TRANSPORT, transport_init))

/** Exchange: one call under way. */
typedef struct
{
  YlHttp *http;
  GAsyncResult *result;   /* of the step being waited for */
  GSource *connect_timer; /* runs until there is a connection */
  GCancellable *cancellable;
  gboolean connect_timeout;
  gboolean wrong_certificate;
} Exchange;

static void
yl_http_finalize (GObject *object)
{
  YlHttp *http = YL_HTTP (object);

  /* Connections are closed by the context, which nobody iterates any more after this. */
  g_main_context_push_thread_default (http->context);
  if (http->session != NULL)
    soup_session_abort (http->session);
  while (g_main_context_iteration (http->context, FALSE))
    continue;
  g_clear_object (&http->session);
  g_main_context_pop_thread_default (http->context);
  g_clear_pointer (&http->context, g_main_context_unref);
  g_free (http->url);
  G_OBJECT_CLASS (yl_http_parent_class)->finalize (object);
}

static void
yl_http_class_init (YlHttpClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = yl_http_finalize;
}

static void
yl_http_init (YlHttp *http)
{
  http->context = g_main_context_new ();
}

static SoupSession *
new_session (GMainContext *context)
{
  SoupSession *session;

  g_main_context_push_thread_default (context);
  session = soup_session_new_with_options ("timeout", IDLE_SECONDS, "user-agent", "yuelai/" YL_VERSION, NULL);
  g_main_context_pop_thread_default (context);
  soup_session_remove_feature_by_type (session, SOUP_TYPE_CONTENT_DECODER);
  soup_session_remove_feature_by_type (session, SOUP_TYPE_AUTH_MANAGER);
  /* Without a database every certificate fails, so that ours is always compared and system CAs never count. */
  soup_session_set_tls_database (session, NULL);
  return session;
}

static void
pin (YlHttp *http, const guint8 *fingerprint)
{
  http->pinned = TRUE;
  memcpy (http->fingerprint, fingerprint, sizeof http->fingerprint);
}

static gboolean
accept_certificate_cb (SoupMessage *message, GTlsCertificate *certificate, GTlsCertificateFlags errors, gpointer data)
{
  Exchange *exchange = data;
  guint8 fingerprint[YL_FINGERPRINT_BYTES];

  yl_certificate_fingerprint (certificate, fingerprint);
  if (exchange->http->to_stranger && !exchange->http->pinned)
    pin (exchange->http, fingerprint);
  exchange->wrong_certificate =
      !exchange->http->pinned || memcmp (fingerprint, exchange->http->fingerprint, sizeof fingerprint) != 0;
  return !exchange->wrong_certificate;
}

static gboolean
connect_timeout_cb (gpointer data)
{
  Exchange *exchange = data;

  exchange->connect_timeout = TRUE;
  g_cancellable_cancel (exchange->cancellable);
  return G_SOURCE_REMOVE;
}

static void
stop_connect_timer (Exchange *exchange)
{
  if (exchange->connect_timer == NULL)
    return;
  g_source_destroy (exchange->connect_timer);
  g_clear_pointer (&exchange->connect_timer, g_source_unref);
}

static void
network_event_cb (SoupMessage *message, GSocketClientEvent event, GIOStream *connection, gpointer data)
{
  if (event == G_SOCKET_CLIENT_COMPLETE)
    stop_connect_timer (data);
}

/* A reused connection gives no network events. */
static void
wrote_headers_cb (SoupMessage *message, gpointer data)
{
  stop_connect_timer (data);
}

static void
start_connect_timer (Exchange *exchange)
{
  exchange->connect_timer = g_timeout_source_new_seconds (CONNECT_SECONDS);
  g_source_set_callback (exchange->connect_timer, connect_timeout_cb, exchange, NULL);
  g_source_attach (exchange->connect_timer, exchange->http->context);
}

static void
step_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Exchange *exchange = data;

  exchange->result = g_object_ref (result);
}

static void
wait_for_step (Exchange *exchange)
{
  while (exchange->result == NULL)
    g_main_context_iteration (exchange->http->context, TRUE);
}

static GBytes *
read_body (Exchange *exchange, GInputStream *stream, gsize max, GError **error)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();

  for (;;)
    {
      g_autoptr (GBytes) part = NULL;

      g_input_stream_read_bytes_async (stream, READ_BYTES, G_PRIORITY_DEFAULT, exchange->cancellable, step_cb,
                                       exchange);
      wait_for_step (exchange);
      part = g_input_stream_read_bytes_finish (stream, exchange->result, error);
      g_clear_object (&exchange->result);
      if (part == NULL)
        return NULL;
      if (g_bytes_get_size (part) == 0)
        return g_byte_array_free_to_bytes (g_steal_pointer (&body));
      if (body->len + g_bytes_get_size (part) > max)
        {
          yl_transport_too_long (exchange->http->url, error);
          return NULL;
        }
      g_byte_array_append (body, g_bytes_get_data (part, NULL), (guint) g_bytes_get_size (part));
    }
}

static SoupMessage *
new_message (YlHttp *http, const YlTransportCall *call)
{
  g_autofree char *url = g_strconcat (http->url, "/v1/", call->path, NULL);
  SoupMessage *message = soup_message_new (call->body == NULL ? SOUP_METHOD_GET : SOUP_METHOD_POST, url);

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  if (call->body != NULL)
    soup_message_set_request_body_from_bytes (message, call->body_type, call->body);
  if (call->token != NULL)
    {
      g_autofree char *bearer = g_strconcat ("Bearer ", call->token, NULL);

      /* Whatever is asked within a session may be asked twice; only then does libsoup use a connection again. */
      soup_message_add_flags (message, SOUP_MESSAGE_IDEMPOTENT);
      soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization", bearer);
    }
  return message;
}

/* Says what a fault of the transport means; takes @fault. */
static void
set_transport_error (const Exchange *exchange, GError *fault, GError **error)
{
  const char *url = exchange->http->url;

  if (fault->domain == YL_ERROR)
    {
      g_propagate_error (error, fault);
      return;
    }
  if (exchange->wrong_certificate)
    g_set_error (
        error, YL_ERROR, YL_ERROR_INVALID,
        _ ("Who answers at %s shows another certificate than head office's; nothing was sent. Ask head office."), url);
  else if (exchange->connect_timeout)
    g_set_error (error, YL_ERROR, YL_ERROR_OFFLINE, _ ("The hub at %s cannot be reached: no answer in %d seconds."),
                 url, CONNECT_SECONDS);
  else if (g_error_matches (fault, SOUP_SESSION_ERROR, SOUP_SESSION_ERROR_PARSING)
           || g_error_matches (fault, SOUP_SESSION_ERROR, SOUP_SESSION_ERROR_ENCODING)
           || g_error_matches (fault, G_TLS_ERROR, G_TLS_ERROR_NOT_TLS))
    g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("What answers at %s is no Yuelai hub: %s. Check the address."),
                 url, fault->message);
  else if (g_error_matches (fault, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, fault);
      return;
    }
  else
    g_set_error (error, YL_ERROR, YL_ERROR_OFFLINE, _ ("The hub at %s cannot be reached: %s."), url, fault->message);
  g_error_free (fault);
}

static gboolean
check_answer (YlHttp *http, const YlTransportCall *call, SoupMessage *message, GBytes *body, GError **error)
{
  const char *type = soup_message_headers_get_content_type (soup_message_get_response_headers (message), NULL);

  return yl_transport_judge (http->url, call, soup_message_get_status (message), type, body, error);
}

/* How large the body may be; FALSE where the headers already announce more. */
static gboolean
limit_body (const Exchange *exchange, SoupMessage *message, const YlTransportCall *call, gsize *max, GError **error)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);

  *max = soup_message_get_status (message) == SOUP_STATUS_OK ? call->answer_max : YL_MESSAGE_MAX_BYTES;
  if (soup_message_headers_get_content_length (headers) <= (goffset) *max)
    return TRUE;
  yl_transport_too_long (exchange->http->url, error);
  return FALSE;
}

static GBytes *
send_and_read (Exchange *exchange, SoupMessage *message, const YlTransportCall *call, GError **error)
{
  g_autoptr (GInputStream) stream = NULL;
  gsize max;

  g_signal_connect (message, "accept-certificate", G_CALLBACK (accept_certificate_cb), exchange);
  g_signal_connect (message, "network-event", G_CALLBACK (network_event_cb), exchange);
  g_signal_connect (message, "wrote-headers", G_CALLBACK (wrote_headers_cb), exchange);
  start_connect_timer (exchange);
  soup_session_send_async (exchange->http->session, message, G_PRIORITY_DEFAULT, exchange->cancellable, step_cb,
                           exchange);
  wait_for_step (exchange);
  stop_connect_timer (exchange);
  stream = soup_session_send_finish (exchange->http->session, exchange->result, error);
  g_clear_object (&exchange->result);
  if (stream == NULL || !limit_body (exchange, message, call, &max, error))
    return NULL;
  return read_body (exchange, stream, max, error);
}

static gboolean
cancel_cb (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_REMOVE;
}

/* May run in any thread; the call itself is only ever cancelled in its own, because GLib 2.74 may leak a socket's source otherwise. */
static void
forward_cancel_cb (GCancellable *cancellable, gpointer data)
{
  Exchange *exchange = data;
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_callback (source, cancel_cb, g_object_ref (exchange->cancellable), g_object_unref);
  g_source_attach (source, exchange->http->context);
}

static GBytes *
yl_http_call (YlTransport *transport,
              const YlTransportCall *call,
              gboolean *unauthorized,
              GCancellable *cancellable,
              GError **error)
{
  YlHttp *http = YL_HTTP (transport);
  g_autoptr (SoupMessage) message = new_message (http, call);
  g_autoptr (GCancellable) stop = g_cancellable_new ();
  Exchange exchange = { .http = http, .cancellable = stop };
  g_autoptr (GBytes) body = NULL;
  GError *fault = NULL;
  gulong forward =
      cancellable == NULL ? 0 : g_cancellable_connect (cancellable, G_CALLBACK (forward_cancel_cb), &exchange, NULL);

  g_main_context_push_thread_default (http->context);
  body = send_and_read (&exchange, message, call, &fault);
  g_main_context_pop_thread_default (http->context);
  g_cancellable_disconnect (cancellable, forward);
  g_signal_handlers_disconnect_by_data (message, &exchange);
  if (body == NULL)
    {
      set_transport_error (&exchange, fault, error);
      return NULL;
    }
  http->bytes_in += g_bytes_get_size (body);
  http->bytes_out += call->body == NULL ? 0 : g_bytes_get_size (call->body);
  if (unauthorized != NULL)
    *unauthorized = soup_message_get_status (message) == SOUP_STATUS_UNAUTHORIZED;
  return check_answer (http, call, message, body, error) ? g_steal_pointer (&body) : NULL;
}

static const char *
yl_http_get_url (YlTransport *transport)
{
  return YL_HTTP (transport)->url;
}

static GMainContext *
yl_http_get_context (YlTransport *transport)
{
  return YL_HTTP (transport)->context;
}

static void
yl_http_get_bytes (YlTransport *transport, gsize *in, gsize *out)
{
  *in = YL_HTTP (transport)->bytes_in;
  *out = YL_HTTP (transport)->bytes_out;
}

static gboolean
yl_http_get_certificate (YlTransport *transport, guint8 *fingerprint)
{
  YlHttp *http = YL_HTTP (transport);

  if (http->pinned)
    memcpy (fingerprint, http->fingerprint, sizeof http->fingerprint);
  return http->pinned;
}

static void
transport_init (YlTransportInterface *iface)
{
  iface->call = yl_http_call;
  iface->get_url = yl_http_get_url;
  iface->get_context = yl_http_get_context;
  iface->get_bytes = yl_http_get_bytes;
  iface->get_certificate = yl_http_get_certificate;
}

static YlHttp *
http_new (const char *url)
{
  YlHttp *http = g_object_new (YL_TYPE_HTTP, NULL);

  http->url = g_strdup (url);
  if (g_str_has_suffix (http->url, "/"))
    http->url[strlen (http->url) - 1] = '\0';
  http->session = new_session (http->context);
  return http;
}

YlHttp *
yl_http_new (const char *url, const guint8 *fingerprint, GError **error)
{
  YlHttp *http;

  if (!yl_hub_url_check (url, error))
    return NULL;
  if (g_str_has_prefix (url, "https:") && fingerprint == NULL)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID,
                   _ ("The certificate of head office at %s is not known on this PC; enrol it again with a new code."),
                   url);
      return NULL;
    }
  http = http_new (url);
  if (fingerprint != NULL)
    pin (http, fingerprint);
  return http;
}

YlHttp *
yl_http_new_to_stranger (const char *url, GError **error)
{
  YlHttp *http;

  if (!yl_hub_url_check (url, error))
    return NULL;
  http = http_new (url);
  http->to_stranger = TRUE;
  return http;
}
