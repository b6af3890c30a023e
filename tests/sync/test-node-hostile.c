/* A PC that lies to the hub: nothing of it counts, nothing grows, and head office is told which PC it is. In one process, without HTTP. */
#include <glib/gstdio.h>
#include <string.h>

#include "exchange/yl-message.h"
#include "exchange/yl-session.h"
#include "exchange/yl-sync.h"
#include "exchange/yl-sync-wire.h"
#include "store/yl-trouble.h"
#include "trust/yl-company-trust.h"
#include "yl-test-forge.h"
#include "yl-test-way.h"

/** Fixture: head office, whose hub is lied to, and two stores. */
typedef struct
{
  YlTestChain *chain;
  YlStore *head;
  YlStore *one; /* who lies */
  YlStore *two;
  YlTestWay way;
  YlTestEdit edit; /* made of what is pushed; or NULL */
  char *token;     /* the last call of a session with a segment */
  GBytes *pushed;
  GBytes *opened; /* the last answer to a challenge */
} Fixture;

static void
keep (GBytes **kept, GBytes *body)
{
  g_clear_pointer (kept, g_bytes_unref);
  *kept = g_bytes_ref (body);
}

static GBytes *
ask_cb (const char *path, const char *token, GBytes *body, gpointer data)
{
  Fixture *fixture = data;
  g_autoptr (YlSyncCall) call = NULL;
  g_autoptr (GBytes) honest = NULL;

  if (g_str_equal (path, "session"))
    keep (&fixture->opened, body);
  if (!g_str_equal (path, "sync"))
    return g_bytes_ref (body);
  call = yl_sync_call_decode (body, NULL);
  if (call->segment == NULL)
    return g_bytes_ref (body);
  honest = g_steal_pointer (&call->segment);
  call->segment = fixture->edit != NULL ? yl_test_forge_segment (fixture->one, honest, fixture->edit, fixture)
                                        : g_bytes_ref (honest);
  g_free (fixture->token);
  fixture->token = g_strdup (token);
  g_clear_pointer (&fixture->pushed, g_bytes_unref);
  fixture->pushed = yl_sync_call_encode (call);
  return g_bytes_ref (fixture->pushed);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->way = (YlTestWay){ .ask = ask_cb, .data = fixture };
  fixture->chain = yl_test_way_chain (&fixture->way, &fixture->one, &fixture->two);
  fixture->head = yl_test_chain_head_office (fixture->chain);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->one);
  g_clear_object (&fixture->two);
  g_clear_pointer (&fixture->pushed, g_bytes_unref);
  g_clear_pointer (&fixture->opened, g_bytes_unref);
  g_free (fixture->token);
  yl_test_way_end (&fixture->way, fixture->chain);
}

static void
assert_told (YlStore *store, YlTroubleKind kind, const char *subject, const char *word)
{
  g_autoptr (YlTrouble) trouble = yl_trouble_find (store, kind, subject);
  g_autofree char *text = NULL;

  g_assert_nonnull (trouble);
  g_assert_true (yl_trouble_waits (trouble));
  text = yl_trouble_describe (store, trouble);
  g_test_message ("%s", text);
  g_assert_nonnull (strstr (text, "S1-A"));
  g_assert_nonnull (strstr (text, word));
}

/* The other store's key; a member without the company's. */
static void
edit_signature (GPtrArray *entries, gpointer data)
{
  Fixture *fixture = data;

  yl_test_forge_signature (fixture->one, entries->pdata[entries->len - 1], fixture->two);
}

static void
edit_member (GPtrArray *entries, gpointer data)
{
  Fixture *fixture = data;

  g_ptr_array_set_size (entries, 0);
  g_ptr_array_add (entries, yl_test_forge_member (fixture->one, fixture->one));
}

static const struct
{
  const char *name;
  YlTestEdit edit;
  const char *word;
} lies[] = {
  { "content", yl_test_edit_content, "signature" },
  { "tail", yl_test_edit_tail, "signed" },
  { "foreign-signature", edit_signature, "signature" },
  { "member", edit_member, "authority" },
};

static void
test_lie (Fixture *fixture, gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autofree char *first = yl_test_add_worker (fixture->one, "王秀英");
  g_autofree char *second = yl_test_add_worker (fixture->one, "张桂英");
  gint64 before = yl_test_n_entries (fixture->head);
  g_autoptr (GError) error = NULL;

  fixture->edit = lies[i].edit;
  g_assert_false (yl_sync_run (fixture->one, NULL, NULL, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_INVALID);
  g_test_message ("%s", error->message);
  assert_told (fixture->head, YL_TROUBLE_FORGED, yl_store_get_identity (fixture->one), lies[i].word);
  g_assert_cmpint (yl_test_n_entries (fixture->head), ==, before);
  g_assert_cmpuint (yl_log_n_waiting (fixture->one), ==, 2);
  fixture->edit = NULL;
  yl_test_sync (fixture->one);
  g_assert_cmpint (yl_test_n_entries (fixture->head), ==, before + 2);
}

/* A PC that was shut out goes on writing and sends it: it is taken in for people to look at, and counts nowhere. */
static void
test_revoked (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *worker = yl_test_add_worker (fixture->one, "王秀英");
  g_autofree char *name = NULL;
  g_autoptr (GPtrArray) items = NULL;
  const YlReviewItem *item;

  g_assert_true (yl_company_revoke (fixture->head, "S1-A", NULL, FALSE, &error));
  g_assert_no_error (error);
  g_assert_false (yl_sync_run (fixture->one, NULL, NULL, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
  name = yl_test_worker_name (fixture->head, worker);
  g_assert_null (name);
  assert_told (fixture->head, YL_TROUBLE_REVIEW, yl_store_get_node (fixture->one), "review");
  assert_told (fixture->one, YL_TROUBLE_REVOKED, yl_store_get_node (fixture->one), "shut out");
  items = yl_review_list (fixture->head, NULL);
  g_assert_cmpuint (items->len, ==, 1);
  item = items->pdata[0];
  g_assert_true (yl_review_drop (fixture->head, item->entry, &error));
  g_assert_null (yl_trouble_find (fixture->head, YL_TROUBLE_REVIEW, yl_store_get_node (fixture->one)));
}

static guint
n_replays (void)
{
  const char *long_form = g_getenv ("YL_REPLAYS");

  return long_form != NULL ? (guint) g_ascii_strtoull (long_form, NULL, 10) : 1000;
}

static gint64
file_size (YlStore *store)
{
  g_autofree char *wal = g_strconcat (yl_store_get_file (store), "-wal", NULL);
  GStatBuf file, log;

  g_assert_cmpint (g_stat (yl_store_get_file (store), &file), ==, 0);
  return file.st_size + (g_stat (wal, &log) == 0 ? log.st_size : 0);
}

/* The same call again and again: no effect, no growth. */
static void
test_replayed_pushes (Fixture *fixture, gconstpointer data)
{
  g_autofree char *worker = yl_test_add_worker (fixture->one, "王秀英");
  gint64 entries, size = 0;

  yl_test_sync (fixture->one);
  entries = yl_test_n_entries (fixture->head);
  for (guint i = 0; i < n_replays (); i++)
    {
      g_assert_cmpuint (yl_test_way_call (&fixture->way, "sync", fixture->token, fixture->pushed, NULL), ==, 200);
      /* After the first ones the WAL has its size. */
      if (i == 100)
        size = file_size (fixture->head);
    }
  g_assert_cmpint (yl_test_n_entries (fixture->head), ==, entries);
  g_assert_cmpint (file_size (fixture->head), <=, size);
  yl_test_sync (fixture->one);
}

/* Without a session, or with the answer to a challenge of before, there is none. */
static void
test_replayed_sessions (Fixture *fixture, gconstpointer data)
{
  g_autofree char *worker = yl_test_add_worker (fixture->one, "王秀英");

  yl_test_sync (fixture->one);
  for (guint i = 0; i < n_replays (); i++)
    {
      g_assert_cmpuint (yl_test_way_call (&fixture->way, "session", NULL, fixture->opened, NULL), ==, 403);
      g_assert_cmpuint (yl_test_way_call (&fixture->way, "sync", "0000", fixture->pushed, NULL), ==, 401);
    }
}

/* Challenges that nobody answers take a bounded room, and others are told. */
static void
test_many_challenges (Fixture *fixture, gconstpointer data)
{
  JsonObject *request = json_object_new ();
  static const guint8 nonce[YL_NONCE_BYTES] = { 1 };
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GBytes) answer = NULL;
  guint status = 200;

  json_object_set_string_member (request, "scope", yl_store_get_scope (fixture->head));
  json_object_set_string_member (request, "writer", yl_store_get_identity (fixture->one));
  yl_message_set_hex (request, "nonce", nonce, sizeof nonce);
  body = yl_message_encode (request);
  for (guint i = 0; i < 1100 && status == 200; i++)
    {
      g_clear_pointer (&answer, g_bytes_unref);
      status = yl_test_way_call (&fixture->way, "session/challenge", NULL, body, &answer);
    }
  g_assert_cmpuint (status, ==, 403);
  g_assert_nonnull (g_strstr_len (g_bytes_get_data (answer, NULL), (gssize) g_bytes_get_size (answer), "Too many"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      g_autofree char *path = g_strdup_printf ("/node-lies/%s", lies[i].name);

      g_test_add (path, Fixture, GUINT_TO_POINTER (i), set_up, test_lie, tear_down);
    }
  g_test_add ("/node-lies/revoked", Fixture, NULL, set_up, test_revoked, tear_down);
  g_test_add ("/node-lies/replayed-pushes", Fixture, NULL, set_up, test_replayed_pushes, tear_down);
  g_test_add ("/node-lies/replayed-sessions", Fixture, NULL, set_up, test_replayed_sessions, tear_down);
  g_test_add ("/node-lies/many-challenges", Fixture, NULL, set_up, test_many_challenges, tear_down);
  return g_test_run ();
}
