#include "yl-skeleton.h"

#include <inttypes.h>
#include <string.h>

#include "base/yl-i18n.h"
#include "merge/yl-fold.h"
#include "merge/yl-state-hash.h"

YlTip *
yl_tip_new (void)
{
  YlTip *tip = g_new0 (YlTip, 1);

  tip->seen = g_array_new (FALSE, TRUE, sizeof (YlEntryName));
  return tip;
}

void
yl_tip_free (YlTip *tip)
{
  g_array_unref (tip->seen);
  g_free (tip->actor);
  g_free (tip);
}

static void
clear_bone (YlBone *bone)
{
  g_free (bone->actor);
}

GArray *
yl_bones_new (void)
{
  GArray *bones = g_array_new (FALSE, TRUE, sizeof (YlBone));

  g_array_set_clear_func (bones, (GDestroyNotify) clear_bone);
  return bones;
}

/* Tips */

static gboolean
is_own (const YlTip *tip, const YlEntryName *seen)
{
  return g_str_equal (seen->writer, tip->name.writer) && memcmp (seen->id8, tip->branch, sizeof tip->branch) == 0;
}

static gboolean
fill_seen (YlStore *store, const YlForks *forks, const YlVector *vector, YlTip *tip, GError **error)
{
  g_autoptr (GArray) seen = g_array_new (FALSE, TRUE, sizeof (YlEntryName));
  char writer[YL_WRITER_CHARS + 1];

  for (guint w = 0; w < vector->len; w++)
    {
      gint64 seq = g_array_index (vector, gint64, w);

      if (seq == 0)
        continue;
      if (!yl_store_name_writer (store, w, writer, error))
        return FALSE;
      yl_forks_raise (forks, writer, w, seq, seen);
    }
  for (guint i = 0; i < seen->len; i++)
    if (!is_own (tip, &g_array_index (seen, YlEntryName, i)))
      g_array_append_vals (tip->seen, &g_array_index (seen, YlEntryName, i), 1);
  g_array_sort (tip->seen, yl_entry_name_compare);
  return TRUE;
}

static gboolean
fill_tip (YlStore *store, const YlForks *forks, gint64 n, gint64 w, YlTip *tip, GError **error)
{
  g_autoptr (YlEntryRow) row = yl_log_get (store, n, error);
  g_autoptr (YlVector) seen = row != NULL ? yl_fold_seen_of (store, w, row->seq, error) : NULL;
  YlRun run;

  if (seen == NULL)
    return FALSE;
  if (!row->logged)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("change sets wait to be logged: sync first"));
      return FALSE;
    }
  if (!yl_log_find_run (store, n, &run, error))
    return FALSE;
  g_strlcpy (tip->name.writer, row->writer, sizeof tip->name.writer);
  tip->name.seq = row->seq;
  memcpy (tip->name.id8, row->id, sizeof tip->name.id8);
  memcpy (tip->id, row->id, sizeof tip->id);
  memcpy (tip->oid, run.oid, sizeof tip->oid);
  tip->hlc = row->hlc;
  tip->n = n;
  yl_forks_branch (forks, w, row->seq, tip->branch);
  return fill_seen (store, forks, seen, tip, error);
}

YlTip *
yl_skeleton_find (YlStore *store, const YlForks *forks, const YlEntryName *name, GError **error)
{
  g_autoptr (YlEntryRow) row = yl_log_find_name (store, name, error);
  g_autoptr (YlTip) tip = yl_tip_new ();

  if (row == NULL || !yl_skeleton_about (store, name, &tip->n, &tip->actor, error)
      || !fill_tip (store, forks, row->n, row->strand, tip, error))
    return NULL;
  return g_steal_pointer (&tip);
}

gboolean
yl_skeleton_lacks (YlStore *store, const YlEntryName *name, gboolean *lacks, GError **error)
{
  gint64 covered, known;

  if (!yl_database_integer (store->database, &covered, 0, error, "SELECT 1 FROM strand WHERE writer = ? AND base >= ?",
                            "ti", name->writer, name->seq)
      || !yl_database_integer (store->database, &known, 0, error,
                               "SELECT 1 FROM strand JOIN entry USING (w) WHERE strand.writer = ? AND entry.seq = ?"
                               " AND substr (entry.id, 1, 8) = ? AND length (entry.id) > 8",
                               "tib", name->writer, name->seq, (gconstpointer) name->id8, (gsize) sizeof name->id8))
    return FALSE;
  *lacks = covered != 0 && known == 0;
  return TRUE;
}

static int
compare_tips (gconstpointer a, gconstpointer b)
{
  return yl_entry_name_compare (&(*(YlTip *const *) a)->name, &(*(YlTip *const *) b)->name);
}

GPtrArray *
yl_skeleton_tips (YlStore *store, const YlForks *forks, GError **error)
{
  g_autoptr (GPtrArray) tips = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_tip_free);
  g_autoptr (YlRows) rows = NULL;

  if (!forks->is_whole)
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_MISSING,
                           _ ("a writer forked at a change set that is not here: fetch the history first"));
      return NULL;
    }
  rows = yl_database_query (store->database, error, "SELECT n, w, actor FROM strand JOIN entry USING (w, seq)", NULL);
  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    {
      YlTip *tip = yl_tip_new ();

      g_ptr_array_add (tips, tip);
      tip->actor = g_strdup (yl_rows_text (rows, 2));
      if (!fill_tip (store, forks, yl_rows_integer (rows, 0), yl_rows_integer (rows, 1), tip, error))
        return NULL;
    }
  g_ptr_array_sort (tips, compare_tips);
  return yl_rows_ended (rows) ? g_steal_pointer (&tips) : NULL;
}

/* Entries by name */

#define FIND_SQL                                                                \
  " FROM strand JOIN entry USING (w) WHERE strand.writer = ? AND entry.seq = ?" \
  " AND substr (entry.id, 1, 8) = ?"

static gint64
find_number (YlStore *store, const YlEntryName *name, GError **error)
{
  gint64 n = 0;

  return yl_database_integer (store->database, &n, 0, error, "SELECT entry.n" FIND_SQL, "tib", name->writer, name->seq,
                              (gconstpointer) name->id8, (gsize) sizeof name->id8)
             ? n
             : -1;
}

gboolean
yl_skeleton_about (YlStore *store, const YlEntryName *name, gint64 *n, char **actor, GError **error)
{
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error, "SELECT entry.n, entry.actor" FIND_SQL, "tib", name->writer, name->seq,
                         (gconstpointer) name->id8, (gsize) sizeof name->id8);

  if (rows == NULL)
    return FALSE;
  if (!yl_rows_next (rows, error))
    {
      if (yl_rows_ended (rows))
        g_set_error (error, YL_ERROR, YL_ERROR_NOT_FOUND, "the log has no entry %s:%" G_GINT64_FORMAT, name->writer,
                     name->seq);
      return FALSE;
    }
  *n = yl_rows_integer (rows, 0);
  *actor = g_strdup (yl_rows_text (rows, 1));
  return TRUE;
}

static void
read_name (YlRows *rows, int first, YlEntryName *name)
{
  gsize length;
  gconstpointer id;

  memset (name, 0, sizeof *name);
  g_strlcpy (name->writer, yl_rows_text (rows, first), sizeof name->writer);
  name->seq = yl_rows_integer (rows, first + 1);
  id = yl_rows_blob (rows, first + 2, &length);
  memcpy (name->id8, id, MIN (length, sizeof name->id8));
}

GArray *
yl_skeleton_refused (YlStore *store, GError **error)
{
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error,
                         "SELECT strand.writer, entry.seq, entry.id, hlc, actor, n FROM entry JOIN strand USING (w)"
                         " WHERE refused IS NOT NULL",
                         NULL);
  g_autoptr (GArray) bones = yl_bones_new ();

  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    {
      YlBone bone = { .hlc = yl_rows_integer (rows, 3), .n = yl_rows_integer (rows, 5) };

      read_name (rows, 0, &bone.name);
      bone.actor = g_strdup (yl_rows_text (rows, 4));
      g_array_append_val (bones, bone);
    }
  g_array_sort (bones, yl_entry_name_compare); /* a bone begins with its name */
  return yl_rows_ended (rows) ? g_steal_pointer (&bones) : NULL;
}

gboolean
yl_skeleton_facts (YlStore *store, YlMergeVersionFunc func, gpointer data, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (
      store->database, error,
      "SELECT f.tbl, f.id, f.col, f.value, e.hlc, strand.writer, e.seq, e.id FROM authority_fact AS f"
      " JOIN entry AS e ON e.w = f.w AND e.seq = f.position JOIN strand ON strand.w = f.w"
      " ORDER BY f.tbl, f.id, f.col, f.position",
      NULL);

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    {
      g_auto (YlValue) value = YL_VALUE_INIT;
      YlMergeVersion fact = { .table = yl_rows_text (rows, 0),
                              .id = yl_rows_text (rows, 1),
                              .column = yl_rows_text (rows, 2),
                              .hlc = yl_rows_integer (rows, 4),
                              .value = &value };

      yl_rows_value (rows, 3, &value);
      read_name (rows, 5, &fact.entry);
      if (!func (&fact, data, error))
        return FALSE;
    }
  return yl_rows_ended (rows);
}

/* In */

/* As most are that a shard names: others named them before. */
static gboolean
stands_there (YlStore *store, const YlBone *bone)
{
  const YlEntryFacts *facts = yl_store_entry_facts (store, bone->n);

  return facts != NULL && facts->seq == bone->name.seq && g_strcmp0 (facts->writer, bone->name.writer) == 0
         && memcmp (facts->id8, bone->name.id8, sizeof facts->id8) == 0;
}

static gboolean
insert_at (YlStore *store, const YlBone *bone, gint64 w, gconstpointer id, gsize id_length, GError **error)
{
  gint64 at;

  if (!yl_database_run (store->database, error,
                        "INSERT INTO entry (n, w, seq, id, hlc, actor, seen) VALUES (?, ?, ?, ?, ?, ?, x'')"
                        " ON CONFLICT DO NOTHING",
                        "iiibit", bone->n, w, bone->name.seq, id, id_length, bone->hlc, bone->actor))
    return FALSE;
  if (yl_database_changes (store->database) > 0)
    return TRUE;
  at = find_number (store, &bone->name, error);
  if (at < 0 || at == bone->n)
    return at > 0;
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID,
               _ ("a checkpoint does not fit itself: two entries %s:%" PRId64 " or two in one place"),
               bone->name.writer, bone->name.seq);
  return FALSE;
}

/* A branch that is not known here parted after this copy's checkpoint from one that is: then it is the writer's own. */
static gboolean
find_strand (YlStore *store, const char *writer, const guint8 *branch, gint64 *w, GError **error)
{
  return yl_fork_strand (store, writer, branch, w, error)
         && (*w != 0 || yl_store_writer_number (store, writer, w, error));
}

static gboolean
insert_entry (YlStore *store, const YlBone *bone, gconstpointer id, gsize id_length, GError **error)
{
  gint64 w;

  return stands_there (store, bone)
         || (find_strand (store, bone->name.writer, bone->branch, &w, error)
             && insert_at (store, bone, w, id, id_length, error));
}

gboolean
yl_skeleton_add_fork (YlStore *store, const YlBone *bone, const guint8 *parent, gboolean begins, GError **error)
{
  gint64 w;

  if (!find_strand (store, bone->name.writer, parent, &w, error))
    return FALSE;
  if (begins)
    {
      if (!yl_database_run (store->database, error,
                            "INSERT INTO strand (writer, parent, first, seq) VALUES (?, ?, ?, 0)", "tii",
                            bone->name.writer, bone->name.seq > 1 ? w : 0, bone->name.seq))
        return FALSE;
      w = sqlite3_last_insert_rowid (yl_database_handle (store->database));
    }
  return insert_at (store, bone, w, bone->name.id8, sizeof bone->name.id8, error);
}

/* With its whole id, where no more than its name was known. */
static gboolean
insert_tip (YlStore *store, const YlTip *tip, GError **error)
{
  YlBone bone = { tip->name, tip->hlc, tip->actor, tip->n };

  memcpy (bone.branch, tip->branch, sizeof bone.branch);
  return insert_entry (store, &bone, tip->id, sizeof tip->id, error)
         && yl_database_run (store->database, error, "UPDATE entry SET id = ? WHERE n = ? AND length (id) < ?", "bii",
                             (gconstpointer) tip->id, (gsize) sizeof tip->id, tip->n, (gint64) sizeof tip->id)
         && yl_database_run (store->database, error,
                             "INSERT INTO run (n, oid, signature) VALUES (?, ?, x'') ON CONFLICT DO NOTHING", "ib",
                             tip->n, (gconstpointer) tip->oid, (gsize) sizeof tip->oid);
}

gboolean
yl_skeleton_add_tip (YlStore *store, const YlTip *tip, GError **error)
{
  return insert_tip (store, tip, error)
         && yl_database_run (
             store->database, error,
             "UPDATE strand SET seq = ?1, logged = ?1, base = ?1 WHERE w = (SELECT w FROM entry WHERE n = ?2)", "ii",
             tip->name.seq, tip->n);
}

static GBytes *
pack_seen (YlStore *store, const YlTip *tip, GError **error)
{
  g_autoptr (YlVector) seen = yl_vector_new ();
  gint64 w;

  for (guint i = 0; i < tip->seen->len; i++)
    {
      const YlEntryName *name = &g_array_index (tip->seen, YlEntryName, i);

      if (!find_strand (store, name->writer, name->id8, &w, error))
        return NULL;
      yl_vector_raise (seen, w, name->seq);
    }
  if (!find_strand (store, tip->name.writer, tip->branch, &w, error))
    return NULL;
  if (memcmp (tip->branch, tip->name.id8, sizeof tip->branch) != 0)
    yl_vector_raise (seen, w, tip->name.seq - 1);
  return yl_vector_pack (seen);
}

gboolean
yl_skeleton_set_seen (YlStore *store, const YlTip *tip, GError **error)
{
  g_autoptr (GBytes) packed = pack_seen (store, tip, error);

  return packed != NULL
         && yl_database_run (store->database, error, "UPDATE entry SET seen = ? WHERE n = ?", "gi", packed, tip->n);
}

gboolean
yl_skeleton_add_bone (YlStore *store, const YlBone *bone, GError **error)
{
  return insert_entry (store, bone, bone->name.id8, sizeof bone->name.id8, error);
}

gboolean
yl_skeleton_add_fact (YlStore *store, const YlMergeVersion *fact, GError **error)
{
  gint64 w;

  yl_right_forget (store);
  return yl_database_integer (store->database, &w, 0, error, "SELECT entry.w" FIND_SQL, "tib", fact->entry.writer,
                              fact->entry.seq, (gconstpointer) fact->entry.id8, (gsize) sizeof fact->entry.id8)
         && (w != 0 || yl_store_writer_number (store, fact->entry.writer, &w, error))
         && yl_database_run (store->database, error,
                             "INSERT INTO authority_fact (tbl, id, col, position, w, value) VALUES (?, ?, ?, ?, ?, ?)",
                             "tttiiv", fact->table, fact->id, fact->column, fact->entry.seq, w, fact->value);
}

gboolean
yl_skeleton_refuse (YlStore *store, const YlBone *bone, GError **error)
{
  return yl_skeleton_add_bone (store, bone, error)
         && yl_database_run (store->database, error, "UPDATE entry SET refused = ? WHERE n = ?", "ti",
                             "head office's checkpoint says that it does not count", bone->n);
}

gboolean
yl_skeleton_add_late (YlStore *store, const YlTip *tip, GError **error)
{
  gboolean lacks;

  if (!yl_skeleton_lacks (store, &tip->name, &lacks, error))
    return FALSE;
  return !lacks || (insert_tip (store, tip, error) && yl_skeleton_set_seen (store, tip, error));
}

static gboolean
follow_clock (YlStore *store, GError **error)
{
  gint64 hlc;

  return yl_database_integer (store->database, &hlc, 0, error, "SELECT max (hlc) FROM entry", NULL)
         && yl_fold_set_clock (store, yl_hlc_follow (yl_fold_clock (store), hlc, yl_store_now (store)), error);
}

/* Further pens of PCs: their first entries are behind the checkpoint, but the records that these made are in the state. */
static gboolean
add_pens (YlStore *store, GError **error)
{
  return yl_database_run (store->database, error,
                          "INSERT INTO pen_fact (w, writer, node, sign_key, follows)"
                          " SELECT strand.w, p.writer, p.node, p.sign_key, p.follows FROM node_pen AS p JOIN strand"
                          " ON strand.writer = p.writer AND strand.parent = 0",
                          NULL);
}

gboolean
yl_skeleton_finish (YlStore *store, const char *hash, GError **error)
{
  g_autofree char *own = NULL;

  if (!yl_merge_flush (store, error) || !follow_clock (store, error) || !add_pens (store, error))
    return FALSE;
  yl_store_forget_identity (store);
  own = yl_state_hash (store, error);
  if (own == NULL || g_str_equal (own, hash))
    return own != NULL;
  g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID, _ ("a checkpoint does not hold the state that it promises"));
  return FALSE;
}

/* Mending: where a writer's entries are one strand, writer and sequence name an entry, whatever became of the rest. */

#define BARE_SQL                                                                                            \
  " WHERE n = coalesce ((SELECT e.n FROM strand JOIN entry AS e USING (w) WHERE writer = ?4 AND e.seq = ?5" \
  " AND substr (e.id, 1, 8) = ?6), (SELECT e.n FROM strand JOIN entry AS e USING (w) WHERE writer = ?4"     \
  " AND e.seq = ?5 AND (SELECT count(*) FROM strand WHERE writer = ?4) = 1)) AND message IS NULL"

static gboolean
mend (YlStore *store, const YlBone *bone, gconstpointer id, gsize length, gboolean *wrong, GError **error)
{
  if (!yl_database_run (store->database, error,
                        "UPDATE entry SET hlc = ?1, actor = ?2, id = ?3" BARE_SQL
                        " AND (hlc <> ?1 OR actor <> ?2 OR substr (id, 1, length (?3)) <> ?3)",
                        "itbtib", bone->hlc, bone->actor, id, length, bone->name.writer, bone->name.seq,
                        (gconstpointer) bone->name.id8, (gsize) sizeof bone->name.id8))
    return FALSE;
  *wrong = yl_database_changes (store->database) > 0;
  return TRUE;
}

gboolean
yl_skeleton_mend_bone (YlStore *store, const YlBone *bone, gboolean *wrong, GError **error)
{
  return mend (store, bone, bone->name.id8, sizeof bone->name.id8, wrong, error);
}

/* The entry of which @tip tells, by its name now that it is right. */
#define TIP_SQL "SELECT entry.n" FIND_SQL " AND message IS NULL"

/* It may be written as the number of another entry that had seen the same. */
static gboolean
mend_seen (YlStore *store, const YlTip *tip, gint64 n, gboolean *wrong, GError **error)
{
  g_autoptr (GBytes) seen = pack_seen (store, tip, error);
  g_autoptr (YlVector) known = seen != NULL ? yl_fold_seen_before (store, n, error) : NULL;
  g_autoptr (GBytes) was = NULL;

  if (known == NULL)
    return FALSE;
  was = yl_vector_pack (known);
  if (g_bytes_equal (was, seen))
    return TRUE;
  *wrong = TRUE;
  return yl_database_run (store->database, error, "UPDATE entry SET seen = ? WHERE n = ?", "gi", seen, n);
}

static gboolean
mend_commit (YlStore *store, const YlTip *tip, gint64 n, gboolean *wrong, GError **error)
{
  if (!yl_database_run (store->database, error, "UPDATE run SET oid = ?1 WHERE oid <> ?1 AND n = ?2", "bi",
                        (gconstpointer) tip->oid, (gsize) sizeof tip->oid, n))
    return FALSE;
  *wrong = *wrong || yl_database_changes (store->database) > 0;
  return TRUE;
}

gboolean
yl_skeleton_mend_tip (YlStore *store, const YlTip *tip, gboolean *wrong, GError **error)
{
  YlBone bone = { tip->name, tip->hlc, tip->actor, 0 };
  gint64 n, forks;

  if (!mend (store, &bone, tip->id, sizeof tip->id, wrong, error)
      || !yl_database_integer (store->database, &n, 0, error, TIP_SQL, "tib", tip->name.writer, tip->name.seq,
                               (gconstpointer) tip->name.id8, (gsize) sizeof tip->name.id8)
      || !yl_database_integer (store->database, &forks, 0, error,
                               "SELECT 1 FROM strand GROUP BY writer HAVING count(*) > 1 LIMIT 1", NULL))
    return FALSE;
  if (n == 0)
    return TRUE;
  /* Where a writer forked, what was seen is told by strands that are this file's own. */
  return (forks != 0 || mend_seen (store, tip, n, wrong, error)) && mend_commit (store, tip, n, wrong, error);
}

gboolean
yl_skeleton_is_empty (YlStore *store, gboolean *is_empty, GError **error)
{
  gint64 found;

  if (!yl_database_integer (store->database, &found, 0, error, "SELECT 1 FROM entry LIMIT 1", NULL))
    return FALSE;
  *is_empty = found == 0;
  return TRUE;
}
