/* YlRelay: the thread in which an open window relays. */
#include "hub/yl-relay.h"

#include <arpa/inet.h>
#include <gio/gio.h>
#include <ifaddrs.h>
#include <net/if.h>

#include "hub/yl-hub.h"
#include "log/yl-log-door.h"

/** Shared: what the thread and the object both hold; kept alive by either. */
typedef struct
{
  char *file;
  guint wanted;          /* the port asked for */
  GMainContext *owner;   /* where `changed` is emitted */
  GMainContext *context; /* where the hub runs: one for each time it starts */
  GWeakRef relay;
  int stop; /* atomic */

  GMutex mutex; /* for all below */
  YlServing serving;
  guint port;
  char *error;
} Shared;

struct _YlRelay
{
  GObject parent_instance;
  Shared *shared;
  GThread *thread;
};

G_DEFINE_FINAL_TYPE (YlRelay, yl_relay, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
shared_clear (gpointer data)
{
  Shared *shared = data;

  g_free (shared->file);
  g_main_context_unref (shared->owner);
  g_weak_ref_clear (&shared->relay);
  g_mutex_clear (&shared->mutex);
  g_free (shared->error);
}

static void
shared_unref (gpointer shared)
{
  g_atomic_rc_box_release_full (shared, shared_clear);
}

static gboolean
emit_changed_cb (gpointer data)
{
  Shared *shared = data;
  g_autoptr (YlRelay) relay = g_weak_ref_get (&shared->relay);

  if (relay != NULL)
    g_signal_emit (relay, signals[CHANGED], 0);
  return G_SOURCE_REMOVE;
}

static void
publish (Shared *shared, YlServing serving, guint port, const char *error)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_mutex_lock (&shared->mutex);
  shared->serving = serving;
  shared->port = port;
  g_free (shared->error);
  shared->error = g_strdup (error);
  g_mutex_unlock (&shared->mutex);
  g_source_set_callback (source, emit_changed_cb, g_atomic_rc_box_acquire (shared), shared_unref);
  g_source_attach (source, shared->owner);
}

/* The thread's side. */

static guint
port_of (YlHub *hub)
{
  g_autoptr (GUri) uri = g_uri_parse (yl_hub_get_url (hub), G_URI_FLAGS_NONE, NULL);

  return uri == NULL ? 0 : (guint) g_uri_get_port (uri);
}

static gboolean
serve (Shared *shared, GError **error)
{
  g_autofree char *address = g_strdup_printf ("0.0.0.0:%u", shared->wanted);
  g_autoptr (YlStore) store = yl_store_open (shared->file, error);
  g_autoptr (YlHub) hub = store == NULL ? NULL : yl_hub_new_relay (store);

  if (hub == NULL || !yl_log_keys_take_stock (store, error) || !yl_hub_listen (hub, address, error))
    return FALSE;
  publish (shared, YL_SERVING_YES, port_of (hub), NULL);
  while (!g_atomic_int_get (&shared->stop))
    g_main_context_iteration (shared->context, TRUE);
  yl_hub_stop (hub);
  return TRUE;
}

static gpointer
run (gpointer data)
{
  Shared *shared = data;
  g_autoptr (GError) error = NULL;

  g_main_context_push_thread_default (shared->context);
  if (serve (shared, &error))
    publish (shared, YL_SERVING_NO, 0, NULL);
  else
    publish (shared, YL_SERVING_NO, 0, error->message);
  g_main_context_pop_thread_default (shared->context);
  shared_unref (shared);
  return NULL;
}

/* The owner's side. */

static void
yl_relay_dispose (GObject *object)
{
  yl_relay_stop (YL_RELAY (object));
  G_OBJECT_CLASS (yl_relay_parent_class)->dispose (object);
}

static void
yl_relay_finalize (GObject *object)
{
  shared_unref (YL_RELAY (object)->shared);
  G_OBJECT_CLASS (yl_relay_parent_class)->finalize (object);
}

static void
yl_relay_class_init (YlRelayClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = yl_relay_dispose;
  object_class->finalize = yl_relay_finalize;
  signals[CHANGED] = g_signal_new ("changed", YL_TYPE_RELAY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
yl_relay_init (YlRelay *relay)
{
  Shared *shared = g_atomic_rc_box_new0 (Shared);

  shared->owner = g_main_context_ref_thread_default ();
  g_weak_ref_init (&shared->relay, relay);
  g_mutex_init (&shared->mutex);
  relay->shared = shared;
}

YlRelay *
yl_relay_new (const char *store_file)
{
  YlRelay *relay = g_object_new (YL_TYPE_RELAY, NULL);

  relay->shared->file = g_strdup (store_file);
  return relay;
}

void
yl_relay_start (YlRelay *relay, guint port)
{
  Shared *shared = relay->shared;

  if (yl_relay_get_serving (relay) != YL_SERVING_NO)
    return;
  /* One that could not listen has ended by itself. */
  yl_relay_stop (relay);
  shared->wanted = port;
  shared->context = g_main_context_new ();
  g_atomic_int_set (&shared->stop, FALSE);
  publish (shared, YL_SERVING_SOON, 0, NULL);
  relay->thread = g_thread_new ("yl-relay", run, g_atomic_rc_box_acquire (shared));
}

void
yl_relay_stop (YlRelay *relay)
{
  Shared *shared = relay->shared;

  if (relay->thread == NULL)
    return;
  g_atomic_int_set (&shared->stop, TRUE);
  g_main_context_wakeup (shared->context);
  g_thread_join (g_steal_pointer (&relay->thread));
  g_clear_pointer (&shared->context, g_main_context_unref);
}

YlServing
yl_relay_get_serving (YlRelay *relay)
{
  YlServing serving;

  g_mutex_lock (&relay->shared->mutex);
  serving = relay->shared->serving;
  g_mutex_unlock (&relay->shared->mutex);
  return serving;
}

char *
yl_relay_get_error (YlRelay *relay)
{
  char *error;

  g_mutex_lock (&relay->shared->mutex);
  error = g_strdup (relay->shared->error);
  g_mutex_unlock (&relay->shared->mutex);
  return error;
}

guint
yl_relay_get_port (YlRelay *relay)
{
  guint port;

  g_mutex_lock (&relay->shared->mutex);
  port = relay->shared->port;
  g_mutex_unlock (&relay->shared->mutex);
  return port;
}

/* Where others are */

static gboolean
leads_out (const struct ifaddrs *interface)
{
  return interface->ifa_addr != NULL && interface->ifa_addr->sa_family == AF_INET
         && (interface->ifa_flags & (IFF_UP | IFF_LOOPBACK)) == IFF_UP;
}

char *
yl_relay_host (void)
{
  struct ifaddrs *interfaces = NULL;
  char text[INET_ADDRSTRLEN] = "";

  if (getifaddrs (&interfaces) != 0)
    return g_strdup (g_get_host_name ());
  for (const struct ifaddrs *at = interfaces; at != NULL && *text == '\0'; at = at->ifa_next)
    if (leads_out (at)
        && inet_ntop (AF_INET, &((const struct sockaddr_in *) at->ifa_addr)->sin_addr, text, sizeof text) == NULL)
      *text = '\0';
  freeifaddrs (interfaces);
  return g_strdup (*text != '\0' ? text : g_get_host_name ());
}
