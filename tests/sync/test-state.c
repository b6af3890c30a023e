/* Copies that have the same change sets and not the same state: which record, which side, and put right without a reset. */
#include <string.h>

#include "exchange/yl-state-wire.h"
#include "exchange/yl-sync.h"
#include "merge/yl-merge.h"
#include "merge/yl-repair.h"
#include "merge/yl-state-hash-private.h"
#include "merge/yl-state-hash.h"
#include "yl-test-chain.h"

static YlTestChain *chain;
static YlStore *store;

/* A wrong value that has found its way into the sums, as after an edit: the file is at one with itself. */
static void
damage (YlStore *victim, const char *table, const char *column, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *sql = g_strdup_printf ("UPDATE [%s] SET [%s] = x'01020304' WHERE id = ?", table, column);
  guint bucket = yl_state_hash_bucket (id);
  gboolean differed = FALSE;

  g_assert_true (yl_store_begin (victim, &error));
  g_assert_true (yl_database_run (victim->database, &error, sql, "t", id));
  g_assert_true (yl_merge_rehash (victim, table, id, &error));
  g_assert_true (yl_state_hash_settle (victim, table, bucket, &differed, &error));
  g_assert_true (differed);
  g_assert_true (yl_store_commit (victim, &error));
  g_assert_no_error (error);
}

static guint
n_notes (YlStore *of, const char *word)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) notes = yl_store_sync_notes (of, 50, &error);
  guint n = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < notes->len; i++)
    {
      const YlSyncNote *note = notes->pdata[i];

      n += g_str_equal (note->kind, "repaired") && strstr (note->detail, word) != NULL;
    }
  return n;
}

static void
expect_agreement (void)
{
  g_autoptr (GError) error = NULL;
  YlSyncReport report;

  yl_sync_run (store, NULL, &report, &error);
  g_assert_no_error (error);
  g_assert_true (report.same_state);
  g_assert_true (yl_store_check (store, &error));
  g_assert_true (yl_store_check (yl_test_chain_head_office (chain), &error));
  g_assert_no_error (error);
}

static void
test_store (void)
{
  g_autofree char *id = yl_test_add_worker (store, "王秀英");
  guint before = n_notes (store, "name");

  yl_test_sync (store);
  damage (store, "worker", "name", id);
  expect_agreement ();
  g_assert_cmpuint (n_notes (store, "name"), ==, before + 1);
}

static void
test_hub (void)
{
  YlStore *head = yl_test_chain_head_office (chain);
  g_autofree char *id = yl_test_add_worker (store, "李桂花");
  guint before = n_notes (store, "phone");
  guint there = n_notes (head, "name");

  yl_test_sync (store);
  damage (head, "worker", "name", id);
  expect_agreement ();
  g_assert_cmpuint (n_notes (head, "name"), ==, there + 1);
  g_assert_cmpuint (n_notes (store, "phone"), ==, before);
}

static void
test_both (void)
{
  YlStore *head = yl_test_chain_head_office (chain);
  g_autofree char *one = yl_test_add_worker (store, "张玉梅");
  g_autofree char *other = yl_test_add_worker (store, "陈凤英");

  yl_test_sync (store);
  damage (head, "worker", "name", one);
  damage (store, "worker", "name", other);
  expect_agreement ();
}

/* The wire */

static GPtrArray *
some_sums (guint n)
{
  GPtrArray *sums = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_bucket_sum_free);

  for (guint i = 0; i < n; i++)
    {
      YlBucketSum *sum = g_new0 (YlBucketSum, 1);

      sum->table = g_strdup (i < n / 2 ? "claim" : "worker");
      sum->bucket = i;
      memset (sum->sum, (int) i + 1, sizeof sum->sum);
      g_ptr_array_add (sums, sum);
    }
  return sums;
}

static void
test_wire (void)
{
  g_autoptr (GPtrArray) sums = some_sums (20);
  g_autoptr (GBytes) bytes = yl_state_wire_buckets (sums);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) read = yl_state_wire_read_buckets (bytes, &error);
  gsize length = g_bytes_get_size (bytes);

  g_assert_no_error (error);
  g_assert_cmpuint (read->len, ==, sums->len);
  for (guint i = 0; i < read->len; i++)
    {
      const YlBucketSum *a = read->pdata[i], *b = sums->pdata[i];

      g_assert_cmpstr (a->table, ==, b->table);
      g_assert_cmpuint (a->bucket, ==, b->bucket);
      g_assert_cmpmem (a->sum, sizeof a->sum, b->sum, sizeof b->sum);
    }
  for (gsize cut = 0; cut < length; cut++)
    {
      g_autoptr (GBytes) part = g_bytes_new_from_bytes (bytes, 0, cut);

      g_assert_null (yl_state_wire_read_buckets (part, NULL));
      g_assert_null (yl_state_wire_read_question (part, NULL));
      g_assert_null (yl_state_wire_read_records (part, NULL));
    }
}

/* Whatever the bytes are, reading them ends, and in an error or in something well-formed. */
static void
test_wire_rubbish (void)
{
  g_autoptr (GPtrArray) sums = some_sums (20);
  g_autoptr (GBytes) good = yl_state_wire_buckets (sums);
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  gsize length;
  const guint8 *data = g_bytes_get_data (good, &length);

  for (guint i = 0; i < 20000; i++)
    {
      guint8 *copy = g_memdup2 (data, length);
      g_autoptr (GBytes) bytes = g_bytes_new_take (copy, length);
      g_autoptr (GPtrArray) read = NULL;

      for (guint n = 1 + i % 3; n > 0; n--)
        copy[g_rand_int_range (random, 4, (gint32) length)] = (guint8) g_rand_int (random);
      read = yl_state_wire_read_buckets (bytes, NULL);
      for (guint b = 1; read != NULL && b < read->len; b++)
        g_assert_cmpint (strcmp (((YlBucketSum *) read->pdata[b - 1])->table, ((YlBucketSum *) read->pdata[b])->table),
                         <=, 0);
    }
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  chain = yl_test_chain_new ("http", 1);
  store = yl_test_chain_join (chain, 1, "one.yuelai");
  g_test_add_func ("/state/store", test_store);
  g_test_add_func ("/state/hub", test_hub);
  g_test_add_func ("/state/both", test_both);
  g_test_add_func ("/state/wire", test_wire);
  g_test_add_func ("/state/wire-rubbish", test_wire_rubbish);
  result = g_test_run ();
  g_clear_object (&store);
  yl_test_chain_free (chain);
  return result;
}
