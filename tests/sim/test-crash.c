/*
 * Machines that go down, and disks that fail, at every operation of every job that writes (docs/testing.md). A point is a job, an operation
 * and what becomes of unsynced writes. YL_POINTS=N crash points and YL_IO_POINTS=N disk errors are spread over all there are;
 * without them 500 and 300.
 */
#include <stdlib.h>
#include <string.h>

#include "checkpoint/yl-checkpoint-base.h"
#include "merge/yl-state-hash.h"
#include "yl-crash-jobs.h"

#define N_NODES 3
#define DAMAGES_MAX 64
#define DEEPEST 3

static void
expect (YlSimWorld *world, const char *job, gboolean ok, GError **error)
{
  if (!ok)
    yl_sim_fail (world, "%s: %s", job, *error == NULL ? "no reason" : (*error)->message);
}

static void
verify (YlSimWorld *world, const YlCrashJob *job)
{
  if (job->verify != NULL)
    job->verify (world);
}

/* After the fault: the job comes to its end, and all copies agree. */
static void
finish (YlSimWorld *world, const YlCrashJob *job)
{
  g_autoptr (GError) error = NULL;

  expect (world, job->name, job->run (world, &error), &error);
  verify (world, job);
  for (guint round = 0; round < 2; round++)
    for (guint i = 1; i < world->n_nodes; i++)
      expect (world, "the exchange afterwards", yl_sim_node_sync (&world->nodes[i], 0, &error), &error);
  expect (world, "the history afterwards", yl_sim_node_fetch_history (&world->nodes[YL_CRASH_NEWCOMER], &error),
          &error);
  yl_sim_check_end (world);
}

static void
begin (YlSimWorld *world, const YlCrashJob *job)
{
  yl_sim_world_load (world);
  if (job->prepare != NULL)
    job->prepare (world);
}

/* How many operations of one kind a job makes. */
static guint
count_operations (YlSimWorld *world, const YlCrashJob *job, YlTestFault fault)
{
  YlTestDisk *disk = world->nodes[job->node].disk;
  g_autoptr (GError) error = NULL;

  begin (world, job);
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
}

/* A file that was about to be made need not be there; then it can be made. */
static void
open_or_create (YlSimWorld *world, const YlCrashJob *job, YlSimNode *node, gboolean was_there)
{
  g_autoptr (GError) error = NULL;

  if (was_there || job->run != yl_crash_create || yl_sim_node_is_there (node))
    yl_sim_node_open (node);
  else
    expect (world, job->name, job->run (world, &error), &error);
}

static void
crash_point (YlSimWorld *world, const YlCrashJob *job, guint at, guint64 damage)
{
  YlSimNode *node = &world->nodes[job->node];
  g_autoptr (GError) error = NULL;
  gboolean ok;

  begin (world, job);
  world->random = yl_test_random_seed (damage, at);
  yl_sim_note (world, "%s: down at operation %u, damage %" G_GUINT64_FORMAT, job->name, at, damage);
  yl_test_disk_set_fault (node->disk, YL_TEST_FAULT_CRASH, at, TRUE);
  ok = job->run (world, &error);
  come_back (world, node, damage, damage % 5 == 4 ? 1 + (guint) (damage / 5) % DEEPEST : 0);
  open_or_create (world, job, node, ok);
  if (ok)
    verify (world, job);
  yl_sim_check_node (node);
  if (damage % 4 == 0)
    finish (world, job);
}

static void
io_point (YlSimWorld *world, const YlCrashJob *job, YlTestFault fault, guint at, gboolean for_ever)
{
  YlSimNode *node = &world->nodes[job->node];
  g_autoptr (GError) error = NULL, untold = NULL;
  g_autofree char *hash = NULL;
  gboolean ok;

  begin (world, job);
  yl_sim_note (world, "%s: %s at operation %u%s", job->name, fault == YL_TEST_FAULT_EIO ? "EIO" : "ENOSPC", at,
               for_ever ? " and ever after" : "");
  yl_test_disk_set_fault (node->disk, fault, at, for_ever);
  ok = job->run (world, &error);
  if (!ok && error == NULL && node->store != NULL)
    yl_sim_fail (world, "%s broke without a reason", job->name);
  yl_sim_note (world, "%s", error == NULL ? "done" : error->message);
  yl_test_disk_set_fault (node->disk, YL_TEST_FAULT_NONE, 0, FALSE);
  if (node->store == NULL)
    open_or_create (world, job, node, ok);
  if (ok)
    verify (world, job);
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
  g_autofree guint *counts = g_new0 (guint, yl_crash_n_jobs);
  guint total = 0, done = 0;
  guint64 damages;

  for (guint i = 0; i < yl_crash_n_jobs; i++)
    {
      counts[i] = count_operations (world, &yl_crash_jobs[i], YL_TEST_FAULT_CRASH);
      g_print ("# %s: %u operations\n", yl_crash_jobs[i].name, counts[i]);
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
      crash_point (world, &yl_crash_jobs[job], at + 1, point % damages);
      done++;
    }
  return done;
}

static guint
io_points (YlSimWorld *world, guint n)
{
  static const YlTestFault faults[] = { YL_TEST_FAULT_EIO, YL_TEST_FAULT_FULL };
  g_autofree guint *counts = g_new0 (guint, 2 * yl_crash_n_jobs); /* EIO, then full, of each job */
  guint total = 0, done = 0;

  for (guint i = 0; i < yl_crash_n_jobs; i++)
    for (guint f = 0; f < 2; f++)
      {
        counts[2 * i + f] = count_operations (world, &yl_crash_jobs[i], faults[f]);
        total += 2 * counts[2 * i + f];
      }
  for (guint k = 0; k < n; k++)
    {
      guint at = (guint) ((guint64) k * total / n);
      guint row = 0;

      for (; at >= 2 * counts[row]; row++)
        at -= 2 * counts[row];
      io_point (world, &yl_crash_jobs[row / 2], faults[row % 2], at / 2 + 1, at % 2 == 0);
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
  yl_checkpoint_init ();
  g_print ("1..2\n");
  world = yl_sim_world_new_calm (N_NODES);
  yl_crash_world_prepare (world);
  g_print ("ok 1 - %u crashes\n", crash_points (world, from_environment ("YL_POINTS", 500)));
  g_print ("ok 2 - %u disk errors\n", io_points (world, from_environment ("YL_IO_POINTS", 300)));
  yl_sim_world_free (world);
  yl_sim_worlds_end ();
  yl_crash_jobs_end ();
  return 0;
}
