#include "yl-session.h"

#include "base/yl-i18n.h"
#include "exchange/yl-relay-address.h"
#include "seal/yl-plain-cache.h"

/* How often other programs' commits to the same file are looked for; one cheap read. */
#define REFRESH_SECONDS 2
/* How often what makes the next start quick is saved, where there is something new. */
#define SAVE_SECONDS 300
/* Settings of this PC: whether it relays ("1"), and where. */
#define SETTING_SERVE "relay.serve"
#define SETTING_PORT "relay.port"

struct _YlSession
{
  GObject parent_instance;
  YlStore *store;
  YlMatcher *matcher;
  YlSync *sync;
  YlRelay *relay;
  GHashTable *site_names; /* site id -> name */
  guint refresh_source;
  guint save_source;
  gboolean refreshing;
};

G_DEFINE_FINAL_TYPE (YlSession, yl_session, G_TYPE_OBJECT)

enum
{
  CHANGED,
  SYNC_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
refresh (YlSession *self)
{
  g_autoptr (GError) error = NULL;

  self->refreshing = TRUE;
  if (!yl_store_refresh (self->store, &error))
    g_warning ("Reading what changed: %s", error->message);
  self->refreshing = FALSE;
}

static void
store_changed_cb (YlStore *store, YlSession *self)
{
  g_hash_table_remove_all (self->site_names);
  if (!self->refreshing)
    yl_sync_now (self->sync);
  g_signal_emit (self, signals[CHANGED], 0, self->refreshing);
}

static void
sync_changed_cb (YlSync *sync, YlSession *self)
{
  refresh (self);
  g_signal_emit (self, signals[SYNC_CHANGED], 0);
}

static gboolean
refresh_due_cb (gpointer data)
{
  refresh (data);
  return G_SOURCE_CONTINUE;
}

static gboolean
save_due_cb (gpointer data)
{
  YlSession *self = data;

  yl_plain_cache_save (self->store, YL_PLAIN_WORTH_SAVING);
  return G_SOURCE_CONTINUE;
}

static void
yl_session_dispose (GObject *object)
{
  YlSession *self = YL_SESSION (object);

  yl_session_close (self);
  g_clear_pointer (&self->matcher, yl_matcher_free);
  g_clear_object (&self->sync);
  g_clear_object (&self->relay);
  g_clear_object (&self->store);
  g_clear_pointer (&self->site_names, g_hash_table_unref);
  G_OBJECT_CLASS (yl_session_parent_class)->dispose (object);
}

static void
yl_session_class_init (YlSessionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = yl_session_dispose;
  signals[CHANGED] =
      g_signal_new ("changed", YL_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  signals[SYNC_CHANGED] =
      g_signal_new ("sync-changed", YL_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
yl_session_init (YlSession *self)
{
  self->site_names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/* As it was when the window was last open. */
static void
resume_relaying (YlSession *self)
{
  g_autofree char *serve = yl_store_get_setting (self->store, SETTING_SERVE);

  if (g_strcmp0 (serve, "1") == 0)
    yl_relay_start (self->relay, yl_session_relay_port (self));
}

YlSession *
yl_session_open (const char *file, GError **error)
{
  g_autoptr (YlStore) store = yl_store_open (file, error);

  if (store == NULL)
    return NULL;
  YlSession *self = g_object_new (YL_TYPE_SESSION, NULL);
  self->store = g_steal_pointer (&store);
  self->sync = yl_sync_new (file);
  self->relay = yl_relay_new (file);
  g_signal_connect_object (self->store, "changed", G_CALLBACK (store_changed_cb), self, 0);
  g_signal_connect_object (self->sync, "changed", G_CALLBACK (sync_changed_cb), self, 0);
  self->refresh_source = g_timeout_add_seconds (REFRESH_SECONDS, refresh_due_cb, self);
  self->save_source = g_timeout_add_seconds (SAVE_SECONDS, save_due_cb, self);
  yl_sync_start (self->sync);
  resume_relaying (self);
  return self;
}

void
yl_session_close (YlSession *self)
{
  g_clear_handle_id (&self->refresh_source, g_source_remove);
  g_clear_handle_id (&self->save_source, g_source_remove);
  if (self->sync != NULL)
    yl_sync_stop (self->sync);
  if (self->relay != NULL)
    yl_relay_stop (self->relay);
}

YlStore *
yl_session_get_store (YlSession *self)
{
  return self->store;
}

YlSync *
yl_session_get_sync (YlSession *self)
{
  return self->sync;
}

void
yl_session_refresh (YlSession *self)
{
  refresh (self);
}

YlRelay *
yl_session_get_relay (YlSession *self)
{
  return self->relay;
}

gboolean
yl_session_set_relaying (YlSession *self, gboolean on, guint port, GError **error)
{
  g_autofree char *number = g_strdup_printf ("%u", port);

  if (!yl_store_set_setting (self->store, SETTING_PORT, number, error)
      || !yl_store_set_setting (self->store, SETTING_SERVE, on ? "1" : "0", error))
    return FALSE;
  if (on)
    yl_relay_start (self->relay, port);
  else
    yl_relay_stop (self->relay);
  return TRUE;
}

guint
yl_session_relay_port (YlSession *self)
{
  g_autofree char *number = yl_store_get_setting (self->store, SETTING_PORT);
  guint64 port;

  return number != NULL && g_ascii_string_to_unsigned (number, 10, YL_RELAY_PORT_MIN, YL_RELAY_PORT_MAX, &port, NULL)
             ? (guint) port
             : YL_RELAY_PORT;
}

YlMatcher *
yl_session_get_matcher (YlSession *self, GError **error)
{
  if (self->matcher == NULL)
    self->matcher = yl_matcher_new (self->store, error);
  return self->matcher;
}

gint64
yl_session_now (YlSession *self)
{
  return yl_store_now (self->store);
}

gboolean
yl_session_is_own_site (YlSession *self, const char *site)
{
  return site != NULL && g_strcmp0 (site, yl_store_get_site (self->store)) == 0;
}

const char *
yl_session_site_name (YlSession *self, const char *site)
{
  const char *name;

  if (site == NULL)
    return "";
  name = g_hash_table_lookup (self->site_names, site);
  if (name == NULL)
    {
      g_autoptr (YlRecord) record = yl_store_get (self->store, "site", site, NULL);
      const char *found = record == NULL ? NULL : yl_record_get_text (record, "name");
      g_hash_table_insert (self->site_names, g_strdup (site), g_strdup (found == NULL ? _ ("another store") : found));
      name = g_hash_table_lookup (self->site_names, site);
    }
  return name;
}

const char *
yl_session_own_site_name (YlSession *self)
{
  const char *site = yl_store_get_site (self->store);

  return site == NULL ? _ ("new store") : yl_session_site_name (self, site);
}
