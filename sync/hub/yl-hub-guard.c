#include "hub/yl-hub-guard.h"

#define HEADERS_SECONDS 30 /* a connection that rests between two calls too */
#define BODY_SECONDS 10
#define ANSWER_SECONDS 60
#define BYTES_PER_SECOND (16 * 1024) /* a slow link */
#define CONNECTIONS_MAX 4096
#define CONNECTIONS_OF_ONE_MAX 64 /* of one address; of this machine, where a proxy may stand before the hub, all */

struct _YlHubGuard
{
  SoupServer *server;     /* borrowed */
  GHashTable *sockets;    /* GSocket -> address as text, or "" */
  GHashTable *of_address; /* address -> number of connections */
  GHashTable *timers;     /* SoupServerMessage -> GSource */
};

static void
destroy_source (gpointer source)
{
  g_source_destroy (source);
  g_source_unref (source);
}

/* Connections */

static void
count (YlHubGuard *guard, const char *address, int step)
{
  int n = GPOINTER_TO_INT (g_hash_table_lookup (guard->of_address, address)) + step;

  if (n > 0)
    g_hash_table_replace (guard->of_address, g_strdup (address), GINT_TO_POINTER (n));
  else
    g_hash_table_remove (guard->of_address, address);
}

static void
forget_socket (YlHubGuard *guard, GSocket *socket)
{
  const char *address = g_hash_table_lookup (guard->sockets, socket);

  if (address == NULL)
    return;
  count (guard, address, -1);
  g_hash_table_remove (guard->sockets, socket);
}

static char *
address_of (SoupServerMessage *message)
{
  GSocketAddress *address = soup_server_message_get_remote_address (message);
  GInetAddress *host =
      G_IS_INET_SOCKET_ADDRESS (address) ? g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)) : NULL;

  return host == NULL || g_inet_address_get_is_loopback (host) ? g_strdup ("") : g_inet_address_to_string (host);
}

/* FALSE if there are too many. */
static gboolean
remember_socket (YlHubGuard *guard, SoupServerMessage *message, GSocket *socket)
{
  char *address;

  if (g_hash_table_contains (guard->sockets, socket))
    return TRUE;
  address = address_of (message);
  g_hash_table_insert (guard->sockets, g_object_ref (socket), address);
  count (guard, address, 1);
  return g_hash_table_size (guard->sockets) <= CONNECTIONS_MAX
         && (*address == '\0'
             || GPOINTER_TO_INT (g_hash_table_lookup (guard->of_address, address)) <= CONNECTIONS_OF_ONE_MAX);
}

/* Whoever reads or writes on it comes to an end. */
static void
hang_up (SoupServerMessage *message)
{
  GSocket *socket = soup_server_message_get_socket (message);

  if (socket != NULL && !g_socket_shutdown (socket, TRUE, TRUE, NULL))
    g_debug ("a caller has gone before it was hung up");
}

/* Time */

/* Timer: the table of timers, and which of them it is. */
typedef struct
{
  YlHubGuard *guard;
  SoupServerMessage *message; /* owned by the table */
} Timer;

static gboolean
too_late_cb (gpointer data)
{
  Timer *timer = data;

  hang_up (timer->message);
  g_hash_table_remove (timer->guard->timers, timer->message);
  return G_SOURCE_REMOVE;
}

static void
allow (YlHubGuard *guard, SoupServerMessage *message, guint seconds)
{
  GSource *source = g_timeout_source_new_seconds (seconds);
  Timer *timer = g_new (Timer, 1);

  *timer = (Timer){ guard, message };
  g_source_set_callback (source, too_late_cb, timer, g_free);
  g_source_attach (source, g_main_context_get_thread_default ());
  g_hash_table_replace (guard->timers, g_object_ref (message), source);
}

static void
got_headers_cb (SoupServerMessage *message, gpointer data)
{
  goffset length = soup_message_headers_get_content_length (soup_server_message_get_request_headers (message));

  allow (data, message, BODY_SECONDS + (guint) (CLAMP (length, 0, G_MAXINT32) / BYTES_PER_SECOND));
}

/* Now it is the hub's turn, however long it takes. */
static void
got_body_cb (SoupServerMessage *message, gpointer data)
{
  g_hash_table_remove (((YlHubGuard *) data)->timers, message);
}

static void
wrote_headers_cb (SoupServerMessage *message, gpointer data)
{
  goffset length = soup_server_message_get_response_body (message)->length;

  allow (data, message, ANSWER_SECONDS + (guint) (CLAMP (length, 0, G_MAXINT32) / BYTES_PER_SECOND));
}

static void
finished_cb (SoupServerMessage *message, gpointer data)
{
  g_hash_table_remove (((YlHubGuard *) data)->timers, message);
}

void
yl_hub_guard_forget (YlHubGuard *guard, SoupServerMessage *message)
{
  GSocket *socket = soup_server_message_get_socket (message);

  if (socket != NULL)
    forget_socket (guard, socket);
  g_hash_table_remove (guard->timers, message);
}

static void
disconnected_cb (SoupServerMessage *message, gpointer data)
{
  yl_hub_guard_forget (data, message);
}

static void
started_cb (SoupServer *server, SoupServerMessage *message, gpointer data)
{
  YlHubGuard *guard = data;
  GSocket *socket = soup_server_message_get_socket (message);

  g_signal_connect (message, "got-headers", G_CALLBACK (got_headers_cb), guard);
  g_signal_connect (message, "got-body", G_CALLBACK (got_body_cb), guard);
  g_signal_connect (message, "wrote-headers", G_CALLBACK (wrote_headers_cb), guard);
  g_signal_connect (message, "finished", G_CALLBACK (finished_cb), guard);
  g_signal_connect (message, "disconnected", G_CALLBACK (disconnected_cb), guard);
  allow (guard, message, HEADERS_SECONDS);
  if (socket != NULL && !remember_socket (guard, message, socket))
    hang_up (message);
}

YlHubGuard *
yl_hub_guard_new (SoupServer *server)
{
  YlHubGuard *guard = g_new0 (YlHubGuard, 1);

  guard->server = server;
  guard->sockets = g_hash_table_new_full (NULL, NULL, g_object_unref, g_free);
  guard->of_address = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guard->timers = g_hash_table_new_full (NULL, NULL, g_object_unref, destroy_source);
  g_signal_connect (server, "request-started", G_CALLBACK (started_cb), guard);
  return guard;
}

void
yl_hub_guard_free (YlHubGuard *guard)
{
  g_signal_handlers_disconnect_by_data (guard->server, guard);
  g_hash_table_unref (guard->timers);
  g_hash_table_unref (guard->of_address);
  g_hash_table_unref (guard->sockets);
  g_free (guard);
}
