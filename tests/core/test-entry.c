/* Change sets as bytes, and the remote door: what is refused, kept unapplied, or must wait. */
#include <sodium.h>
#include <string.h>

#include "records/yl-booking.h"
#include "merge/yl-state-hash.h"
#include "yl-test-company.h"

static GBytes *
bytes_of (const char *text)
{
  return g_bytes_new (text, strlen (text));
}

static YlEntry *
sample_entry (void)
{
  YlEntry *entry = yl_entry_new ();
  YlOp *op = yl_op_new (YL_OP_UPDATE, "worker", "01a20000-0000-7000-8000-000000000001");
  g_auto (YlValue) value = YL_VALUE_INIT;

  entry->what = g_strdup ("edit worker CYA0001");
  memset (entry->scope, 'a', YL_SCOPE_CHARS);
  memset (entry->writer, 'b', YL_WRITER_CHARS);
  entry->seq = 1;
  entry->hlc = YL_HLC (YL_CLOCK_MIN_MS + 5, 7);
  entry->actor = g_strdup ("CY01");
  entry->schema = 6;
  yl_value_set_integer (&value, -5);
  yl_op_add (op, "debt", &value);
  yl_value_set_bytes (&value, YL_VALUE_BLOB, "\x00\xff\x10", 3);
  yl_op_add (op, "name", &value);
  yl_value_set_text (&value, "a\"\\\n王");
  yl_op_add (op, "note", &value);
  yl_value_clear (&value);
  yl_op_add (op, "phone", &value);
  g_ptr_array_add (entry->ops, op);
  return entry;
}

static void
test_round_trip (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlEntry) entry = sample_entry ();
  g_autoptr (YlEntry) reread = NULL;
  const YlOp *op;

  g_assert_true (yl_entry_build (entry, &error));
  reread = yl_entry_parse (entry->message, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (entry->id, sizeof entry->id, reread->id, sizeof reread->id);
  g_assert_cmpstr (reread->what, ==, entry->what);
  g_assert_cmpint (reread->hlc, ==, entry->hlc);
  op = reread->ops->pdata[0];
  for (guint i = 0; i < op->n_columns; i++)
    g_assert_true (yl_value_equal (&op->values[i], &((YlOp *) entry->ops->pdata[0])->values[i]));
}

/* Each replaces something in a good message; the result must be refused. */
static const struct
{
  const char *what;
  const char *from;
  const char *to;
} damages[] = {
  { "no sentence", "edit worker CYA0001\n\n", "\n\n" },
  { "particulars in the sentence", "edit worker", "edit 王秀英" },
  { "another first member", "{\"prev\":", "{ \"prev\":" },
  { "a member twice", "\"seq\":1", "\"seq\":1,\"seq\":1" },
  { "an unknown member", "\"seq\":1", "\"seq\":1,\"x\":1" },
  { "a member missing", "\"schema\":6,", "" },
  { "no format", "\"format\":1", "\"format\":0" },
  { "a sequence of nought", "\"seq\":1", "\"seq\":0" },
  { "a sequence that is text", "\"seq\":1", "\"seq\":\"1\"" },
  { "a short scope", "\"scope\":\"aa", "\"scope\":\"a" },
  { "a writer in capitals", "\"writer\":\"bb", "\"writer\":\"BB" },
  { "a clock before 2020", "\"hlc\":[15", "\"hlc\":[5" },
  { "a counter too large", ",7]", ",65536]" },
  { "a merged that is no name", "\"merged\":[]", "\"merged\":[\"x\"]" },
  { "merged twice", "\"merged\":[]",
    "\"merged\":[\"bbbbbbbbbbbbbbbb:1:0000000000000000\",\"bbbbbbbbbbbbbbbb:1:0000000000000000\"]" },
  { "merged out of order", "\"merged\":[]",
    "\"merged\":[\"cccccccccccccccc:1:0000000000000000\",\"aaaaaaaaaaaaaaaa:1:0000000000000000\"]" },
  { "a blank actor", "\"actor\":\"CY01\"", "\"actor\":\"\"" },
  { "an actor with a sign of an address", "\"actor\":\"CY01\"", "\"actor\":\"CY<1\"" },
  { "a kind of op that is no name", "[\"update\"", "[\"up!sert\"" },
  { "a delete with columns", "[\"update\"", "[\"delete\"" },
  { "a table in capitals", "\"worker\",", "\"Worker\"," },
  { "an id that is none", "01a20000-0000-7000", "01A20000-0000-7000" },
  { "columns out of order", "\"debt\":-5,", "\"zzz\":-5," },
  { "a column of no kind", "\"debt\":-5", "\"debt\":[1]" },
  { "a fraction", "\"debt\":-5", "\"debt\":-5.5" },
  { "a blob that is no base64", "{\"b\":\"", "{\"b\":\"!" },
  { "a blob with company", "{\"b\":", "{\"a\":1,\"b\":" },
  { "a tail", "]}", "]}x" },
};

static char *
replace_first (const char *text, const char *from, const char *to)
{
  const char *at = strstr (text, from);
  g_autofree char *head = NULL;

  g_assert_nonnull (at);
  head = g_strndup (text, (gsize) (at - text));
  return g_strconcat (head, to, at + strlen (from), NULL);
}

static void
test_damages (void)
{
  g_autoptr (YlEntry) entry = sample_entry ();
  g_autofree char *good = NULL;

  g_assert_true (yl_entry_build (entry, NULL));
  good = g_strndup (g_bytes_get_data (entry->message, NULL), g_bytes_get_size (entry->message));
  for (guint i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text = replace_first (good, damages[i].from, damages[i].to);
      g_autoptr (GBytes) message = bytes_of (text);

      g_test_message ("%s", damages[i].what);
      g_assert_null (yl_entry_parse (message, &error));
      g_assert_error (error, YL_ERROR, YL_ERROR_INVALID);
    }
}

static void
test_newer_format (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlEntry) entry = sample_entry ();
  g_autofree char *text = NULL;
  g_autoptr (GBytes) message = NULL;

  g_assert_true (yl_entry_build (entry, NULL));
  text = replace_first (g_bytes_get_data (entry->message, NULL), "\"format\":1", "\"format\":2");
  message = g_bytes_new (text, g_bytes_get_size (entry->message));
  g_assert_null (yl_entry_parse (message, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_NEWER);
}

static void
test_too_many_ops (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlEntry) entry = sample_entry ();

  for (guint i = 0; i < YL_ENTRY_MAX_OPS; i++)
    g_ptr_array_add (entry->ops, yl_op_new (YL_OP_DELETE, "worker", "01a20000-0000-7000-8000-000000000001"));
  g_assert_false (yl_entry_build (entry, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_INVALID);
}

/* The remote door */

static char *
write_worker (YlStore *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlChange) change = yl_change_begin (store, "add worker", &error);
  g_autoptr (YlRecord) worker = yl_record_new (yl_table_find ("worker"), NULL);

  yl_record_set_text (worker, "name", "王秀英");
  g_assert_true (yl_change_insert (change, worker, &error));
  g_assert_true (yl_change_commit (change, &error));
  return g_strdup (yl_record_get_id (worker));
}

static YlEntry *
read_entry (YlStore *store, const char *writer, gint64 seq)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlEntryRow) row = yl_log_find (store, writer, seq, &error);
  g_autoptr (GBytes) message = NULL;
  YlEntry *entry;

  g_assert_no_error (error);
  message = yl_log_message (store, row->n, &error);
  g_assert_no_error (error);
  entry = yl_entry_parse (message, &error);
  g_assert_no_error (error);
  return entry;
}

/* Gives @entry to @store; nothing is kept when it is refused. */
static void
expect_apply (YlStore *store, const YlEntry *entry, int code)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *before = yl_state_hash (store, NULL);
  g_autoptr (YlLogTransaction) transaction = yl_log_begin (store, &error);
  g_autofree char *after = NULL;
  gboolean is_new;
  gint64 n;

  g_assert_no_error (error);
  g_assert_false (yl_log_apply (store, entry, &n, &is_new, &error));
  g_assert_error (error, YL_ERROR, code);
  g_clear_pointer (&transaction, yl_log_transaction_free);
  after = yl_state_hash (store, NULL);
  g_assert_cmpstr (before, ==, after);
}

static void
test_out_of_order (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (3);
  const char *writer = yl_store_get_writer (company->stores[1]);
  g_autofree char *first_id = write_worker (company->stores[1]);
  g_autofree char *second_id = write_worker (company->stores[1]);
  g_autofree char *third_id = NULL;
  g_autoptr (YlEntry) second = read_entry (company->stores[1], writer, 2);
  g_autoptr (YlEntry) seen_late = NULL;

  expect_apply (company->stores[2], second, YL_ERROR_MISSING);
  /* Head office has seen the store's work; the other store has not. */
  yl_test_carry (company, 1, 0, G_MAXINT);
  third_id = write_worker (company->stores[0]);
  seen_late = read_entry (company->stores[0], yl_store_get_writer (company->stores[0]), 1);
  g_assert_cmpuint (seen_late->merged->len, ==, 1);
  expect_apply (company->stores[2], seen_late, YL_ERROR_MISSING);
}

static void
test_wrong_chain (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (3);
  const char *writer = yl_store_get_writer (company->stores[1]);
  g_autofree char *id = write_worker (company->stores[1]);
  g_autoptr (YlEntry) entry = read_entry (company->stores[1], writer, 1);

  entry->prev[0] = 1;
  expect_apply (company->stores[2], entry, YL_ERROR_INVALID);
  entry->prev[0] = 0;
  entry->authority--;
  expect_apply (company->stores[2], entry, YL_ERROR_INVALID);
  entry->authority++;
  entry->scope[0] = entry->scope[0] == 'f' ? 'e' : 'f';
  expect_apply (company->stores[2], entry, YL_ERROR_INVALID);
}

/* A fork: both entries are kept, whichever came first. */
static void
test_same_place_twice (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (3);
  g_autoptr (GError) error = NULL;
  g_autofree char *id = write_worker (company->stores[1]);
  g_autofree char *hashes[2] = { NULL };
  g_autoptr (YlEntry) entry = NULL;
  g_autoptr (YlEntry) other = NULL;

  entry = read_entry (company->stores[1], yl_store_get_writer (company->stores[1]), 1);
  other = yl_entry_parse (entry->message, &error);
  other->hlc++;
  g_free (((YlOp *) other->ops->pdata[0])->id);
  ((YlOp *) other->ops->pdata[0])->id = g_strdup ("01a20000-0000-7000-8000-000000000001");
  g_assert_true (yl_entry_build (other, &error));
  for (guint i = 0; i < 2; i++)
    {
      YlStore *store = company->stores[2 * i];
      g_autoptr (YlLogTransaction) transaction = yl_log_begin (store, &error);
      g_autoptr (GArray) frontier = NULL;
      g_autoptr (GPtrArray) branches = NULL;
      gboolean is_new;
      gint64 n;

      g_assert_true (yl_log_apply (store, i == 0 ? entry : other, &n, &is_new, &error));
      g_assert_true (yl_log_apply (store, i == 0 ? other : entry, &n, &is_new, &error));
      g_assert_true (is_new);
      g_assert_true (yl_log_apply (store, entry, &n, &is_new, &error));
      g_assert_false (is_new);
      g_assert_true (yl_log_commit (transaction, &error));
      frontier = yl_log_frontier (store, &error);
      g_assert_cmpuint (frontier->len, ==, 3);
      branches = yl_log_branches (store, entry->writer, &error);
      g_assert_cmpuint (branches->len, ==, 2);
      g_assert_cmpstr (((YlBranch *) branches->pdata[memcmp (entry->id, other->id, 8) < 0 ? i : 1 - i])->name, ==,
                       entry->writer);
      hashes[i] = yl_state_hash (store, &error);
    }
  g_assert_cmpstr (hashes[0], ==, hashes[1]);
  g_clear_pointer (&hashes[0], g_free);
  g_clear_pointer (&hashes[1], g_free);
}

/* An entry whose author may not do that is kept and passed on, but counts for nothing, everywhere alike. */
static void
test_refused_by_right (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (3);
  g_autoptr (GError) error = NULL;
  g_autofree char *id = write_worker (company->stores[1]);
  g_autofree char *hashes[2] = { NULL };
  g_autoptr (YlEntry) entry = NULL;
  YlOp *op;
  g_auto (YlValue) value = YL_VALUE_INIT;

  entry = read_entry (company->stores[1], yl_store_get_writer (company->stores[1]), 1);
  op = yl_op_new (YL_OP_INSERT, "site", "01a20000-0000-7000-8000-000000000001");
  yl_value_set_text (&value, "EVIL");
  yl_op_add (op, "code", &value);
  g_ptr_array_add (entry->ops, op);
  g_assert_true (yl_entry_build (entry, &error));
  for (guint i = 0; i < 2; i++)
    {
      YlStore *store = company->stores[i == 0 ? 0 : 2];
      g_autoptr (YlLogTransaction) transaction = yl_log_begin (store, &error);
      g_autoptr (YlEntryRow) row = NULL;
      gboolean is_new;
      gint64 n;

      g_assert_true (yl_log_apply (store, entry, &n, &is_new, &error));
      g_assert_true (yl_log_commit (transaction, &error));
      row = yl_log_find (store, entry->writer, 1, &error);
      g_assert_nonnull (row->refused);
      g_assert_null (yl_store_get (store, "site", "EVIL", NULL));
      g_assert_null (yl_store_get (store, "worker", id, NULL));
      hashes[i] = yl_state_hash (store, &error);
    }
  g_assert_cmpstr (hashes[0], ==, hashes[1]);
  g_free (hashes[0]);
  g_free (hashes[1]);
  hashes[0] = hashes[1] = NULL;
}

/* Tables, columns and types this program does not know stay, are hashed and passed on, and never stop a merge. */
static void
test_newer_schema (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (2);
  g_autoptr (GError) error = NULL;
  g_autofree char *id = write_worker (company->stores[1]);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (YlEntry) entry = read_entry (company->stores[1], yl_store_get_writer (company->stores[1]), 1);
  g_autoptr (YlLogTransaction) transaction = NULL;
  g_autoptr (YlRecord) worker = NULL;
  g_auto (YlValue) value = YL_VALUE_INIT;
  YlOp *op = yl_op_new (YL_OP_INSERT, "hologram", "01a20000-0000-7000-8000-000000000001");
  YlOp *odd = yl_op_new (YL_OP_INSERT, "worker", "01a20000-0000-7000-8000-000000000002");
  gboolean is_new;
  gint64 n;

  yl_value_set_integer (&value, 3);
  yl_op_add (op, "depth", &value);
  yl_value_set_text (&value, "not a number");
  yl_op_add (odd, "debt", &value);
  yl_op_add (odd, "zeal", &value);
  g_ptr_array_add (entry->ops, op);
  g_ptr_array_add (entry->ops, odd);
  entry->schema = 99;
  g_assert_true (yl_entry_build (entry, &error));
  before = yl_state_hash (company->stores[0], &error);
  transaction = yl_log_begin (company->stores[0], &error);
  g_assert_true (yl_log_apply (company->stores[0], entry, &n, &is_new, &error));
  g_assert_true (yl_log_commit (transaction, &error));
  after = yl_state_hash (company->stores[0], &error);
  g_assert_cmpstr (before, !=, after);
  worker = yl_store_get (company->stores[0], "worker", "01a20000-0000-7000-8000-000000000002", &error);
  g_assert_no_error (error);
  g_assert_true (yl_record_is_null (worker, "debt"));
  g_assert_true (yl_store_check (company->stores[0], &error));
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_assert_cmpint (sodium_init (), >=, 0);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/entry/round-trip", test_round_trip);
  g_test_add_func ("/entry/damages", test_damages);
  g_test_add_func ("/entry/newer-format", test_newer_format);
  g_test_add_func ("/entry/too-many-ops", test_too_many_ops);
  g_test_add_func ("/entry/out-of-order", test_out_of_order);
  g_test_add_func ("/entry/wrong-chain", test_wrong_chain);
  g_test_add_func ("/entry/same-place-twice", test_same_place_twice);
  g_test_add_func ("/entry/refused-by-right", test_refused_by_right);
  g_test_add_func ("/entry/newer-schema", test_newer_schema);
  return g_test_run ();
}
