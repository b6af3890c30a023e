#include "yl-replay.h"

#include "base/yl-i18n.h"
#include "log/yl-log-door.h"
#include "log/yl-strand.h"
#include "store/yl-base.h"
#include "yl-fold.h"
#include "yl-scratch.h"

/* A log folded a second time, beside the state. Who may write what is looked up in the whole authority chain as it was then, so that comes
 * first; the verdicts follow. */

typedef struct
{
  YlStore *store;
  YlStore *then;
  gboolean on_base;
} Replay;

static gboolean
lacking (GError **error)
{
  g_set_error_literal (error, YL_ERROR, YL_ERROR_MISSING, _ ("the history to look that far back is not here"));
  return FALSE;
}

/* A name that the log does not have, or has only as a name, cannot be where it ended. */
static gboolean
raise_name (const Replay *replay, const YlEntryName *name, YlVector *reach, GError **error)
{
  g_autoptr (GError) fault = NULL;
  g_autoptr (YlEntryRow) row = yl_log_find_name (replay->store, name, &fault);

  if (row != NULL && !row->bare)
    return yl_strand_raise (replay->store, reach, row->strand, row->seq, error);
  if (row != NULL || g_error_matches (fault, YL_ERROR, YL_ERROR_NOT_FOUND))
    return lacking (error);
  g_propagate_error (error, g_steal_pointer (&fault));
  return FALSE;
}

static gboolean
cut_strands (const Replay *replay, GArray *frontier, GError **error)
{
  g_autoptr (YlVector) reach = yl_vector_new ();
  gint64 short_of_base;

  for (guint i = 0; i < frontier->len; i++)
    if (!raise_name (replay, &g_array_index (frontier, YlEntryName, i), reach, error))
      return FALSE;
  for (gint64 w = 0; w < (gint64) reach->len; w++)
    if (!yl_database_run (replay->then->database, error, "UPDATE main.strand SET seq = ?1, logged = ?1 WHERE w = ?2",
                          "ii", yl_vector_get (reach, w), w))
      return FALSE;
  return yl_database_integer (replay->then->database, &short_of_base, 0, error,
                              "SELECT 1 FROM main.strand WHERE seq < base LIMIT 1", NULL)
         && (short_of_base == 0 || lacking (error));
}

/* Everything of the log but its messages, as far as it went; what the checkpoint covers keeps the verdict that the checkpoint gives. */
static gboolean
copy_log (const Replay *replay, GArray *frontier, GError **error)
{
  YlDatabase *database = replay->then->database;

  return yl_database_run (database, error,
                          "INSERT INTO main.strand (w, writer, parent, first, seq, base)"
                          " SELECT w, writer, parent, first, 0, iif (?, base, 0) FROM log.strand",
                          "i", (gint64) replay->on_base)
         && cut_strands (replay, frontier, error)
         && yl_database_run (
             database, error,
             "INSERT INTO main.entry (n, w, seq, id, hlc, actor, seen, refused)"
             " SELECT e.n, e.w, e.seq, e.id, e.hlc, e.actor, e.seen, iif (e.seq <= s.base, e.refused, NULL)"
             " FROM log.entry AS e JOIN main.strand AS s USING (w) WHERE e.seq <= s.seq",
             NULL);
}

/* What was shut out after the checkpoint may lie behind it. */
static gboolean
check_base (const Replay *replay, GError **error)
{
  gint64 found;

  if (!yl_database_integer (replay->then->database, &found, 0, error,
                            "SELECT 1 FROM main.strand AS s JOIN log.authority_fact AS f USING (w)"
                            " WHERE f.tbl = 'revocation' AND f.position > s.base AND f.position <= s.seq LIMIT 1",
                            NULL))
    return FALSE;
  return found == 0 || lacking (error);
}

typedef gboolean (*FoldFunc) (const Replay *replay, const YlEntry *entry, gint64 n, gint64 w, GError **error);

static gboolean
fold_facts (const Replay *replay, const YlEntry *entry, gint64 n, gint64 w, GError **error)
{
  return yl_fold_facts (replay->then, entry, w, error);
}

static gboolean
fold_ops (const Replay *replay, const YlEntry *entry, gint64 n, gint64 w, GError **error)
{
  YlStore *then = replay->then;
  g_autoptr (YlVector) seen = yl_fold_seen_before (then, n, error);
  YlMergeEntry folding = { n, w, seen };
  g_autofree char *refused = seen != NULL ? yl_right_check (then, entry, w, seen) : NULL;

  if (seen == NULL)
    return FALSE;
  if (refused != NULL)
    return yl_database_run (then->database, error, "UPDATE main.entry SET refused = ? WHERE n = ?", "ti", refused, n);
  for (guint i = 0; i < entry->ops->len; i++)
    if (!yl_merge_fold (then, &folding, entry->ops->pdata[i], FALSE, NULL, error))
      return FALSE;
  return TRUE;
}

/* The entries of one writer, or of all. */
static gboolean
fold_log (const Replay *replay, const char *writer, FoldFunc fold, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (replay->then->database, error,
                                               "SELECT e.n, e.w FROM main.entry AS e JOIN main.strand AS s USING (w)"
                                               " WHERE e.seq > s.base AND s.writer = ifnull (?, s.writer) ORDER BY e.n",
                                               "t", writer);

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    {
      gint64 n = yl_rows_integer (rows, 0);
      g_autoptr (YlEntry) entry = yl_log_entry (replay->store, n, error);

      if (entry == NULL || !fold (replay, entry, n, yl_rows_integer (rows, 1), error))
        return FALSE;
    }
  return yl_rows_ended (rows);
}

YlStore *
yl_replay (YlStore *store, GArray *frontier, gboolean on_base, GError **error)
{
  static const char *const also[] = { "strand", "entry", "op", "authority_fact", NULL };
  g_autoptr (YlStore) then = yl_scratch_open (store, also, error);
  Replay replay = { store, then, on_base };

  if (then == NULL || !copy_log (&replay, frontier, error)
      || (on_base && (!check_base (&replay, error) || !yl_base_install_into (store, then, error)))
      || !fold_log (&replay, store->authority, fold_facts, error) || !fold_log (&replay, NULL, fold_ops, error)
      || !yl_merge_flush (then, error))
    return NULL;
  return g_steal_pointer (&then);
}
