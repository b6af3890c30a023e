#include "yl-state-sums.h"

#include <string.h>

#include "yl-merge.h"
#include "yl-state-hash-private.h"

void
yl_bucket_sum_free (YlBucketSum *sum)
{
  g_free (sum->table);
  g_free (sum);
}

guint
yl_state_bucket (const char *id)
{
  return yl_state_hash_bucket (id);
}

GPtrArray *
yl_state_bucket_sums (YlStore *store, GError **error)
{
  static const guint8 zero[YL_SUM_BYTES];
  g_autoptr (YlRows) rows = yl_database_query (
      store->database, error, "SELECT name, b, sum FROM bucket JOIN table_name USING (t) ORDER BY name, b", NULL);
  g_autoptr (GPtrArray) sums = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_bucket_sum_free);

  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    {
      gsize length;
      gconstpointer bytes = yl_rows_blob (rows, 2, &length);
      YlBucketSum *sum;

      if (length != sizeof zero || memcmp (bytes, zero, length) == 0)
        continue;
      sum = g_new0 (YlBucketSum, 1);
      sum->table = g_strdup (yl_rows_text (rows, 0));
      sum->bucket = (guint) yl_rows_integer (rows, 1);
      memcpy (sum->sum, bytes, length);
      g_ptr_array_add (sums, sum);
    }
  return yl_rows_ended (rows) ? g_steal_pointer (&sums) : NULL;
}

static gboolean
sum_record (YlStore *store, const char *table, const char *id, GArray *sums, GError **error)
{
  guint bucket = yl_state_hash_bucket (id);
  YlRecordSum sum;

  yl_state_hash_forget (store, table, bucket);
  if (!yl_merge_rehash (store, table, id, error))
    return FALSE;
  g_strlcpy (sum.id, id, sizeof sum.id);
  yl_state_hash_gathered (store, table, bucket, sum.sum);
  g_array_append_val (sums, sum);
  return TRUE;
}

static gboolean
sum_bucket (YlStore *store, const char *table, guint bucket, GArray *sums, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (
      store->database, error, "SELECT yl_uuid (id) FROM record JOIN table_name USING (t) WHERE name = ? ORDER BY id",
      "t", table);

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    if (yl_state_hash_bucket (yl_rows_text (rows, 0)) == bucket
        && !sum_record (store, table, yl_rows_text (rows, 0), sums, error))
      return FALSE;
  return yl_rows_ended (rows);
}

GArray *
yl_state_record_sums (YlStore *store, const char *table, guint bucket, GError **error)
{
  g_autoptr (GArray) sums = g_array_new (FALSE, TRUE, sizeof (YlRecordSum));
  gboolean ok;

  if (!yl_store_begin (store, error))
    return NULL;
  ok = sum_bucket (store, table, bucket, sums, error);
  yl_store_rollback (store);
  return ok ? g_steal_pointer (&sums) : NULL;
}
