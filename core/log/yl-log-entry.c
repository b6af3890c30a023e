#include <sodium.h>
#include <string.h>

#include "merge/yl-fold.h"
#include "yl-log-door.h"
#include "yl-strand.h"
#include "trust/yl-pen.h"
#include "base/yl-i18n.h"

/* Entries: finding them, what is in the log and what waits, and the door for those from elsewhere. */

#define ENTRY_COLUMNS                                                                                           \
  "entry.n, strand.writer, entry.seq, entry.id, entry.seq <= strand.logged, entry.hlc, entry.refused, entry.w," \
  " entry.message IS NOT NULL OR entry.seq > strand.base"

/* The strands that this file writes. */
#define OWN_STRANDS "pen JOIN strand ON strand.w = (SELECT min(w) FROM strand WHERE writer = pen.writer)"

void
yl_entry_row_free (YlEntryRow *row)
{
  g_free (row->refused);
  g_free (row);
}

static YlEntryRow *
read_entry_row (YlRows *rows)
{
  YlEntryRow *row = g_new0 (YlEntryRow, 1);
  gconstpointer bytes;
  gsize length;

  row->n = yl_rows_integer (rows, 0);
  g_strlcpy (row->writer, yl_rows_text (rows, 1), sizeof row->writer);
  row->seq = yl_rows_integer (rows, 2);
  bytes = yl_rows_blob (rows, 3, &length);
  memcpy (row->id, bytes, MIN (length, sizeof row->id));
  row->bare = length < sizeof row->id;
  row->logged = yl_rows_integer (rows, 4) != 0;
  row->hlc = yl_rows_integer (rows, 5);
  row->refused = g_strdup (yl_rows_text (rows, 6));
  row->strand = yl_rows_integer (rows, 7);
  row->here = yl_rows_integer (rows, 8) != 0;
  return row;
}

static GPtrArray *
read_entry_rows (YlRows *rows, GError **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_entry_row_free);

  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    g_ptr_array_add (found, read_entry_row (rows));
  return yl_rows_ended (rows) ? g_steal_pointer (&found) : NULL;
}

GPtrArray *
yl_log_unlogged (YlStore *store, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (store->database, error,
                                               "SELECT " ENTRY_COLUMNS " FROM " OWN_STRANDS " JOIN entry USING (w)"
                                               " WHERE entry.seq > strand.logged ORDER BY n",
                                               NULL);

  return read_entry_rows (rows, error);
}

YlEntryRow *
yl_log_find (YlStore *store, const char *writer, gint64 seq, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (store->database, error,
                                               "SELECT " ENTRY_COLUMNS " FROM strand JOIN entry USING (w)"
                                               " WHERE strand.writer = ? AND entry.seq = ? ORDER BY strand.w LIMIT 1",
                                               "ti", writer, seq);
  g_autoptr (GPtrArray) found = read_entry_rows (rows, error);

  if (found == NULL)
    return NULL;
  if (found->len > 0)
    return g_ptr_array_steal_index (found, 0);
  g_set_error (error, YL_ERROR, YL_ERROR_NOT_FOUND, "the log has no entry %s:%" G_GINT64_FORMAT, writer, seq);
  return NULL;
}

YlEntryRow *
yl_log_find_name (YlStore *store, const YlEntryName *name, GError **error)
{
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error,
                         "SELECT " ENTRY_COLUMNS " FROM strand JOIN entry USING (w)"
                         " WHERE strand.writer = ? AND entry.seq = ? AND substr (entry.id, 1, 8) = ?",
                         "tib", name->writer, name->seq, (gconstpointer) name->id8, (gsize) sizeof name->id8);
  g_autoptr (GPtrArray) found = read_entry_rows (rows, error);

  if (found == NULL)
    return NULL;
  if (found->len > 0)
    return g_ptr_array_steal_index (found, 0);
  g_set_error (error, YL_ERROR, YL_ERROR_NOT_FOUND, "the log has no such entry %s:%" G_GINT64_FORMAT, name->writer,
               name->seq);
  return NULL;
}

YlEntryRow *
yl_log_get (YlStore *store, gint64 n, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (
      store->database, error, "SELECT " ENTRY_COLUMNS " FROM entry JOIN strand USING (w) WHERE n = ?", "i", n);
  g_autoptr (GPtrArray) found = read_entry_rows (rows, error);

  if (found == NULL)
    return NULL;
  if (found->len > 0)
    return g_ptr_array_steal_index (found, 0);
  g_set_error (error, YL_ERROR, YL_ERROR_NOT_FOUND, "the log has no entry number %" G_GINT64_FORMAT, n);
  return NULL;
}

GPtrArray *
yl_log_since (YlStore *store, gint64 after, guint limit, GError **error)
{
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error,
                         "SELECT " ENTRY_COLUMNS " FROM entry JOIN strand USING (w) WHERE n > ? ORDER BY n LIMIT ?",
                         "ii", after, (gint64) limit);

  return read_entry_rows (rows, error);
}

gboolean
yl_log_end_run (YlStore *store, gint64 n, const guint8 *oid, const guint8 *signature, GError **error)
{
  return yl_database_run (store->database, error, "INSERT INTO run (n, oid, signature) VALUES (?, ?, ?)", "ibb", n,
                          (gconstpointer) oid, (gsize) YL_OID_BYTES, (gconstpointer) signature,
                          (gsize) YL_SIGNATURE_BYTES)
         && yl_database_run (store->database, error,
                             "UPDATE strand SET logged = e.seq FROM entry AS e WHERE e.n = ? AND strand.w = e.w", "i",
                             n);
}

/* A run is next to each other in the local order, and all of one writer. Numbers before it may have been left out. */
static gboolean
find_start (YlStore *store, gint64 w, YlRun *run, GError **error)
{
  gint64 before;

  return yl_database_integer (store->database, &before, 0, error, "SELECT max(n) FROM run WHERE n < ?", "i", run->end)
         && yl_database_integer (store->database, &before, before, error,
                                 "SELECT n FROM entry WHERE n > ? AND n < ? AND w <> ? ORDER BY n DESC LIMIT 1", "iii",
                                 before, run->end, w)
         && yl_database_integer (store->database, &run->start, 0, error, "SELECT min(n) FROM entry WHERE n > ?", "i",
                                 before);
}

gboolean
yl_log_find_run (YlStore *store, gint64 n, YlRun *run, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (
      store->database, error,
      "SELECT run.n, run.oid, run.signature, entry.w FROM run JOIN entry USING (n) WHERE n >= ?1 AND w ="
      " (SELECT w FROM entry WHERE n = ?1) AND n = (SELECT min(n) FROM run WHERE n >= ?1)",
      "i", n);
  gconstpointer bytes;
  gsize length;

  if (rows == NULL)
    return FALSE;
  if (!yl_rows_next (rows, error))
    {
      if (error == NULL || *error == NULL)
        g_set_error (error, YL_ERROR, YL_ERROR_NOT_FOUND, "the log has no entry number %" G_GINT64_FORMAT, n);
      return FALSE;
    }
  run->end = yl_rows_integer (rows, 0);
  bytes = yl_rows_blob (rows, 1, &length);
  memcpy (run->oid, bytes, MIN (length, sizeof run->oid));
  bytes = yl_rows_blob (rows, 2, &length);
  memcpy (run->signature, bytes, MIN (length, sizeof run->signature));
  return find_start (store, yl_rows_integer (rows, 3), run, error);
}

GArray *
yl_log_frontier (YlStore *store, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (
      store->database, error,
      "SELECT strand.writer, seq, entry.id FROM strand JOIN entry USING (w, seq) ORDER BY 1, 2, 3", NULL);
  g_autoptr (GArray) frontier = g_array_new (FALSE, FALSE, sizeof (YlEntryName));

  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    {
      YlEntryName name = { .seq = yl_rows_integer (rows, 1) };
      gsize length;
      gconstpointer id = yl_rows_blob (rows, 2, &length);

      g_strlcpy (name.writer, yl_rows_text (rows, 0), sizeof name.writer);
      memcpy (name.id8, id, MIN (length, sizeof name.id8));
      g_array_append_val (frontier, name);
    }
  return yl_rows_ended (rows) ? g_steal_pointer (&frontier) : NULL;
}

/* Waiting */

guint
yl_log_n_waiting (YlStore *store)
{
  gint64 n;

  return yl_database_integer (store->database, &n, 0, NULL, "SELECT sum(strand.seq - receipt) FROM " OWN_STRANDS, NULL)
             ? (guint) n
             : 0;
}

GPtrArray *
yl_log_waiting (YlStore *store, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (
      store->database, error,
      "SELECT " ENTRY_COLUMNS " FROM " OWN_STRANDS " JOIN entry USING (w) WHERE entry.seq > receipt ORDER BY n", NULL);

  return read_entry_rows (rows, error);
}

gboolean
yl_log_acknowledge (YlStore *store, const YlEntryName *name, GError **error)
{
  g_autoptr (YlEntryRow) row = yl_log_find_name (store, name, error);
  g_autoptr (YlVector) covered = yl_vector_new ();

  if (row == NULL || !yl_strand_raise (store, covered, row->strand, row->seq, error))
    return FALSE;
  for (gint64 w = 0; w < (gint64) covered->len; w++)
    if (yl_vector_get (covered, w) > 0
        && !yl_database_run (store->database, error,
                             "UPDATE strand SET receipt = max(receipt, min(logged, ?)) WHERE w = ?", "ii",
                             yl_vector_get (covered, w), w))
      return FALSE;
  return TRUE;
}

/* The row stays as a mark, so that its number is never given again: other processes may know it. */
gboolean
yl_log_forget (YlStore *store, gint64 n, GError **error)
{
  yl_store_forget_entry_facts (store, n);
  return yl_database_run (store->database, error, "DELETE FROM trace WHERE n = ?", "i", n)
         && yl_database_run (store->database, error, "UPDATE entry SET w = 0, seq = n, message = NULL WHERE n = ?", "i",
                             n);
}

/* The door for entries from elsewhere */

/* Adds what one of the entries had seen that @entry names as merged. */
static gboolean
join_merged (YlStore *store, const YlEntryName *name, YlVector *seen, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (YlEntryRow) row = yl_log_find_name (store, name, &local);
  g_autoptr (YlVector) theirs = NULL;

  if (g_error_matches (local, YL_ERROR, YL_ERROR_NOT_FOUND) || (row != NULL && row->bare))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_MISSING, "an entry came before %s:%" G_GINT64_FORMAT ", which it has seen",
                   name->writer, name->seq);
      return FALSE;
    }
  if (row == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  theirs = yl_fold_seen_of (store, row->strand, name->seq, error);
  if (theirs == NULL)
    return FALSE;
  yl_vector_join (seen, theirs);
  return TRUE;
}

YlVector *
yl_fold_seen_by (YlStore *store, const YlEntry *entry, gint64 before, GError **error)
{
  g_autoptr (YlVector) seen = yl_fold_seen_of (store, before, entry->seq - 1, error);
  gint64 authority;

  for (guint i = 0; seen != NULL && i < entry->merged->len; i++)
    if (!join_merged (store, &g_array_index (entry->merged, YlEntryName, i), seen, error))
      return NULL;
  if (seen == NULL || !yl_strand_reach (store, seen, store->authority, &authority, error))
    return NULL;
  if (authority == entry->authority)
    return g_steal_pointer (&seen);
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID,
               "entry %" G_GINT64_FORMAT " of writer %s names an authority position it has not seen", entry->seq,
               entry->writer);
  return NULL;
}

static gboolean
apply_new (YlStore *store, const YlEntry *entry, YlStrandPlace *place, GError **error)
{
  g_autoptr (YlVector) seen = yl_fold_seen_by (store, entry, place->before, error);
  g_autofree char *refused = NULL;
  YlFolding folding = { .entry = entry };
  gboolean forks = place->w == 0;

  if (seen == NULL || (forks && !yl_strand_branch (store, entry, place->before, &place->w, error)))
    return FALSE;
  refused = yl_right_check (store, entry, place->w, seen);
  folding.w = place->w;
  folding.seen = seen;
  folding.refused = refused;
  /* Somebody else wrote with this file's pen: it was copied, or put back from a backup. */
  if (g_str_equal (entry->writer, store->writer) && !yl_marker_due (store, FALSE, error))
    return FALSE;
  return yl_fold_entry (store, &folding, &place->n, error)
         && (refused == NULL || yl_right_tell (store, entry, place->w, seen, error))
         && (!forks || yl_pen_judge_fork (store, entry->writer, error))
         && yl_fold_set_clock (store, yl_hlc_follow (yl_fold_clock (store), entry->hlc, yl_store_now (store)), error);
}

gboolean
yl_log_apply (YlStore *store, const YlEntry *entry, gint64 *n, gboolean *is_new, GError **error)
{
  YlStrandPlace place;

  g_return_val_if_fail (store->in_transaction, FALSE);

  if (!g_str_equal (entry->scope, store->scope))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("a change set of another company arrived"));
      return FALSE;
    }
  if (!yl_strand_place (store, entry, &place, error))
    return FALSE;
  *is_new = place.n == 0;
  if (*is_new && !apply_new (store, entry, &place, error))
    return FALSE;
  *n = place.n;
  return TRUE;
}
