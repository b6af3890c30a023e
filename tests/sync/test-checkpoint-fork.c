/* A store file and a copy of it wrote on under one pen: a checkpoint of their log, what is behind it, and what is dropped. In one process. */
#include "checkpoint/yl-checkpoint-history.h"
#include "checkpoint/yl-checkpoint-horizon.h"
#include "log/yl-behind.h"
#include "merge/yl-repair.h"
#include "merge/yl-state-hash.h"
#include "store/yl-backup.h"
#include "yl-test-way.h"

#define N_EACH 12

/** Fixture: head office, and PCs; the twin's file is a copy of the first one's. */
typedef struct
{
  YlTestChain *chain;
  YlStore *head;
  YlStore *one;
  YlStore *twin;
  YlStore *two;
  YlTestWay way;
} Fixture;

static void
add_workers (YlStore *store, guint n)
{
  for (guint i = 0; i < n; i++)
    g_free (yl_test_add_worker (store, "王秀英"));
}

static void
sync_all (Fixture *fixture)
{
  YlStore *stores[] = { fixture->one, fixture->twin, fixture->two };

  for (guint i = 0; i < 2 * G_N_ELEMENTS (stores); i++)
    yl_test_sync (stores[i % G_N_ELEMENTS (stores)]);
}

static void
make_checkpoint (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlCheckpoint) made = yl_checkpoint_make (yl_test_chain_head_office (fixture->chain), &error);

  g_assert_no_error (error);
  g_assert_nonnull (made);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *copy = NULL;

  fixture->chain = yl_test_way_chain (&fixture->way, &fixture->one, &fixture->two);
  fixture->head = yl_test_chain_head_office (fixture->chain);
  copy = yl_test_chain_file (fixture->chain, "twin");
  add_workers (fixture->one, 3);
  yl_test_sync (fixture->one);
  yl_store_backup (fixture->one, copy, &error);
  fixture->twin = error == NULL ? yl_store_open (copy, &error) : NULL;
  g_assert_no_error (error);
  add_workers (fixture->one, N_EACH);
  add_workers (fixture->twin, N_EACH);
  add_workers (fixture->two, 2);
  sync_all (fixture);
  add_workers (fixture->two, 1);
  sync_all (fixture);
  make_checkpoint (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->one);
  g_clear_object (&fixture->twin);
  g_clear_object (&fixture->two);
  yl_test_way_end (&fixture->way, fixture->chain);
}

/* Whole by itself, and the same as head office's, files of a checkpoint included. */
static void
expect_same (Fixture *fixture, YlStore *store)
{
  g_autoptr (GError) error = NULL;
  YlStore *head = yl_test_chain_head_office (fixture->chain);
  g_autoptr (YlCheckpointContent) own = yl_checkpoint_content_new (store, &error);
  g_autoptr (YlCheckpointContent) other = error == NULL ? yl_checkpoint_content_new (head, &error) : NULL;

  g_assert_no_error (error);
  g_assert_true (git_oid_equal (&own->tree, &other->tree));
  yl_store_check (store, &error);
  g_assert_no_error (error);
}

static void
fetch_history (YlStore *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlPeer) peer = yl_peer_new (store, NULL, &error);

  g_assert_no_error (error);
  yl_history_fetch (store, peer, &error);
  g_assert_no_error (error);
  g_assert_cmpint (yl_test_behind (store).n_all, ==, 0);
}

/* A new copy begins with the checkpoint, works on, and gets what is behind it. */
static void
test_start (Fixture *fixture, gconstpointer data)
{
  g_autoptr (YlStore) new = yl_test_chain_enrol (fixture->chain, 2, "new");

  yl_test_sync (new);
  g_assert_cmpint (yl_test_behind (new).n_all, >, 2 * N_EACH);
  g_assert_cmpint (yl_test_behind (new).n_here, ==, 0);
  expect_same (fixture, new);
  add_workers (new, 1);
  add_workers (fixture->one, 1);
  add_workers (fixture->twin, 1);
  sync_all (fixture);
  yl_test_sync (new);
  sync_all (fixture);
  expect_same (fixture, new);
  fetch_history (new);
  expect_same (fixture, new);
}

static guint
prune (Fixture *fixture, YlStore *store)
{
  g_autofree char *file = yl_test_chain_file (fixture->chain, "backup");
  g_autoptr (GError) error = NULL;
  g_autoptr (YlPeer) peer = NULL;
  guint n = 0;

  yl_store_backup (fixture->head, file, &error);
  g_assert_no_error (error);
  yl_horizon_verified (fixture->head, file, &error);
  g_assert_no_error (error);
  peer = yl_peer_new (store, NULL, &error);
  yl_checkpoint_prune (store, peer, &n, &error);
  g_assert_no_error (error);
  return n;
}

/* What a store drops it can have again, although it has its own order. */
static void
test_prune (Fixture *fixture, gconstpointer data)
{
  YlStore *stores[] = { fixture->two, fixture->twin };
  YlStore *store = stores[GPOINTER_TO_UINT (data)];

  g_assert_cmpuint (prune (fixture, store), >, 2 * N_EACH);
  expect_same (fixture, store);
  add_workers (fixture->one, 2);
  add_workers (fixture->twin, 2);
  add_workers (fixture->two, 2);
  sync_all (fixture);
  expect_same (fixture, store);
  fetch_history (store);
  expect_same (fixture, store);
}

/* What was written since the checkpoint stays, to the first entry behind the horizon. */
static void
test_prune_newer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 n_lacking, n_kept;

  add_workers (fixture->one, 2);
  add_workers (fixture->two, 2);
  sync_all (fixture);
  g_assert_cmpuint (prune (fixture, fixture->one), >, 2 * N_EACH);
  yl_database_integer (fixture->one->database, &n_lacking, 0, &error,
                       "SELECT count (*) FROM entry JOIN strand USING (w) WHERE entry.seq > base AND message IS NULL",
                       NULL);
  yl_database_integer (fixture->one->database, &n_kept, 0, &error,
                       "SELECT count (*) FROM entry JOIN strand USING (w) WHERE entry.seq > base", NULL);
  g_assert_no_error (error);
  g_assert_cmpint (n_kept, >=, 4);
  g_assert_cmpint (n_lacking, ==, 0);
  expect_same (fixture, fixture->one);
}

/* The copy comes to light only after the checkpoint: what it wrote leaves the log behind that. */
static void
test_late (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *copy = yl_test_chain_file (fixture->chain, "late");
  g_autoptr (YlStore) late = NULL;

  yl_store_backup (fixture->two, copy, &error);
  g_assert_no_error (error);
  add_workers (fixture->two, 3);
  sync_all (fixture);
  make_checkpoint (fixture);
  g_assert_cmpuint (prune (fixture, fixture->one), >, 2 * N_EACH);
  late = yl_store_open (copy, &error);
  g_assert_no_error (error);
  add_workers (late, 2);
  yl_test_sync (late);
  sync_all (fixture);
  expect_same (fixture, fixture->one);
  make_checkpoint (fixture);
  fetch_history (fixture->one);
  expect_same (fixture, fixture->one);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/checkpoint-fork/start", Fixture, NULL, set_up, test_start, tear_down);
  g_test_add ("/checkpoint-fork/prune/other", Fixture, GUINT_TO_POINTER (0), set_up, test_prune, tear_down);
  g_test_add ("/checkpoint-fork/prune/newer", Fixture, NULL, set_up, test_prune_newer, tear_down);
  g_test_add ("/checkpoint-fork/prune/copy", Fixture, GUINT_TO_POINTER (1), set_up, test_prune, tear_down);
  g_test_add ("/checkpoint-fork/late", Fixture, NULL, set_up, test_late, tear_down);
  return g_test_run ();
}
