#include "yl-state-hash.h"

#include <sodium.h>
#include <string.h>

#include "yl-merge.h"
#include "yl-state-parked.h"

/*
 * The sum over all records of BLAKE2b-128 over their standing versions (docs/formats.md), modulo 2^128, in 256 buckets a table, by the
 * last two digits of the record id. Adding and taking out keeps it current at no reading.
 */

YlSum
yl_sum_from_bytes (const guint8 *bytes)
{
  YlSum sum = 0;

  for (int i = 0; i < 16; i++)
    sum = sum << 8 | bytes[i];
  return sum;
}

void
yl_sum_to_bytes (YlSum sum, guint8 *bytes)
{
  for (int i = 15; i >= 0; i--, sum >>= 8)
    bytes[i] = (guint8) sum;
}

guint
yl_state_hash_bucket (const char *id)
{
  guint8 bytes[YL_ID_BYTES];

  return yl_id_to_bytes (id, bytes) ? bytes[YL_ID_BYTES - 1] : 0;
}

/* The digest of one record */

static guint8 *
put_text (guint8 *at, const char *text)
{
  return (guint8 *) stpcpy ((char *) at, text) + 1;
}

static guint8 *
put_integer (guint8 *at, gint64 integer)
{
  guint64 big_endian = GUINT64_TO_BE ((guint64) integer);

  memcpy (at, &big_endian, sizeof big_endian);
  return at + sizeof big_endian;
}

/* What every version takes beside its column and value: writer, sequence, id, type, integer or length. */
#define VERSION_BYTES (YL_WRITER_CHARS + 1 + 8 + 8 + 1 + 8)

static guint8 *
put_version (YlStore *store, guint8 *at, const char *column, gint64 n, const YlValue *value)
{
  const YlEntryFacts *facts = yl_store_entry_facts (store, n);

  /* What a failing disk keeps back has no sum; a transaction that met it is not committed. */
  if (facts == NULL || facts->writer == NULL)
    return at;
  at = put_text (at, column);
  at = put_text (at, facts->writer);
  at = put_integer (at, facts->seq);
  memcpy (at, facts->id8, sizeof facts->id8);
  at += sizeof facts->id8;
  *at++ = (guint8) value->type;
  if (value->type == YL_VALUE_INTEGER)
    return put_integer (at, value->integer);
  if (value->type == YL_VALUE_NULL)
    return at;
  at = put_integer (at, (gint64) value->length);
  if (value->length > 0)
    memcpy (at, value->bytes, value->length);
  return at + value->length;
}

static gsize
digest_bytes (const YlMergeRecord *record)
{
  gsize size = strlen (record->table_name) + strlen (record->id) + 2 + record->life->len * (1 + VERSION_BYTES);

  for (guint i = 0; i < record->slots->len; i++)
    {
      const YlMergeSlot *slot = &g_array_index (record->slots, YlMergeSlot, i);

      size += strlen (slot->column) + 1 + VERSION_BYTES + slot->value->length;
    }
  return size;
}

static YlSum
digest (YlStore *store, YlMergeRecord *record)
{
  guint8 hash[16];
  guint8 *at;

  g_byte_array_set_size (store->scratch, (guint) digest_bytes (record));
  at = put_text (put_text (store->scratch->data, record->table_name), record->id);
  yl_merge_record_sort_life (store, record);
  for (guint i = 0; i < record->life->len; i++)
    {
      gint64 life = g_array_index (record->life, gint64, i);
      const YlValue alive = { YL_VALUE_INTEGER, life & 1, NULL, 0 };

      at = put_version (store, at, "", life >> 1, &alive);
    }
  for (guint i = 0; i < record->slots->len; i++)
    {
      const YlMergeSlot *slot = &g_array_index (record->slots, YlMergeSlot, i);

      at = put_version (store, at, slot->column, slot->n, slot->value);
    }
  crypto_generichash (hash, sizeof hash, store->scratch->data, (gsize) (at - store->scratch->data), NULL, 0);
  return yl_sum_from_bytes (hash);
}

/* Sums of the open transaction */

YlTableSums *
yl_table_sums_at (GPtrArray *sums, gint64 t)
{
  if (t >= (gint64) sums->len)
    g_ptr_array_set_size (sums, (int) t + 1);
  if (sums->pdata[t] == NULL)
    sums->pdata[t] = g_new0 (YlTableSums, 1);
  return sums->pdata[t];
}

void
yl_state_hash_record (YlStore *store, YlMergeRecord *record, int sign)
{
  YlTableSums *sums = yl_table_sums_at (store->sums, record->t);
  guint bucket = record->key[YL_ID_BYTES - 1];
  YlSum one;

  if (record->life->len == 0 && record->slots->len == 0)
    return;
  one = digest (store, record);
  sums->deltas[bucket] += sign > 0 ? one : -one;
  if (sums->used[bucket] == 0)
    sums->n_used++;
  sums->used[bucket] = 1;
}

void
yl_state_hash_drop (YlStore *store)
{
  for (guint t = 0; t < store->sums->len; t++)
    {
      YlTableSums *sums = store->sums->pdata[t];

      if (sums != NULL && sums->n_used > 0)
        memset (sums, 0, sizeof *sums);
    }
}

static gboolean
add_table (YlStore *store, gint64 t, const YlTableSums *sums, GError **error)
{
  const guint8 *used = memchr (sums->used, 1, YL_BUCKETS);
  guint8 bytes[YL_SUM_BYTES];

  for (; used != NULL; used = memchr (used + 1, 1, (gsize) (sums->used + YL_BUCKETS - used - 1)))
    {
      guint bucket = (guint) (used - sums->used);

      yl_sum_to_bytes (sums->deltas[bucket], bytes);
      if (!yl_database_run (store->database, error,
                            "INSERT INTO bucket (t, b, sum) VALUES (?, ?, ?)"
                            " ON CONFLICT (t, b) DO UPDATE SET sum = yl_sum_add (sum, excluded.sum)",
                            "iib", t, (gint64) bucket, (gconstpointer) bytes, (gsize) sizeof bytes))
        return FALSE;
    }
  return TRUE;
}

gboolean
yl_state_hash_add (YlStore *store, GPtrArray *all, GError **error)
{
  for (guint t = 0; t < all->len; t++)
    {
      const YlTableSums *sums = all->pdata[t];

      if (sums != NULL && sums->n_used > 0 && !add_table (store, t, sums, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
yl_merge_flush (YlStore *store, GError **error)
{
  if (!(yl_state_may_park (store) ? yl_state_park (store, error) : yl_state_hash_add (store, store->sums, error)))
    return FALSE;
  yl_state_hash_drop (store);
  return TRUE;
}

/* One bucket */

static gboolean
find_sums (YlStore *store, const char *table, gint64 *t, YlTableSums **sums, GError **error)
{
  if (!yl_store_table_number (store, table, t, error))
    return FALSE;
  *sums = yl_table_sums_at (store->sums, *t);
  return TRUE;
}

static gboolean
stored_sum (YlStore *store, gint64 t, guint bucket, YlSum *sum, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (store->database, error, "SELECT sum FROM bucket WHERE t = ? AND b = ?",
                                               "ii", t, (gint64) bucket);
  const guint8 *bytes;
  gsize length;

  *sum = 0;
  if (rows == NULL)
    return FALSE;
  if (!yl_rows_next (rows, error))
    return yl_rows_ended (rows);
  bytes = yl_rows_blob (rows, 0, &length);
  if (length == sizeof *sum)
    *sum = yl_sum_from_bytes (bytes);
  return TRUE;
}

void
yl_state_hash_forget (YlStore *store, const char *table, guint bucket)
{
  YlTableSums *sums;
  gint64 t;

  if (!find_sums (store, table, &t, &sums, NULL))
    return;
  sums->deltas[bucket] = 0;
  sums->used[bucket] = 0;
}

gboolean
yl_state_hash_matches (YlStore *store, const char *table, guint bucket, gboolean *same, GError **error)
{
  YlTableSums *sums;
  YlSum stored;
  gint64 t;

  if (!find_sums (store, table, &t, &sums, error) || !stored_sum (store, t, bucket, &stored, error))
    return FALSE;
  *same = stored == sums->deltas[bucket];
  return TRUE;
}

void
yl_state_hash_gathered (YlStore *store, const char *table, guint bucket, guint8 *bytes)
{
  YlTableSums *sums;
  gint64 t;

  yl_sum_to_bytes (find_sums (store, table, &t, &sums, NULL) ? sums->deltas[bucket] : 0, bytes);
}

gboolean
yl_state_hash_settle (YlStore *store, const char *table, guint bucket, gboolean *differed, GError **error)
{
  YlTableSums *sums;
  guint8 bytes[16];
  gboolean same;
  gint64 t;

  if (!find_sums (store, table, &t, &sums, error) || !yl_state_settle_parked (store, error)
      || !yl_state_hash_matches (store, table, bucket, &same, error))
    return FALSE;
  *differed = !same;
  yl_sum_to_bytes (sums->deltas[bucket], bytes);
  yl_state_hash_forget (store, table, bucket);
  return same
         || yl_database_run (store->database, error, "INSERT OR REPLACE INTO bucket (t, b, sum) VALUES (?, ?, ?)",
                             "iib", t, (gint64) bucket, (gconstpointer) bytes, (gsize) sizeof bytes);
}

char *
yl_state_hash (YlStore *store, GError **error)
{
  g_autoptr (GPtrArray) sums = yl_state_bucket_sums (store, error);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint8 hash[32];
  char hex[2 * sizeof hash + 1];

  if (sums == NULL)
    return NULL;
  for (guint i = 0; i < sums->len; i++)
    {
      const YlBucketSum *one = sums->pdata[i];
      const guint64 bucket = GUINT64_TO_BE ((guint64) one->bucket);

      g_byte_array_append (bytes, (const guint8 *) one->table, (guint) strlen (one->table) + 1);
      g_byte_array_append (bytes, (const guint8 *) &bucket, sizeof bucket);
      g_byte_array_append (bytes, one->sum, sizeof one->sum);
    }
  crypto_generichash (hash, sizeof hash, bytes->data, bytes->len, NULL, 0);
  return g_strdup (sodium_bin2hex (hex, sizeof hex, hash, sizeof hash) ? hex : NULL);
}
