/* A disk error that somebody did not pass on is remembered: the change in which it happened is not committed. */
#include "change/yl-change.h"
#include "merge/yl-state-hash.h"
#include "store/yl-store-private.h"
#include "yl-sim-world.h"

static char *
begin_worker (YlChange *change)
{
  g_autoptr (YlRecord) worker = yl_record_new (yl_table_find ("worker"), NULL);
  g_autoptr (GError) error = NULL;

  yl_record_set_text (worker, "name", "王秀英");
  yl_change_insert (change, worker, &error);
  g_assert_no_error (error);
  return g_strdup (yl_record_get_id (worker));
}

/* A read that fails, from the disk and not from memory, and is said to nobody. */
static void
swallow (YlSimNode *node)
{
  g_autoptr (GError) error = NULL;
  gint64 length;

  g_assert_true (yl_database_script (node->store->database, "PRAGMA shrink_memory", &error));
  yl_test_disk_set_fault (node->disk, YL_TEST_FAULT_EIO, 1, FALSE);
  g_assert_false (yl_database_integer (node->store->database, &length, 0, &error,
                                       "SELECT total(length(message)) FROM entry", NULL));
  g_assert_nonnull (error);
  yl_test_disk_set_fault (node->disk, YL_TEST_FAULT_NONE, 0, FALSE);
}

static void
test_swallowed (void)
{
  g_autoptr (YlSimWorld) world = yl_sim_world_new_calm (2);
  g_autoptr (GError) error = NULL;
  YlStore *store = world->nodes[1].store;
  g_autoptr (YlChange) change = yl_change_begin (store, "add worker", &error);
  g_autofree char *id = begin_worker (change);

  swallow (&world->nodes[1]);
  g_assert_false (yl_change_commit (change, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_FAILED);
  g_clear_pointer (&change, yl_change_free);
  g_clear_error (&error);
  g_assert_null (yl_store_get (store, "worker", id, NULL));
  g_assert_true (yl_store_check (store, &error));
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  yl_test_random_install (0);
  yl_test_vfs_install ();
  yl_sim_markers_use ();
  g_test_add_func ("/disk-error/swallowed", test_swallowed);
  result = g_test_run ();
  yl_sim_worlds_end ();
  return result;
}
