/* What happens to a company once in years: files put back, PCs shut out, people erased. */
#include "yl-sim-world.h"

#include <string.h>

#include "exchange/yl-exchange.h"
#include "merge/yl-alias.h"
#include "merge/yl-conflict.h"
#include "seal/yl-erase.h"
#include "trust/yl-company-trust.h"

static YlTestDisk *
kept_disk (const YlSimNode *node)
{
  g_autofree char *name = g_strdup_printf ("k%02u", node->index);

  return yl_test_disk_get (name);
}

static gint64
reach_of (YlSimNode *node, const char *writer)
{
  g_autoptr (GArray) frontier = yl_log_frontier (node->store, NULL);

  for (guint i = 0; frontier != NULL && i < frontier->len; i++)
    if (strcmp (g_array_index (frontier, YlEntryName, i).writer, writer) == 0)
      return g_array_index (frontier, YlEntryName, i).seq;
  return 0;
}

/* What is nowhere else goes with the file: that is no fault of the program, so it is not tried. */
static gboolean
is_elsewhere (YlSimNode *node)
{
  YlSimWorld *world = node->world;
  g_autoptr (GArray) frontier = yl_log_frontier (node->store, NULL);

  for (guint i = 0; frontier != NULL && i < frontier->len; i++)
    {
      const YlEntryName *name = &g_array_index (frontier, YlEntryName, i);
      gboolean found = FALSE;

      for (guint other = 0; other < world->n_nodes && !found; other++)
        found = other != node->index && !world->nodes[other].revoked
                && reach_of (&world->nodes[other], name->writer) >= name->seq;
      if (!found)
        return FALSE;
    }
  return frontier != NULL;
}

/* Whoever puts a file back will have tried that; the weather may be against it. */
static void
exchange_first (YlSimNode *node)
{
  YlSimWorld *world = node->world;

  for (guint i = 1; i < world->n_nodes; i++)
    if (node->index == 0 || node->index == i)
      {
        yl_sim_node_sync (&world->nodes[i], 0, NULL);
        yl_sim_node_settle (&world->nodes[i]);
      }
}

/* What is not in the log yet is written again by the new pen, which the model does not follow; and a PC that has only just joined
 * writes nothing at all. */
gboolean
yl_sim_bring_out (YlSimNode *node)
{
  exchange_first (node);
  return yl_log_n_waiting (node->store) == 0 && yl_store_get_actor (node->store) != NULL;
}

void
yl_sim_node_keep (YlSimNode *node)
{
  if (node->revoked || node->full || !yl_sim_bring_out (node))
    return;
  yl_sim_note (node->world, "node %u is backed up", node->index);
  yl_sim_node_close (node);
  yl_test_disk_copy (node->disk, kept_disk (node));
  yl_sim_node_open (node);
  node->kept = TRUE;
}

/* The first change after that, by which the file gets its new pen, unless it was as its marker says. */
void
yl_sim_write_first (YlSimNode *node)
{
  g_autoptr (YlChange) change = NULL;
  g_autoptr (YlRecord) worker = yl_record_new (yl_table_find ("worker"), NULL);
  g_autofree char *pen = g_strdup (yl_store_get_writer (node->store));
  gint64 before = yl_sim_own_seq (node);
  g_autoptr (GError) error = NULL;

  yl_record_set_text (worker, "name", "孙丽");
  change = yl_change_begin (node->store, "add worker", &error);
  if (change == NULL || !yl_change_insert (change, worker, &error) || !yl_change_commit (change, &error))
    yl_sim_fail (node->world, "node %u, put back, does not write: %s", node->index, error->message);
  yl_sim_acknowledge (node, strcmp (pen, yl_store_get_writer (node->store)) == 0 ? before : 0);
}

void
yl_sim_node_put_back (YlSimNode *node)
{
  YlSimWorld *world = node->world;

  if (!node->kept || node->full || node->revoked)
    return;
  exchange_first (node);
  /* Without head office's receipt its keys may be nowhere else, even where a relay has brought its change sets there. */
  if (!is_elsewhere (node) || (node->index > 0 && yl_log_n_waiting (node->store) > 0))
    return;
  yl_sim_note (world, "node %u is put back from its backup", node->index);
  yl_sim_node_close (node);
  yl_test_disk_put_back (kept_disk (node), node->disk, ".yuelai");
  g_hash_table_remove_all (node->reached);
  yl_sim_node_open (node);
  world->hub_is_old |= node->index == 0;
  yl_sim_observe (node);
  yl_sim_write_first (node);
}

void
yl_sim_node_revoke (YlSimNode *node)
{
  YlSimWorld *world = node->world;
  g_autoptr (GError) error = NULL;

  if (node->index == 0 || node->revoked || yl_store_get_node (node->store) == NULL || world->n_revoked >= 1
      || world->hub_is_old || world->nodes[0].full)
    return;
  if (!yl_company_revoke (world->nodes[0].store, yl_store_get_node (node->store), NULL, FALSE, &error))
    yl_sim_fail (world, "node %u is not shut out: %s", node->index, error->message);
  yl_sim_note (world, "node %u is shut out", node->index);
  node->revoked = TRUE;
  world->n_revoked++;
  for (guint i = 0; i < world->writes->len; i++)
    {
      YlSimWrite *write = world->writes->pdata[i];

      write->is_void |= write->node == node->index && reach_of (&world->nodes[0], write->writer) < write->seq;
    }
}

/* All that head office takes for records of her. */
static void
note_erased (YlSimWorld *world, GPtrArray *records)
{
  for (guint i = 0; i < records->len; i++)
    {
      guint at;

      yl_sim_note (world, "%s is erased", (const char *) records->pdata[i]);
      g_hash_table_add (world->erased, g_strdup (records->pdata[i]));
      if (g_ptr_array_find_with_equal_func (world->workers, records->pdata[i], g_str_equal, &at))
        g_ptr_array_remove_index (world->workers, at);
    }
}

void
yl_sim_erase (YlSimWorld *world)
{
  g_autoptr (GError) error = NULL;
  YlSimNode *head_office = &world->nodes[0];
  guint which = yl_sim_pick (world, MAX (world->workers->len, 1));
  g_autoptr (YlRecord) worker = NULL;
  g_autoptr (GPtrArray) records = NULL;

  if (world->workers->len < 2 || world->hub_is_old || head_office->full)
    return;
  worker = yl_store_get (head_office->store, "worker", world->workers->pdata[which], NULL);
  if (worker == NULL)
    return;
  records = yl_alias_all (head_office->store, yl_record_get_id (worker), &error);
  if (records == NULL || !yl_erase_person (head_office->store, yl_record_get_id (worker), "asked", &error)
      || !yl_erase_settle (head_office->store, NULL, &error))
    yl_sim_fail (world, "%s is not erased: %s", yl_record_get_id (worker), error->message);
  note_erased (world, records);
}

/* Nobody reads anything of them. */
void
yl_sim_check_erased (YlSimNode *node)
{
  GHashTableIter iter;
  const char *id;

  g_hash_table_iter_init (&iter, node->world->erased);
  while (g_hash_table_iter_next (&iter, (gpointer *) &id, NULL))
    {
      g_autoptr (YlRecord) worker = yl_store_get (node->store, "worker", id, NULL);

      if (worker != NULL && yl_record_get_text (worker, "name") != NULL)
        yl_sim_fail (node->world, "node %u still reads %s of %s, who was erased", node->index,
                     yl_record_get_text (worker, "name"), id);
    }
}

/* One of which there is a backup, if there is any. */
static YlSimNode *
kept_or (YlSimNode *node)
{
  YlSimWorld *world = node->world;
  guint first = yl_sim_pick (world, world->n_nodes);

  for (guint i = 0; i < world->n_nodes; i++)
    if (world->nodes[(first + i) % world->n_nodes].kept)
      return &world->nodes[(first + i) % world->n_nodes];
  return node;
}

void
yl_sim_disaster (YlSimNode *node)
{
  YlSimWorld *world = node->world;

  switch (yl_sim_pick (world, world->may_prune ? 9 : 5))
    {
    case 0:
      yl_sim_node_keep (node);
      break;
    case 1:
      yl_sim_node_put_back (kept_or (node));
      break;
    case 2:
      if (world->may_revoke)
        yl_sim_node_revoke (node);
      break;
    case 3:
      if (world->may_erase)
        yl_sim_erase (world);
      break;
    case 4:
      yl_sim_copy_to_another (node);
      break;
    default:
      yl_sim_horizon (node);
    }
}
