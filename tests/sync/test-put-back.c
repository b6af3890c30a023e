/* Head office's file put back from a backup, with no marker to tell: whom it forgot to be erased it hears of at the first contact. */
#include <string.h>

#include "exchange/yl-sync-wire.h"
#include "exchange/yl-sync.h"
#include "merge/yl-person.h"
#include "seal/yl-erase.h"
#include "store/yl-backup.h"
#include "store/yl-store-private.h"
#include "store/yl-trouble.h"
#include "yl-test-way.h"

/* The caller pushes nothing, whatever the hub lacks; and says that @erased was erased, if that is not all zeros. */
typedef struct
{
  YlTestWay way;
  gboolean pull_only;
  guint8 erased[YL_ID_BYTES];
} Caller;

static GBytes *
ask_cb (const char *path, const char *token, GBytes *body, gpointer data)
{
  static const guint8 nobody[YL_ID_BYTES];
  Caller *caller = data;
  g_autoptr (YlSyncCall) call = g_str_equal (path, "sync") ? yl_sync_call_decode (body, NULL) : NULL;

  if (call == NULL)
    return g_bytes_ref (body);
  if (caller->pull_only)
    g_clear_pointer (&call->segment, g_bytes_unref);
  if (memcmp (caller->erased, nobody, sizeof nobody) != 0 && call->erased == NULL)
    call->erased = g_byte_array_append (g_byte_array_new (), caller->erased, sizeof caller->erased);
  return yl_sync_call_encode (call);
}

/* How many of the person's keys @hub would give to the PC of @store. */
static guint
n_given (YlStore *hub, YlStore *store, const char *person)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) ids = g_byte_array_new ();
  g_autoptr (GArray) refused = NULL;
  g_autoptr (GArray) given = NULL;
  g_autoptr (YlRows) rows =
      yl_database_query (hub->database, &error, "SELECT id FROM seal_key WHERE person = ?", "t", person);

  while (yl_rows_next (rows, &error))
    {
      gsize length;
      gconstpointer id = yl_rows_blob (rows, 0, &length);

      g_byte_array_append (ids, id, (guint) length);
    }
  g_clear_pointer (&rows, yl_rows_free);
  g_assert_no_error (error);
  given = yl_log_keys_for (hub, yl_store_get_identity (store), ids->data, ids->len / YL_KEY_ID_BYTES, &refused, &error);
  g_assert_no_error (error);
  return given->len;
}

/* A store that knows of an erasure calls, and is kept from pushing it. */
static void
test_first_contact (void)
{
  Caller caller = { .way = { .ask = ask_cb } };
  g_autoptr (YlStore) one = NULL;
  g_autoptr (YlStore) two = NULL;
  YlTestChain *chain = yl_test_way_chain (&caller.way, &one, &two);
  YlStore *head = yl_test_chain_head_office (chain);
  g_autofree char *worker = yl_test_add_worker (one, "王秀英");
  g_autofree char *other = yl_test_add_worker (one, "李淑兰");
  g_autofree char *old = yl_test_chain_file (chain, "old");
  g_autoptr (GError) error = NULL;
  g_autoptr (YlStore) restored = NULL;
  g_autoptr (YlHub) present = caller.way.hub;

  caller.way.data = &caller;
  yl_test_sync (one);
  g_assert_true (yl_store_backup (head, old, &error));
  yl_erase_person (head, worker, "asked", &error);
  g_assert_no_error (error);
  g_assert_true (yl_erase_settle (head, NULL, &error));
  yl_test_sync (one);
  restored = yl_store_open (old, &error);
  g_assert_no_error (error);
  caller.way.hub = yl_hub_new (restored);
  g_assert_cmpuint (n_given (restored, one, worker), >, 0);
  caller.pull_only = TRUE;
  yl_sync_run (one, NULL, NULL, NULL);
  g_assert_cmpuint (n_given (restored, one, worker), ==, 0);
  g_assert_cmpuint (n_given (restored, one, other), >, 0);
  caller.pull_only = FALSE;
  yl_test_sync (one);
  yl_test_sync (one);
  g_assert_true (yl_person_is_erased (restored, worker));
  g_assert_null (yl_trouble_find (restored, YL_TROUBLE_FORGED, yl_store_get_identity (one)));
  g_object_unref (caller.way.hub);
  caller.way.hub = g_steal_pointer (&present);
  yl_test_way_end (&caller.way, chain);
}

/* Who says so of somebody who was not erased is named, and what was held back is given again. */
static void
test_false_claim (void)
{
  Caller caller = { .way = { .ask = ask_cb } };
  g_autoptr (YlStore) one = NULL;
  g_autoptr (YlStore) two = NULL;
  YlTestChain *chain = yl_test_way_chain (&caller.way, &one, &two);
  YlStore *head = yl_test_chain_head_office (chain);
  g_autofree char *worker = yl_test_add_worker (one, "王秀英");

  caller.way.data = &caller;
  yl_test_sync (one);
  yl_id_to_bytes (worker, caller.erased);
  yl_test_sync (two);
  g_assert_cmpuint (n_given (head, one, worker), >, 0);
  g_assert_nonnull (yl_trouble_find (head, YL_TROUBLE_FORGED, yl_store_get_identity (two)));
  yl_test_way_end (&caller.way, chain);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/put-back/first-contact", test_first_contact);
  g_test_add_func ("/put-back/false-claim", test_false_claim);
  return g_test_run ();
}
