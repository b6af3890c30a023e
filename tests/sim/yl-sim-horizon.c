/* What keeps files small over the years: checkpoints, PCs that begin with one, and change sets dropped behind the horizon. */
#include "yl-sim-world.h"

#include "checkpoint/yl-checkpoint-base.h"
#include "checkpoint/yl-checkpoint-horizon.h"
#include "store/yl-backup.h"
#include "store/yl-database.h"

#define NODES_IN_ALL 12

/* With a backup that somebody has verified elsewhere the checkpoint is the horizon; from then on no older backup is put back. */
static void
move_horizon (YlSimWorld *world)
{
  YlSimNode *head_office = &world->nodes[0];
  g_autofree char *file = g_strconcat (head_office->file, ".backup", NULL);
  g_autoptr (GError) error = NULL;

  yl_database_remove_file (file);
  if (!yl_store_backup (head_office->store, file, &error)
      || yl_horizon_verified (head_office->store, file, &error) == 0)
    yl_sim_fail (world, "the horizon stays where it is: %s", error->message);
  head_office->kept = FALSE;
  yl_sim_note (world, "the horizon is checkpoint %" G_GINT64_FORMAT, yl_horizon_number (head_office->store));
}

static void
make_checkpoint (YlSimWorld *world)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlCheckpoint) made = NULL;

  if (world->nodes[0].full)
    return;
  made = yl_checkpoint_make (world->nodes[0].store, &error);
  if (made == NULL)
    yl_sim_fail (world, "no checkpoint: %s", error->message);
  yl_sim_note (world, "checkpoint %" G_GINT64_FORMAT, made->number);
  if (yl_sim_chance (world, 60))
    move_horizon (world);
}

static void
join (YlSimWorld *world)
{
  YlSimNode *node;

  if (world->nodes[0].full || world->n_nodes >= NODES_IN_ALL)
    return;
  node = yl_sim_world_add_node (world);
  yl_sim_node_close (node);
  yl_sim_node_open (node);
  yl_sim_note (world, "node %u joins", node->index);
}

/* Drops what lies behind the horizon, or fetches it again. */
static void
prune_or_fetch (YlSimNode *node)
{
  YlSimWorld *world = node->world;
  gboolean prunes = yl_sim_chance (world, 70);
  g_autoptr (GError) error = NULL;
  guint n = 0;
  gboolean ok;

  if (node->index == 0 || node->full || node->revoked)
    return;
  yl_sim_node_arm (node, world->crashes);
  ok = prunes ? yl_sim_node_prune (node, &n, &error) : yl_sim_node_fetch_history (node, &error);
  yl_sim_note (world, "node %u %s: %s, %u dropped", node->index, prunes ? "prunes" : "fetches its history",
               ok ? "ok" : error->message, n);
  if (!ok && g_error_matches (error, YL_ERROR, YL_ERROR_CORRUPT) && !yl_test_disk_has_failed (node->disk))
    yl_sim_fail (world, "node %u: %s", node->index, error->message);
  if (!yl_sim_node_settle (node))
    yl_sim_observe (node);
}

void
yl_sim_horizon (YlSimNode *node)
{
  switch (yl_sim_pick (node->world, 4))
    {
    case 0:
      make_checkpoint (node->world);
      break;
    case 1:
      join (node->world);
      break;
    default:
      prune_or_fetch (node);
    }
}

gboolean
yl_sim_node_has_history (YlSimNode *node)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlCheckpoint) base = yl_checkpoint_base (node->store, &error);

  if (error != NULL)
    yl_sim_fail (node->world, "node %u: %s", node->index, error->message);
  return base == NULL;
}
