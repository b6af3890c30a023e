/* What people carry by hand: bundles on a stick, and a store file to a second PC. */
#include "yl-sim-world.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "exchange/yl-bundle.h"

#define NODES_IN_ALL 12

/* The stick is sound, or torn out too early. */
static void
tear (YlSimWorld *world, const char *file)
{
  g_autofree char *bytes = NULL;
  gsize length = 0;

  if (!yl_sim_chance (world, 20) || !g_file_get_contents (file, &bytes, &length, NULL) || length == 0)
    return;
  if (!g_file_set_contents (file, bytes, (gssize) yl_sim_pick (world, (guint) length), NULL))
    yl_sim_fail (world, "the stick %s cannot be written", file);
}

static void
read_stick (YlSimNode *node, const char *file)
{
  YlSimWorld *world = node->world;
  g_autoptr (GError) error = NULL;
  YlBundleReport report = { 0 };
  gboolean ok;

  yl_sim_node_arm (node, world->crashes);
  ok = yl_bundle_read (node->store, file, &report, &error);
  yl_sim_note (world, "node %u reads the stick: %s", node->index, ok ? "ok" : error->message);
  if (!ok && g_error_matches (error, YL_ERROR, YL_ERROR_CORRUPT) && !yl_test_disk_has_failed (node->disk))
    yl_sim_fail (world, "node %u: %s", node->index, error->message);
  if (yl_sim_node_settle (node))
    return;
  yl_sim_observe (node);
  yl_sim_check_receipts (node);
}

void
yl_sim_carry (YlSimNode *from, YlSimNode *to)
{
  YlSimWorld *world = from->world;
  g_autofree char *file = g_strdup_printf ("%s/stick-%u.bundle", g_get_tmp_dir (), (guint) getpid ());
  const char *reader = yl_sim_chance (world, 70) ? yl_store_get_writer (to->store) : NULL;
  g_autoptr (GError) error = NULL;
  YlBundleReport report = { 0 };
  gboolean ok;

  if (from == to || from->full || to->full)
    return;
  ok = yl_bundle_write (from->store, file, reader, yl_sim_chance (world, 30), &report, &error);
  yl_sim_note (world, "node %u writes a stick for %u: %s", from->index, to->index, ok ? "ok" : error->message);
  /* What lies on a stick is nowhere yet: only a receipt ends the waiting. */
  yl_sim_check_receipts (from);
  if (ok)
    {
      tear (world, file);
      read_stick (to, file);
    }
  g_unlink (file);
}

void
yl_sim_copy_to_another (YlSimNode *node)
{
  YlSimWorld *world = node->world;
  YlSimNode *copy;

  /* Which of two PCs is shut out when both go by one name is the tests' of revocation. */
  if (node->index == 0 || node->full || world->may_revoke || world->n_nodes >= NODES_IN_ALL || !yl_sim_bring_out (node))
    return;
  copy = yl_sim_world_add_copy (world, node);
  yl_sim_note (world, "the file of node %u is copied to node %u", node->index, copy->index);
  yl_sim_observe (copy);
  yl_sim_write_first (copy);
}
