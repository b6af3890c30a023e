#include "yl-repair-private.h"

#include <inttypes.h>

#include "base/yl-id.h"
#include "log/yl-log-door.h"
#include "log/yl-strand.h"
#include "yl-fold.h"
#include "yl-recount.h"

/* What the rows of the log say beside its messages. */

typedef struct
{
  YlStore *store;
  GPtrArray *faults;
  gboolean standing; /* its rights are looked at: no checkpoint vouches for it */
} Check;

static void
add_fault (const Check *check, YlFaultKind kind, const YlEntry *entry)
{
  g_autofree char *name = g_strdup_printf ("%s:%" PRId64, entry->writer, entry->seq);

  g_ptr_array_add (check->faults, yl_fault_new (kind, "entry", name, NULL));
}

/* Seen */

static gboolean
find_before (YlStore *store, const YlEntry *entry, gint64 w, gint64 *before, GError **error)
{
  gint64 parent = 0, first = 1;

  if (!yl_strand_origin (store, w, &parent, &first, error))
    return FALSE;
  *before = entry->seq == first ? parent : w;
  return TRUE;
}

static gboolean
check_seen (const Check *check, const YlEntry *entry, gint64 n, gint64 w, YlVector **seen, GError **error)
{
  YlStore *store = check->store;
  g_autoptr (GError) fault = NULL;
  g_autoptr (YlVector) stored = yl_fold_seen_before (store, n, error);
  g_autoptr (YlVector) joined = NULL;
  g_autoptr (GBytes) is = NULL;
  g_autoptr (GBytes) was = NULL;
  gint64 before;

  if (stored == NULL || !find_before (store, entry, w, &before, error))
    return FALSE;
  joined = yl_fold_seen_by (store, entry, before, &fault);
  /* What it merged lies behind the checkpoint, of which no more is known. */
  if (joined == NULL)
    {
      *seen = g_steal_pointer (&stored);
      return TRUE;
    }
  is = yl_vector_pack (joined);
  was = yl_vector_pack (stored);
  *seen = g_steal_pointer (&joined);
  if (g_bytes_equal (is, was))
    return TRUE;
  add_fault (check, YL_FAULT_SEEN, entry);
  return yl_database_run (store->database, error, "UPDATE entry SET seen = ? WHERE n = ?", "gi", is, n);
}

/* Verdicts */

static gboolean
set_verdict (YlStore *store, gint64 n, const char *refused, GError **error)
{
  g_autoptr (YlRecount) recount = yl_recount_new (store);

  return yl_recount_add (recount, n, error) && yl_recount_subtract (recount, error)
         && yl_database_run (store->database, error, "UPDATE entry SET refused = ? WHERE n = ?", "ti", refused, n)
         && yl_recount_fold (recount, n, error);
}

static gboolean
check_verdict (const Check *check, const YlEntry *entry, gint64 n, gint64 w, const YlVector *seen, GError **error)
{
  g_autofree char *refused = yl_right_check (check->store, entry, w, seen);
  gint64 counts;

  if (!yl_database_integer (check->store->database, &counts, 0, error, "SELECT refused IS NULL FROM entry WHERE n = ?",
                            "i", n))
    return FALSE;
  if ((refused == NULL) == (counts != 0))
    return TRUE;
  add_fault (check, YL_FAULT_VERDICT, entry);
  return set_verdict (check->store, n, refused, error);
}

/* The index of ops */

static gboolean
expect_ops (YlStore *store, const YlEntry *entry, gint64 n, GError **error)
{
  for (guint i = 0; i < entry->ops->len; i++)
    {
      const YlOp *op = entry->ops->pdata[i];
      guint8 id[YL_ID_BYTES];
      gint64 t;

      if (!yl_id_to_bytes (op->id, id) || !yl_store_table_number (store, op->table, &t, error)
          || !yl_database_run (store->database, error,
                               "INSERT OR IGNORE INTO temp.expected_op (t, id, n) VALUES (?, ?, ?)", "ibi", t,
                               (gconstpointer) id, (gsize) sizeof id, n))
        return FALSE;
    }
  return TRUE;
}

static gboolean
name_records (const Check *check, const char *sql, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (check->store->database, error, sql, NULL);

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    {
      const char *table = yl_rows_text (rows, 0);
      const char *id = yl_rows_text (rows, 1);
      YlFault *fault = yl_fault_new (YL_FAULT_INDEX, "op", id, NULL);

      if (table != NULL && yl_table_find (table) != NULL)
        {
          g_free (fault->number);
          fault->number = yl_store_number (check->store, table, id);
        }
      g_ptr_array_add (check->faults, fault);
    }
  return yl_rows_ended (rows);
}

/* Entries whose messages are not here, or cannot be read, are known by what a checkpoint says of them. */
#define LACKING "SELECT t, id, n FROM temp.expected_op EXCEPT SELECT t, id, n FROM main.op"
#define STRAY                                                                                            \
  "SELECT t, id, n FROM main.op WHERE n NOT IN (SELECT n FROM entry WHERE message IS NULL) AND n NOT IN" \
  " (SELECT n FROM temp.unread) EXCEPT SELECT t, id, n FROM temp.expected_op"
#define NAMED                                                                            \
  "SELECT DISTINCT name, yl_uuid (id) FROM (" LACKING " UNION ALL SELECT * FROM (" STRAY \
  ")) LEFT JOIN table_name USING (t)"

static gboolean
check_index (const Check *check, GError **error)
{
  YlDatabase *database = check->store->database;
  guint before = check->faults->len;

  if (!name_records (check, NAMED, error))
    return FALSE;
  if (check->faults->len == before)
    return TRUE;
  return yl_database_run (database, error, "DELETE FROM main.trace WHERE (t, id, n) IN (" STRAY ")", NULL)
         && yl_database_run (database, error,
                             "INSERT OR IGNORE INTO main.trace (t, id, n) SELECT * FROM temp.expected_op", NULL);
}

/* All of it */

static gboolean
check_entry (const Check *check, gint64 n, gint64 w, GError **error)
{
  g_autoptr (YlEntry) entry = yl_log_entry (check->store, n, NULL);
  g_autoptr (YlVector) seen = NULL;

  if (entry == NULL)
    return yl_database_run (check->store->database, error, "INSERT INTO temp.unread (n) VALUES (?)", "i", n);
  return expect_ops (check->store, entry, n, error) && check_seen (check, entry, n, w, &seen, error)
         && (!check->standing || check_verdict (check, entry, n, w, seen, error));
}

static gboolean
check_entries (Check *check, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (check->store->database, error,
                                               "SELECT n, w, entry.seq > strand.base FROM entry JOIN strand USING (w)"
                                               " WHERE message IS NOT NULL ORDER BY n",
                                               NULL);

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    {
      check->standing = yl_rows_integer (rows, 2) != 0;
      if (!check_entry (check, yl_rows_integer (rows, 0), yl_rows_integer (rows, 1), error))
        return FALSE;
    }
  return yl_rows_ended (rows);
}

gboolean
yl_repair_log (YlStore *store, GPtrArray *faults, GError **error)
{
  Check check = { store, faults, FALSE };

  return yl_database_script (store->database,
                             "CREATE TEMP TABLE IF NOT EXISTS expected_op (t INTEGER, id BLOB, n INTEGER,"
                             " PRIMARY KEY (t, id, n)) WITHOUT ROWID; CREATE TEMP TABLE IF NOT EXISTS unread"
                             " (n INTEGER PRIMARY KEY); DELETE FROM temp.expected_op; DELETE FROM temp.unread",
                             error)
         && check_entries (&check, error) && check_index (&check, error)
         && yl_database_script (store->database, "DELETE FROM temp.expected_op; DELETE FROM temp.unread", error);
}
