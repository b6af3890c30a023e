/* Keys: who may have which, which one seals what is written now, and what a rotation changes. */
#include <string.h>

#include "records/yl-booking.h"
#include "trust/yl-company-trust.h"
#include "merge/yl-conflict.h"
#include "seal/yl-erase.h"
#include "seal/yl-grant-judge.h"
#include "seal/yl-rotate.h"
#include "merge/yl-state-hash.h"
#include "seal/yl-vault.h"
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

/* A new epoch: new values under new keys, old ones readable as before, and the PC that was turned out gets none of the new. */
static void
test_rotation (void)
{
  g_autoptr (YlTestCompany) company = new_company ();
  g_autofree char *worker = add_worker (company->stores[HOME]);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) reached = NULL;
  guint n;

  meet (company);
  reached = yl_rotate_reach (company->stores[HEAD_OFFICE], yl_store_get_writer (company->stores[HOME]), &error);
  g_assert_no_error (error);
  g_assert_true (g_ptr_array_find_with_equal_func (reached, worker, g_str_equal, NULL));
  g_clear_pointer (&reached, g_ptr_array_unref);
  reached = yl_rotate_reach (company->stores[HEAD_OFFICE], yl_store_get_writer (company->stores[THIRD]), &error);
  g_assert_false (g_ptr_array_find_with_equal_func (reached, worker, g_str_equal, NULL));
  g_ptr_array_set_size (reached, 0);
  g_ptr_array_add (reached, g_strdup (worker));
  g_assert_false (yl_rotate_keys (company->stores[HOME], reached, "lost", &n, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
  g_clear_error (&error);
  yl_company_revoke (company->stores[HEAD_OFFICE], yl_store_get_node (company->stores[HOME]), NULL, FALSE, &error);
  g_assert_no_error (error);
  g_assert_true (yl_rotate_keys (company->stores[HEAD_OFFICE], reached, "lost", &n, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 1);
  set_text (company->stores[HEAD_OFFICE], "worker", worker, "note", "以后的事");
  meet (company);
  assert_verdicts (company, HEAD_OFFICE, HOME, worker, "revoked revoked revoked revoked revoked");
  g_assert_false (reads (company->stores[HOME], "worker", worker, "note"));
  g_assert_true (reads (company->stores[HOME], "worker", worker, "name"));
  g_assert_true (reads (company->stores[HEAD_OFFICE], "worker", worker, "note"));
}

/* Who knows of a new epoch but has not got its key seals under one of its own of that epoch, never under an old one. */
static void
test_rotation_unheard (void)
{
  g_autoptr (YlTestCompany) company = new_company ();
  g_autofree char *worker = add_worker (company->stores[HOME]);
  g_autoptr (GPtrArray) persons = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  gint64 epoch;
  guint n;

  meet (company);
  g_ptr_array_add (persons, worker);
  yl_rotate_keys (company->stores[HEAD_OFFICE], persons, "precaution", &n, &error);
  g_assert_no_error (error);
  yl_test_carry (company, HEAD_OFFICE, HOME, G_MAXINT);
  set_text (company->stores[HOME], "worker", worker, "note", "新的备注");
  g_assert_true (
      yl_database_integer (company->stores[HOME]->database, &epoch, 0, &error,
                           "SELECT k.epoch FROM worker AS w JOIN seal_key AS k ON k.id = substr(w.note, 1, 16)"
                           " WHERE w.id = ?",
                           "t", worker));
  g_assert_cmpint (epoch, ==, 1);
  meet (company);
  g_assert_true (reads (company->stores[HEAD_OFFICE], "worker", worker, "note"));
}

static void
erase (YlStore *head_office, const char *person)
{
  g_autoptr (GError) error = NULL;

  yl_erase_person (head_office, person, "asked", &error);
  g_assert_no_error (error);
  yl_erase_settle (head_office, NULL, &error);
  g_assert_no_error (error);
}

static void
assert_gone (YlStore *store, const char *worker)
{
  static const char *const columns[] = { "name", "address", "native_place", "bank_account", "note" };
  g_autoptr (GError) error = NULL;
  g_autoptr (YlRecord) record = yl_store_get (store, "worker", worker, &error);
  gint64 n;

  g_assert_no_error (error);
  g_assert_true (yl_record_is_erased (record));
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    g_assert_null (yl_record_get_text (record, columns[i]));
  g_assert_true (yl_database_integer (store->database, &n, -1, &error,
                                      "SELECT (SELECT count(*) FROM seal_key WHERE person = ?1)"
                                      " + (SELECT count(*) FROM key_missing WHERE person = ?1)",
                                      "t", worker));
  g_assert_cmpint (n, ==, 0);
}

/* Erased at head office while two stores write on: whichever comes first, everybody ends with the same state and nobody reads her. */
static void
test_erase_order (void)
{
  for (guint order = 0; order < 6; order++)
    {
      g_autoptr (YlTestCompany) company = new_company ();
      g_autofree char *worker = add_worker (company->stores[HOME]);
      const guint who[6][3] = { { 0, 1, 3 }, { 0, 3, 1 }, { 1, 0, 3 }, { 1, 3, 0 }, { 3, 0, 1 }, { 3, 1, 0 } };
      g_autofree char *first = NULL;
      g_autoptr (GError) error = NULL;

      meet (company);
      erase (company->stores[HEAD_OFFICE], worker);
      set_text (company->stores[HOME], "worker", worker, "note", "她搬家了");
      set_text (company->stores[THIRD], "worker", worker, "blacklist_note", "没来");
      for (guint i = 0; i < 3; i++)
        for (guint to = 0; to < N_STORES; to++)
          if (to != who[order][i])
            {
              yl_test_carry (company, who[order][i], to, G_MAXINT);
              ask (company->stores[who[order][i]], company->stores[to], NULL);
            }
      for (guint round = 0; round < 2; round++)
        {
          for (guint i = 0; i < N_STORES; i++)
            g_assert_true (yl_erase_settle (company->stores[i], NULL, &error));
          meet (company);
        }
      for (guint i = 0; i < N_STORES; i++)
        {
          g_autofree char *hash = yl_state_hash (company->stores[i], &error);

          assert_gone (company->stores[i], worker);
          g_assert_cmpuint (n_wanted (company->stores[i]), ==, 0);
          if (first == NULL)
            first = g_strdup (hash);
          g_assert_cmpstr (hash, ==, first);
          g_assert_true (yl_store_check (company->stores[i], &error));
          g_assert_true (yl_store_rebuild (company->stores[i], &error));
          g_assert_no_error (error);
          assert_gone (company->stores[i], worker);
        }
    }
}

/* Keys of an erased person are refused, even under another's name, and given to nobody. */
static void
test_erased_keys (void)
{
  g_autoptr (YlTestCompany) company = new_company ();
  g_autofree char *worker = add_worker (company->stores[HOME]);
  g_autofree char *other = add_worker (company->stores[HOME]);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (YlSealKey));
  g_autoptr (GArray) refused = NULL;
  g_autoptr (GArray) given = NULL;
  g_autoptr (YlRows) rows = NULL;
  g_autoptr (YlRecord) record = NULL;
  g_autoptr (YlChange) change = NULL;
  guint n_added = 99;

  meet (company);
  rows = yl_database_query (company->stores[HOME]->database, &error, "SELECT id FROM seal_key WHERE person = ?", "t",
                            worker);
  while (yl_rows_next (rows, &error))
    {
      gsize length;
      YlSealKey key;

      g_assert_true (yl_vault_read_key (company->stores[HOME], yl_rows_blob (rows, 0, &length), &key, &error));
      g_strlcpy (key.person, other, sizeof key.person);
      g_array_append_val (keys, key);
    }
  g_clear_pointer (&rows, yl_rows_free);
  g_assert_cmpuint (keys->len, ==, 5);
  erase (company->stores[HEAD_OFFICE], worker);
  meet (company);
  yl_log_add_keys (company->stores[HEAD_OFFICE], yl_store_get_writer (company->stores[HOME]),
                   (const YlSealKey *) (gpointer) keys->data, keys->len, &n_added, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_added, ==, 0);
  assert_gone (company->stores[HEAD_OFFICE], worker);
  given = yl_log_keys_for (company->stores[HEAD_OFFICE], yl_store_get_writer (company->stores[HOME]),
                           g_array_index (keys, YlSealKey, 0).id, 1, &refused, &error);
  g_assert_cmpuint (given->len, ==, 0);
  g_assert_cmpint (g_array_index (refused, YlKeyRefusal, 0).verdict, ==, YL_GRANT_ERASED);
  record = yl_store_get (company->stores[HEAD_OFFICE], "worker", worker, &error);
  change = yl_change_begin (company->stores[HEAD_OFFICE], "set", &error);
  yl_record_set_text (record, "phone", "13900000000");
  g_assert_false (yl_change_update (change, record, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
  g_assert_true (reads (company->stores[HEAD_OFFICE], "worker", other, "name"));
}

/* The bytes are gone from the file at once, also where the process that erased never came to look for them. */
static void
test_wipe (void)
{
  g_autoptr (YlTestCompany) company = new_company ();
  g_autofree char *worker = add_worker (company->stores[HEAD_OFFICE]);
  YlStore *store = company->stores[HEAD_OFFICE];
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GError) error = NULL;
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, &error, "SELECT key FROM seal_key WHERE person = ?", "t", worker);
  g_autofree char *bytes = NULL;
  gsize length;

  while (yl_rows_next (rows, &error))
    {
      gconstpointer key = yl_rows_blob (rows, 0, &length);

      g_ptr_array_add (keys, g_bytes_new (key, length));
    }
  g_clear_pointer (&rows, yl_rows_free);
  yl_erase_person (store, worker, "asked", &error);
  g_assert_no_error (error);
  g_ptr_array_set_size (store->destroyed, 0);
  g_assert_true (yl_erase_settle (store, NULL, &error));
  g_assert_true (g_file_get_contents (yl_store_get_file (store), &bytes, &length, &error));
  for (guint i = 0; i < keys->len; i++)
    {
      gsize n;
      gconstpointer key = g_bytes_get_data (keys->pdata[i], &n);

      g_assert_null (memmem (bytes, length, key, n));
    }
  g_assert_true (yl_store_check (store, &error));
}

/* A copy that lost its keys says which it lacks, and gets those it may have again. */
static void
test_lost_keys (void)
{
  g_autoptr (YlTestCompany) company = new_company ();
  g_autofree char *worker = add_worker (company->stores[HOME]);
  g_autoptr (GError) error = NULL;
  YlStore *hub = company->stores[HEAD_OFFICE];

  meet (company);
  g_assert_true (yl_database_run (hub->database, &error, "DELETE FROM seal_key", NULL));
  g_assert_false (reads (hub, "worker", worker, "name"));
  g_assert_cmpuint (n_wanted (hub), ==, 0);
  g_assert_true (yl_log_keys_take_stock (hub, &error));
  g_assert_cmpuint (n_wanted (hub), >=, 5);
  meet (company);
  g_assert_true (reads (hub, "worker", worker, "bank_account"));
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
  g_test_add_func ("/seal/rotation", test_rotation);
  g_test_add_func ("/seal/rotation-unheard", test_rotation_unheard);
  g_test_add_func ("/seal/erase-order", test_erase_order);
  g_test_add_func ("/seal/erased-keys", test_erased_keys);
  g_test_add_func ("/seal/wipe", test_wipe);
  g_test_add_func ("/seal/lost-keys", test_lost_keys);
  return g_test_run ();
}
