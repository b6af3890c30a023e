/* Two stores and a hub over loopback, and everything that can stand between them. */
#include "exchange/yl-sync.h"
#include "exchange/yl-wire.h"
#include "store/yl-state-hash.h"
#include "yl-test-chain.h"
#include "yl-test-relay.h"

static void
assert_same_state (YlStore *a, YlStore *b)
{
  g_autofree char *hash_a = yl_state_hash (a, NULL);
  g_autofree char *hash_b = yl_state_hash (b, NULL);

  g_assert_nonnull (hash_a);
  g_assert_cmpstr (hash_a, ==, hash_b);
}

static void
assert_name (YlStore *store, const char *id, const char *name)
{
  g_autofree char *found = yl_test_worker_name (store, id);

  g_assert_cmpstr (found, ==, name);
}

static void
test_join_and_sync (void)
{
  g_autoptr (YlTestChain) chain = yl_test_chain_new ("http", 2);
  g_autoptr (YlStore) one = yl_test_chain_join (chain, 1, "one");
  g_autoptr (YlStore) two = yl_test_chain_join (chain, 2, "two");
  g_autofree char *worker = NULL;

  g_assert_nonnull (yl_store_get_site (one));
  g_assert_false (yl_store_is_head_office (one));
  worker = yl_test_add_worker (one, "王秀英");
  g_assert_cmpuint (yl_log_n_waiting (one), ==, 1);
  yl_test_sync (one);
  g_assert_cmpuint (yl_log_n_waiting (one), ==, 0);
  /* The key to her name came along: head office and the other store read it. */
  assert_name (yl_test_chain_head_office (chain), worker, "王秀英");
  yl_test_sync (two);
  assert_name (two, worker, "王秀英");
  yl_test_rename_worker (two, worker, "王秀兰");
  yl_test_sync (two);
  yl_test_sync (one);
  assert_name (one, worker, "王秀兰");
  assert_same_state (one, two);
  assert_same_state (one, yl_test_chain_head_office (chain));
}

static void
test_nothing_to_do (void)
{
  g_autoptr (YlTestChain) chain = yl_test_chain_new ("http", 1);
  g_autoptr (YlStore) store = yl_test_chain_join (chain, 1, "one");
  g_autoptr (GError) error = NULL;
  YlSyncReport report;

  g_assert_true (yl_sync_run (store, NULL, &report, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (report.received, ==, 0);
  g_assert_cmpuint (report.sent, ==, 0);
  g_assert_true (report.same_state);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/exchange/join-and-sync", test_join_and_sync);
  g_test_add_func ("/exchange/nothing-to-do", test_nothing_to_do);
  return g_test_run ();
}
