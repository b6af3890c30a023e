/* A relay that lies: what it alters or withholds is found and named, and its word covers nothing. In one process, without HTTP. */
#include <string.h>

#include "exchange/yl-frontier.h"
#include "exchange/yl-session.h"
#include "exchange/yl-sync.h"
#include "exchange/yl-sync-wire.h"
#include "exchange/yl-transport.h"
#include "hub/yl-hub.h"
#include "store/yl-trouble.h"
#include "yl-test-chain.h"

typedef enum
{
  HONEST,
  ALTERS,    /* a byte of what it hands out */
  WITHHOLDS, /* what others have seen that it does hand out */
  RECEIPTS,  /* gives a receipt that is not its to give */
  BETWEEN,   /* stands between, with a certificate of its own */
} Lie;

/** Link: straight to the hub of a relay. */
#define TEST_TYPE_LINK (test_link_get_type ())
G_DECLARE_FINAL_TYPE (TestLink, test_link, TEST, LINK, GObject)

struct _TestLink
{
  GObject parent_instance;
  YlHub *hub;
  YlStore *relay;
  const char *hidden; /* the writer whose entries are withheld */
  Lie lie;
  guint status;
  char *type;
  GBytes *body;
};

static void transport_init (YlTransportInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (TestLink,
                               test_link,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (YL_TYPE_TRANSPORT, transport_init))

static void
test_link_finalize (GObject *object)
{
  TestLink *link = TEST_LINK (object);

  g_free (link->type);
  g_clear_pointer (&link->body, g_bytes_unref);
  G_OBJECT_CLASS (test_link_parent_class)->finalize (object);
}

static void
test_link_class_init (TestLinkClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_link_finalize;
}

static void
test_link_init (TestLink *link)
{
}

static void
reply_cb (guint status, const char *type, GBytes *body, gpointer data)
{
  TestLink *link = data;

  link->status = status;
  g_free (link->type);
  link->type = g_strdup (type);
  g_clear_pointer (&link->body, g_bytes_unref);
  link->body = g_bytes_ref (body);
}

/* As if the caller had said that it has all but the relay's own entries: nothing else is handed out. */
static GBytes *
claim_the_rest (TestLink *link, GBytes *body)
{
  g_autoptr (YlSyncCall) call = yl_sync_call_decode (body, NULL);
  g_autoptr (GArray) frontier = yl_log_frontier (link->relay, NULL);

  g_assert_nonnull (call);
  /* A digest tells too much: as if it were not known. */
  if (call->names == NULL)
    memset (call->base, 0, sizeof call->base);
  for (guint i = 0; call->names != NULL && i < frontier->len; i++)
    {
      const YlEntryName *name = &g_array_index (frontier, YlEntryName, i);

      if (g_str_equal (name->writer, link->hidden))
        g_array_append_val (call->names, *name);
    }
  if (call->names != NULL)
    g_array_sort (call->names, yl_entry_name_compare);
  return yl_sync_call_encode (call);
}

static GBytes *
spoil (TestLink *link)
{
  g_autoptr (YlSyncAnswer) answer = yl_sync_answer_decode (link->body, NULL);
  gsize length;
  g_autofree guint8 *bytes = NULL;

  g_assert_nonnull (answer);
  if (link->lie == RECEIPTS && answer->names == NULL)
    {
      answer->has_receipt = TRUE;
      return yl_sync_answer_encode (answer);
    }
  if (link->lie != ALTERS || answer->segment == NULL)
    return g_bytes_ref (link->body);
  bytes = g_memdup2 (g_bytes_get_data (link->body, &length), g_bytes_get_size (link->body));
  bytes[length - 1] ^= 1;
  return g_bytes_new (bytes, length);
}

static GBytes *
test_link_call (YlTransport *transport,
                const YlTransportCall *call,
                gboolean *unauthorized,
                GCancellable *cancellable,
                GError **error)
{
  TestLink *link = TEST_LINK (transport);
  gboolean is_sync = g_str_equal (call->path, "sync");
  g_autoptr (GBytes) asked = is_sync && link->lie == WITHHOLDS ? claim_the_rest (link, call->body)
                             : call->body != NULL              ? g_bytes_ref (call->body)
                                                               : NULL;
  YlHubRequest request = { .path = call->path, .post = call->body != NULL, .token = call->token, .body = asked };
  g_autoptr (GBytes) answer = NULL;

  g_assert_true (yl_hub_call (link->hub, &request, reply_cb, link));
  answer = is_sync && link->status == 200 ? spoil (link) : g_bytes_ref (link->body);
  if (unauthorized != NULL)
    *unauthorized = link->status == 401;
  return yl_transport_judge ("http://relay.invalid", call, link->status, link->type, answer, error)
             ? g_steal_pointer (&answer)
             : NULL;
}

static const char *
test_link_get_url (YlTransport *transport)
{
  return "http://relay.invalid";
}

static void
test_link_get_bytes (YlTransport *transport, gsize *in, gsize *out)
{
  *in = *out = 0;
}

static gboolean
test_link_get_certificate (YlTransport *transport, guint8 *fingerprint)
{
  if (TEST_LINK (transport)->lie != BETWEEN)
    return FALSE;
  memset (fingerprint, 0x5a, YL_FINGERPRINT_BYTES);
  return TRUE;
}

static void
transport_init (YlTransportInterface *iface)
{
  iface->call = test_link_call;
  iface->get_url = test_link_get_url;
  iface->get_bytes = test_link_get_bytes;
  iface->get_certificate = test_link_get_certificate;
}

/** Fixture: three PCs that know each other; the second one relays. */
typedef struct
{
  YlTestChain *chain;
  YlStore *one;
  YlStore *two;
  YlStore *three;
  YlHub *hub;
  Lie lie;
} Fixture;

static YlTransport *
open_cb (const char *url, const guint8 *fingerprint, gpointer data, GError **error)
{
  Fixture *fixture = data;
  TestLink *link = g_object_new (TEST_TYPE_LINK, NULL);

  link->hub = fixture->hub;
  link->relay = fixture->two;
  link->hidden = yl_store_get_writer (fixture->three);
  link->lie = fixture->lie;
  return YL_TRANSPORT (link);
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
  fixture->hub = yl_hub_new_relay (fixture->two);
  yl_transport_set_opener (open_cb, fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  yl_transport_set_opener (NULL, NULL);
  g_clear_object (&fixture->hub);
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
