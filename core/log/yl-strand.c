#include "yl-strand.h"

#include <string.h>

#include "yl-log-door.h"
#include "base/yl-i18n.h"

/* The entry that @entry follows: its strand, and how far that has got. */
static gboolean
find_before (YlStore *store, const YlEntry *entry, gint64 *w, gint64 *last, GError **error)
{
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error,
                         "SELECT strand.w, strand.seq FROM strand JOIN entry USING (w)"
                         " WHERE strand.writer = ? AND entry.seq = ? AND entry.id = ?",
                         "tib", entry->writer, entry->seq - 1, (gconstpointer) entry->prev, (gsize) sizeof entry->prev);

  if (rows == NULL)
    return FALSE;
  if (!yl_rows_next (rows, error))
    {
      if (yl_rows_ended (rows))
        g_set_error (error, YL_ERROR, YL_ERROR_MISSING,
                     "entry %" G_GINT64_FORMAT " of writer %s came before the one it follows", entry->seq,
                     entry->writer);
      return FALSE;
    }
  *w = yl_rows_integer (rows, 0);
  *last = yl_rows_integer (rows, 1);
  return TRUE;
}

/* A writer's first entry: begins the strand that may already be numbered. */
static gboolean
place_first (YlStore *store, const YlEntry *entry, YlStrandPlace *place, GError **error)
{
  static const guint8 none[YL_ENTRY_ID_BYTES];
  gint64 w, last;

  if (memcmp (entry->prev, none, sizeof none) != 0)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID, "the first entry of writer %s follows another", entry->writer);
      return FALSE;
    }
  if (!yl_store_writer_number (store, entry->writer, &w, error)
      || !yl_database_integer (store->database, &last, 0, error, "SELECT seq FROM strand WHERE w = ?", "i", w))
    return FALSE;
  place->w = last == 0 ? w : 0;
  return TRUE;
}

gboolean
yl_strand_place (YlStore *store, const YlEntry *entry, YlStrandPlace *place, GError **error)
{
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error,
                         "SELECT entry.n, entry.w FROM strand JOIN entry USING (w)"
                         " WHERE strand.writer = ? AND entry.seq = ? AND entry.id = ?",
                         "tib", entry->writer, entry->seq, (gconstpointer) entry->id, (gsize) sizeof entry->id);
  gint64 last;

  *place = (YlStrandPlace){ 0 };
  if (rows == NULL)
    return FALSE;
  if (yl_rows_next (rows, error))
    {
      place->n = yl_rows_integer (rows, 0);
      place->w = yl_rows_integer (rows, 1);
      return TRUE;
    }
  if (!yl_rows_ended (rows))
    return FALSE;
  if (entry->seq == 1)
    return place_first (store, entry, place, error);
  if (!find_before (store, entry, &place->before, &last, error))
    return FALSE;
  place->w = last == entry->seq - 1 ? place->before : 0;
  return TRUE;
}

gboolean
yl_strand_branch (YlStore *store, const YlEntry *entry, gint64 parent, gint64 *w, GError **error)
{
  if (!yl_database_run (store->database, error, "INSERT INTO strand (writer, parent, first, seq) VALUES (?, ?, ?, 0)",
                        "tii", entry->writer, parent, entry->seq))
    return FALSE;
  *w = sqlite3_last_insert_rowid (yl_database_handle (store->database));
  return TRUE;
}

gboolean
yl_strand_origin (YlStore *store, gint64 w, gint64 *parent, gint64 *first, GError **error)
{
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error, "SELECT parent, first FROM strand WHERE w = ?", "i", w);

  if (rows == NULL)
    return FALSE;
  *parent = 0;
  if (!yl_rows_next (rows, error))
    return yl_rows_ended (rows);
  *parent = yl_rows_integer (rows, 0);
  *first = yl_rows_integer (rows, 1);
  return TRUE;
}

gboolean
yl_strand_raise (YlStore *store, YlVector *vector, gint64 w, gint64 seq, GError **error)
{
  while (w != 0)
    {
      gint64 parent, first;

      yl_vector_raise (vector, w, seq);
      if (!yl_strand_origin (store, w, &parent, &first, error))
        return FALSE;
      w = parent;
      seq = first - 1;
    }
  return TRUE;
}

gboolean
yl_strand_reach (YlStore *store, const YlVector *vector, const char *writer, gint64 *seq, GError **error)
{
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error, "SELECT w FROM strand WHERE writer = ?", "t", writer);

  *seq = 0;
  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    *seq = MAX (*seq, yl_vector_get (vector, yl_rows_integer (rows, 0)));
  return yl_rows_ended (rows);
}
