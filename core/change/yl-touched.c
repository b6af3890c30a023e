#include "yl-touched.h"

#include "log/yl-log-door.h"
#include "store/yl-store-private.h"

/* A few entries are read one by one; for many it is cheaper to look through the index of ops, which is kept by record. */
#define MAX_READ 500

typedef struct
{
  GHashTable *seen; /* "table:id" */
  YlTouchedFunc func;
  gpointer data;
  gboolean unreadable; /* a message is not here */
} Touched;

static gboolean
tell (Touched *touched, const char *table, const char *id, GError **error)
{
  return !g_hash_table_add (touched->seen, g_strconcat (table, ":", id, NULL))
         || touched->func (table, id, touched->data, error);
}

static gboolean
tell_entry (YlStore *store, gint64 n, Touched *touched, GError **error)
{
  g_autoptr (GBytes) message = yl_log_message (store, n, NULL);
  g_autoptr (YlEntry) entry = message != NULL ? yl_entry_parse (message, NULL) : NULL;

  touched->unreadable = touched->unreadable || entry == NULL;
  for (guint i = 0; entry != NULL && i < entry->ops->len; i++)
    {
      const YlOp *op = entry->ops->pdata[i];

      if (!tell (touched, op->table, op->id, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
tell_entries (YlStore *store, gint64 after, Touched *touched, GError **error)
{
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error, "SELECT n FROM entry WHERE n > ? ORDER BY n", "i", after);

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    if (!tell_entry (store, yl_rows_integer (rows, 0), touched, error))
      return FALSE;
  return yl_rows_ended (rows);
}

static gboolean
tell_rows (YlStore *store, const char *sql, gint64 after, Touched *touched, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (store->database, error, sql, "i", after);

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    if (!tell (touched, yl_rows_text (rows, 0), yl_rows_text (rows, 1), error))
      return FALSE;
  return yl_rows_ended (rows);
}

#define OPS_SQL "SELECT name, yl_uuid (id) FROM op JOIN table_name USING (t) WHERE n > ?"
/* Records that are not what they were since one of these entries, though it does not name them (yl-recount.h). */
#define REFOLDED_SQL "SELECT tbl, id FROM refolded WHERE n > ?"

/* Entries that came with a state, and not by themselves (core/merge/yl-merge-state.h), have no message to read. */
gboolean
yl_store_touched_since (YlStore *store, gint64 n, YlTouchedFunc func, gpointer data, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Touched touched = { seen, func, data, FALSE };
  gint64 n_entries;

  if (!yl_database_integer (store->database, &n_entries, 0, error, "SELECT max(n) - ? FROM entry", "i", n)
      || !tell_rows (store, REFOLDED_SQL, n, &touched, error))
    return FALSE;
  if (n_entries <= MAX_READ && !tell_entries (store, n, &touched, error))
    return FALSE;
  return (n_entries <= MAX_READ && !touched.unreadable) || tell_rows (store, OPS_SQL, n, &touched, error);
}
