#include "yl-bench-proxy.h"

#include <gio/gnetworking.h>

#define CHUNK 16384

struct _YlBenchProxy
{
  GSocketService *service;
  char *url;
  guint16 hub_port;
  gint64 bytes; /* atomic */
  gint64 cut;   /* atomic */
  GMainContext *context;
  GMainLoop *loop;
  GThread *thread;
};

/* One direction of a connection. */
typedef struct
{
  YlBenchProxy *proxy;
  GIOStream *from;
  GIOStream *to;
} Pump;

static gint64
count (YlBenchProxy *proxy, gssize n)
{
  return __atomic_add_fetch (&proxy->bytes, n, __ATOMIC_SEQ_CST);
}

static gboolean
is_cut (YlBenchProxy *proxy, gint64 bytes)
{
  gint64 cut = __atomic_load_n (&proxy->cut, __ATOMIC_SEQ_CST);

  return cut > 0 && bytes > cut;
}

static gpointer
pump (gpointer data)
{
  Pump *pumping = data;
  GInputStream *in = g_io_stream_get_input_stream (pumping->from);
  GOutputStream *out = g_io_stream_get_output_stream (pumping->to);
  char chunk[CHUNK];
  gssize n;

  while ((n = g_input_stream_read (in, chunk, sizeof chunk, NULL, NULL)) > 0)
    if (is_cut (pumping->proxy, count (pumping->proxy, n))
        || !g_output_stream_write_all (out, chunk, (gsize) n, NULL, NULL, NULL))
      break;
  g_socket_shutdown (g_socket_connection_get_socket (G_SOCKET_CONNECTION (pumping->to)), TRUE, TRUE, NULL);
  g_socket_shutdown (g_socket_connection_get_socket (G_SOCKET_CONNECTION (pumping->from)), TRUE, TRUE, NULL);
  return NULL;
}

/* Otherwise what is small waits for the other side's acknowledgement, which delays it by 40 ms. */
static void
send_at_once (GSocketConnection *connection)
{
  g_socket_set_option (g_socket_connection_get_socket (connection), IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);
}

static gboolean
connect_cb (GThreadedSocketService *service, GSocketConnection *connection, GObject *source, YlBenchProxy *proxy)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) hub =
      g_socket_client_connect_to_host (client, "127.0.0.1", proxy->hub_port, NULL, NULL);
  Pump up = { proxy, G_IO_STREAM (connection), G_IO_STREAM (hub) };
  Pump down = { proxy, G_IO_STREAM (hub), G_IO_STREAM (connection) };
  GThread *thread;

  if (hub == NULL)
    return TRUE;
  send_at_once (connection);
  send_at_once (hub);
  thread = g_thread_new ("proxy-up", pump, &up);
  pump (&down);
  g_thread_join (thread);
  return TRUE;
}

static gpointer
run_loop (gpointer data)
{
  YlBenchProxy *proxy = data;

  g_main_context_push_thread_default (proxy->context);
  g_socket_service_start (proxy->service);
  g_main_loop_run (proxy->loop);
  g_main_context_pop_thread_default (proxy->context);
  return NULL;
}

YlBenchProxy *
yl_bench_proxy_new (const char *hub_url, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (hub_url, G_URI_FLAGS_NONE, error);
  g_autoptr (YlBenchProxy) proxy = g_new0 (YlBenchProxy, 1);
  guint16 port;

  proxy->context = g_main_context_new ();
  proxy->loop = g_main_loop_new (proxy->context, FALSE);
  if (uri == NULL)
    return NULL;
  proxy->hub_port = (guint16) g_uri_get_port (uri);
  g_main_context_push_thread_default (proxy->context);
  proxy->service = g_threaded_socket_service_new (-1);
  port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (proxy->service), NULL, error);
  g_main_context_pop_thread_default (proxy->context);
  if (port == 0)
    return NULL;
  proxy->url = g_strdup_printf ("http://127.0.0.1:%u", port);
  g_signal_connect (proxy->service, "run", G_CALLBACK (connect_cb), proxy);
  proxy->thread = g_thread_new ("proxy", run_loop, proxy);
  return g_steal_pointer (&proxy);
}

void
yl_bench_proxy_free (YlBenchProxy *proxy)
{
  if (proxy->thread != NULL)
    {
      g_main_loop_quit (proxy->loop);
      g_thread_join (proxy->thread);
    }
  g_clear_object (&proxy->service);
  g_main_loop_unref (proxy->loop);
  g_main_context_unref (proxy->context);
  g_free (proxy->url);
  g_free (proxy);
}

const char *
yl_bench_proxy_get_url (YlBenchProxy *proxy)
{
  return proxy->url;
}

gint64
yl_bench_proxy_bytes (YlBenchProxy *proxy)
{
  return __atomic_load_n (&proxy->bytes, __ATOMIC_SEQ_CST);
}

void
yl_bench_proxy_cut (YlBenchProxy *proxy, gint64 at)
{
  __atomic_store_n (&proxy->cut, at, __ATOMIC_SEQ_CST);
}
