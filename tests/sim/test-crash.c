/*
 * Machines that go down, and disks that fail, at every operation of every job that writes (docs/testing.md). A point is a job, an operation
 * and what becomes of unsynced writes. YL_POINTS=N crash points and YL_IO_POINTS=N disk errors are spread over all there are;
 * without them 500 and 300.
 */
#include <stdlib.h>
#include <string.h>

#include "exchange/yl-exchange.h"
#include "log/yl-merge-log.h"
#include "change/yl-change.h"
#include "trust/yl-company.h"
#include "merge/yl-conflict.h"
#include "merge/yl-state-hash.h"
#include "yl-sim-world.h"

#define N_NODES 3
#define DAMAGES_MAX 64
#define DEEPEST 3

/** Job: @node: whose disk fails. @run may be run again after it broke, until it has succeeded. */
typedef struct
{
  const char *name;
  guint node;
  gboolean (*run) (YlSimWorld *world, GError **error);
} Job;

static char *worker_id; /* of the one that all know */

static gboolean
rename_worker (YlSimNode *node, const char *name, GError **error)
{
  g_autoptr (YlRecord) worker = yl_store_get (node->store, "worker", worker_id, error);
  g_autoptr (YlChange) change = worker == NULL ? NULL : yl_change_begin (node->store, "edit worker", error);

  if (change == NULL)
    return FALSE;
  yl_record_set_text (worker, "name", name);
  return yl_change_update (change, worker, error) && yl_change_commit (change, error);
}

static gboolean
add_worker (YlSimNode *node, const char *name, GError **error)
{
  g_autoptr (YlRecord) worker = yl_record_new (yl_table_find ("worker"), NULL);
  g_autoptr (YlChange) change = yl_change_begin (node->store, "add worker", error);

  if (change == NULL)
    return FALSE;
  yl_record_set_text (worker, "name", name);
  return yl_change_insert (change, worker, error) && yl_change_commit (change, error);
}

static gint64
own_seq (YlSimNode *node)
{
  gint64 seq;

  yl_test_disk_pause (node->disk, TRUE);
  seq = yl_sim_own_seq (node);
  yl_test_disk_pause (node->disk, FALSE);
  return seq;
}

/* Every commit that says TRUE is noted at once, so that a later fault does not hide it. */
static gboolean
acknowledged (YlSimNode *node, gint64 before, gboolean ok)
{
  if (!ok)
    return FALSE;
  yl_test_disk_pause (node->disk, TRUE);
  yl_sim_acknowledge (node, before);
  yl_test_disk_pause (node->disk, FALSE);
  return TRUE;
}

static gboolean
save (YlSimWorld *world, GError **error)
{
  YlSimNode *node = &world->nodes[1];

  for (guint i = 0; i < 3; i++)
    {
      gint64 before = own_seq (node);
      g_autofree char *name = g_strdup_printf ("李%u", 10 + i);

      if (!acknowledged (node, before, add_worker (node, name, error)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
sync_one (YlSimWorld *world, GError **error)
{
  return yl_sim_node_sync (&world->nodes[1], 0, error);
}

static gboolean
append (YlSimWorld *world, GError **error)
{
  return yl_merge_log_append (world->nodes[1].store, error);
}

static gboolean
resolve (YlSimWorld *world, GError **error)
{
  YlSimNode *node = &world->nodes[2];
  gint64 before = own_seq (node);
  g_autoptr (GPtrArray) conflicts = yl_conflict_list (node->store, error);

  if (conflicts == NULL)
    return FALSE;
  return conflicts->len == 0
         || acknowledged (node, before, yl_conflict_choose (node->store, conflicts->pdata[0], 1, NULL, error));
}

static gboolean
rebuild (YlSimWorld *world, GError **error)
{
  return yl_store_rebuild (world->nodes[2].store, error);
}

static gboolean
add_site (YlSimWorld *world, GError **error)
{
  g_autofree char *code = g_strdup_printf ("Z%u", yl_sim_pick (world, 100000));
  YlNewSite site = { code, code, 39900000, 116400000 };
  g_autofree char *id = yl_company_add_site (world->nodes[0].store, &site, error);

  return id != NULL;
}

/* Closing writes the write-ahead log back into the file. */
static gboolean
reopen (YlSimWorld *world, GError **error)
{
  YlSimNode *node = &world->nodes[1];

  yl_sim_node_close (node);
  if (yl_test_disk_has_failed (node->disk))
    return FALSE;
  node->store = yl_store_open (node->file, error);
  return node->store != NULL;
}

static const Job jobs[] = {
  { "save", 1, save },       { "append", 1, append },   { "exchange", 1, sync_one },  { "hub takes in", 0, sync_one },
  { "resolve", 2, resolve }, { "rebuild", 2, rebuild }, { "authority", 0, add_site }, { "close and open", 1, reopen },
};

/* Both sides have work that the other lacks, and a conflict is there to be resolved. */
static void
prepare (YlSimWorld *world)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) workers = NULL;

  add_worker (&world->nodes[0], "王秀英", &error);
  workers = yl_store_list (world->nodes[0].store, "worker", NULL, 0, &error);
  worker_id = g_strdup (yl_record_get_id (workers->pdata[0]));
  for (guint i = 1; i < N_NODES; i++)
    yl_sim_node_sync (&world->nodes[i], 0, &error);
  rename_worker (&world->nodes[0], "张桂英", &error);
  rename_worker (&world->nodes[2], "陈玉梅", &error);
  yl_sim_node_sync (&world->nodes[2], 0, &error);
  for (guint i = 0; i < 5; i++)
    {
      add_worker (&world->nodes[1], "刘红", &error);
      add_worker (&world->nodes[0], "赵敏", &error);
    }
  g_assert_no_error (error);
  yl_sim_world_save (world);
}

static void
expect (YlSimWorld *world, const char *job, gboolean ok, GError **error)
{
  if (!ok)
    yl_sim_fail (world, "%s: %s", job, *error == NULL ? "no reason" : (*error)->message);
}

/* After the fault: the job comes to its end, and all copies agree. */
static void
finish (YlSimWorld *world, const Job *job)
{
  g_autoptr (GError) error = NULL;

  expect (world, job->name, job->run (world, &error), &error);
  for (guint round = 0; round < 2; round++)
    for (guint i = 1; i < N_NODES; i++)
      expect (world, "the exchange afterwards", yl_sim_node_sync (&world->nodes[i], 0, &error), &error);
  yl_sim_check_end (world);
}

/* How many operations of one kind a job makes. */
static guint
count_operations (YlSimWorld *world, const Job *job, YlTestFault fault)
{
  YlTestDisk *disk = world->nodes[job->node].disk;
  g_autoptr (GError) error = NULL;

  yl_sim_world_load (world);
  yl_test_disk_set_fault (disk, fault, G_MAXUINT, FALSE);
  expect (world, job->name, job->run (world, &error), &error);
  return yl_test_disk_count (disk);
}

/* The machine comes back, and goes down again while it recovers, up to @depth times. */
static void
come_back (YlSimWorld *world, YlSimNode *node, guint64 damage, guint depth)
{
  for (guint i = 0; i < depth; i++)
    {
      g_autoptr (YlStore) half = NULL;

      yl_sim_node_close (node);
      yl_test_disk_crash (node->disk, damage + i);
      yl_test_disk_set_fault (node->disk, YL_TEST_FAULT_CRASH, 1 + yl_sim_pick (world, 6), TRUE);
      half = yl_store_open (node->file, NULL);
      if (half != NULL)
        g_free (yl_state_hash (half, NULL));
    }
  yl_sim_node_close (node);
  yl_test_disk_crash (node->disk, damage);
  yl_sim_node_open (node);
}

static void
crash_point (YlSimWorld *world, const Job *job, guint at, guint64 damage)
{
  YlSimNode *node = &world->nodes[job->node];
  g_autoptr (GError) error = NULL;

  yl_sim_world_load (world);
  world->random = yl_test_random_seed (damage, at);
  yl_sim_note (world, "%s: down at operation %u, damage %" G_GUINT64_FORMAT, job->name, at, damage);
  yl_test_disk_set_fault (node->disk, YL_TEST_FAULT_CRASH, at, TRUE);
  job->run (world, &error);
  come_back (world, node, damage, damage % 5 == 4 ? 1 + (guint) (damage / 5) % DEEPEST : 0);
  yl_sim_check_node (node);
  if (damage % 4 == 0)
    finish (world, job);
}

static void
io_point (YlSimWorld *world, const Job *job, YlTestFault fault, guint at, gboolean for_ever)
{
  YlSimNode *node = &world->nodes[job->node];
  g_autoptr (GError) error = NULL, untold = NULL;
  g_autofree char *hash = NULL;

  yl_sim_world_load (world);
  yl_sim_note (world, "%s: %s at operation %u%s", job->name, fault == YL_TEST_FAULT_EIO ? "EIO" : "ENOSPC", at,
               for_ever ? " and ever after" : "");
  yl_test_disk_set_fault (node->disk, fault, at, for_ever);
  if (!job->run (world, &error) && error == NULL && node->store != NULL)
    yl_sim_fail (world, "%s broke without a reason", job->name);
  yl_sim_note (world, "%s", error == NULL ? "done" : error->message);
  yl_test_disk_set_fault (node->disk, YL_TEST_FAULT_NONE, 0, FALSE);
  if (node->store == NULL)
    yl_sim_node_open (node);
  /* What could not be read is told once, if the job did not. */
  if (!yl_store_check_reads (node->store, &untold))
    yl_sim_note (world, "untold: %s", untold->message);
  hash = yl_state_hash (node->store, NULL);
  if (hash == NULL)
    yl_sim_fail (world, "%s: the state cannot be read afterwards", job->name);
  yl_sim_check_node (node);
  if (at % 4 == 0)
    finish (world, job);
}

static guint
from_environment (const char *name, guint otherwise)
{
  const char *text = g_getenv (name);

  return text != NULL ? (guint) g_ascii_strtoull (text, NULL, 10) : otherwise;
}

/* All points in one row, from which @n are taken at equal distances; with more than there are, each comes again with other damage. */
static guint
crash_points (YlSimWorld *world, guint n)
{
  guint counts[G_N_ELEMENTS (jobs)], total = 0, done = 0;
  guint64 damages;

  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      counts[i] = count_operations (world, &jobs[i], YL_TEST_FAULT_CRASH);
      g_print ("# %s: %u operations\n", jobs[i].name, counts[i]);
      total += counts[i];
    }
  damages = CLAMP (1 + n / total, 8, DAMAGES_MAX);
  for (guint k = 0; k < n; k++)
    {
      guint64 point = (guint64) k * total * damages / n;
      guint at = (guint) (point / damages);
      guint job = 0;

      for (; at >= counts[job]; job++)
        at -= counts[job];
      crash_point (world, &jobs[job], at + 1, point % damages);
      done++;
    }
  return done;
}

static guint
io_points (YlSimWorld *world, guint n)
{
  static const YlTestFault faults[] = { YL_TEST_FAULT_EIO, YL_TEST_FAULT_FULL };
  guint counts[G_N_ELEMENTS (jobs)][2], total = 0, done = 0;

  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    for (guint f = 0; f < 2; f++)
      {
        counts[i][f] = count_operations (world, &jobs[i], faults[f]);
        total += 2 * counts[i][f];
      }
  for (guint k = 0; k < n; k++)
    {
      guint at = (guint) ((guint64) k * total / n);
      guint row = 0;

      for (; at >= 2 * counts[row / 2][row % 2]; row++)
        at -= 2 * counts[row / 2][row % 2];
      io_point (world, &jobs[row / 2], faults[row % 2], at / 2 + 1, at % 2 == 0);
      done++;
    }
  g_print ("# of %u disk errors there are\n", total);
  return done;
}

int
main (int argc, char **argv)
{
  YlSimWorld *world;

  yl_test_random_install (0);
  yl_test_vfs_install ();
  g_print ("1..2\n");
  world = yl_sim_world_new_calm (N_NODES);
  prepare (world);
  g_print ("ok 1 - %u crashes\n", crash_points (world, from_environment ("YL_POINTS", 500)));
  g_print ("ok 2 - %u disk errors\n", io_points (world, from_environment ("YL_IO_POINTS", 300)));
  yl_sim_world_free (world);
  yl_sim_worlds_end ();
  g_free (worker_id);
  return 0;
}
