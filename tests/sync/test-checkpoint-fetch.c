/* A checkpoint and the history behind it on their way: broken off, spoiled, and in the end whole. */
#include <sodium.h>
#include <string.h>

#include "checkpoint/yl-checkpoint.h"
#include "exchange/yl-sync.h"
#include "log/yl-behind.h"
#include "log/yl-skeleton.h"
#include "merge/yl-state-hash.h"
#include "store/yl-catalogue.h"
#include "store/yl-trouble.h"
#include "yl-test-chain.h"
#include "yl-test-relay.h"

#define TABLE "long_text"
#define N_LONG 7
#define LONG_BYTES (600 * 1024) /* so that a checkpoint takes several answers */

static const YlField fields[] = {
  { "text", YL_KIND_TEXT, .zh = "长文", .en = "Text" },
  { NULL },
};
static const YlTable long_text = { .name = TABLE,
                                   .right = YL_RIGHT_ANY_SITE,
                                   .zh = "长文",
                                   .en = "Long text",
                                   .fields = fields };
static const YlTable *const tables[] = { &long_text, NULL };
static const YlCatalogueExtension extension = {
  tables,
  "CREATE TABLE " TABLE " (id TEXT NOT NULL PRIMARY KEY, text TEXT) STRICT, WITHOUT ROWID;",
};

static YlTestChain *chain;
static YlTestRelay *relay;
static guint n_copies;

static void
add_long_text (YlStore *store)
{
  g_autofree guint8 *noise = g_malloc (LONG_BYTES);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (YlChange) change = yl_change_begin (store, "add long text", &error);
  g_autoptr (YlRecord) record = yl_record_new (yl_table_find (TABLE), NULL);

  g_assert_no_error (error);
  randombytes_buf (noise, LONG_BYTES);
  text = g_base64_encode (noise, LONG_BYTES);
  yl_record_set_text (record, "text", text);
  yl_change_insert (change, record, &error);
  g_assert_no_error (error);
  yl_change_commit (change, &error);
  g_assert_no_error (error);
}

static void
fill_chain (void)
{
  g_autoptr (YlStore) store = yl_test_chain_join (chain, 1, "first");
  YlStore *head = yl_test_chain_head_office (chain);
  g_autoptr (GError) error = NULL;
  g_autoptr (YlCheckpoint) made = NULL;

  for (guint i = 0; i < N_LONG; i++)
    add_long_text (store);
  for (guint i = 0; i < 50; i++)
    g_free (yl_test_add_worker (store, "王秀英"));
  yl_test_sync (store);
  yl_store_refresh (head, &error);
  g_assert_no_error (error);
  made = yl_checkpoint_make (head, &error);
  g_assert_no_error (error);
}

static YlStore *
new_copy (void)
{
  g_autofree char *name = g_strdup_printf ("copy-%u", ++n_copies);

  return yl_test_chain_enrol (chain, 2, name);
}

static gboolean
sync_through (YlStore *store, gboolean history, GError **error)
{
  const char *url = yl_test_relay_get_url (relay);

  return yl_sync_run (store, url, NULL, error) && (!history || yl_sync_history (store, url, error));
}

static void
expect_same (YlStore *store)
{
  YlStore *head = yl_test_chain_head_office (chain);
  g_autoptr (GError) error = NULL;
  g_autofree char *own = NULL;
  g_autofree char *other = NULL;

  yl_store_refresh (head, &error);
  g_assert_no_error (error);
  own = yl_state_hash (store, &error);
  other = yl_state_hash (head, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (own, ==, other);
}

/* Each way of spoiling the answer, from the first one and from a later one: an error, nothing half taken in; then it begins with it. */
static void
test_spoiled_start (void)
{
  static const struct
  {
    YlRelayMode mode;
    guint skip;
    int code;
  } cases[] = { { YL_RELAY_HTML, 0, YL_ERROR_INVALID },   { YL_RELAY_HALF, 0, YL_ERROR_INVALID },
                { YL_RELAY_CUT, 0, YL_ERROR_OFFLINE },    { YL_RELAY_HUGE, 0, YL_ERROR_INVALID },
                { YL_RELAY_FLIP, 1, YL_ERROR_INVALID },   { YL_RELAY_HALF, 1, YL_ERROR_INVALID },
                { YL_RELAY_CUT, 1, YL_ERROR_OFFLINE },    { YL_RELAY_CUT, 2, YL_ERROR_OFFLINE },
                { YL_RELAY_HANG_UP, 2, YL_ERROR_OFFLINE } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (YlStore) store = new_copy ();
      g_autoptr (GError) error = NULL;
      gboolean is_empty;

      yl_test_relay_spoil (relay, "checkpoint", cases[i].mode, cases[i].skip);
      g_assert_false (sync_through (store, FALSE, &error));
      g_assert_error (error, YL_ERROR, cases[i].code);
      g_clear_error (&error);
      g_assert_true (yl_skeleton_is_empty (store, &is_empty, NULL) && is_empty);
      yl_test_relay_spoil (relay, "", YL_RELAY_PASS, 0);
      sync_through (store, FALSE, &error);
      g_assert_no_error (error);
      expect_same (store);
      g_assert_cmpint (yl_test_behind (store).n_all, >, 0);
      g_assert_cmpint (yl_test_behind (store).n_here, ==, 0);
    }
}

/* What came before the break is not asked for again. */
static void
test_resumed_start (void)
{
  g_autoptr (YlStore) whole = new_copy ();
  g_autoptr (YlStore) cut = new_copy ();
  g_autoptr (GError) error = NULL;
  guint before = yl_test_relay_count (relay, "checkpoint");
  guint needed;

  sync_through (whole, FALSE, &error);
  g_assert_no_error (error);
  needed = yl_test_relay_count (relay, "checkpoint") - before;
  g_assert_cmpuint (needed, >=, 3);
  yl_test_relay_spoil (relay, "checkpoint", YL_RELAY_CUT, needed - 1);
  g_assert_false (sync_through (cut, FALSE, &error));
  g_clear_error (&error);
  yl_test_relay_spoil (relay, "", YL_RELAY_PASS, 0);
  before = yl_test_relay_count (relay, "checkpoint");
  sync_through (cut, FALSE, &error);
  g_assert_no_error (error);
  /* The first one tells which checkpoint it is. */
  g_assert_cmpuint (yl_test_relay_count (relay, "checkpoint") - before, ==, 2);
  expect_same (cut);
}

static void
test_history_resumes (void)
{
  g_autoptr (YlStore) store = new_copy ();
  g_autoptr (GError) error = NULL;
  YlBehind found;

  sync_through (store, FALSE, &error);
  g_assert_no_error (error);
  yl_test_relay_spoil (relay, "history", YL_RELAY_CUT, 3);
  g_assert_false (sync_through (store, TRUE, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_OFFLINE);
  g_clear_error (&error);
  found = yl_test_behind (store);
  g_assert_true (found.wanted);
  g_assert_cmpint (found.n_here, >, 0);
  g_assert_cmpint (found.n_here, <, found.n_all);
  yl_test_relay_spoil (relay, "", YL_RELAY_PASS, 0);
  sync_through (store, TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpint (yl_test_behind (store).n_all, ==, 0);
  expect_same (store);
  g_assert_true (yl_store_check (store, &error));
}

/* A history that is not the one behind the checkpoint is named, and the state stays what was signed. */
static void
test_history_spoiled (void)
{
  static const YlRelayMode modes[] = { YL_RELAY_FLIP, YL_RELAY_HALF, YL_RELAY_AGAIN, YL_RELAY_OTHER_JSON };

  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      g_autoptr (YlStore) store = new_copy ();
      g_autoptr (GError) error = NULL;
      const char *hub = yl_store_get_writer (yl_test_chain_head_office (chain));
      g_autoptr (YlTrouble) trouble = NULL;
      g_autoptr (YlTrouble) ended = NULL;

      sync_through (store, FALSE, &error);
      g_assert_no_error (error);
      yl_test_relay_spoil (relay, "history", modes[i], 1);
      g_assert_false (sync_through (store, TRUE, &error));
      g_assert_error (error, YL_ERROR, YL_ERROR_INVALID);
      g_clear_error (&error);
      trouble = yl_trouble_find (store, YL_TROUBLE_HISTORY, hub);
      g_assert_nonnull (trouble);
      g_assert_false (yl_test_behind (store).wanted);
      expect_same (store);
      yl_test_relay_spoil (relay, "", YL_RELAY_PASS, 0);
      sync_through (store, TRUE, &error);
      g_assert_no_error (error);
      g_assert_cmpint (yl_test_behind (store).n_all, ==, 0);
      ended = yl_trouble_find (store, YL_TROUBLE_HISTORY, hub);
      g_assert_null (ended);
    }
}

/* An open window does it by itself. */
static void
test_history_live (void)
{
  g_autoptr (YlStore) store = new_copy ();
  g_autoptr (YlSync) sync = yl_sync_new (yl_store_get_file (store));
  gint64 end = g_get_monotonic_time () + 60 * G_TIME_SPAN_SECOND;
  gboolean began = FALSE;

  yl_sync_start (sync);
  while (!(began && yl_test_behind (store).n_all == 0) && g_get_monotonic_time () < end)
    {
      began = began || yl_test_behind (store).n_all > 0;
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
  yl_sync_stop (sync);
  g_assert_true (began);
  g_assert_cmpint (yl_test_behind (store).n_all, ==, 0);
  expect_same (store);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  yl_catalogue_extend (&extension);
  chain = yl_test_chain_new ("http", 2);
  fill_chain ();
  relay = yl_test_relay_new (yl_test_chain_url (chain));
  g_test_add_func ("/checkpoint-fetch/spoiled-start", test_spoiled_start);
  g_test_add_func ("/checkpoint-fetch/resumed-start", test_resumed_start);
  g_test_add_func ("/checkpoint-fetch/history-resumes", test_history_resumes);
  g_test_add_func ("/checkpoint-fetch/history-spoiled", test_history_spoiled);
  g_test_add_func ("/checkpoint-fetch/history-live", test_history_live);
  result = g_test_run ();
  yl_test_relay_free (relay);
  yl_test_chain_free (chain);
  return result;
}
