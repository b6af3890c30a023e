/* A relay that lies: what it alters or withholds is found and named, and its word covers nothing. In one process, without HTTP. */
#include <string.h>

#include "exchange/yl-frontier.h"
#include "exchange/yl-session.h"
#include "exchange/yl-sync.h"
#include "exchange/yl-sync-wire.h"
#include "store/yl-trouble.h"
#include "yl-test-chain.h"
#include "yl-test-way.h"

typedef enum
{
  HONEST,
  ALTERS,    /* a byte of what it hands out */
  WITHHOLDS, /* what others have seen that it does hand out */
  RECEIPTS,  /* gives a receipt that is not its to give */
  BETWEEN,   /* stands between, with a certificate of its own */
} Lie;

/** Fixture: three PCs that know each other; the second one relays. */
typedef struct
{
  YlTestChain *chain;
  YlStore *one;
  YlStore *two;
  YlStore *three;
  YlTestWay way;
  Lie lie;
} Fixture;

/* As if the caller had said that it has all but the relay's own entries: nothing else is handed out. */
static GBytes *
claim_the_rest (Fixture *fixture, GBytes *body)
{
  g_autoptr (YlSyncCall) call = yl_sync_call_decode (body, NULL);
  g_autoptr (GArray) frontier = yl_log_frontier (fixture->two, NULL);

  g_assert_nonnull (call);
  /* A digest tells too much: as if it were not known. */
  if (call->names == NULL)
    memset (call->base, 0, sizeof call->base);
  for (guint i = 0; call->names != NULL && i < frontier->len; i++)
    {
      const YlEntryName *name = &g_array_index (frontier, YlEntryName, i);

      if (g_str_equal (name->writer, yl_store_get_writer (fixture->three)))
        g_array_append_val (call->names, *name);
    }
  if (call->names != NULL)
    g_array_sort (call->names, yl_entry_name_compare);
  return yl_sync_call_encode (call);
}

static GBytes *
spoil_cb (const char *path, GBytes *body, gpointer data)
{
  Fixture *fixture = data;
  g_autoptr (YlSyncAnswer) answer = g_str_equal (path, "sync") ? yl_sync_answer_decode (body, NULL) : NULL;
  gsize length;
  g_autofree guint8 *bytes = NULL;

  if (answer != NULL && fixture->lie == RECEIPTS && answer->names == NULL)
    {
      answer->has_receipt = TRUE;
      return yl_sync_answer_encode (answer);
    }
  if (answer == NULL || fixture->lie != ALTERS || answer->segment == NULL)
    return g_bytes_ref (body);
  bytes = g_memdup2 (g_bytes_get_data (body, &length), g_bytes_get_size (body));
  bytes[length - 1] ^= 1;
  return g_bytes_new (bytes, length);
}

static GBytes *
ask_cb (const char *path, const char *token, GBytes *body, gpointer data)
{
  Fixture *fixture = data;

  return g_str_equal (path, "sync") && fixture->lie == WITHHOLDS ? claim_the_rest (fixture, body) : g_bytes_ref (body);
}

static gboolean
certificate_cb (guint8 *fingerprint, gpointer data)
{
  if (((Fixture *) data)->lie != BETWEEN)
    return FALSE;
  memset (fingerprint, 0x5a, YL_FINGERPRINT_BYTES);
  return TRUE;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->chain = yl_test_chain_new ("http", 2);
  fixture->one = yl_test_chain_join (fixture->chain, 1, "one");
  fixture->two = yl_test_chain_join (fixture->chain, 2, "two");
  fixture->three = yl_test_chain_join (fixture->chain, 1, "three");
  yl_test_sync (fixture->one);
  yl_test_sync (fixture->two);
  fixture->way =
      (YlTestWay){ "http://relay.invalid", yl_hub_new_relay (fixture->two), ask_cb, spoil_cb, certificate_cb, fixture };
  yl_test_way_use (&fixture->way);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  yl_test_way_use (NULL);
  g_clear_object (&fixture->way.hub);
  g_clear_object (&fixture->one);
  g_clear_object (&fixture->two);
  g_clear_object (&fixture->three);
  yl_test_chain_free (fixture->chain);
}

static void
sync_with (Fixture *fixture, YlStore *store, Lie lie, int code)
{
  g_autoptr (GError) error = NULL;
  YlSyncReport report;

  fixture->lie = lie;
  if (code < 0)
    {
      yl_sync_run_with (store, "http://relay.invalid", &report, &error);
      g_assert_no_error (error);
      g_assert_true (report.same_state);
      g_assert_cmpuint (report.sent, ==, 0);
      return;
    }
  g_assert_false (yl_sync_run_with (store, "http://relay.invalid", &report, &error));
  g_assert_error (error, YL_ERROR, code);
}

static gboolean
is_named (Fixture *fixture, YlTroubleKind kind)
{
  g_autoptr (YlTrouble) trouble = yl_trouble_find (fixture->one, kind, yl_store_get_identity (fixture->two));

  return trouble != NULL;
}

static void
test_alters (Fixture *fixture, gconstpointer data)
{
  g_autofree char *worker = yl_test_add_worker (fixture->two, "王秀英");
  gint64 before = yl_test_n_entries (fixture->one);

  sync_with (fixture, fixture->one, ALTERS, YL_ERROR_INVALID);
  g_assert_true (is_named (fixture, YL_TROUBLE_FORGED));
  g_assert_cmpint (yl_test_n_entries (fixture->one), ==, before);
  sync_with (fixture, fixture->one, HONEST, -1);
  g_assert_false (is_named (fixture, YL_TROUBLE_FORGED));
  g_assert_cmpint (yl_test_n_entries (fixture->one), ==, before + 1);
}

static void
test_withholds (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = yl_test_add_worker (fixture->three, "王秀英");
  g_autofree char *second = NULL;
  gint64 before = yl_test_n_entries (fixture->one);

  sync_with (fixture, fixture->three, HONEST, -1);
  second = yl_test_add_worker (fixture->two, "李桂兰");
  sync_with (fixture, fixture->one, WITHHOLDS, YL_ERROR_INVALID);
  g_assert_true (is_named (fixture, YL_TROUBLE_WITHHELD));
  g_assert_cmpint (yl_test_n_entries (fixture->one), ==, before);
  sync_with (fixture, fixture->one, HONEST, -1);
  g_assert_false (is_named (fixture, YL_TROUBLE_WITHHELD));
  g_assert_cmpint (yl_test_n_entries (fixture->one), ==, before + 2);
}

/* What a relay says of receipts is not looked at. */
static void
test_receipts (Fixture *fixture, gconstpointer data)
{
  g_autofree char *worker = yl_test_add_worker (fixture->one, "王秀英");

  sync_with (fixture, fixture->one, RECEIPTS, -1);
  g_assert_cmpuint (yl_log_n_waiting (fixture->one), ==, 1);
  sync_with (fixture, fixture->one, RECEIPTS, -1);
  g_assert_cmpuint (yl_log_n_waiting (fixture->one), ==, 1);
}

static void
test_between (Fixture *fixture, gconstpointer data)
{
  g_autofree char *worker = yl_test_add_worker (fixture->two, "王秀英");
  gint64 before = yl_test_n_entries (fixture->one);

  sync_with (fixture, fixture->one, BETWEEN, YL_ERROR_INVALID);
  g_assert_cmpint (yl_test_n_entries (fixture->one), ==, before);
  sync_with (fixture, fixture->one, HONEST, -1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/relay/alters", Fixture, NULL, set_up, test_alters, tear_down);
  g_test_add ("/relay/withholds", Fixture, NULL, set_up, test_withholds, tear_down);
  g_test_add ("/relay/receipts", Fixture, NULL, set_up, test_receipts, tear_down);
  g_test_add ("/relay/between", Fixture, NULL, set_up, test_between, tear_down);
  return g_test_run ();
}
