/* A hub that lies to its stores: each lie is found, named, and takes nothing from them. In one process, without HTTP. */
#include <string.h>

#include "base/yl-clock.h"
#include "exchange/yl-bundle.h"
#include "exchange/yl-delivery.h"
#include "exchange/yl-message.h"
#include "exchange/yl-receipt.h"
#include "exchange/yl-sync.h"
#include "exchange/yl-sync-wire.h"
#include "store/yl-backup.h"
#include "store/yl-store-private.h"
#include "store/yl-trouble.h"
#include "trust/yl-company.h"
#include "yl-test-forge.h"
#include "yl-test-way.h"

typedef struct _Fixture Fixture;

/** Lie: what the hub makes of its answer to `sync`. */
typedef void (*Lie) (Fixture *fixture, YlSyncAnswer *answer);

/** Fixture: two stores and head office, whose hub they talk to straight. */
struct _Fixture
{
  YlTestChain *chain;
  YlStore *head;
  YlStore *one; /* who is lied to */
  YlStore *two;
  YlTestWay way;
  Lie lie;
  YlTestEdit edit;    /* of what is in the segment of such an answer */
  GBytes *kept;       /* an answer of before */
  const char *spoilt; /* a member of the hub's half of the session that is not what it should be; or NULL */
};

static GBytes *
spoil_json (GBytes *body, const char *member)
{
  g_autoptr (JsonObject) object = yl_message_parse (body, NULL);
  g_autofree char *text = g_strdup (json_object_get_string_member (object, member));

  text[0] = text[0] == '0' ? '1' : '0';
  json_object_set_string_member (object, member, text);
  return yl_message_encode (g_steal_pointer (&object));
}

static void
forge (Fixture *fixture, YlSyncAnswer *answer)
{
  g_autoptr (GBytes) honest = answer->segment;

  if (honest != NULL)
    answer->segment = yl_test_forge_segment (fixture->head, honest, fixture->edit, fixture);
}

static GBytes *
answer_cb (const char *path, GBytes *body, gpointer data)
{
  Fixture *fixture = data;
  g_autoptr (YlSyncAnswer) answer = NULL;

  if (g_str_equal (path, "session/challenge") && fixture->spoilt != NULL)
    return spoil_json (body, fixture->spoilt);
  if (!g_str_equal (path, "sync"))
    return g_bytes_ref (body);
  answer = yl_sync_answer_decode (body, NULL);
  g_assert_nonnull (answer);
  if (answer->names == NULL && fixture->edit != NULL)
    forge (fixture, answer);
  if (answer->names == NULL && fixture->lie != NULL)
    fixture->lie (fixture, answer);
  return yl_sync_answer_encode (answer);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->way = (YlTestWay){ .answer = answer_cb, .data = fixture };
  fixture->chain = yl_test_way_chain (&fixture->way, &fixture->one, &fixture->two);
  fixture->head = yl_test_chain_head_office (fixture->chain);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->one);
  g_clear_object (&fixture->two);
  g_clear_pointer (&fixture->kept, g_bytes_unref);
  yl_test_way_end (&fixture->way, fixture->chain);
}

static char *
hub_of (Fixture *fixture)
{
  return g_strdup (yl_store_get_identity (fixture->head));
}

/* The exchange fails, and says who and what to do; status says so too. */
static void
assert_named (Fixture *fixture, YlTroubleKind kind, const char *subject, const char *word)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlTrouble) trouble = NULL;
  g_autofree char *text = NULL;

  g_assert_false (yl_sync_run (fixture->one, NULL, NULL, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_INVALID);
  g_test_message ("%s", error->message);
  trouble = yl_trouble_find (fixture->one, kind, subject);
  g_assert_nonnull (trouble);
  g_assert_true (yl_trouble_waits (trouble));
  text = yl_trouble_describe (fixture->one, trouble);
  g_test_message ("%s", text);
  g_assert_nonnull (strstr (text, word));
}

static void
sync_honestly (Fixture *fixture)
{
  fixture->lie = NULL;
  fixture->edit = NULL;
  fixture->spoilt = NULL;
  yl_test_sync (fixture->one);
}

/* Lies about what others wrote */

static void
lie_altered (Fixture *fixture, YlSyncAnswer *answer)
{
  g_autoptr (GBytes) honest = answer->segment;
  gsize length = honest != NULL ? g_bytes_get_size (honest) : 0;
  g_autofree guint8 *bytes = NULL;

  if (honest == NULL)
    return;
  bytes = g_memdup2 (g_bytes_get_data (honest, NULL), length);
  bytes[length - 1] ^= 1;
  answer->segment = g_bytes_new (bytes, length);
}

static void
lie_short_message (Fixture *fixture, YlSyncAnswer *answer)
{
  g_autoptr (GBytes) honest = answer->segment;

  if (honest != NULL)
    answer->segment = g_bytes_new_from_bytes (honest, 0, g_bytes_get_size (honest) - 9);
}

static void
lie_short_log (Fixture *fixture, YlSyncAnswer *answer)
{
  g_clear_pointer (&answer->segment, g_bytes_unref);
}

static void
lie_more (Fixture *fixture, YlSyncAnswer *answer)
{
  g_autoptr (YlSegment) segment = yl_segment_new ();

  segment->more = TRUE;
  g_clear_pointer (&answer->segment, g_bytes_unref);
  answer->segment = yl_segment_encode (segment);
}

/* A PC of the company signs what another one is said to have written, before and after that. */
static void
sign_with_head (GPtrArray *entries, gpointer data)
{
  Fixture *fixture = data;

  yl_test_forge_signature (fixture->head, entries->pdata[entries->len - 1], fixture->head);
}

static void
put_member (GPtrArray *entries, gpointer data)
{
  Fixture *fixture = data;

  g_ptr_array_set_size (entries, 0);
  g_ptr_array_add (entries, yl_test_forge_member (fixture->head, fixture->head));
}

/* Of store two there is nothing; of head office's PC, which has seen that, there is. */
static void
hide_two (GPtrArray *entries, gpointer data)
{
  Fixture *fixture = data;

  for (guint i = entries->len; i > 0; i--)
    if (g_str_equal (((YlIncoming *) entries->pdata[i - 1])->entry->writer, yl_store_get_writer (fixture->two)))
      g_ptr_array_remove_index (entries, i - 1);
}

static const struct
{
  const char *name;
  Lie lie; /* or */
  YlTestEdit edit;
  YlTroubleKind kind;
  const char *word;
} lies[] = {
  { "altered", lie_altered, NULL, YL_TROUBLE_FORGED, "HQ-A" },
  { "short-message", lie_short_message, NULL, YL_TROUBLE_FORGED, "HQ-A" },
  { "short-segment", NULL, yl_test_edit_tail, YL_TROUBLE_FORGED, "S2-A" },
  { "short-log", lie_short_log, NULL, YL_TROUBLE_WITHHELD, "hand it out" },
  { "more-for-ever", lie_more, NULL, YL_TROUBLE_WITHHELD, "hand it out" },
  { "content", NULL, yl_test_edit_content, YL_TROUBLE_FORGED, "signature" },
  { "parents", NULL, yl_test_edit_parents, YL_TROUBLE_FORGED, "signature" },
  { "predecessor", NULL, yl_test_edit_predecessor, YL_TROUBLE_WITHHELD, "S2-A" },
  { "foreign-signature", NULL, sign_with_head, YL_TROUBLE_FORGED, "S2-A" },
  { "member", NULL, put_member, YL_TROUBLE_FORGED, "authority" },
  { "hidden", NULL, hide_two, YL_TROUBLE_WITHHELD, "S2-A" },
};

/* What head office's own PC writes last has seen what store two wrote. */
static void
test_lie (Fixture *fixture, gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autofree char *hub = hub_of (fixture);
  g_autofree char *first = yl_test_add_worker (fixture->two, "王秀英");
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;
  gint64 before;

  yl_test_sync (fixture->two);
  sync_honestly (fixture);
  before = yl_test_n_entries (fixture->one);
  second = yl_test_add_worker (fixture->two, "张桂英");
  third = yl_test_add_worker (fixture->two, "赵玉兰");
  yl_test_sync (fixture->two);
  if (lies[i].edit == hide_two || lies[i].edit == yl_test_edit_parents)
    g_free (yl_test_add_worker (fixture->head, "李桂兰"));
  fixture->lie = lies[i].lie;
  fixture->edit = lies[i].edit;
  assert_named (fixture, lies[i].kind, hub, lies[i].word);
  g_assert_cmpint (yl_test_n_entries (fixture->one), ==, before);
  sync_honestly (fixture);
  g_assert_cmpint (yl_test_n_entries (fixture->one), ==, yl_test_n_entries (fixture->head));
  sync_honestly (fixture);
  g_assert_null (yl_trouble_find (fixture->one, lies[i].kind, hub));
}

/* Lies about what was received */

static void
lie_no_receipt (Fixture *fixture, YlSyncAnswer *answer)
{
  answer->has_receipt = FALSE;
}

static void
lie_receipt (Fixture *fixture, YlSyncAnswer *answer)
{
  answer->receipt[0] ^= 1;
}

static void
lie_frontier (Fixture *fixture, YlSyncAnswer *answer)
{
  answer->frontier[0] ^= 1;
}

static void
lie_time (Fixture *fixture, YlSyncAnswer *answer)
{
  answer->time++;
}

static void
issue (YlStore *by, const char *to, YlSyncAnswer *answer)
{
  static const guint8 push[YL_PUSH_DIGEST_BYTES] = { 1 };

  g_assert_true (yl_receipt_issue (by, to, push, answer->frontier, answer->time, answer->receipt, NULL));
}

static void
lie_other_push (Fixture *fixture, YlSyncAnswer *answer)
{
  issue (fixture->head, yl_store_get_identity (fixture->one), answer);
}

static void
lie_other_hub (Fixture *fixture, YlSyncAnswer *answer)
{
  issue (fixture->two, yl_store_get_identity (fixture->one), answer);
}

static void
lie_other_node (Fixture *fixture, YlSyncAnswer *answer)
{
  issue (fixture->head, yl_store_get_identity (fixture->two), answer);
}

/* The first answer is kept and given again and again. */
static void
lie_again (Fixture *fixture, YlSyncAnswer *answer)
{
  g_autoptr (YlSyncAnswer) kept = NULL;

  if (fixture->kept == NULL)
    {
      fixture->kept = yl_sync_answer_encode (answer);
      return;
    }
  kept = yl_sync_answer_decode (fixture->kept, NULL);
  memcpy (answer->frontier, kept->frontier, sizeof answer->frontier);
  memcpy (answer->receipt, kept->receipt, sizeof answer->receipt);
  answer->time = kept->time;
  answer->has_receipt = TRUE;
}

static const struct
{
  const char *name;
  Lie lie;
} receipts[] = {
  { "none", lie_no_receipt },       { "altered", lie_receipt },       { "other-frontier", lie_frontier },
  { "other-time", lie_time },       { "not-pushed", lie_other_push }, { "other-hub", lie_other_hub },
  { "other-node", lie_other_node }, { "again", lie_again },
};

static void
test_receipt (Fixture *fixture, gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autofree char *hub = hub_of (fixture);
  g_autofree char *first = yl_test_add_worker (fixture->one, "李春梅");
  g_autofree char *second = NULL;

  fixture->lie = receipts[i].lie;
  if (receipts[i].lie == lie_again)
    yl_test_sync (fixture->one);
  second = yl_test_add_worker (fixture->one, "王秀英");
  assert_named (fixture, YL_TROUBLE_FORGED, hub, "receipt");
  g_assert_cmpuint (yl_log_n_waiting (fixture->one), >, 0);
  sync_honestly (fixture);
  g_assert_cmpuint (yl_log_n_waiting (fixture->one), ==, 0);
  g_assert_null (yl_trouble_find (fixture->one, YL_TROUBLE_FORGED, hub));
}

/* Who answers is not the hub: its half of the session does not hold. */
static void
test_impostor (Fixture *fixture, gconstpointer data)
{
  g_autofree char *worker = yl_test_add_worker (fixture->one, "王秀英");

  fixture->spoilt = data;
  assert_named (fixture, YL_TROUBLE_IMPOSTOR, fixture->way.url, fixture->way.url);
  g_assert_cmpuint (yl_log_n_waiting (fixture->one), ==, 1);
  sync_honestly (fixture);
  g_assert_null (yl_trouble_find (fixture->one, YL_TROUBLE_IMPOSTOR, fixture->way.url));
}

/* A PC of the company, but not head office's. */
static void
test_other_pc (Fixture *fixture, gconstpointer data)
{
  g_autoptr (YlHub) hub = fixture->way.hub;

  fixture->way.hub = yl_hub_new (fixture->two);
  assert_named (fixture, YL_TROUBLE_IMPOSTOR, fixture->way.url, fixture->way.url);
  g_object_unref (fixture->way.hub);
  fixture->way.hub = g_steal_pointer (&hub);
  sync_honestly (fixture);
}

/* Rewind: the hub goes on with an old copy of its file. What it had given receipts for it gets again, and people hear of it. */
static void
test_rewind (Fixture *fixture, gconstpointer data)
{
  g_autofree char *hub = hub_of (fixture);
  g_autofree char *old = yl_test_chain_file (fixture->chain, "old");
  g_autoptr (GError) error = NULL;
  g_autoptr (YlTrouble) trouble = NULL;
  g_autoptr (YlStore) head = NULL;
  g_autoptr (YlHub) present = fixture->way.hub;
  g_autofree char *worker = NULL;
  g_autofree char *text = NULL;

  g_assert_true (yl_store_backup (fixture->head, old, &error));
  worker = yl_test_add_worker (fixture->one, "王秀英");
  sync_honestly (fixture);
  head = yl_store_open (old, &error);
  g_assert_no_error (error);
  fixture->way.hub = yl_hub_new (head);
  sync_honestly (fixture);
  trouble = yl_trouble_find (fixture->one, YL_TROUBLE_REWIND, hub);
  g_assert_nonnull (trouble);
  text = yl_trouble_describe (fixture->one, trouble);
  g_assert_nonnull (strstr (text, "HQ-A"));
  g_assert_nonnull (strstr (text, "S1-A"));
  g_clear_pointer (&text, g_free);
  text = yl_test_worker_name (head, worker);
  g_assert_cmpstr (text, ==, "王秀英");
  g_object_unref (fixture->way.hub);
  fixture->way.hub = g_steal_pointer (&present);
}

/* As if nothing had been written since the caller's last change set. */
static void
lie_frozen (Fixture *fixture, YlSyncAnswer *answer)
{
  g_auto (YlMoment) moment = { 0 };

  g_assert_true (yl_delivery_moment (fixture->one, &moment, NULL));
  memcpy (answer->frontier, moment.frontier, sizeof answer->frontier);
  memcpy (answer->hash, moment.hash, sizeof answer->hash);
  g_clear_pointer (&answer->segment, g_bytes_unref);
  answer->time = yl_store_now (fixture->head) + 20 * 60 * 1000;
}

/* Head office's hub held back what it had written itself; a stick from another store brings it to light. */
static void
test_frozen (Fixture *fixture, gconstpointer data)
{
  g_autofree char *hub = hub_of (fixture);
  g_autofree char *file = yl_test_chain_file (fixture->chain, "stick");
  g_autoptr (GError) error = NULL;
  YlNewSite site = { "S9", "S9", 39900000, 116400000 };
  g_autofree char *id = yl_company_add_site (fixture->head, &site, &error);
  g_autoptr (YlTrouble) clock = NULL;
  g_autoptr (YlTrouble) trouble = NULL;
  g_autofree char *text = NULL;
  YlBundleReport report;

  g_assert_no_error (error);
  fixture->lie = lie_frozen;
  yl_test_sync (fixture->one);
  /* By that the two clocks are 20 minutes apart. */
  clock = yl_trouble_find (fixture->one, YL_TROUBLE_CLOCK, yl_store_get_identity (fixture->one));
  g_assert_nonnull (clock);
  g_assert_true (g_str_has_prefix (clock->detail, "-"));
  fixture->lie = NULL;
  yl_test_sync (fixture->two);
  yl_bundle_write (fixture->two, file, NULL, TRUE, &report, &error);
  g_assert_no_error (error);
  yl_bundle_read (fixture->one, file, &report, &error);
  g_assert_no_error (error);
  trouble = yl_trouble_find (fixture->one, YL_TROUBLE_WITHHELD, hub);
  g_assert_nonnull (trouble);
  text = yl_trouble_describe (fixture->one, trouble);
  g_test_message ("%s", text);
  g_assert_nonnull (strstr (text, "HQ-A"));
  g_assert_nonnull (strstr (text, "authority"));
  sync_honestly (fixture);
  g_assert_null (yl_trouble_find (fixture->one, YL_TROUBLE_CLOCK, yl_store_get_identity (fixture->one)));
}

/* Two days ahead. */
static gint64
later_cb (gpointer unused)
{
  return yl_clock_now () + 2 * YL_DAY_MS;
}

/* One more change set of @store, two days later, after which it says that it and the hub have the same. */
static void
work_on (YlStore *store)
{
  g_autofree char *worker = yl_test_add_worker (store, "李淑兰");

  yl_store_set_clock (store, later_cb, NULL);
  yl_test_sync (store);
  yl_test_sync (store);
  yl_store_set_clock (store, NULL, NULL);
}

static void
carry (YlStore *from, YlStore *to, const char *file)
{
  g_autoptr (GError) error = NULL;
  YlBundleReport report;

  yl_bundle_write (from, file, NULL, TRUE, &report, &error);
  g_assert_no_error (error);
  yl_bundle_read (to, file, &report, &error);
  g_assert_no_error (error);
}

/* The hub shows one a log of its own, and everybody else another without what one wrote; one sees that by what the others write. */
static void
test_kept_from_all (Fixture *fixture, gconstpointer data)
{
  g_autofree char *hub = hub_of (fixture);
  g_autofree char *copy = yl_test_chain_file (fixture->chain, "copy");
  g_autofree char *file = yl_test_chain_file (fixture->chain, "carried");
  g_autofree char *worker = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (YlStore) for_others = NULL;
  YlHub *to_one = fixture->way.hub;
  g_autoptr (YlHub) to_others = NULL;
  g_autoptr (YlTrouble) trouble = NULL;

  g_assert_true (yl_store_backup (fixture->head, copy, &error));
  for_others = yl_store_open (copy, &error);
  g_assert_no_error (error);
  to_others = yl_hub_new (for_others);
  worker = yl_test_add_worker (fixture->one, "王秀英");
  yl_test_sync (fixture->one);
  fixture->way.hub = to_others;
  work_on (fixture->two);
  fixture->way.hub = to_one;
  carry (for_others, fixture->head, file);
  g_assert_null (yl_trouble_find (fixture->one, YL_TROUBLE_WITHHELD, hub));
  yl_test_sync (fixture->one);
  trouble = yl_trouble_find (fixture->one, YL_TROUBLE_WITHHELD, hub);
  g_assert_nonnull (trouble);
  text = yl_trouble_describe (fixture->one, trouble);
  g_test_message ("%s", text);
  g_assert_nonnull (strstr (text, "what S1-A wrote"));
  g_assert_nonnull (strstr (text, "S2-A"));
  /* It goes on saying so until they were given to him. */
  for (guint i = 0; i < 3; i++)
    yl_test_sync (fixture->one);
  g_clear_pointer (&trouble, yl_trouble_free);
  trouble = yl_trouble_find (fixture->one, YL_TROUBLE_WITHHELD, hub);
  g_assert_nonnull (trouble);
}

/* Who was not in touch, or is behind, says nothing against the hub; nor does one whose work came by another way. */
static void
test_nothing_kept (Fixture *fixture, gconstpointer data)
{
  g_autofree char *hub = hub_of (fixture);
  g_autofree char *file = yl_test_chain_file (fixture->chain, "carried");
  g_autofree char *worker = yl_test_add_worker (fixture->one, "王秀英");
  g_autofree char *offline = NULL;
  gint64 n_told;

  for (guint i = 0; i < 5; i++)
    g_free (yl_test_add_worker (fixture->two, "李淑兰"));
  yl_test_sync (fixture->two);
  yl_test_sync (fixture->one);
  /* Two writes what it knows of before, without a word from the hub, and a stick brings it. */
  offline = yl_test_add_worker (fixture->two, "赵玉梅");
  carry (fixture->two, fixture->one, file);
  g_assert_null (yl_trouble_find (fixture->one, YL_TROUBLE_WITHHELD, hub));
  work_on (fixture->two);
  work_on (fixture->one);
  work_on (fixture->two);
  yl_test_sync (fixture->one);
  g_assert_null (yl_trouble_find (fixture->one, YL_TROUBLE_WITHHELD, hub));
  g_assert_null (yl_trouble_find (fixture->two, YL_TROUBLE_WITHHELD, hub));
  g_assert_true (yl_database_integer (fixture->one->database, &n_told, 0, NULL,
                                      "SELECT count(DISTINCT node) FROM agreement", NULL));
  g_assert_cmpint (n_told, ==, 2);
}

/* The same segment again and again changes nothing. */
static void
test_replay (Fixture *fixture, gconstpointer data)
{
  const char *long_form = g_getenv ("YL_REPLAYS");
  guint n = long_form != NULL ? (guint) g_ascii_strtoull (long_form, NULL, 10) : 1000;
  g_autofree char *worker = yl_test_add_worker (fixture->two, "王秀英");
  g_autoptr (GArray) nothing = g_array_new (FALSE, TRUE, sizeof (gint64));
  g_autoptr (GError) error = NULL;
  g_autoptr (YlSegment) segment = NULL;
  g_autoptr (GBytes) bytes = NULL;
  gint64 entries;

  yl_test_sync (fixture->two);
  sync_honestly (fixture);
  entries = yl_test_n_entries (fixture->one);
  segment = yl_delivery_collect (fixture->two, nothing, &error);
  g_assert_no_error (error);
  bytes = yl_segment_encode (segment);
  for (guint i = 0; i < n; i++)
    {
      g_auto (YlTaken) taken = { 0 };

      g_assert_true (yl_delivery_take (fixture->one, bytes, &taken, &error));
      g_assert_cmpuint (taken.n_entries, ==, 0);
    }
  g_assert_cmpint (yl_test_n_entries (fixture->one), ==, entries);
  sync_honestly (fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      g_autofree char *path = g_strdup_printf ("/hub-lies/%s", lies[i].name);

      g_test_add (path, Fixture, GUINT_TO_POINTER (i), set_up, test_lie, tear_down);
    }
  for (guint i = 0; i < G_N_ELEMENTS (receipts); i++)
    {
      g_autofree char *path = g_strdup_printf ("/hub-lies/receipt/%s", receipts[i].name);

      g_test_add (path, Fixture, GUINT_TO_POINTER (i), set_up, test_receipt, tear_down);
    }
  g_test_add ("/hub-lies/impostor/key", Fixture, "key", set_up, test_impostor, tear_down);
  g_test_add ("/hub-lies/impostor/signature", Fixture, "signature", set_up, test_impostor, tear_down);
  g_test_add ("/hub-lies/impostor/other-pc", Fixture, NULL, set_up, test_other_pc, tear_down);
  g_test_add ("/hub-lies/rewind", Fixture, NULL, set_up, test_rewind, tear_down);
  g_test_add ("/hub-lies/frozen", Fixture, NULL, set_up, test_frozen, tear_down);
  g_test_add ("/hub-lies/kept-from-all", Fixture, NULL, set_up, test_kept_from_all, tear_down);
  g_test_add ("/hub-lies/nothing-kept", Fixture, NULL, set_up, test_nothing_kept, tear_down);
  g_test_add ("/hub-lies/replay", Fixture, NULL, set_up, test_replay, tear_down);
  return g_test_run ();
}
