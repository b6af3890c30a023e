#include "yl-state-parked.h"

#include <string.h>

/* One piece: the table's number in four bytes, the bucket in one, the sum; all big endian. */
#define PIECE_BYTES (4 + 1 + YL_SUM_BYTES)
#define MAX_PIECES 8      /* of one change */
#define MAX_TABLES 100000 /* a damaged piece may name any */

/* Entries up to this one are settled. */
#define SETTLED "ifnull ((SELECT value FROM meta WHERE key = 'settled'), 0)"
#define PARKED " WHERE n > " SETTLED " AND sums IS NOT NULL"

static guint
n_used (YlStore *store)
{
  guint n = 0;

  for (guint t = 0; t < store->sums->len; t++)
    n += store->sums->pdata[t] != NULL ? ((YlTableSums *) store->sums->pdata[t])->n_used : 0;
  return n;
}

gboolean
yl_state_may_park (YlStore *store)
{
  return store->written != 0 && n_used (store) <= MAX_PIECES;
}

static void
append_table (GByteArray *pieces, guint t, const YlTableSums *sums)
{
  const guint32 number = GUINT32_TO_BE (t);

  for (guint b = 0; b < YL_BUCKETS; b++)
    {
      const guint8 bucket = (guint8) b;
      guint8 sum[YL_SUM_BYTES];

      if (!sums->used[b])
        continue;
      yl_sum_to_bytes (sums->deltas[b], sum);
      g_byte_array_append (pieces, (const guint8 *) &number, sizeof number);
      g_byte_array_append (pieces, &bucket, 1);
      g_byte_array_append (pieces, sum, sizeof sum);
    }
}

gboolean
yl_state_park (YlStore *store, GError **error)
{
  g_autoptr (GByteArray) pieces = g_byte_array_sized_new (MAX_PIECES * PIECE_BYTES);

  for (guint t = 0; t < store->sums->len; t++)
    if (store->sums->pdata[t] != NULL && ((YlTableSums *) store->sums->pdata[t])->n_used > 0)
      append_table (pieces, t, store->sums->pdata[t]);
  return pieces->len == 0
         || yl_database_run (store->database, error, "UPDATE entry SET sums = ? WHERE n = ?", "bi",
                             (gconstpointer) pieces->data, (gsize) pieces->len, store->written);
}

static void
add_pieces (GPtrArray *sums, const guint8 *at, gsize length)
{
  for (; length >= PIECE_BYTES; at += PIECE_BYTES, length -= PIECE_BYTES)
    {
      guint32 number;
      YlTableSums *table;
      guint8 bucket = at[sizeof number];

      memcpy (&number, at, sizeof number);
      number = GUINT32_FROM_BE (number);
      if (number >= MAX_TABLES)
        continue;
      table = yl_table_sums_at (sums, number);
      table->deltas[bucket] += yl_sum_from_bytes (at + sizeof number + 1);
      table->used[bucket] = 1;
      table->n_used++;
    }
}

gboolean
yl_state_add_parked (YlStore *store, GPtrArray *sums, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (store->database, error, "SELECT sums FROM entry" PARKED, NULL);

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    {
      gsize length;
      const guint8 *pieces = yl_rows_blob (rows, 0, &length);

      add_pieces (sums, pieces, length);
    }
  return yl_rows_ended (rows);
}

gboolean
yl_state_settle_parked (YlStore *store, GError **error)
{
  g_autoptr (GPtrArray) sums = g_ptr_array_new_with_free_func (g_free);
  gint64 last;

  if (!yl_state_add_parked (store, sums, error))
    return FALSE;
  return sums->len == 0
         || (yl_state_hash_add (store, sums, error)
             && yl_database_integer (store->database, &last, 0, error, "SELECT max (n) FROM entry" PARKED, NULL)
             && yl_database_run (store->database, error, "UPDATE entry SET sums = NULL" PARKED, NULL)
             && yl_database_run (store->database, error,
                                 "INSERT OR REPLACE INTO meta (key, value) VALUES ('settled', ?)", "i", last));
}
