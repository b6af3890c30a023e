#include <sodium.h>
#include <string.h>

#include "merge/yl-fold.h"
#include "yl-fork.h"
#include "yl-log-door.h"
#include "yl-strand.h"

/* What another copy has of this log, told by names alone, and the git branches of a writer. Only a fork makes either of them hard. */

gboolean
yl_log_has_all (YlStore *store, GArray *names, gboolean *has_all, GError **error)
{
  *has_all = TRUE;
  for (guint i = 0; i < names->len && *has_all; i++)
    {
      g_autoptr (GError) local = NULL;
      g_autoptr (YlEntryRow) row = yl_log_find_name (store, &g_array_index (names, YlEntryName, i), &local);

      *has_all = row != NULL;
      if (row == NULL && !g_error_matches (local, YL_ERROR, YL_ERROR_NOT_FOUND))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
    }
  return TRUE;
}

/* The last sequence of @writer here, of whichever strand. */
static gboolean
highest (YlStore *store, const char *writer, gint64 *seq, GError **error)
{
  return yl_database_integer (store->database, seq, 0, error, "SELECT max(seq) FROM strand WHERE writer = ?", "t",
                              writer);
}

/* Coverage */

/* The names of one writer among those another copy told. */
typedef struct
{
  const char *writer;
  gboolean known; /* at least one is here */
  gboolean whole; /* the ladder reaches down to the writer's first entry */
  gint64 unknown; /* the highest sequence of those that are not here; 0: none */
} Told;

static gboolean
cover_writer (YlStore *store, YlVector *coverage, const Told *told, GError **error)
{
  g_autoptr (YlRows) rows = NULL;
  gint64 last;

  if (told->known || told->unknown == 0)
    return TRUE;
  if (!highest (store, told->writer, &last, error))
    return FALSE;
  if (told->unknown <= last)
    {
      if (!told->whole)
        g_set_error (error, YL_ERROR, YL_ERROR_MISSING, "writer %s has forked; say where its entries were the same",
                     told->writer);
      return told->whole;
    }
  rows = yl_database_query (store->database, error, "SELECT w, seq FROM strand WHERE writer = ?", "t", told->writer);
  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    yl_vector_raise (coverage, yl_rows_integer (rows, 0), yl_rows_integer (rows, 1));
  return yl_rows_ended (rows);
}

static gboolean
cover_name (YlStore *store, YlVector *coverage, const YlEntryName *name, Told *told, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (YlEntryRow) row = yl_log_find_name (store, name, &local);

  told->whole = told->whole || name->seq == 1;
  if (row != NULL)
    {
      told->known = TRUE;
      return yl_strand_raise (store, coverage, row->strand, row->seq, error);
    }
  told->unknown = MAX (told->unknown, name->seq);
  if (g_error_matches (local, YL_ERROR, YL_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

GArray *
yl_log_coverage (YlStore *store, GArray *names, GError **error)
{
  g_autoptr (YlVector) coverage = yl_vector_new ();
  Told told = { NULL };

  for (guint i = 0; i < names->len; i++)
    {
      const YlEntryName *name = &g_array_index (names, YlEntryName, i);

      if (told.writer != NULL && strcmp (told.writer, name->writer) != 0)
        {
          if (!cover_writer (store, coverage, &told, error))
            return NULL;
          told = (Told){ NULL };
        }
      told.writer = name->writer;
      if (!cover_name (store, coverage, name, &told, error))
        return NULL;
    }
  return cover_writer (store, coverage, &told, error) ? g_steal_pointer (&coverage) : NULL;
}

gboolean
yl_log_cover (YlStore *store, GArray *coverage, const YlEntryName *name, GError **error)
{
  g_autoptr (YlEntryRow) row = yl_log_find_name (store, name, error);

  return row != NULL && yl_strand_raise (store, coverage, row->strand, row->seq, error);
}

/* The name of entry @seq of strand @w, where it is here. */
static gboolean
add_name (YlStore *store, const char *writer, gint64 w, gint64 seq, GArray *names, GError **error)
{
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error, "SELECT id FROM entry WHERE w = ? AND seq = ?", "ii", w, seq);
  YlEntryName name = { .seq = seq };
  gconstpointer id;
  gsize length;

  if (rows == NULL)
    return FALSE;
  if (!yl_rows_next (rows, error))
    return yl_rows_ended (rows);
  id = yl_rows_blob (rows, 0, &length);
  memcpy (name.id8, id, MIN (length, sizeof name.id8));
  g_strlcpy (name.writer, writer, sizeof name.writer);
  g_array_append_val (names, name);
  return TRUE;
}

GArray *
yl_log_covered_names (YlStore *store, GArray *coverage, GError **error)
{
  g_autoptr (GArray) names = g_array_new (FALSE, FALSE, sizeof (YlEntryName));

  for (guint w = 0; w < coverage->len; w++)
    if (yl_vector_get (coverage, w) > 0
        && !add_name (store, yl_store_writer_id (store, w), w, yl_vector_get (coverage, w), names, error))
      return NULL;
  g_array_sort (names, yl_entry_name_compare);
  return g_steal_pointer (&names);
}

GArray *
yl_log_coverage_of_others (YlStore *store, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (
      store->database, error,
      "SELECT w, iif(writer IN (SELECT writer FROM pen) AND parent = 0, receipt, seq) FROM strand", NULL);
  g_autoptr (YlVector) coverage = yl_vector_new ();

  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    yl_vector_raise (coverage, yl_rows_integer (rows, 0), yl_rows_integer (rows, 1));
  return yl_rows_ended (rows) ? g_steal_pointer (&coverage) : NULL;
}

GArray *
yl_log_coverage_of_all (YlStore *store, GError **error)
{
  return yl_fold_frontier (store, error);
}

gboolean
yl_log_covers (GArray *coverage, gint64 strand, gint64 seq)
{
  return yl_vector_get (coverage, strand) >= seq;
}

gboolean
yl_log_first_missing (YlStore *store, GArray *coverage, gint64 *n, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (store->database, error, "SELECT w, seq, first FROM strand", NULL);

  *n = G_MAXINT64;
  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    {
      gint64 w = yl_rows_integer (rows, 0);
      gint64 next = MAX (yl_vector_get (coverage, w) + 1, yl_rows_integer (rows, 2));
      gint64 first;

      if (next > yl_rows_integer (rows, 1))
        continue;
      if (!yl_database_integer (store->database, &first, 0, error, "SELECT n FROM entry WHERE w = ? AND seq = ?", "ii",
                                w, next))
        return FALSE;
      *n = MIN (*n, first);
    }
  return yl_rows_ended (rows);
}

/* Rungs */

/* Of a strand: its last entry but one, but two, but four … and its first. */
static gboolean
add_rungs (YlStore *store, const char *writer, GArray *ladder, GError **error)
{
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error, "SELECT w, first, seq FROM strand WHERE writer = ?", "t", writer);

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    {
      gint64 w = yl_rows_integer (rows, 0);
      gint64 first = yl_rows_integer (rows, 1);
      gint64 last = yl_rows_integer (rows, 2);

      for (gint64 step = 1; last - step > first; step *= 2)
        if (!add_name (store, writer, w, last - step, ladder, error))
          return FALSE;
      if (last > first && !add_name (store, writer, w, first, ladder, error))
        return FALSE;
    }
  return yl_rows_ended (rows);
}

static gboolean
needs_rungs (YlStore *store, const YlEntryName *theirs, gboolean sure, gboolean *needs, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (YlEntryRow) row = yl_log_find_name (store, theirs, &local);
  gint64 last;

  *needs = FALSE;
  if (row != NULL)
    return TRUE;
  if (!g_error_matches (local, YL_ERROR, YL_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (!highest (store, theirs->writer, &last, error))
    return FALSE;
  *needs = last > 0 && (!sure || theirs->seq <= last);
  return TRUE;
}

GArray *
yl_log_ladder (YlStore *store, GArray *theirs, gboolean sure, GError **error)
{
  g_autoptr (GArray) ladder = yl_log_frontier (store, error);
  g_autoptr (GHashTable) done = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; ladder != NULL && i < theirs->len; i++)
    {
      const YlEntryName *name = &g_array_index (theirs, YlEntryName, i);
      gboolean needs = FALSE;

      if (!g_hash_table_contains (done, name->writer) && !needs_rungs (store, name, sure, &needs, error))
        return NULL;
      if (needs && !add_rungs (store, name->writer, ladder, error))
        return NULL;
      if (needs)
        g_hash_table_add (done, (gpointer) name->writer);
    }
  if (ladder != NULL)
    g_array_sort (ladder, yl_entry_name_compare);
  return g_steal_pointer (&ladder);
}

/* Branches */

void
yl_branch_free (YlBranch *branch)
{
  g_free (branch->name);
  g_free (branch);
}

static char *
branch_name (const YlForks *forks, const char *writer, gint64 w, gint64 seq)
{
  static const guint8 own[YL_BRANCH_BYTES];
  guint8 branch[YL_BRANCH_BYTES];
  char hex[2 * YL_BRANCH_BYTES + 1];

  yl_forks_branch (forks, w, seq, branch);
  if (memcmp (branch, own, sizeof own) == 0)
    return g_strdup (writer);
  sodium_bin2hex (hex, sizeof hex, branch, sizeof branch);
  return g_strconcat (writer, "-", hex, NULL);
}

GPtrArray *
yl_log_branches (YlStore *store, const char *writer, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (
      store->database, error,
      "SELECT w, seq, (SELECT oid FROM run JOIN entry USING (n) WHERE entry.w = strand.w AND entry.seq = logged)"
      " FROM strand WHERE writer = ? AND seq > 0 ORDER BY w",
      "t", writer);
  g_autoptr (YlForks) forks = yl_forks_read (store, writer, error);
  g_autoptr (GPtrArray) branches = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_branch_free);

  if (rows == NULL || forks == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    {
      YlBranch *branch = g_new0 (YlBranch, 1);
      gsize length;
      gconstpointer oid = yl_rows_blob (rows, 2, &length);

      g_ptr_array_add (branches, branch);
      branch->strand = yl_rows_integer (rows, 0);
      branch->logged = !yl_rows_is_null (rows, 2);
      if (branch->logged)
        memcpy (branch->oid, oid, MIN (length, sizeof branch->oid));
      branch->name = branch_name (forks, writer, branch->strand, yl_rows_integer (rows, 1));
    }
  return yl_rows_ended (rows) ? g_steal_pointer (&branches) : NULL;
}

/* What others have seen */

static gboolean
join_seen (YlStore *store, const char *writer, YlVector *vector, GError **error)
{
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error, "SELECT w, seq FROM strand WHERE writer = ? AND seq > 0", "t", writer);

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    {
      g_autoptr (YlVector) seen = yl_fold_seen_of (store, yl_rows_integer (rows, 0), yl_rows_integer (rows, 1), error);

      if (seen == NULL)
        return FALSE;
      yl_vector_join (vector, seen);
    }
  return yl_rows_ended (rows);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  const YlEntryName *left = a;
  const YlEntryName *right = b;
  int order = strcmp (left->writer, right->writer);

  if (order == 0)
    order = (left->seq > right->seq) - (left->seq < right->seq);
  return order != 0 ? order : memcmp (left->id8, right->id8, sizeof left->id8);
}

GArray *
yl_log_seen_by (YlStore *store, const char *writer, GError **error)
{
  g_autoptr (YlVector) vector = yl_vector_new ();
  g_autoptr (GArray) frontier = g_array_new (FALSE, FALSE, sizeof (YlEntryName));

  if (!join_seen (store, writer, vector, error))
    return NULL;
  for (gint64 w = 0; w < (gint64) vector->len; w++)
    {
      char name[YL_WRITER_CHARS + 1];

      if (yl_vector_get (vector, w) > 0
          && (!yl_store_name_writer (store, w, name, error)
              || !add_name (store, name, w, yl_vector_get (vector, w), frontier, error)))
        return NULL;
    }
  g_array_sort (frontier, compare_names);
  return g_steal_pointer (&frontier);
}
