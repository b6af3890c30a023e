#include "yl-sim-world.h"

#include <sodium.h>
#include <string.h>

#include "base/yl-id.h"
#include "checkpoint/yl-checkpoint-history.h"
#include "checkpoint/yl-checkpoint-horizon.h"
#include "exchange/yl-exchange.h"
#include "trust/yl-company.h"
#include "merge/yl-state-hash.h"

#define START_MS G_GINT64_CONSTANT (1796083200000) /* 2026-12-01 08:00 in China */
#define N_SITES 20
#define CRASH_WITHIN 80 /* operations */
#define TRACE_LINES 400

static YlSimWorld *template; /* the company on the day before, which every world begins with */

static gint64
node_now (gpointer data)
{
  YlSimNode *node = data;

  gint64 now = CLAMP (node->world->now + node->skew, YL_CLOCK_MIN_MS, YL_CLOCK_MAX_MS);

  node->latest = MAX (node->latest, now);
  return now;
}

guint
yl_sim_pick (YlSimWorld *world, guint n)
{
  return yl_test_random_pick (&world->random, n);
}

gboolean
yl_sim_chance (YlSimWorld *world, guint percent)
{
  return yl_test_random_chance (&world->random, percent);
}

void
yl_sim_note (YlSimWorld *world, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_ptr_array_add (world->trace, g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

void
yl_sim_fail (YlSimWorld *world, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  for (guint i = world->trace->len > TRACE_LINES ? world->trace->len - TRACE_LINES : 0; i < world->trace->len; i++)
    g_printerr ("# %5u  %s\n", i, (char *) world->trace->pdata[i]);
  g_printerr ("# seed %" G_GUINT64_FORMAT ": %s\n", world->seed, text);
  g_print ("not ok - seed %" G_GUINT64_FORMAT ": %s\n", world->seed, text);
  exit (1);
}

void
yl_sim_node_open (YlSimNode *node)
{
  g_autoptr (GError) error = NULL;

  node->store = yl_store_open (node->file, &error);
  if (node->store == NULL)
    yl_sim_fail (node->world, "node %u does not open: %s", node->index, error->message);
  yl_store_set_clock (node->store, node_now, node);
  node->hub = node->index > 0 ? yl_hub_new_relay (node->store) : yl_hub_new (node->store);
  if (node->index > 0)
    return;
  if (!yl_exchange_rest (node->store, &error) && !yl_test_disk_has_failed (node->disk))
    yl_sim_fail (node->world, "the hub does not start: %s", error->message);
}

void
yl_sim_node_close (YlSimNode *node)
{
  g_clear_pointer (&node->peer, yl_peer_free);
  if (node->hub != NULL)
    yl_hub_stop (node->hub);
  g_clear_object (&node->hub);
  g_clear_object (&node->store);
}

void
yl_sim_node_crash (YlSimNode *node)
{
  guint64 damage = yl_sim_pick (node->world, 8);

  yl_sim_note (node->world, "node %u goes down, damage %" G_GUINT64_FORMAT, node->index, damage);
  yl_sim_node_close (node);
  yl_test_disk_crash (node->disk, damage);
  yl_sim_node_open (node);
  yl_sim_observe (node);
}

void
yl_sim_node_arm (YlSimNode *node, guint percent)
{
  if (node->full || !yl_sim_chance (node->world, percent))
    return;
  node->armed = TRUE;
  yl_test_disk_set_fault (node->disk, YL_TEST_FAULT_CRASH, 1 + yl_sim_pick (node->world, CRASH_WITHIN), TRUE);
}

gboolean
yl_sim_node_settle (YlSimNode *node)
{
  gboolean crashed = yl_test_disk_is_dead (node->disk);

  if (crashed)
    yl_sim_node_crash (node);
  else if (node->armed)
    yl_test_disk_set_fault (node->disk, YL_TEST_FAULT_NONE, 0, FALSE);
  node->armed = FALSE;
  return crashed;
}

static gboolean
connect (YlSimNode *node, GError **error)
{
  if (yl_sim_chance (node->world, 30))
    g_clear_pointer (&node->peer, yl_peer_free);
  if (node->peer == NULL)
    node->peer = yl_peer_new (node->store, NULL, error);
  return node->peer != NULL;
}

gboolean
yl_sim_node_sync (YlSimNode *node, guint wait, GError **error)
{
  YlSimWorld *world = node->world;
  guint outer = world->calling;
  YlSyncReport report;
  gboolean ok;

  world->calling = node->index;
  ok = connect (node, error) && yl_store_refresh (node->store, error)
       && yl_exchange_run (node->store, node->peer, wait, &report, error);
  world->calling = outer;
  return ok;
}

gboolean
yl_sim_node_fetch_history (YlSimNode *node, GError **error)
{
  node->world->calling = node->index;
  return connect (node, error) && yl_history_fetch (node->store, node->peer, error);
}

gboolean
yl_sim_node_prune (YlSimNode *node, guint *n, GError **error)
{
  node->world->calling = node->index;
  return connect (node, error) && yl_checkpoint_prune (node->store, node->peer, n, error);
}

gboolean
yl_sim_node_sync_with (YlSimNode *node, YlSimNode *other, GError **error)
{
  YlSimWorld *world = node->world;
  g_autofree char *url = g_strdup_printf (YL_SIM_RELAY_URL, other->index);

  world->calling = node->index;
  return yl_store_refresh (node->store, error) && yl_sync_run_with (node->store, url, NULL, error);
}

/* The company that all worlds begin with */

static YlSimWorld *
world_alloc (guint64 seed)
{
  YlSimWorld *world = g_new0 (YlSimWorld, 1);

  world->seed = seed;
  world->random = yl_test_random_seed (seed, 1);
  world->now = START_MS;
  world->late_requests = g_ptr_array_new ();
  world->workers = g_ptr_array_new_with_free_func (g_free);
  world->records = g_ptr_array_new_with_free_func (g_free);
  world->writes = yl_sim_writes_new ();
  world->acknowledged = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  world->erased = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  world->visits = g_ptr_array_new_with_free_func (g_free);
  world->trace = g_ptr_array_new_with_free_func (g_free);
  return world;
}

static void
node_init (YlSimWorld *world, guint index, char letter)
{
  YlSimNode *node = &world->nodes[index];
  g_autofree char *disk = g_strdup_printf ("%c%02u", letter, index);

  node->world = world;
  node->index = index;
  node->file = g_strdup_printf ("%s/%s.yuelai", g_get_tmp_dir (), disk);
  node->disk = yl_test_disk_get (disk);
  node->reached = g_hash_table_new (g_str_hash, g_str_equal);
}

gboolean
yl_sim_node_create (YlSimNode *node, GError **error)
{
  YlStore *head_office = node->world->nodes[0].store;
  guint8 authority[YL_KEY_BYTES], hub[YL_KEY_BYTES];
  char hub_hex[2 * YL_KEY_BYTES + 1];
  const char *settings[] = { YL_SETTING_HUB_KEY, hub_hex, NULL };
  YlMembership membership = {
    .hub_url = YL_SIM_HUB_URL, .authority_key = authority, .seed = node->seed, .node = node->id, .settings = settings
  };

  if (!yl_log_public_key (head_office, yl_log_authority (head_office), authority, error)
      || !yl_log_public_key (head_office, yl_store_get_identity (head_office), hub, error))
    return FALSE;
  sodium_bin2hex (hub_hex, sizeof hub_hex, hub, sizeof hub);
  membership.scope = yl_store_get_scope (head_office);
  node->store = yl_store_create_member (node->file, &membership, error);
  if (node->store == NULL)
    return FALSE;
  yl_store_set_clock (node->store, node_now, node);
  return TRUE;
}

gboolean
yl_sim_node_is_there (YlSimNode *node)
{
  g_autoptr (YlStore) store = yl_store_open (node->file, NULL);

  return store != NULL;
}

static void
enrol (YlSimWorld *world, guint index, const char *site)
{
  g_autoptr (GError) error = NULL;
  YlSimNode *node = &world->nodes[index];
  guint8 sign_key[YL_KEY_BYTES], box_key[YL_KEY_BYTES];
  YlNewNode new_node = { site, "PC", sign_key, box_key };

  randombytes_buf (node->seed, sizeof node->seed);
  yl_node_keys (node->seed, sign_key, box_key, NULL);
  node->id = yl_company_enrol_node (world->nodes[0].store, &new_node, &error);
  if (node->id == NULL || !yl_sim_node_create (node, &error))
    yl_sim_fail (world, "enrolment: %s", error->message);
}

YlSimNode *
yl_sim_world_add_node (YlSimWorld *world)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) nodes = yl_store_list (world->nodes[0].store, "node", NULL, 0, &error);
  const char *site = nodes == NULL ? NULL : yl_record_get_text (nodes->pdata[nodes->len - 1], "site");

  if (site == NULL || world->n_nodes == YL_SIM_NODES_MAX)
    yl_sim_fail (world, "no room for another PC");
  node_init (world, world->n_nodes, 'n');
  yl_test_disk_clear (world->nodes[world->n_nodes].disk);
  enrol (world, world->n_nodes, site);
  return &world->nodes[world->n_nodes++];
}

YlSimNode *
yl_sim_world_add_copy (YlSimWorld *world, YlSimNode *node)
{
  YlSimNode *copy = &world->nodes[world->n_nodes];

  node_init (world, world->n_nodes, 'n');
  yl_test_disk_clear (copy->disk);
  yl_sim_node_close (node);
  yl_test_disk_put_back (node->disk, copy->disk, ".yuelai");
  yl_sim_node_open (node);
  yl_sim_node_open (copy);
  /* The file has followed that clock. */
  copy->latest = MAX (copy->latest, node->latest);
  copy->was_behind = node->was_behind;
  world->n_nodes++;
  return copy;
}

static void
found (YlSimWorld *world)
{
  g_autoptr (GError) error = NULL;
  YlFounding founding = { "示例", "HQ", YL_SIM_HUB_URL, node_now, &world->nodes[0] };
  char *sites[N_SITES];

  world->nodes[0].store = yl_store_found (world->nodes[0].file, &founding, &error);
  for (guint i = 0; i < N_SITES && error == NULL; i++)
    {
      g_autofree char *code = g_strdup_printf ("S%u", i + 1);
      YlNewSite site = { code, code, 39900000 + 10000 * (gint64) i, 116400000 };

      sites[i] = yl_company_add_site (world->nodes[0].store, &site, &error);
    }
  if (error != NULL)
    yl_sim_fail (world, "founding: %s", error->message);
  world->nodes[0].hub = yl_hub_new (world->nodes[0].store);
  for (guint i = 1; i < world->n_nodes; i++)
    enrol (world, i, sites[(i - 1) % N_SITES]);
  for (guint i = 0; i < N_SITES; i++)
    g_free (sites[i]);
}

static YlSimWorld *
template_new (void)
{
  YlSimWorld *world = world_alloc (0);

  yl_test_random_install (0);
  world->n_nodes = YL_SIM_NODES_MAX;
  for (guint i = 0; i < world->n_nodes; i++)
    node_init (world, i, 't');
  found (world);
  yl_sim_link_install (world);
  for (guint i = 1; i < world->n_nodes; i++)
    {
      g_autoptr (GError) error = NULL;

      if (!yl_sim_node_sync (&world->nodes[i], 0, &error))
        yl_sim_fail (world, "first exchange of node %u: %s", i, error->message);
    }
  for (guint i = 0; i < world->n_nodes; i++)
    yl_sim_node_close (&world->nodes[i]);
  return world;
}

/* Few stores mostly, many now and then. */
static guint
pick_size (YlSimWorld *world)
{
  guint kind = yl_sim_pick (world, 100);

  if (kind == 0)
    return 11 + yl_sim_pick (world, YL_SIM_NODES_MAX - 10);
  return 4 + yl_sim_pick (world, kind < 10 ? 5 : 2);
}

/* Some things go wrong often in one world and never in another: that finds more than a bit of everything everywhere. */
static guint
pick_rate (YlSimWorld *world, guint max)
{
  return yl_sim_chance (world, 50) ? 0 : yl_sim_pick (world, max + 1);
}

static void
pick_weather (YlSimWorld *world)
{
  world->loss = pick_rate (world, 30);
  world->doubled = pick_rate (world, 30);
  world->late = pick_rate (world, 30);
  world->cut_short = pick_rate (world, 10);
  world->crashes = pick_rate (world, 20);
  world->hub_crashes = pick_rate (world, 10);
  world->disasters = pick_rate (world, 12);
  world->may_revoke = yl_sim_chance (world, 30);
  world->may_erase = yl_sim_chance (world, 30);
  world->may_prune = yl_sim_chance (world, 40);
}

static YlSimWorld *
world_new (guint64 seed, guint n_nodes)
{
  YlSimWorld *world;
  g_autofree char *id = NULL;

  if (template == NULL)
    template = template_new ();
  world = world_alloc (seed);
  yl_test_random_install (seed);
  /* Ids count on within a millisecond, across worlds: begin before all of them. */
  id = yl_id_new (YL_CLOCK_MIN_MS);
  world->n_nodes = n_nodes > 0 ? n_nodes : pick_size (world);
  for (guint i = 0; i < world->n_nodes; i++)
    {
      node_init (world, i, 'n');
      yl_test_disk_copy (template->nodes[i].disk, world->nodes[i].disk);
      yl_sim_node_open (&world->nodes[i]);
    }
  yl_sim_link_install (world);
  return world;
}

YlSimWorld *
yl_sim_world_new (guint64 seed)
{
  YlSimWorld *world = world_new (seed, 0);

  pick_weather (world);
  return world;
}

YlSimWorld *
yl_sim_world_new_calm (guint n_nodes)
{
  return world_new (1, n_nodes);
}

static YlTestDisk *
saved_disk (const YlSimNode *node)
{
  g_autofree char *name = g_strdup_printf ("s%02u", node->index);

  return yl_test_disk_get (name);
}

void
yl_sim_world_save (YlSimWorld *world)
{
  for (guint i = 0; i < world->n_nodes; i++)
    {
      yl_sim_node_close (&world->nodes[i]);
      yl_test_disk_copy (world->nodes[i].disk, saved_disk (&world->nodes[i]));
    }
}

void
yl_sim_world_load (YlSimWorld *world)
{
  g_autofree char *id = yl_id_new (YL_CLOCK_MIN_MS);

  /* Not those that the world began with: their ids are taken. */
  yl_test_random_install (~world->seed);
  world->random = yl_test_random_seed (world->seed, 2);
  g_ptr_array_set_size (world->trace, 0);
  g_hash_table_remove_all (world->acknowledged);
  for (guint i = 0; i < world->n_nodes; i++)
    yl_sim_node_close (&world->nodes[i]);
  for (guint i = 0; i < world->n_nodes; i++)
    {
      g_hash_table_remove_all (world->nodes[i].reached);
      yl_test_disk_copy (saved_disk (&world->nodes[i]), world->nodes[i].disk);
      yl_sim_node_open (&world->nodes[i]);
    }
}

static void
node_clear (YlSimNode *node)
{
  yl_sim_node_close (node);
  g_free (node->file);
  g_free (node->id);
  g_hash_table_unref (node->reached);
}

void
yl_sim_world_free (YlSimWorld *world)
{
  for (guint i = 0; i < world->n_nodes; i++)
    node_clear (&world->nodes[i]);
  g_ptr_array_unref (world->writes);
  yl_sim_link_forget (world);
  g_ptr_array_unref (world->late_requests);
  g_ptr_array_unref (world->workers);
  g_ptr_array_unref (world->records);
  g_hash_table_unref (world->acknowledged);
  g_hash_table_unref (world->erased);
  g_ptr_array_unref (world->visits);
  g_ptr_array_unref (world->trace);
  g_free (world);
}

void
yl_sim_worlds_end (void)
{
  g_clear_pointer (&template, yl_sim_world_free);
  yl_test_disk_forget_all ();
}
