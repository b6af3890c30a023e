#include "yl-fold.h"

#include "base/yl-id.h"
#include "seal/yl-key-ring.h"
#include "trust/yl-pen.h"
#include "trust/yl-revocation.h"

gboolean
yl_fold_facts (YlStore *store, const YlEntry *entry, gint64 w, GError **error)
{
  for (guint i = 0; i < entry->ops->len; i++)
    {
      const YlOp *op = entry->ops->pdata[i];

      for (guint c = 0; op->kind != YL_OP_UNKNOWN && c < op->n_columns; c++)
        if (!yl_database_run (
                store->database, error,
                "INSERT OR REPLACE INTO authority_fact (tbl, id, col, position, w, value) VALUES (?, ?, ?, ?, ?, ?)",
                "tttiiv", op->table, op->id, op->columns[c], entry->seq, w, &op->values[c]))
          return FALSE;
    }
  yl_store_forget_identity (store);
  return TRUE;
}

gboolean
yl_fold_ops (YlStore *store, gint64 n, const YlFolding *folding, GError **error)
{
  YlMergeEntry entry = { n, folding->w, folding->seen };

  if (folding->refused != NULL)
    return TRUE;
  for (guint i = 0; i < folding->entry->ops->len; i++)
    {
      const YlOp *op = folding->entry->ops->pdata[i];
      gboolean is_local = folding->local_before != NULL;
      const YlValue *before = is_local ? g_hash_table_lookup (folding->local_before, op) : NULL;

      if (!yl_merge_fold (store, &entry, op, is_local, before, error)
          || (!is_local && !yl_key_ring_note (store, op, error)))
        return FALSE;
    }
  if (g_str_equal (folding->entry->writer, store->authority))
    return yl_fold_facts (store, folding->entry, folding->w, error)
           && yl_revocation_fold (store, n, folding->entry, error);
  return TRUE;
}

/* What an entry that merged nothing had seen is, beside its own strand, what an earlier entry of that strand had: that one's number. */
gboolean
yl_fold_pack_seen (YlStore *store, const YlFolding *folding, YlValue *packed, GError **error)
{
  const YlEntry *entry = folding->entry;
  g_autoptr (GBytes) seen = NULL;
  gconstpointer bytes;
  gsize length;
  gint64 base = 0;

  if (entry->merged->len == 0 && entry->seq > 1
      && !yl_database_integer (store->database, &base, 0, error,
                               "SELECT iif(typeof(seen) = 'integer', seen, n) FROM entry WHERE w = ? AND seq = ?", "ii",
                               folding->w, entry->seq - 1))
    return FALSE;
  if (base > 0)
    {
      yl_value_set_integer (packed, base);
      return TRUE;
    }
  seen = yl_vector_pack (folding->seen);
  bytes = g_bytes_get_data (seen, &length);
  yl_value_set_bytes (packed, YL_VALUE_BLOB, bytes, length);
  return TRUE;
}

static gboolean
insert_entry (YlStore *store, const YlFolding *folding, GError **error)
{
  const YlEntry *entry = folding->entry;
  g_autoptr (GBytes) message = yl_log_message_pack (store, entry, error);
  g_auto (YlValue) seen = YL_VALUE_INIT;

  return message != NULL && yl_fold_pack_seen (store, folding, &seen, error)
         && yl_database_run (
             store->database, error,
             "INSERT INTO entry (w, seq, id, hlc, actor, seen, refused, message) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
             "iibitvtg", folding->w, entry->seq, (gconstpointer) entry->id, (gsize) sizeof entry->id, entry->hlc,
             entry->actor, &seen, folding->refused, message);
}

gboolean
yl_fold_index_ops (YlStore *store, gint64 n, const YlEntry *entry, GError **error)
{
  for (guint i = 0; i < entry->ops->len; i++)
    {
      const YlOp *op = entry->ops->pdata[i];
      guint8 id[YL_ID_BYTES];
      gint64 t;

      if (!yl_id_to_bytes (op->id, id))
        g_assert_not_reached ();
      if (!yl_store_table_number (store, op->table, &t, error)
          || !yl_database_run (store->database, error, "INSERT OR IGNORE INTO trace (t, id, n) VALUES (?, ?, ?)", "ibi",
                               t, (gconstpointer) id, (gsize) sizeof id, n))
        return FALSE;
    }
  return TRUE;
}

gboolean
yl_fold_entry (YlStore *store, const YlFolding *folding, gint64 *n, GError **error)
{
  const YlEntry *entry = folding->entry;

  if (!insert_entry (store, folding, error))
    return FALSE;
  *n = sqlite3_last_insert_rowid (yl_database_handle (store->database));
  if (yl_pen_is_first (entry) && !yl_pen_remember (store, folding, error))
    return FALSE;
  return yl_fold_index_ops (store, *n, entry, error)
         && yl_database_run (store->database, error, "UPDATE strand SET seq = ? WHERE w = ?", "ii", entry->seq,
                             folding->w)
         && yl_fold_ops (store, *n, folding, error);
}

YlVector *
yl_fold_frontier (YlStore *store, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (store->database, error, "SELECT w, seq FROM strand", NULL);
  g_autoptr (YlVector) vector = yl_vector_new ();

  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    yl_vector_raise (vector, yl_rows_integer (rows, 0), yl_rows_integer (rows, 1));
  return yl_rows_ended (rows) ? g_steal_pointer (&vector) : NULL;
}

#define SEEN_SQL "SELECT e.w, e.seq, coalesce(b.seen, e.seen), b.n FROM entry AS e LEFT JOIN entry AS b ON b.n = e.seen"

/* The vector of the one entry in @rows: with itself, or without. */
static YlVector *
read_seen (YlRows *rows, gboolean itself, GError **error)
{
  gconstpointer bytes;
  gsize length;
  YlVector *vector;

  if (rows == NULL)
    return NULL;
  if (!yl_rows_next (rows, error))
    {
      if (error == NULL || *error == NULL)
        g_set_error (error, YL_ERROR, YL_ERROR_CORRUPT, "an entry of the log is missing: run `yuelaictl fsck`");
      return NULL;
    }
  bytes = yl_rows_blob (rows, 2, &length);
  vector = yl_vector_unpack (bytes, length);
  if (itself || !yl_rows_is_null (rows, 3))
    yl_vector_raise (vector, yl_rows_integer (rows, 0), yl_rows_integer (rows, 1) - (itself ? 0 : 1));
  return vector;
}

YlVector *
yl_fold_seen_of (YlStore *store, gint64 w, gint64 seq, GError **error)
{
  g_autoptr (YlRows) rows = NULL;

  if (seq == 0)
    return yl_vector_new ();
  rows = yl_database_query (store->database, error, SEEN_SQL " WHERE e.w = ? AND e.seq = ?", "ii", w, seq);
  return read_seen (rows, TRUE, error);
}

YlVector *
yl_fold_seen_before (YlStore *store, gint64 n, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (store->database, error, SEEN_SQL " WHERE e.n = ?", "i", n);

  return read_seen (rows, FALSE, error);
}

/* What this file wrote last: with the pen in use, and with the company's key. A pen it had before may be in use in a copy of the file. */
#define CLOCK_SQL                                                                           \
  "SELECT max (ifnull ((SELECT value FROM meta WHERE key = 'clock'), 0),"                   \
  " ifnull ((SELECT max (e.hlc) FROM strand AS s CROSS JOIN entry AS e"                     \
  "   ON e.w = s.w AND e.seq = s.seq WHERE s.w IN (SELECT min (w) FROM strand WHERE writer" \
  "   IN (?, (SELECT writer FROM pen WHERE role = 'authority')) GROUP BY writer)), 0))"

gint64
yl_fold_clock (YlStore *store)
{
  gint64 hlc;

  return yl_database_integer (store->database, &hlc, 0, NULL, CLOCK_SQL, "t", store->writer) ? hlc : 0;
}

gboolean
yl_fold_set_clock (YlStore *store, gint64 hlc, GError **error)
{
  return yl_database_run (store->database, error, "INSERT OR REPLACE INTO meta (key, value) VALUES ('clock', ?)", "i",
                          hlc);
}
