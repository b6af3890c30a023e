/*
 * Whole companies, one a seed, through the shipped core, log, exchange and hub; only clock, disk, link and randomness are ours
 * (docs/testing.md). YL_SEEDS=N and YL_FIRST_SEED=N choose how many and which; seeds that ever failed (seeds.txt) run first.
 */
#include <glib/gprintf.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checkpoint/yl-checkpoint-base.h"
#include "exchange/yl-exchange.h"
#include "yl-sim-world.h"

#define STEPS 60
#define ROUNDS_TO_HEAL 6

static guint64 running;

static void
advance (YlSimWorld *world)
{
  /* In some worlds nearly all happens at once: then change sets of several stores have equal clocks. */
  if (world->seed % 4 == 2 && yl_sim_chance (world, 90))
    return;
  /* Whole minutes, so that two stores often read the same time. */
  world->now += yl_sim_pick (world, 3) * YL_MINUTE_MS;
}

static YlSimNode *
pick_node (YlSimWorld *world)
{
  return &world->nodes[yl_sim_pick (world, world->n_nodes)];
}

/* One exchange, with head office or with the relay at @other. */
static void
sync_step (YlSimNode *node, YlSimNode *other)
{
  YlSimWorld *world = node->world;
  g_autoptr (GError) error = NULL;
  gboolean ok;

  if (node->index == 0 || node == other)
    return;
  yl_sim_node_arm (node, world->crashes);
  ok = other->index == 0 ? yl_sim_node_sync (node, 0, &error) : yl_sim_node_sync_with (node, other, &error);
  yl_sim_note (world, "node %u syncs with %u: %s", node->index, other->index, ok ? "ok" : error->message);
  if (!ok && g_error_matches (error, YL_ERROR, YL_ERROR_CORRUPT) && !yl_test_disk_has_failed (node->disk))
    yl_sim_fail (world, "node %u: %s", node->index, error->message);
  if (!yl_sim_node_settle (node))
    {
      yl_sim_observe (node);
      yl_sim_check_receipts (node);
    }
  yl_sim_observe (other);
}

/* An exchange that waits for news where there is none yet. */
static void
wait_step (YlSimNode *node)
{
  g_autoptr (GError) error = NULL;
  gboolean ok;

  if (node->index == 0)
    return;
  ok = yl_sim_node_sync (node, 25, &error);
  yl_sim_note (node->world, "node %u waits: %s", node->index, ok ? "news" : error->message);
  yl_sim_node_settle (node);
  yl_sim_observe (node);
}

static void
set_skew (YlSimNode *node)
{
  static const gint64 years = 365 * YL_DAY_MS;
  static const gint64 skews[] = { 0, 4 * YL_MINUTE_MS, -4 * YL_MINUTE_MS, 3 * YL_DAY_MS, 10 * years, -10 * years };

  node->skew = skews[yl_sim_pick (node->world, G_N_ELEMENTS (skews))];
  node->was_behind |= node->skew < -YL_CLOCK_MAX_LEAD_MS;
  yl_sim_note (node->world, "node %u has its clock %" G_GINT64_FORMAT " ms off", node->index, node->skew);
}

static void
set_full (YlSimNode *node, gboolean full)
{
  node->full = full;
  yl_test_disk_set_fault (node->disk, full ? YL_TEST_FAULT_FULL : YL_TEST_FAULT_NONE, 1, TRUE);
  yl_sim_note (node->world, "node %u has %s", node->index, full ? "a full disk" : "room again");
}

static void
trouble (YlSimNode *node)
{
  switch (yl_sim_pick (node->world, 6))
    {
    case 0:
      node->mute = !node->mute;
      break;
    case 1:
      node->deaf = !node->deaf;
      break;
    case 2:
      set_skew (node);
      break;
    case 3:
      set_full (node, !node->full);
      break;
    case 4:
      yl_sim_node_close (node);
      yl_sim_node_open (node);
      break;
    default:
      yl_sim_link_deliver_late (node->world);
    }
}

static void
step (YlSimWorld *world)
{
  YlSimNode *node = pick_node (world);
  guint kind = yl_sim_pick (world, 100);

  advance (world);
  if (yl_sim_chance (world, world->disasters))
    yl_sim_disaster (node);
  if (kind < 55)
    yl_sim_work (node);
  else if (kind < 82)
    sync_step (node, &world->nodes[0]);
  else if (kind < 88)
    sync_step (node, pick_node (world));
  else if (kind < 91)
    wait_step (node);
  else if (kind < 93)
    yl_sim_carry (node, pick_node (world));
  else
    trouble (node);
}

static void
heal (YlSimWorld *world)
{
  world->loss = world->doubled = world->late = world->cut_short = world->crashes = world->hub_crashes = 0;
  yl_sim_link_forget (world);
  for (guint i = 0; i < world->n_nodes; i++)
    {
      YlSimNode *node = &world->nodes[i];

      node->deaf = node->mute = FALSE;
      node->skew = 0;
      if (node->full)
        set_full (node, FALSE);
      g_clear_pointer (&node->peer, yl_peer_free);
    }
}

static gboolean
sync_and_rest (YlSimNode *node, GError **error)
{
  return yl_sim_node_sync (node, 0, error) && (node->revoked || yl_exchange_rest (node->store, error));
}

/* With everything in order again, every exchange comes to its end, and a few of them are enough. */
static void
come_together (YlSimWorld *world)
{
  for (guint round = 0; round < ROUNDS_TO_HEAL; round++)
    for (guint i = 1; i < world->n_nodes; i++)
      {
        g_autoptr (GError) error = NULL;

        if (!sync_and_rest (&world->nodes[i], &error)
            && !(world->nodes[i].revoked && g_error_matches (error, YL_ERROR, YL_ERROR_REFUSED)))
          yl_sim_fail (world, "node %u cannot sync although all is well: %s", i, error->message);
        yl_sim_observe (&world->nodes[i]);
      }
}

/* In half of the worlds whoever has dropped change sets, or never had them, gets them back. */
static void
fetch_histories (YlSimWorld *world)
{
  for (guint i = 1; i < world->n_nodes && world->seed % 2 == 0; i++)
    {
      g_autoptr (GError) error = NULL;

      if (!world->nodes[i].revoked && !yl_sim_node_has_history (&world->nodes[i])
          && !yl_sim_node_fetch_history (&world->nodes[i], &error))
        yl_sim_fail (world, "node %u does not get its history: %s", i, error->message);
    }
}

static guint64
digest (YlSimWorld *world)
{
  guint64 sum = 14695981039346656037u;

  for (guint i = 0; i < world->trace->len; i++)
    for (const char *c = world->trace->pdata[i]; *c != '\0'; c++)
      sum = (sum ^ (guint8) *c) * 1099511628211u;
  return sum;
}

static guint64
run_seed (guint64 seed)
{
  g_autoptr (YlSimWorld) world = NULL;

  running = seed;
  world = yl_sim_world_new (seed);
  for (guint i = 0; i < STEPS + 4 * world->n_nodes; i++)
    step (world);
  heal (world);
  come_together (world);
  fetch_histories (world);
  yl_sim_check_end (world);
  return digest (world);
}

static guint
from_environment (const char *name, guint otherwise)
{
  const char *text = g_getenv (name);

  return text != NULL ? (guint) g_ascii_strtoull (text, NULL, 10) : otherwise;
}

static void
run_kept (const char *file)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (file, &text, NULL, NULL))
    g_error ("%s cannot be read", file);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (g_ascii_isdigit (*lines[i]))
      run_seed (g_ascii_strtoull (lines[i], NULL, 10));
}

/* Nothing but the seed decides: not the order of a hash table, not the address of a pointer. */
static void
check_determinism (guint64 seed)
{
  guint64 first = run_seed (seed);

  if (run_seed (seed) == first)
    return;
  g_print ("not ok - seed %" G_GUINT64_FORMAT " runs differently the second time\n", seed);
  exit (1);
}

static void
abort_cb (int signal_number)
{
  static const char text[] = "# the seed that broke off is in the line above\n";
  char line[64];
  int length = g_snprintf (line, sizeof line, "# seed %" G_GUINT64_FORMAT "\n", running);

  if (write (STDERR_FILENO, line, (size_t) length) < 0 || write (STDERR_FILENO, text, sizeof text - 1) < 0)
    _exit (2);
  signal (signal_number, SIG_DFL);
  raise (signal_number);
}

int
main (int argc, char **argv)
{
  guint first = from_environment ("YL_FIRST_SEED", 1);
  guint n = from_environment ("YL_SEEDS", 1000);

  signal (SIGABRT, abort_cb);
  signal (SIGSEGV, abort_cb);
  signal (SIGTRAP, abort_cb);
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  yl_test_random_install (0);
  yl_test_vfs_install ();
  yl_sim_markers_use ();
  yl_checkpoint_init ();
  g_print ("1..1\n");
  if (argc > 1)
    run_kept (argv[1]);
  check_determinism (first);
  for (guint seed = first; seed < first + n; seed++)
    run_seed (seed);
  yl_sim_worlds_end ();
  g_print ("ok 1 - %u seeds from %u\n", n, first);
  return 0;
}
