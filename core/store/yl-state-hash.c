#include "yl-state-hash.h"

#include <sodium.h>
#include <string.h>

#include "yl-merge.h"
#include "yl-state-hash-private.h"
#include "base/yl-i18n.h"

/*
 * The sum over all standing versions of BLAKE2b-128 (table, id, column, writer, sequence, entry id, type, value), mod 2^128,
 * in 256 buckets a table, by the last two digits of the record id. Adding and taking out keeps it current at no reading.
 */
typedef unsigned __int128 Sum;

static Sum
sum_from_bytes (const guint8 *bytes)
{
  Sum sum = 0;

  for (int i = 0; i < 16; i++)
    sum = sum << 8 | bytes[i];
  return sum;
}

static void
sum_to_bytes (Sum sum, guint8 *bytes)
{
  for (int i = 15; i >= 0; i--, sum >>= 8)
    bytes[i] = (guint8) sum;
}

guint
yl_state_hash_bucket (const char *id)
{
  gsize length = strlen (id);

  return length < 2
             ? 0
             : (guint) (g_ascii_xdigit_value (id[length - 2]) << 4 | g_ascii_xdigit_value (id[length - 1])) & 0xff;
}

static void
update_text (crypto_generichash_state *state, const char *text)
{
  crypto_generichash_update (state, (const guint8 *) text, strlen (text) + 1);
}

static void
update_integer (crypto_generichash_state *state, gint64 integer)
{
  guint64 big_endian = GUINT64_TO_BE ((guint64) integer);

  crypto_generichash_update (state, (const guint8 *) &big_endian, sizeof big_endian);
}

static Sum
digest (YlStore *store, const char *table, const char *id, const char *column, gint64 n, const YlValue *value)
{
  const YlEntryFacts *facts = yl_store_entry_facts (store, n);
  crypto_generichash_state state;
  guint8 type = (guint8) value->type;
  guint8 bytes[16];

  crypto_generichash_init (&state, NULL, 0, sizeof bytes);
  update_text (&state, table);
  update_text (&state, id);
  update_text (&state, column);
  update_text (&state, yl_store_writer_id (store, facts->w));
  update_integer (&state, facts->seq);
  crypto_generichash_update (&state, facts->id8, sizeof facts->id8);
  crypto_generichash_update (&state, &type, 1);
  if (value->type == YL_VALUE_INTEGER)
    update_integer (&state, value->integer);
  else if (value->type != YL_VALUE_NULL)
    crypto_generichash_update (&state, (const guint8 *) value->bytes, value->length);
  crypto_generichash_final (&state, bytes, sizeof bytes);
  return sum_from_bytes (bytes);
}

void
yl_state_hash_value (YlStore *store,
                     const char *table,
                     const char *id,
                     const char *column,
                     gint64 n,
                     const YlValue *value,
                     int sign)
{
  g_autofree char *key = g_strdup_printf ("%s:%u", table, yl_state_hash_bucket (id));
  Sum one = digest (store, table, id, column, n, value);
  Sum *sum = g_hash_table_lookup (store->bucket_deltas, key);

  if (sum == NULL)
    {
      sum = g_new0 (Sum, 1);
      g_hash_table_insert (store->bucket_deltas, g_steal_pointer (&key), sum);
    }
  *sum = sign > 0 ? *sum + one : *sum - one;
}

void
yl_state_hash_life (YlStore *store, const char *table, const char *id, gint64 n, gboolean alive, int sign)
{
  g_auto (YlValue) value = YL_VALUE_INIT;

  yl_value_set_integer (&value, alive ? 1 : 0);
  yl_state_hash_value (store, table, id, "", n, &value, sign);
}

static gboolean
flush_one (YlStore *store, const char *table, gint64 bucket, Sum delta, GError **error)
{
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error, "SELECT sum FROM bucket WHERE tbl = ? AND b = ?", "ti", table, bucket);
  gsize length = 0;
  const guint8 *old;
  guint8 bytes[16];

  if (rows == NULL)
    return FALSE;
  old = yl_rows_next (rows, NULL) ? yl_rows_blob (rows, 0, &length) : NULL;
  sum_to_bytes ((length == 16 ? sum_from_bytes (old) : 0) + delta, bytes);
  return yl_database_run (
      store->database, error,
      "INSERT INTO bucket (tbl, b, sum) VALUES (?, ?, ?) ON CONFLICT (tbl, b) DO UPDATE SET sum = excluded.sum", "tib",
      table, bucket, (gconstpointer) bytes, (gsize) sizeof bytes);
}

gboolean
yl_merge_flush (YlStore *store, GError **error)
{
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, store->bucket_deltas);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      char *colon = strrchr (key, ':');
      g_autofree char *table = g_strndup (key, (gsize) (colon - (char *) key));

      if (!flush_one (store, table, g_ascii_strtoll (colon + 1, NULL, 10), *(Sum *) value, error))
        return FALSE;
    }
  g_hash_table_remove_all (store->bucket_deltas);
  return TRUE;
}

/* One bucket */

static Sum
gathered_sum (YlStore *store, const char *table, guint bucket)
{
  g_autofree char *key = g_strdup_printf ("%s:%u", table, bucket);
  Sum *sum = g_hash_table_lookup (store->bucket_deltas, key);

  return sum != NULL ? *sum : 0;
}

static gboolean
stored_sum (YlStore *store, const char *table, guint bucket, Sum *sum, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (store->database, error, "SELECT sum FROM bucket WHERE tbl = ? AND b = ?",
                                               "ti", table, (gint64) bucket);
  const guint8 *bytes;
  gsize length;

  *sum = 0;
  if (rows == NULL)
    return FALSE;
  if (!yl_rows_next (rows, error))
    return yl_rows_ended (rows);
  bytes = yl_rows_blob (rows, 0, &length);
  if (length == sizeof *sum)
    *sum = sum_from_bytes (bytes);
  return TRUE;
}

void
yl_state_hash_forget (YlStore *store, const char *table, guint bucket)
{
  g_autofree char *key = g_strdup_printf ("%s:%u", table, bucket);

  g_hash_table_remove (store->bucket_deltas, key);
}

gboolean
yl_state_hash_matches (YlStore *store, const char *table, guint bucket, gboolean *same, GError **error)
{
  Sum stored;

  if (!stored_sum (store, table, bucket, &stored, error))
    return FALSE;
  *same = stored == gathered_sum (store, table, bucket);
  return TRUE;
}

void
yl_state_hash_gathered (YlStore *store, const char *table, guint bucket, guint8 *bytes)
{
  sum_to_bytes (gathered_sum (store, table, bucket), bytes);
}

gboolean
yl_state_hash_settle (YlStore *store, const char *table, guint bucket, gboolean *differed, GError **error)
{
  Sum gathered = gathered_sum (store, table, bucket);
  gboolean same;
  guint8 bytes[16];

  if (!yl_state_hash_matches (store, table, bucket, &same, error))
    return FALSE;
  *differed = !same;
  yl_state_hash_forget (store, table, bucket);
  sum_to_bytes (gathered, bytes);
  return same
         || yl_database_run (store->database, error, "INSERT OR REPLACE INTO bucket (tbl, b, sum) VALUES (?, ?, ?)",
                             "tib", table, (gint64) bucket, (gconstpointer) bytes, (gsize) sizeof bytes);
}

char *
yl_state_hash (YlStore *store, GError **error)
{
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error, "SELECT tbl, b, sum FROM bucket ORDER BY tbl, b", NULL);
  static const guint8 zero[16];
  crypto_generichash_state state;
  guint8 hash[32];
  char hex[2 * sizeof hash + 1];

  if (rows == NULL)
    return NULL;
  crypto_generichash_init (&state, NULL, 0, sizeof hash);
  while (yl_rows_next (rows, error))
    {
      gsize length;
      const guint8 *sum = yl_rows_blob (rows, 2, &length);

      if (length != sizeof zero || memcmp (sum, zero, sizeof zero) == 0)
        continue;
      update_text (&state, yl_rows_text (rows, 0));
      update_integer (&state, yl_rows_integer (rows, 1));
      crypto_generichash_update (&state, sum, length);
    }
  if (!yl_rows_ended (rows))
    return NULL;
  crypto_generichash_final (&state, hash, sizeof hash);
  return g_strdup (sodium_bin2hex (hex, sizeof hex, hash, sizeof hash) ? hex : NULL);
}
