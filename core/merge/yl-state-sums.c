#include "yl-state-sums.h"

#include <string.h>

#include "yl-merge.h"
#include "yl-state-parked.h"

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

static gboolean
read_buckets (YlStore *store, GPtrArray *sums, GError **error)
{
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error, "SELECT t, b, sum FROM bucket JOIN table_name USING (t)", NULL);

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    {
      gsize length;
      gconstpointer bytes = yl_rows_blob (rows, 2, &length);
      const gint64 bucket = yl_rows_integer (rows, 1);

      if (length == YL_SUM_BYTES && bucket >= 0 && bucket < YL_BUCKETS)
        yl_table_sums_at (sums, yl_rows_integer (rows, 0))->deltas[bucket] += yl_sum_from_bytes (bytes);
    }
  return yl_rows_ended (rows);
}

static void
list_table (const char *table, const YlTableSums *sums, GPtrArray *list)
{
  for (guint bucket = 0; bucket < YL_BUCKETS; bucket++)
    {
      YlBucketSum *sum;

      if (sums->deltas[bucket] == 0)
        continue;
      sum = g_new0 (YlBucketSum, 1);
      sum->table = g_strdup (table);
      sum->bucket = bucket;
      yl_sum_to_bytes (sums->deltas[bucket], sum->sum);
      g_ptr_array_add (list, sum);
    }
}

GPtrArray *
yl_state_bucket_sums (YlStore *store, GError **error)
{
  g_autoptr (GPtrArray) sums = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_bucket_sum_free);
  g_autoptr (YlRows) names = NULL;

  if (!read_buckets (store, sums, error) || !yl_state_add_parked (store, sums, error))
    return NULL;
  names = yl_database_query (store->database, error, "SELECT t, name FROM table_name ORDER BY name", NULL);
  if (names == NULL)
    return NULL;
  while (yl_rows_next (names, error))
    {
      const gint64 t = yl_rows_integer (names, 0);

      if (t < (gint64) sums->len && sums->pdata[t] != NULL)
        list_table (yl_rows_text (names, 1), sums->pdata[t], list);
    }
  return yl_rows_ended (names) ? g_steal_pointer (&list) : NULL;
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
