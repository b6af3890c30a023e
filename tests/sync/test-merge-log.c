/* The merge log on real files: the same bytes everywhere, and nothing kept of what does not verify. */
#include <sqlite3.h>
#include <string.h>

#include "merge/yl-state-hash.h"
#include "yl-test-pair.h"

static void
append (YlStore *store)
{
  GError *error = NULL;

  yl_merge_log_append (store, &error);
  g_assert_no_error (error);
}

static guint
verify (YlStore *store)
{
  GError *error = NULL;
  guint n = 0;

  yl_merge_log_verify (store, &n, &error);
  g_assert_no_error (error);
  return n;
}

static void
assert_agree (YlStore *a, YlStore *b)
{
  g_autofree char *print_a = yl_test_fingerprint (a);
  g_autofree char *print_b = yl_test_fingerprint (b);

  g_assert_cmpstr (print_a, ==, print_b);
}

static guint
count_signed (GPtrArray *log)
{
  guint n = 0;

  for (guint i = 0; i < log->len; i++)
    n += ((const YlIncoming *) g_ptr_array_index (log, i))->is_signed;
  return n;
}

/* The entries the branch wrote after it was enrolled. */
static GPtrArray *
branch_entries (YlTestPair *pair, guint n)
{
  g_autoptr (GPtrArray) before = yl_test_log (pair->branch);
  GPtrArray *log;

  yl_test_write_entries (pair->branch, n);
  append (pair->branch);
  log = yl_test_log (pair->branch);
  g_ptr_array_remove_range (log, 0, before->len);
  g_assert_cmpuint (log->len, ==, n);
  return log;
}

static void
test_round_trip (void)
{
  g_autoptr (YlTestPair) pair = yl_test_pair_new ();

  assert_agree (pair->head, pair->branch);
  yl_test_write_entries (pair->branch, 3);
  g_assert_cmpuint (yl_test_deliver (pair->branch, pair->head), ==, 3);
  yl_test_write_entries (pair->head, 2);
  yl_test_write_entries (pair->branch, 2);
  g_assert_cmpuint (yl_test_deliver (pair->head, pair->branch), ==, 2);
  g_assert_cmpuint (yl_test_deliver (pair->branch, pair->head), ==, 2);
  assert_agree (pair->head, pair->branch);
  g_assert_cmpuint (verify (pair->head), ==, verify (pair->branch));
}

/* A receipt covers what it names and what that had seen, not what was logged meanwhile. */
static void
test_receipt_covers (void)
{
  g_autoptr (YlTestPair) pair = yl_test_pair_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) waiting = NULL;
  g_autoptr (GPtrArray) left = NULL;
  g_autoptr (YlLogTransaction) transaction = NULL;
  YlEntryName name = { 0 };
  const YlEntryRow *covered;

  yl_test_write_entries (pair->branch, 3);
  append (pair->branch);
  waiting = yl_log_waiting (pair->branch, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (waiting->len, >=, 3);
  covered = waiting->pdata[waiting->len - 3];
  name.seq = covered->seq;
  memcpy (name.writer, covered->writer, sizeof name.writer);
  memcpy (name.id8, covered->id, sizeof name.id8);
  transaction = yl_log_begin (pair->branch, &error);
  g_assert_true (yl_log_acknowledge (pair->branch, &name, &error));
  g_assert_true (yl_log_commit (transaction, &error));
  left = yl_log_waiting (pair->branch, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (left->len, ==, 2);
}

static void
test_replay_is_skipped (void)
{
  g_autoptr (YlTestPair) pair = yl_test_pair_new ();
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  yl_test_write_entries (pair->branch, 3);
  yl_test_deliver (pair->branch, pair->head);
  before = yl_test_fingerprint (pair->head);
  g_assert_cmpuint (yl_test_deliver (pair->branch, pair->head), ==, 0);
  after = yl_test_fingerprint (pair->head);
  g_assert_cmpstr (before, ==, after);
}

/* Where the run ends that begins with entry @at of @log: as soon as its messages reach 64 KiB, with the 256th entry, or with the last. */
static guint
run_end (GPtrArray *log, guint at)
{
  gsize bytes = 0;

  for (guint i = at; i < log->len; i++)
    {
      bytes += g_bytes_get_size (((const YlIncoming *) g_ptr_array_index (log, i))->entry->message);
      if (bytes >= 64 * 1024 || i - at == 255)
        return i;
    }
  return log->len - 1;
}

/* One signature per run. */
static void
test_signs_ends_of_runs (void)
{
  g_autoptr (YlTestPair) pair = yl_test_pair_new ();
  g_autoptr (GPtrArray) log = branch_entries (pair, 300);
  guint n_runs = 0;
  GError *error = NULL;
  g_autoptr (YlEntryRow) row = yl_log_find (pair->branch, yl_store_get_writer (pair->branch), 1, &error);
  gint64 first = row->n;

  g_assert_no_error (error);
  for (guint at = 0; at < log->len; n_runs++)
    {
      guint end = run_end (log, at);

      g_assert_true (((const YlIncoming *) g_ptr_array_index (log, end))->is_signed);
      g_assert_cmpint (yl_merge_log_batch_end (pair->branch, first + at, &error), ==, first + end);
      g_assert_cmpint (yl_merge_log_batch_end (pair->branch, first + end, &error), ==, first + end);
      g_assert_no_error (error);
      at = end + 1;
    }
  g_assert_cmpuint (n_runs, >, 1);
  g_assert_cmpuint (count_signed (log), ==, n_runs);
  g_assert_cmpint (yl_merge_log_batch_end (pair->branch, first + 300, &error), ==, 0);
  g_assert_error (error, YL_ERROR, YL_ERROR_NOT_FOUND);
  g_clear_error (&error);
}

/* Entries of others between own ones end a run: it must stay in one piece wherever it goes. */
static void
test_runs_are_contiguous (void)
{
  g_autoptr (YlTestPair) pair = yl_test_pair_new ();

  yl_test_write_entries (pair->branch, 2);
  yl_test_write_entries (pair->head, 2);
  yl_test_deliver (pair->head, pair->branch);
  yl_test_write_entries (pair->branch, 2);
  yl_test_deliver (pair->branch, pair->head);
  assert_agree (pair->head, pair->branch);
  g_assert_cmpuint (verify (pair->branch), ==, verify (pair->head));
}

static YlStore *
open_copy (YlTestPair *pair, const char *name)
{
  g_autofree char *from = g_build_filename (pair->dir, "branch.db", NULL);
  g_autofree char *to = g_build_filename (pair->dir, name, NULL);
  g_autofree char *bytes = NULL;
  gsize length;
  GError *error = NULL;
  YlStore *store;

  g_file_get_contents (from, &bytes, &length, &error);
  g_assert_no_error (error);
  g_file_set_contents (to, bytes, (gssize) length, &error);
  g_assert_no_error (error);
  store = yl_store_open (to, &error);
  g_assert_no_error (error);
  return store;
}

static void
test_same_outbox_same_bytes (void)
{
  g_autoptr (YlTestPair) pair = yl_test_pair_new ();
  g_autoptr (YlStore) first = NULL;
  g_autoptr (YlStore) second = NULL;
  g_autofree char *refs = NULL;
  g_autofree char *refs_again = NULL;

  yl_test_write_entries (pair->branch, 5);
  g_clear_object (&pair->branch);
  first = open_copy (pair, "first.db");
  second = open_copy (pair, "second.db");
  append (first);
  append (second);
  assert_agree (first, second);
  refs = yl_test_refs (first);
  append (first);
  refs_again = yl_test_refs (first);
  g_assert_cmpstr (refs, ==, refs_again);
}

static void
assert_refused (YlStore *store, GPtrArray *log, const char *print)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *after = NULL;
  guint n_new = 77;

  g_assert_false (yl_merge_log_accept (store, log, &n_new, &error));
  g_assert_nonnull (error);
  g_assert_cmpuint (n_new, ==, 77);
  after = yl_test_fingerprint (store);
  g_assert_cmpstr (after, ==, print);
}

/* FALSE where that is no message at all. */
static gboolean
set_message (YlIncoming *incoming, const guint8 *bytes, gsize length)
{
  g_autoptr (GBytes) message = g_bytes_new (bytes, length);
  YlEntry *entry = yl_entry_parse (message, NULL);

  if (entry == NULL)
    return FALSE;
  yl_entry_free (incoming->entry);
  incoming->entry = entry;
  return TRUE;
}

static void
flip_message_bytes (YlStore *store, GPtrArray *log, guint which, const char *print)
{
  YlIncoming *incoming = g_ptr_array_index (log, which);
  g_autoptr (GBytes) message = g_bytes_ref (incoming->entry->message);
  gsize length;
  const guint8 *bytes = g_bytes_get_data (message, &length);

  for (gsize i = 0; i < length; i++)
    {
      g_autofree guint8 *flipped = g_memdup2 (bytes, length);

      flipped[i] ^= 1;
      if (set_message (incoming, flipped, length))
        assert_refused (store, log, print);
    }
  g_assert_true (set_message (incoming, bytes, length));
}

static void
test_flipped_byte_is_refused (void)
{
  g_autoptr (YlTestPair) pair = yl_test_pair_new ();
  g_autoptr (GPtrArray) log = branch_entries (pair, 3);
  g_autofree char *print = yl_test_fingerprint (pair->head);
  YlIncoming *last = g_ptr_array_index (log, 2);
  GError *error = NULL;
  guint n_new = 0;

  for (guint i = 0; i < log->len; i++)
    flip_message_bytes (pair->head, log, i, print);
  for (guint i = 0; i < YL_SIGNATURE_BYTES; i++)
    {
      last->signature[i] ^= 1;
      assert_refused (pair->head, log, print);
      last->signature[i] ^= 1;
    }
  yl_merge_log_accept (pair->head, log, &n_new, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_new, ==, 3);
  assert_agree (pair->head, pair->branch);
}

static void
test_unsigned_tail_is_refused (void)
{
  g_autoptr (YlTestPair) pair = yl_test_pair_new ();
  g_autoptr (GPtrArray) log = branch_entries (pair, 3);
  g_autofree char *print = yl_test_fingerprint (pair->head);
  YlIncoming *last = g_ptr_array_index (log, 2);

  last->is_signed = FALSE;
  assert_refused (pair->head, log, print);
  g_ptr_array_set_size (log, 2);
  assert_refused (pair->head, log, print);
}

static void
test_gaps_and_orders_are_refused (void)
{
  g_autoptr (YlTestPair) pair = yl_test_pair_new ();
  g_autoptr (GPtrArray) log = branch_entries (pair, 3);
  g_autofree char *print = yl_test_fingerprint (pair->head);
  g_autoptr (GPtrArray) swapped = g_ptr_array_new ();
  g_autoptr (GPtrArray) gap = g_ptr_array_new ();

  g_ptr_array_add (swapped, g_ptr_array_index (log, 1));
  g_ptr_array_add (swapped, g_ptr_array_index (log, 0));
  g_ptr_array_add (swapped, g_ptr_array_index (log, 2));
  assert_refused (pair->head, swapped, print);
  g_ptr_array_add (gap, g_ptr_array_index (log, 0));
  g_ptr_array_add (gap, g_ptr_array_index (log, 2));
  assert_refused (pair->head, gap, print);
}

/* A signature that covers the entry, by a writer that is enrolled, but not the entry's own. */
static void
test_other_writers_signature_is_refused (void)
{
  g_autoptr (YlTestPair) pair = yl_test_pair_new ();
  g_autoptr (GPtrArray) log = branch_entries (pair, 1);
  g_autofree char *print = yl_test_fingerprint (pair->head);
  g_autoptr (GPtrArray) head_log = yl_test_log (pair->head);
  YlIncoming *incoming = g_ptr_array_index (log, 0);
  const YlIncoming *other = g_ptr_array_index (head_log, head_log->len - 1);

  g_assert_true (other->is_signed);
  memcpy (incoming->signature, other->signature, sizeof incoming->signature);
  assert_refused (pair->head, log, print);
}

static void
test_strangers_are_refused (void)
{
  g_autoptr (YlTestPair) ours = yl_test_pair_new ();
  g_autoptr (YlTestPair) theirs = yl_test_pair_new ();
  g_autoptr (GPtrArray) log = yl_test_log (theirs->head);
  g_autofree char *print = yl_test_fingerprint (ours->branch);

  assert_refused (ours->branch, log, print);
}

/* What damage to the file `verify` must find; each alone. */
static const struct
{
  const char *name;
  const char *sql;
} damages[] = {
  { "message-byte", "UPDATE entry SET message = CAST (substr (message, 1, length (message) - 1) || X'58' AS BLOB)"
                    " WHERE n = (SELECT max (n) FROM entry)" },
  { "message-gone", "UPDATE entry SET message = NULL WHERE n = (SELECT max (n) FROM entry)" },
  { "object-damaged",
    "INSERT INTO object (oid, type, data) VALUES (X'0102030405060708090a0b0c0d0e0f1011121314', 3, X'00')" },
  { "ref-back", "UPDATE ref SET oid = (SELECT oid FROM run ORDER BY n LIMIT 1)"
                " WHERE name = (SELECT max (name) FROM ref WHERE oid <> (SELECT oid FROM run ORDER BY n LIMIT 1))" },
  { "ref-gone", "DELETE FROM ref WHERE name = (SELECT max (name) FROM ref)" },
  { "ref-extra", "INSERT INTO ref SELECT 'refs/heads/0000000000000000', oid FROM ref LIMIT 1" },
  { "commit-swapped",
    "UPDATE run SET oid = (SELECT oid FROM run ORDER BY n LIMIT 1) WHERE n = (SELECT max (n) FROM run)" },
  { "signature-byte", "UPDATE run SET signature = CAST (X'58' || substr (signature, 2) AS BLOB) WHERE n = "
                      "(SELECT max (n) FROM run)" },
  { "run-gone", "DELETE FROM run WHERE n = (SELECT max (n) FROM run)" },
  { "id-changed", "UPDATE entry SET id = CAST (X'58' || substr (id, 2) AS BLOB) WHERE n = 1" },
};

static void
damage (YlStore *store, const char *sql)
{
  sqlite3 *database = NULL;

  g_assert_cmpint (sqlite3_open (yl_store_get_file (store), &database), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (database, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_total_changes (database), ==, 1);
  sqlite3_close (database);
}

static void
test_verify_finds_damage (gconstpointer data)
{
  g_autoptr (YlTestPair) pair = yl_test_pair_new ();
  g_autoptr (GPtrArray) log = branch_entries (pair, 3);
  g_autoptr (GError) error = NULL;
  guint n = 0;

  g_assert_cmpuint (verify (pair->branch), >, 3);
  damage (pair->branch, data);
  g_assert_false (yl_merge_log_verify (pair->branch, &n, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_CORRUPT);
}

int
main (int argc, char **argv)
{
  g_autoptr (YlTestDir) home = yl_test_dir_new ();

  yl_test_hostile_home (home);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/merge-log/round-trip", test_round_trip);
  g_test_add_func ("/merge-log/receipt-covers", test_receipt_covers);
  g_test_add_func ("/merge-log/replay-is-skipped", test_replay_is_skipped);
  g_test_add_func ("/merge-log/signs-ends-of-runs", test_signs_ends_of_runs);
  g_test_add_func ("/merge-log/runs-are-contiguous", test_runs_are_contiguous);
  g_test_add_func ("/merge-log/same-outbox-same-bytes", test_same_outbox_same_bytes);
  g_test_add_func ("/merge-log/flipped-byte-is-refused", test_flipped_byte_is_refused);
  g_test_add_func ("/merge-log/unsigned-tail-is-refused", test_unsigned_tail_is_refused);
  g_test_add_func ("/merge-log/gaps-and-orders-are-refused", test_gaps_and_orders_are_refused);
  g_test_add_func ("/merge-log/other-writers-signature-is-refused", test_other_writers_signature_is_refused);
  g_test_add_func ("/merge-log/strangers-are-refused", test_strangers_are_refused);
  for (guint i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autofree char *path = g_strconcat ("/merge-log/verify-finds/", damages[i].name, NULL);

      g_test_add_data_func (path, damages[i].sql, test_verify_finds_damage);
    }
  return g_test_run ();
}
