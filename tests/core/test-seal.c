/* Keys: who may have which, which one seals what is written now, and what a rotation changes. */
#include <string.h>

#include "records/yl-booking.h"
#include "store/yl-conflict.h"
#include "store/yl-grant-judge.h"
#include "yl-test-company.h"

#define HEAD_OFFICE 0
#define HOME 1
#define OTHER 2
#define THIRD 3
#define N_STORES 4

static const char *const facts_words[] = { "unknown", "revoked", "head",      "erased",
                                           "home",    "serves",  "colleague", "wrote" };

static YlGrantFacts
facts_from (const char *words)
{
  g_auto (GStrv) set = g_strsplit (words, " ", -1);
  YlGrantFacts facts = { FALSE };
  gboolean *members[] = { &facts.unknown, &facts.revoked, &facts.head_office, &facts.erased,
                          &facts.home,    &facts.serves,  &facts.colleague,   &facts.wrote };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    *members[i] = g_strv_contains ((const char *const *) set, facts_words[i]);
  return facts;
}

/* The whole policy: what a node is, and what it may have of contact, address, identity, finance, notes. */
static void
test_policy (void)
{
  static const struct
  {
    const char *facts;
    const char *verdicts[5];
  } table[] = {
    { "", { "other_store", "other_store", "other_store", "other_store", "other_store" } },
    { "head", { "head_office", "head_office", "head_office", "head_office", "head_office" } },
    { "home", { "home", "home", "home", "home", "home" } },
    { "home serves", { "home", "home", "home", "home", "home" } },
    { "serves", { "serves", "serves", "other_class", "other_class", "other_class" } },
    { "colleague", { "colleague", "other_class", "other_class", "other_class", "other_class" } },
    { "wrote", { "wrote", "wrote", "wrote", "wrote", "wrote" } },
    { "serves wrote", { "wrote", "wrote", "wrote", "wrote", "wrote" } },
    { "unknown", { "not_enrolled", "not_enrolled", "not_enrolled", "not_enrolled", "not_enrolled" } },
    { "unknown head home", { "not_enrolled", "not_enrolled", "not_enrolled", "not_enrolled", "not_enrolled" } },
    { "revoked head", { "revoked", "revoked", "revoked", "revoked", "revoked" } },
    { "revoked home wrote", { "revoked", "revoked", "revoked", "revoked", "revoked" } },
    { "erased head", { "erased", "erased", "erased", "erased", "erased" } },
    { "erased home serves wrote", { "erased", "erased", "erased", "erased", "erased" } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    for (guint class = 0; class < 5; class ++)
      {
        YlGrantFacts facts = facts_from (table[i].facts);
        YlGrantVerdict verdict = yl_grant_policy (&facts, YL_SEALED_CONTACT + class);

        g_test_message ("%s: %s", table[i].facts, yl_disclosure_word (YL_SEALED_CONTACT + class));
        g_assert_cmpstr (yl_grant_word (verdict), ==, table[i].verdicts[class]);
        g_assert_cmpint (yl_grant_from_word (yl_grant_word (verdict)), ==, verdict);
        g_assert_cmpint (yl_grant_allows (verdict), ==, verdict <= YL_GRANT_WROTE);
      }
}

static void
commit (YlChange *change)
{
  g_autoptr (GError) error = NULL;

  yl_change_commit (change, &error);
  g_assert_no_error (error);
}

static char *
insert (YlStore *store, YlRecord *record)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlChange) change = yl_change_begin (store, "add", &error);

  g_assert_no_error (error);
  yl_change_insert (change, record, &error);
  g_assert_no_error (error);
  commit (change);
  return g_strdup (yl_record_get_id (record));
}

static void
set_text (YlStore *store, const char *table, const char *id, const char *column, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlRecord) record = yl_store_get (store, table, id, &error);
  g_autoptr (YlChange) change = yl_change_begin (store, "set", &error);

  g_assert_no_error (error);
  yl_record_set_text (record, column, text);
  yl_change_update (change, record, &error);
  g_assert_no_error (error);
  commit (change);
}

/* A worker with something in every class. */
static char *
add_worker (YlStore *store)
{
  g_autoptr (YlRecord) worker = yl_record_new (yl_table_find ("worker"), NULL);

  yl_record_set_text (worker, "name", "王秀英");
  yl_record_set_text (worker, "address", "朝阳区建国路88号");
  yl_record_set_text (worker, "native_place", "四川");
  yl_record_set_text (worker, "bank_account", "6222020200001234567");
  yl_record_set_text (worker, "note", "会做川菜");
  return insert (store, worker);
}

static char *
add_order (YlStore *store)
{
  g_autoptr (YlRecord) order = yl_record_new (yl_table_find ("order"), NULL);

  yl_record_set_text (order, "service_type", "cleaning");
  yl_record_set_text (order, "schedule", "one_off");
  yl_record_set_integer (order, "start", G_GINT64_CONSTANT (1796500800000));
  yl_record_set_integer (order, "minutes", 120);
  return insert (store, order);
}

static void
assert_verdicts (YlTestCompany *company, guint asked, guint about, const char *person, const char *expected)
{
  g_autoptr (YlGrantJudge) judge =
      yl_grant_judge_new (company->stores[asked], yl_store_get_writer (company->stores[about]));
  g_autoptr (GString) found = g_string_new (NULL);

  for (YlDisclosure class = YL_SEALED_CONTACT; class <= YL_SEALED_NOTES; class ++)
    g_string_append_printf (found, "%s%s", found->len > 0 ? " " : "",
                            yl_grant_word (yl_grant_judge_ask (judge, person, class, NULL)));
  g_assert_cmpstr (found->str, ==, expected);
}

/* Whether the store reads the column. */
static gboolean
reads (YlStore *store, const char *table, const char *id, const char *column)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlRecord) record = yl_store_get (store, table, id, &error);

  g_assert_no_error (error);
  return yl_record_get_text (record, column) != NULL;
}

static guint
n_wanted (YlStore *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) wanted = yl_log_keys_wanted (store, &error);

  g_assert_no_error (error);
  return (guint) (g_bytes_get_size (wanted) / YL_KEY_ID_BYTES);
}

/* What the exchange does: @to asks @from for what it wants. */
static guint
ask (YlStore *from, YlStore *to, guint *n_refused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) wanted = yl_log_keys_wanted (to, &error);
  g_autoptr (GArray) refused = NULL;
  g_autoptr (GArray) keys = NULL;
  guint n_added = 0;

  g_assert_no_error (error);
  keys = yl_log_keys_for (from, yl_store_get_writer (to), g_bytes_get_data (wanted, NULL),
                          (guint) (g_bytes_get_size (wanted) / YL_KEY_ID_BYTES), &refused, &error);
  g_assert_no_error (error);
  yl_log_add_keys (to, yl_store_get_writer (from), (const YlSealKey *) (gpointer) keys->data, keys->len, &n_added,
                   &error);
  g_assert_no_error (error);
  yl_log_keys_refused (to, (const YlKeyRefusal *) (gpointer) refused->data, refused->len, &error);
  g_assert_no_error (error);
  if (n_refused != NULL)
    *n_refused = refused->len;
  return n_added;
}

/* Everybody has every entry; keys only by asking head office, which is given all. */
static void
meet (YlTestCompany *company)
{
  for (guint i = 1; i < company->n; i++)
    {
      yl_test_carry (company, i, HEAD_OFFICE, G_MAXINT);
      ask (company->stores[i], company->stores[HEAD_OFFICE], NULL);
    }
  for (guint i = 1; i < company->n; i++)
    {
      yl_test_carry (company, HEAD_OFFICE, i, G_MAXINT);
      ask (company->stores[HEAD_OFFICE], company->stores[i], NULL);
    }
}

static YlTestCompany *
new_company (void)
{
  YlTestCompany *company = yl_test_company_new (N_STORES);

  yl_test_company_hold_keys (company);
  return company;
}

/* A store has no keys to another's worker, gets two when it promises her, and does not ask for the rest again and again. */
static void
test_reason (void)
{
  g_autoptr (YlTestCompany) company = new_company ();
  g_autofree char *worker = add_worker (company->stores[HOME]);
  g_autofree char *order = NULL;
  g_auto (GStrv) claims = NULL;
  g_autoptr (GError) error = NULL;
  YlBookRequest request = { .worker = worker };

  meet (company);
  assert_verdicts (company, HEAD_OFFICE, HOME, worker, "home home home home home");
  assert_verdicts (company, OTHER, OTHER, worker, "other_store other_store other_store other_store other_store");
  g_assert_true (reads (company->stores[HEAD_OFFICE], "worker", worker, "bank_account"));
  g_assert_false (reads (company->stores[OTHER], "worker", worker, "name"));
  g_assert_cmpuint (n_wanted (company->stores[OTHER]), ==, 0);
  order = add_order (company->stores[OTHER]);
  request.order = order;
  claims = yl_booking_promise (company->stores[OTHER], &request, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_wanted (company->stores[OTHER]), ==, 2);
  meet (company);
  assert_verdicts (company, HEAD_OFFICE, OTHER, worker, "serves serves other_class other_class other_class");
  g_assert_true (reads (company->stores[OTHER], "worker", worker, "name"));
  g_assert_true (reads (company->stores[OTHER], "worker", worker, "address"));
  g_assert_false (reads (company->stores[OTHER], "worker", worker, "native_place"));
  g_assert_false (reads (company->stores[THIRD], "worker", worker, "name"));
  g_assert_cmpuint (n_wanted (company->stores[OTHER]), ==, 0);
}

/* Asking for more gives what one may have and names the rest. */
static void
test_refusal (void)
{
  g_autoptr (YlTestCompany) company = new_company ();
  g_autofree char *worker = add_worker (company->stores[HOME]);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) ids = NULL;
  g_autoptr (GArray) refused = NULL;
  g_autoptr (GArray) keys = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GBytes) message = NULL;
  g_autoptr (YlEntry) entry = NULL;

  meet (company);
  rows = yl_log_since (company->stores[HEAD_OFFICE], 0, G_MAXINT, &error);
  message = yl_log_message (company->stores[HEAD_OFFICE], ((YlEntryRow *) rows->pdata[rows->len - 1])->n, &error);
  g_assert_no_error (error);
  entry = yl_entry_parse (message, &error);
  ids = yl_log_keys_used (entry);
  g_assert_cmpuint (g_bytes_get_size (ids), ==, 5 * YL_KEY_ID_BYTES);
  keys = yl_log_keys_for (company->stores[HEAD_OFFICE], yl_store_get_writer (company->stores[THIRD]),
                          g_bytes_get_data (ids, NULL), 5, &refused, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (keys->len, ==, 0);
  g_assert_cmpuint (refused->len, ==, 5);
  g_assert_cmpint (g_array_index (refused, YlKeyRefusal, 0).verdict, ==, YL_GRANT_OTHER_STORE);
  g_clear_pointer (&keys, g_array_unref);
  g_clear_pointer (&refused, g_array_unref);
  keys = yl_log_keys_for (company->stores[HEAD_OFFICE], "0123456789abcdef", g_bytes_get_data (ids, NULL), 5, &refused,
                          &error);
  g_assert_cmpuint (keys->len, ==, 0);
  g_assert_cmpint (g_array_index (refused, YlKeyRefusal, 0).verdict, ==, YL_GRANT_NOT_ENROLLED);
}

/* Writing that a worker is one's own makes her no more so; head office's word does. */
static void
test_home (void)
{
  g_autoptr (YlTestCompany) company = new_company ();
  g_autofree char *worker = add_worker (company->stores[HOME]);

  meet (company);
  set_text (company->stores[THIRD], "worker", worker, "home_store", yl_store_get_site (company->stores[THIRD]));
  meet (company);
  assert_verdicts (company, HEAD_OFFICE, THIRD, worker, "other_store other_store other_store other_store other_store");
  assert_verdicts (company, HEAD_OFFICE, HOME, worker, "home home home home home");
  set_text (company->stores[HEAD_OFFICE], "worker", worker, "home_store", yl_store_get_site (company->stores[OTHER]));
  meet (company);
  assert_verdicts (company, HEAD_OFFICE, OTHER, worker, "home home home home home");
  assert_verdicts (company, HEAD_OFFICE, HOME, worker, "other_store other_store other_store other_store other_store");
  g_assert_true (reads (company->stores[OTHER], "worker", worker, "bank_account"));
}

/* What a store writes of a worker it may not read: her own store reads it, and never seals anything under that key. */
static void
test_lane (void)
{
  g_autoptr (YlTestCompany) company = new_company ();
  g_autofree char *worker = add_worker (company->stores[HOME]);

  meet (company);
  set_text (company->stores[THIRD], "worker", worker, "blacklist_note", "迟到三次");
  g_assert_true (reads (company->stores[THIRD], "worker", worker, "blacklist_note"));
  meet (company);
  g_assert_true (reads (company->stores[HOME], "worker", worker, "blacklist_note"));
  g_assert_false (reads (company->stores[OTHER], "worker", worker, "blacklist_note"));
  for (guint i = 0; i < 8; i++)
    {
      g_autofree char *note = g_strdup_printf ("第%u次", i);

      set_text (company->stores[HOME], "worker", worker, "note", note);
    }
  set_text (company->stores[HEAD_OFFICE], "worker", worker, "intro", "爱干净");
  meet (company);
  g_assert_false (reads (company->stores[THIRD], "worker", worker, "note"));
  g_assert_false (reads (company->stores[THIRD], "worker", worker, "intro"));
}

/* Two PCs that each make the first key of a class: nobody sees a conflict, and both go on with the same one. */
static void
test_first_keys (void)
{
  g_autoptr (YlTestCompany) company = new_company ();
  g_autoptr (YlRecord) record = yl_record_new (yl_table_find ("worker"), NULL);
  g_autofree char *worker = NULL;
  g_autoptr (GPtrArray) conflicts = NULL;
  g_autoptr (GError) error = NULL;

  yl_record_set_text (record, "name", "李淑兰");
  worker = insert (company->stores[HOME], record);
  meet (company);
  set_text (company->stores[HOME], "worker", worker, "note", "好");
  set_text (company->stores[HEAD_OFFICE], "worker", worker, "note", "好");
  meet (company);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (YlRecord) shown = yl_store_get (company->stores[i], "worker", worker, &error);

      g_assert_cmpstr (yl_record_get_text (shown, "note"), ==, "好");
      g_assert_cmpuint (yl_conflict_count (company->stores[i]), ==, 0);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/seal/policy", test_policy);
  g_test_add_func ("/seal/reason", test_reason);
  g_test_add_func ("/seal/refusal", test_refusal);
  g_test_add_func ("/seal/home", test_home);
  g_test_add_func ("/seal/lane", test_lane);
  g_test_add_func ("/seal/first-keys", test_first_keys);
  return g_test_run ();
}
