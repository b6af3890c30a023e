/* Two stores and a hub over loopback, and everything that can stand between them. */
#include <string.h>

#include "exchange/yl-delivery.h"
#include "exchange/yl-frontier.h"
#include "exchange/yl-sync.h"
#include "merge/yl-state-hash.h"
#include "store/yl-store-private.h"
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
  g_autoptr (YlStore) two = yl_test_chain_join (chain, 1, "two");
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

static void
sync_through (YlStore *store, YlTestRelay *relay, int code)
{
  g_autoptr (GError) error = NULL;
  gboolean ok = yl_sync_run (store, yl_test_relay_get_url (relay), NULL, &error);

  if (code < 0)
    {
      g_assert_no_error (error);
      g_assert_true (ok);
      return;
    }
  g_assert_false (ok);
  g_assert_error (error, YL_ERROR, code);
  /* One sentence that names where. */
  g_assert_nonnull (strstr (error->message, yl_test_relay_get_url (relay)));
  g_assert_null (strchr (error->message, '\n'));
}

/* Each call spoiled in each way gives the right error, changes nothing, and is made good by the next exchange. */
static void
test_spoiled_answers (void)
{
  const struct
  {
    const char *path;
    YlRelayMode mode;
    int code;
  } cases[] = {
    { "session/challenge", YL_RELAY_HTML, YL_ERROR_INVALID },
    { "session/challenge", YL_RELAY_NO_JSON, YL_ERROR_INVALID },
    { "session/challenge", YL_RELAY_OTHER_JSON, YL_ERROR_INVALID },
    { "session/challenge", YL_RELAY_HALF, YL_ERROR_INVALID },
    { "session/challenge", YL_RELAY_FORGE, YL_ERROR_INVALID },
    { "session/challenge", YL_RELAY_HANG_UP, YL_ERROR_OFFLINE },
    { "session", YL_RELAY_OTHER_JSON, YL_ERROR_INVALID },
    { "sync", YL_RELAY_NO_JSON, YL_ERROR_INVALID },
    { "sync", YL_RELAY_HTML, YL_ERROR_INVALID },
    { "sync", YL_RELAY_OTHER_JSON, YL_ERROR_INVALID },
    { "sync", YL_RELAY_HALF, YL_ERROR_INVALID },
    { "sync", YL_RELAY_FLIP, YL_ERROR_INVALID },
    { "sync", YL_RELAY_CUT, YL_ERROR_OFFLINE },
    { "sync", YL_RELAY_BOMB, YL_ERROR_INVALID },
    { "sync", YL_RELAY_HUGE, YL_ERROR_INVALID },
    { "sync", YL_RELAY_ENDLESS, YL_ERROR_INVALID },
    { "sync", YL_RELAY_HANG_UP, YL_ERROR_OFFLINE },
  };
  g_autoptr (YlTestChain) chain = yl_test_chain_new ("http", 2);
  g_autoptr (YlTestRelay) relay = yl_test_relay_new (yl_test_chain_url (chain));
  g_autoptr (YlStore) one = yl_test_chain_join (chain, 1, "one");
  g_autoptr (YlStore) two = yl_test_chain_join (chain, 1, "two");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("王%u号", i);
      g_autofree char *worker = yl_test_add_worker (one, name);
      gint64 before = yl_test_n_entries (two);

      g_test_message ("%s %d", cases[i].path, cases[i].mode);
      yl_test_sync (one);
      yl_test_relay_spoil (relay, cases[i].path, cases[i].mode, 0);
      sync_through (two, relay, cases[i].code);
      g_assert_cmpint (yl_test_n_entries (two), ==, before);
      yl_test_relay_spoil (relay, "", YL_RELAY_PASS, 0);
      sync_through (two, relay, -1);
      assert_name (two, worker, name);
      assert_same_state (one, two);
    }
}

static void
assert_noted (YlStore *store, const char *part)
{
  g_autoptr (GPtrArray) notes = yl_store_sync_notes (store, 1, NULL);

  g_assert_nonnull (strstr (((YlSyncNote *) notes->pdata[0])->detail, part));
}

/* The hub took it, the receipt got lost: it waits until there is one, and is there once. */
static void
test_lost_receipts (void)
{
  const YlRelayMode modes[] = { YL_RELAY_HANG_UP, YL_RELAY_CUT,  YL_RELAY_HTML,
                                YL_RELAY_HALF,    YL_RELAY_FLIP, YL_RELAY_AGAIN };
  g_autoptr (YlTestChain) chain = yl_test_chain_new ("http", 1);
  g_autoptr (YlTestRelay) relay = yl_test_relay_new (yl_test_chain_url (chain));
  g_autoptr (YlStore) store = yl_test_chain_join (chain, 1, "one");
  g_autofree char *first = yl_test_add_worker (store, "李春梅");

  sync_through (store, relay, -1);
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      g_autofree char *worker = yl_test_add_worker (store, "王秀英");
      gboolean broken = modes[i] == YL_RELAY_HANG_UP || modes[i] == YL_RELAY_CUT;
      gint64 n;

      yl_test_relay_spoil (relay, "sync", modes[i], 0);
      sync_through (store, relay, broken ? YL_ERROR_OFFLINE : YL_ERROR_INVALID);
      if (modes[i] == YL_RELAY_FLIP || modes[i] == YL_RELAY_AGAIN)
        assert_noted (store, "is not head office's");
      g_assert_cmpuint (yl_log_n_waiting (store), ==, 1);
      assert_name (yl_test_chain_head_office (chain), worker, "王秀英");
      n = yl_test_n_entries (yl_test_chain_head_office (chain));
      yl_test_relay_spoil (relay, "", YL_RELAY_PASS, 0);
      sync_through (store, relay, -1);
      g_assert_cmpuint (yl_log_n_waiting (store), ==, 0);
      g_assert_cmpint (yl_test_n_entries (yl_test_chain_head_office (chain)), ==, n);
    }
}

/* One change set of some 550 KiB, so that a segment ends in the middle of a signed run unless it is cut. */
static void
add_large (YlStore *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlChange) change = yl_change_begin (store, "add workers", &error);
  g_autoptr (GString) note = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < 1000; i++)
    g_string_append_unichar (note, 0x4e00 + (gunichar) g_random_int_range (0, 20000));
  for (guint i = 0; i < 130; i++)
    {
      g_autoptr (YlRecord) worker = yl_record_new (yl_table_find ("worker"), NULL);

      yl_record_set_text (worker, "name", "王秀英");
      yl_record_set_text (worker, "note", note->str);
      yl_change_insert (change, worker, &error);
      g_assert_no_error (error);
    }
  yl_change_commit (change, &error);
  g_assert_no_error (error);
}

/* More than one segment: each stays once it is there, and the next exchange goes on after it. */
static void
test_many_segments (void)
{
  g_autoptr (YlTestChain) chain = yl_test_chain_new ("http", 2);
  g_autoptr (YlTestRelay) relay = yl_test_relay_new (yl_test_chain_url (chain));
  g_autoptr (YlStore) one = yl_test_chain_join (chain, 1, "one");
  g_autoptr (YlStore) two = yl_test_chain_join (chain, 1, "two");
  gint64 before, between;

  yl_test_sync (two);
  before = yl_test_n_entries (two);
  for (guint i = 0; i < 18; i++)
    add_large (one);
  sync_through (one, relay, -1);
  g_assert_cmpuint (yl_test_relay_count (relay, "sync"), >, 1);
  yl_test_relay_spoil (relay, "sync", YL_RELAY_CUT, 1);
  sync_through (two, relay, YL_ERROR_OFFLINE);
  between = yl_test_n_entries (two);
  g_assert_cmpint (between, >, before);
  g_assert_cmpint (between, <, yl_test_n_entries (one));
  yl_test_relay_spoil (relay, "", YL_RELAY_PASS, 0);
  sync_through (two, relay, -1);
  g_assert_cmpint (yl_test_n_entries (two), ==, yl_test_n_entries (one));
  assert_same_state (one, two);
}

static void
test_hub_away (void)
{
  g_autoptr (YlTestChain) chain = yl_test_chain_new ("http", 1);
  g_autoptr (YlStore) store = yl_test_chain_join (chain, 1, "one");
  g_autofree char *worker = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) notes = NULL;

  yl_test_chain_stop (chain);
  worker = yl_test_add_worker (store, "王秀英");
  g_assert_false (yl_sync_run (store, NULL, NULL, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_OFFLINE);
  g_assert_cmpuint (yl_log_n_waiting (store), ==, 1);
  notes = yl_store_sync_notes (store, 1, NULL);
  g_assert_cmpstr (((YlSyncNote *) notes->pdata[0])->kind, ==, "offline");
  yl_test_chain_start (chain);
  yl_test_sync (store);
  assert_name (yl_test_chain_head_office (chain), worker, "王秀英");
}

/* A store of another company is not let in, and does not talk to a hub that is not its own. */
static void
test_other_company (void)
{
  g_autoptr (YlTestChain) chain = yl_test_chain_new ("http", 1);
  g_autoptr (YlTestChain) other = yl_test_chain_new ("http", 1);
  g_autoptr (YlStore) store = yl_test_chain_join (chain, 1, "one");
  g_autoptr (GError) error = NULL;

  g_assert_false (yl_sync_run (store, yl_test_chain_url (other), NULL, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
}

/* What one store wrote reaches head office through another that took it along. */
static void
test_carried (void)
{
  g_autoptr (YlTestChain) chain = yl_test_chain_new ("http", 2);
  g_autoptr (YlStore) one = yl_test_chain_join (chain, 1, "one");
  g_autoptr (YlStore) two = yl_test_chain_join (chain, 1, "two");
  g_autoptr (YlTestRelay) relay = yl_test_relay_new (yl_test_chain_url (chain));
  g_autofree char *worker = NULL;
  g_autoptr (GArray) frontier = NULL;
  g_autoptr (GArray) coverage = NULL;
  g_autoptr (YlSegment) segment = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (YlTaken) taken = { 0 };

  yl_test_sync (one);
  worker = yl_test_add_worker (one, "王秀英");
  g_assert_true (yl_delivery_settle (one, NULL));
  frontier = yl_log_frontier (two, NULL);
  coverage = yl_log_coverage (one, frontier, NULL);
  segment = yl_delivery_collect (one, coverage, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (segment->entries->len, ==, 1);
  bytes = yl_segment_encode (segment);
  g_assert_true (yl_delivery_take (two, bytes, &taken, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (taken.n_entries, ==, 1);
  yl_taken_clear (&taken);
  /* The same again is nothing new. */
  g_assert_true (yl_delivery_take (two, bytes, &taken, &error));
  g_assert_cmpuint (taken.n_entries, ==, 0);
  /* Head office has the entry now, but nobody it heard from has the key. */
  yl_test_sync (two);
  assert_name (yl_test_chain_head_office (chain), worker, NULL);
  g_assert_cmpuint (yl_log_n_waiting (one), ==, 1);
  yl_test_sync (one);
  g_assert_cmpuint (yl_log_n_waiting (one), ==, 0);
  assert_name (yl_test_chain_head_office (chain), worker, "王秀英");
  /* And so has the carrier, once it asks. */
  yl_test_relay_spoil (relay, "grants", YL_RELAY_HALF, 0);
  sync_through (two, relay, YL_ERROR_INVALID);
  yl_test_relay_spoil (relay, "grants", YL_RELAY_FLIP, 0);
  sync_through (two, relay, YL_ERROR_INVALID);
  assert_name (two, worker, NULL);
  yl_test_relay_spoil (relay, "", YL_RELAY_PASS, 0);
  sync_through (two, relay, -1);
  assert_name (two, worker, "王秀英");
}

static gboolean
give_up_cb (gpointer data)
{
  g_error ("the thread did not get that far in 30 s");
  return G_SOURCE_REMOVE;
}

/* Runs the main loop until @sync says so. */
static void
wait_until (YlSync *sync, YlSyncState state, guint waiting)
{
  guint guard = g_timeout_add_seconds (30, give_up_cb, NULL);

  while (yl_sync_get_state (sync) != state || yl_sync_get_waiting (sync) != waiting)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (guard);
}

static void
wait_for_name (YlStore *store, const char *id, const char *name)
{
  guint guard = g_timeout_add_seconds (30, give_up_cb, NULL);
  gboolean there = FALSE;

  while (!there)
    {
      g_autofree char *found = yl_test_worker_name (store, id);

      there = g_strcmp0 (found, name) == 0;
      if (!there)
        g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (guard);
}

static void
test_live (void)
{
  g_autoptr (YlTestChain) chain = yl_test_chain_new ("http", 2);
  g_autoptr (YlStore) one = yl_test_chain_join (chain, 1, "one");
  g_autoptr (YlStore) two = yl_test_chain_join (chain, 1, "two");
  g_autoptr (YlSync) sync_one = yl_sync_new (yl_store_get_file (one));
  g_autoptr (YlSync) sync_two = yl_sync_new (yl_store_get_file (two));
  g_autofree char *worker = NULL;
  g_autofree char *sentence = NULL;

  yl_sync_start (sync_one);
  yl_sync_start (sync_two);
  wait_until (sync_one, YL_SYNC_SYNCED, 0);
  wait_until (sync_two, YL_SYNC_SYNCED, 0);
  worker = yl_test_add_worker (one, "王秀英");
  yl_sync_now (sync_one);
  wait_for_name (two, worker, "王秀英");
  /* Without anybody asking: the thread looks by itself. */
  yl_test_rename_worker (two, worker, "王秀兰");
  wait_for_name (one, worker, "王秀兰");
  yl_test_chain_stop (chain);
  wait_until (sync_one, YL_SYNC_OFFLINE, 0);
  sentence = yl_sync_get_error (sync_one);
  g_assert_nonnull (strstr (sentence, yl_test_chain_url (chain)));
  yl_test_rename_worker (one, worker, "王秀梅");
  yl_sync_now (sync_one);
  yl_test_chain_start (chain);
  yl_sync_now (sync_one);
  wait_until (sync_one, YL_SYNC_SYNCED, 0);
  yl_sync_now (sync_two);
  wait_for_name (two, worker, "王秀梅");
  yl_sync_stop (sync_one);
  yl_sync_stop (sync_two);
}

static void
test_live_alone (void)
{
  g_autoptr (YlTestChain) chain = yl_test_chain_new ("http", 0);
  YlStore *head_office = yl_test_chain_head_office (chain);
  g_autoptr (YlSync) sync = yl_sync_new (yl_store_get_file (head_office));
  g_autofree char *worker = yl_test_add_worker (head_office, "王秀英");

  yl_sync_start (sync);
  wait_until (sync, YL_SYNC_ALONE, 0);
  yl_sync_stop (sync);
}

/* Behind the program's back: keys of a store file, and the plain text that came of them. */
static guint
lose_keys (YlStore *store)
{
  g_autoptr (GError) error = NULL;
  gint64 n;

  yl_database_integer (store->database, &n, 0, &error, "SELECT count(*) FROM seal_key", NULL);
  yl_database_run (store->database, &error, "DELETE FROM seal_key", NULL);
  g_assert_no_error (error);
  return (guint) n;
}

static guint
n_keys (YlStore *store)
{
  gint64 n;

  yl_database_integer (store->database, &n, 0, NULL, "SELECT count(*) FROM seal_key", NULL);
  return (guint) n;
}

/* Whoever lost keys gets them back with the next exchange, with nobody asking for a record; and nobody gets more than before. */
static void
test_lost_keys (void)
{
  g_autoptr (YlTestChain) chain = yl_test_chain_new ("http", 2);
  g_autoptr (YlStore) one = yl_test_chain_join (chain, 1, "one");
  g_autoptr (YlStore) two = yl_test_chain_join (chain, 2, "two");
  YlStore *head_office = yl_test_chain_head_office (chain);
  g_autofree char *worker = yl_test_add_worker (one, "王秀英");
  g_autofree char *other = yl_test_add_worker (two, "李淑兰");
  guint kept[3];

  for (guint round = 0; round < 2; round++)
    {
      yl_test_sync (one);
      yl_test_sync (two);
    }
  kept[0] = n_keys (head_office);
  kept[1] = n_keys (one);
  kept[2] = n_keys (two);
  g_assert_cmpuint (lose_keys (one), >, 0);
  yl_test_sync (one);
  g_assert_cmpuint (n_keys (one), ==, kept[1]);
  g_assert_cmpuint (lose_keys (head_office), ==, kept[0]);
  yl_test_sync (one);
  g_assert_cmpuint (n_keys (head_office), >, 0);
  g_assert_cmpuint (n_keys (head_office), <, kept[0]);
  yl_test_sync (two);
  g_assert_cmpuint (n_keys (head_office), ==, kept[0]);
  yl_test_sync (one);
  g_assert_cmpuint (n_keys (one), ==, kept[1]);
  g_assert_cmpuint (n_keys (two), ==, kept[2]);
  g_assert_null (yl_test_worker_name (two, worker));
  g_assert_null (yl_test_worker_name (one, other));
  assert_name (one, worker, "王秀英");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/exchange/join-and-sync", test_join_and_sync);
  g_test_add_func ("/exchange/lost-keys", test_lost_keys);
  g_test_add_func ("/exchange/nothing-to-do", test_nothing_to_do);
  g_test_add_func ("/exchange/spoiled-answers", test_spoiled_answers);
  g_test_add_func ("/exchange/lost-receipts", test_lost_receipts);
  g_test_add_func ("/exchange/many-segments", test_many_segments);
  g_test_add_func ("/exchange/hub-away", test_hub_away);
  g_test_add_func ("/exchange/other-company", test_other_company);
  g_test_add_func ("/exchange/carried", test_carried);
  g_test_add_func ("/exchange/live", test_live);
  g_test_add_func ("/exchange/live-alone", test_live_alone);
  return g_test_run ();
}
