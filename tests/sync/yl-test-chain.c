#include "yl-test-chain.h"

#include <sodium.h>

#include "exchange/yl-enrol.h"
#include "exchange/yl-hex.h"
#include "exchange/yl-peer.h"
#include "exchange/yl-sync.h"
#include "hub/yl-hub.h"
#include "trust/yl-company.h"
#include "yl-test-dir.h"

struct _YlTestChain
{
  char *dir;
  char *file;    /* head office's */
  char *address; /* HOST:PORT */
  char *url;
  YlStore *head_office;

  GThread *thread;
  GMainContext *context;
  GMainLoop *loop;
  GMutex mutex;
  GCond ready;
  gboolean listening;
};

static gboolean
can_bind (guint16 port)
{
  g_autoptr (GSocket) socket =
      g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", port);

  return socket != NULL && g_socket_bind (socket, address, TRUE, NULL);
}

/*
 * A port that is free now: head office's file names it before the hub listens, and the hub takes it again after a restart.
 * From below the range that the kernel hands out to others in between.
 */
static guint16
free_port (void)
{
  guint16 port;

  do
    port = (guint16) g_random_int_range (20000, 32000);
  while (!can_bind (port));
  return port;
}

/* Only a loop that runs can be ended. */
static gboolean
ready_cb (gpointer data)
{
  YlTestChain *chain = data;

  g_mutex_lock (&chain->mutex);
  chain->listening = TRUE;
  g_cond_signal (&chain->ready);
  g_mutex_unlock (&chain->mutex);
  return G_SOURCE_REMOVE;
}

static gpointer
serve (gpointer data)
{
  YlTestChain *chain = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (YlStore) store = yl_store_open (chain->file, &error);
  g_autoptr (YlHub) hub = NULL;
  g_autoptr (GSource) source = g_idle_source_new ();

  g_assert_no_error (error);
  g_main_context_push_thread_default (chain->context);
  hub = yl_hub_new (store);
  yl_hub_listen (hub, chain->address, &error);
  g_assert_no_error (error);
  g_source_set_callback (source, ready_cb, chain, NULL);
  g_source_attach (source, chain->context);
  g_main_loop_run (chain->loop);
  yl_hub_stop (hub);
  g_main_context_pop_thread_default (chain->context);
  return NULL;
}

void
yl_test_chain_start (YlTestChain *chain)
{
  chain->context = g_main_context_new ();
  chain->loop = g_main_loop_new (chain->context, FALSE);
  chain->listening = FALSE;
  chain->thread = g_thread_new ("hub", serve, chain);
  g_mutex_lock (&chain->mutex);
  while (!chain->listening)
    g_cond_wait (&chain->ready, &chain->mutex);
  g_mutex_unlock (&chain->mutex);
}

void
yl_test_chain_stop (YlTestChain *chain)
{
  if (chain->thread == NULL)
    return;
  g_main_loop_quit (chain->loop);
  g_thread_join (g_steal_pointer (&chain->thread));
  g_clear_pointer (&chain->loop, g_main_loop_unref);
  g_clear_pointer (&chain->context, g_main_context_unref);
}

YlTestChain *
yl_test_chain_new (const char *scheme, guint n_sites)
{
  YlTestChain *chain = g_new0 (YlTestChain, 1);
  g_autoptr (GError) error = NULL;
  YlFounding founding = { "示例家政", "HQ", NULL };

  g_mutex_init (&chain->mutex);
  g_cond_init (&chain->ready);
  chain->dir = yl_test_dir_new ();
  chain->file = g_build_filename (chain->dir, "head-office", NULL);
  chain->address = g_strdup_printf ("127.0.0.1:%u", free_port ());
  chain->url = g_strdup_printf ("%s://%s", scheme, chain->address);
  founding.hub_url = chain->url;
  chain->head_office = yl_store_found (chain->file, &founding, &error);
  g_assert_no_error (error);
  for (guint i = 1; i <= n_sites; i++)
    {
      g_autofree char *code = g_strdup_printf ("S%u", i);
      YlNewSite site = { code, code, 39900000, 116400000 };
      g_autofree char *id = yl_company_add_site (chain->head_office, &site, &error);

      g_assert_no_error (error);
    }
  yl_test_chain_start (chain);
  return chain;
}

void
yl_test_chain_free (YlTestChain *chain)
{
  yl_test_chain_stop (chain);
  g_clear_object (&chain->head_office);
  yl_test_dir_free (chain->dir);
  g_free (chain->file);
  g_free (chain->address);
  g_free (chain->url);
  g_mutex_clear (&chain->mutex);
  g_cond_clear (&chain->ready);
  g_free (chain);
}

YlStore *
yl_test_chain_head_office (YlTestChain *chain)
{
  g_autoptr (GError) error = NULL;

  yl_store_refresh (chain->head_office, &error);
  g_assert_no_error (error);
  return chain->head_office;
}

const char *
yl_test_chain_url (YlTestChain *chain)
{
  return chain->url;
}

char *
yl_test_chain_file (YlTestChain *chain, const char *name)
{
  return g_build_filename (chain->dir, name, NULL);
}

YlStore *
yl_test_chain_join (YlTestChain *chain, guint site, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *site_code = g_strdup_printf ("S%u", site);
  g_autofree char *code = yl_enrol_invite (yl_test_chain_head_office (chain), site_code, TRUE, &error);
  g_autofree char *file = yl_test_chain_file (chain, name);
  YlStore *store;

  g_assert_no_error (error);
  store = yl_enrol_join (file, code, NULL, NULL, &error);
  g_assert_no_error (error);
  return store;
}

static YlStore *
create_member (YlTestChain *chain, const char *file, const char *node, const guint8 *seed)
{
  YlStore *head = yl_test_chain_head_office (chain);
  g_autoptr (GError) error = NULL;
  guint8 authority[YL_KEY_BYTES], hub[YL_KEY_BYTES];
  g_autofree char *hub_hex = NULL;
  YlMembership membership = { .scope = yl_store_get_scope (head),
                              .hub_url = yl_test_chain_url (chain),
                              .authority_key = authority,
                              .node = node,
                              .seed = seed };
  YlStore *store;

  yl_log_public_key (head, yl_log_authority (head), authority, &error);
  yl_log_public_key (head, yl_store_get_writer (head), hub, &error);
  hub_hex = yl_hex_write (hub, sizeof hub);
  store = yl_store_create_member (file, &membership, &error);
  g_assert_no_error (error);
  yl_store_set_setting (store, YL_SETTING_HUB_KEY, hub_hex, &error);
  g_assert_no_error (error);
  return store;
}

YlStore *
yl_test_chain_enrol (YlTestChain *chain, guint site, const char *name)
{
  YlStore *head = yl_test_chain_head_office (chain);
  g_autoptr (GError) error = NULL;
  g_autofree char *file = yl_test_chain_file (chain, name);
  g_autofree char *code = g_strdup_printf ("S%u", site);
  g_autofree char *site_id = yl_store_find_id (head, "site", code, &error);
  guint8 seed[YL_KEY_BYTES], sign_key[YL_KEY_BYTES], box_key[YL_KEY_BYTES];
  YlNewNode node = { site_id, name, sign_key, box_key };
  g_autofree char *id = NULL;

  g_assert_no_error (error);
  randombytes_buf (seed, sizeof seed);
  yl_node_keys (seed, sign_key, box_key, NULL);
  id = yl_company_enrol_node (head, &node, &error);
  g_assert_no_error (error);
  return create_member (chain, file, id, seed);
}

char *
yl_test_add_worker (YlStore *store, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlChange) change = yl_change_begin (store, "add worker", &error);
  g_autoptr (YlRecord) worker = yl_record_new (yl_table_find ("worker"), NULL);

  g_assert_no_error (error);
  yl_record_set_text (worker, "name", name);
  yl_change_insert (change, worker, &error);
  g_assert_no_error (error);
  yl_change_commit (change, &error);
  g_assert_no_error (error);
  return g_strdup (yl_record_get_id (worker));
}

void
yl_test_rename_worker (YlStore *store, const char *id, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlRecord) worker = yl_store_get (store, "worker", id, &error);
  g_autoptr (YlChange) change = NULL;

  g_assert_no_error (error);
  change = yl_change_begin (store, "edit worker", &error);
  g_assert_no_error (error);
  yl_record_set_text (worker, "name", name);
  yl_change_update (change, worker, &error);
  g_assert_no_error (error);
  yl_change_commit (change, &error);
  g_assert_no_error (error);
}

char *
yl_test_worker_name (YlStore *store, const char *id)
{
  g_autoptr (YlRecord) worker = NULL;

  g_assert_true (yl_store_refresh (store, NULL));
  worker = yl_store_get (store, "worker", id, NULL);
  return worker == NULL ? NULL : g_strdup (yl_record_get_text (worker, "name"));
}

gint64
yl_test_n_entries (YlStore *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) frontier = yl_log_frontier (store, &error);
  gint64 n = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < frontier->len; i++)
    n += g_array_index (frontier, YlEntryName, i).seq;
  return n;
}

YlBehind
yl_test_behind (YlStore *store)
{
  g_autoptr (GError) error = NULL;
  YlBehind behind;

  yl_behind_read (store, &behind, &error);
  g_assert_no_error (error);
  return behind;
}

void
yl_test_sync (YlStore *store)
{
  g_autoptr (GError) error = NULL;
  YlSyncReport report;

  yl_sync_run (store, NULL, &report, &error);
  g_assert_no_error (error);
  g_assert_true (report.same_state);
}
