#include "yl-fork.h"

#include <string.h>

static const guint8 own_branch[YL_BRANCH_BYTES]; /* with which a writer begins */

/** Stretch: entries @from to @to of a strand are on one branch. */
typedef struct
{
  gint64 w;
  gint64 from;
  gint64 to;
  guint8 branch[YL_BRANCH_BYTES];
} Stretch;

/** Strand: of a writer that forked. */
typedef struct
{
  gint64 w;
  char writer[YL_WRITER_CHARS + 1];
  gint64 parent;
  gint64 first;
} Strand;

void
yl_forks_free (YlForks *forks)
{
  g_array_unref (forks->forks);
  g_array_unref (forks->stretches);
  g_hash_table_unref (forks->writers);
  g_free (forks);
}

static const Stretch *
find_stretch (const YlForks *forks, gint64 w, gint64 seq)
{
  for (guint i = 0; i < forks->stretches->len; i++)
    {
      const Stretch *stretch = &g_array_index (forks->stretches, Stretch, i);

      if (stretch->w == w && stretch->from <= seq && seq <= stretch->to)
        return stretch;
    }
  return NULL;
}

void
yl_forks_branch (const YlForks *forks, gint64 w, gint64 seq, guint8 *branch)
{
  const Stretch *stretch = find_stretch (forks, w, seq);

  memcpy (branch, stretch != NULL ? stretch->branch : own_branch, YL_BRANCH_BYTES);
}

static void
raise_branch (GArray *seen, const char *writer, const guint8 *branch, gint64 seq)
{
  YlEntryName name = { .seq = seq };

  for (guint i = 0; i < seen->len; i++)
    {
      YlEntryName *known = &g_array_index (seen, YlEntryName, i);

      if (g_str_equal (known->writer, writer) && memcmp (known->id8, branch, YL_BRANCH_BYTES) == 0)
        {
          known->seq = MAX (known->seq, seq);
          return;
        }
    }
  g_strlcpy (name.writer, writer, sizeof name.writer);
  memcpy (name.id8, branch, YL_BRANCH_BYTES);
  g_array_append_val (seen, name);
}

void
yl_forks_raise (const YlForks *forks, const char *writer, gint64 w, gint64 seq, GArray *seen)
{
  YlEntryName name = { .seq = seq };

  if (!g_hash_table_contains (forks->writers, writer))
    {
      g_strlcpy (name.writer, writer, sizeof name.writer);
      g_array_append_val (seen, name);
      return;
    }
  for (guint i = 0; i < forks->stretches->len; i++)
    {
      const Stretch *stretch = &g_array_index (forks->stretches, Stretch, i);

      if (stretch->w == w && stretch->from <= seq)
        raise_branch (seen, writer, stretch->branch, MIN (seq, stretch->to));
    }
}

/* Reading */

#define STRANDS_SQL                                                         \
  "SELECT w, writer, parent, first FROM strand AS s WHERE seq >= first"     \
  " AND writer = ifnull (?1, writer) AND EXISTS (SELECT 1 FROM strand AS o" \
  " WHERE o.writer = s.writer AND o.w <> s.w AND o.seq >= o.first) ORDER BY first, w"

/* Each after the one that it leaves. */
static GArray *
read_strands (YlStore *store, const char *writer, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (store->database, error, STRANDS_SQL, "t", writer);
  g_autoptr (GArray) strands = g_array_new (FALSE, TRUE, sizeof (Strand));

  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    {
      Strand strand = { .w = yl_rows_integer (rows, 0),
                        .parent = yl_rows_integer (rows, 2),
                        .first = yl_rows_integer (rows, 3) };

      g_strlcpy (strand.writer, yl_rows_text (rows, 1), sizeof strand.writer);
      g_array_append_val (strands, strand);
    }
  return yl_rows_ended (rows) ? g_steal_pointer (&strands) : NULL;
}

/* The entries that follow entry @seq - 1 of strand @parent (0: the writer's first ones), the lowest id first. */
static YlRows *
query_siblings (YlStore *store, const char *writer, gint64 parent, gint64 seq, GError **error)
{
  return yl_database_query (
      store->database, error,
      "SELECT w, entry.id FROM strand JOIN entry USING (w) WHERE strand.writer = ?1 AND entry.seq = ?2"
      " AND (w = ?3 OR (strand.parent = ?3 AND strand.first = ?2)) ORDER BY entry.id",
      "tii", writer, seq, parent);
}

/* @fork: entry @name.seq of strand @w; which branch it is on, and whether it has siblings at all. */
static gboolean
judge (YlStore *store, gint64 parent, YlFork *fork, gboolean *known, guint *n, GError **error)
{
  g_autoptr (YlRows) rows = query_siblings (store, fork->name.writer, parent, fork->name.seq, error);

  *known = FALSE;
  *n = 0;
  memcpy (fork->branch, fork->parent, sizeof fork->branch);
  if (rows == NULL)
    return FALSE;
  for (; yl_rows_next (rows, error); ++*n)
    {
      gsize length;
      gconstpointer id = yl_rows_blob (rows, 1, &length);

      if (yl_rows_integer (rows, 0) != fork->w)
        continue;
      *known = TRUE;
      memcpy (fork->name.id8, id, MIN (length, sizeof fork->name.id8));
      if (*n > 0)
        memcpy (fork->branch, fork->name.id8, sizeof fork->branch);
    }
  return yl_rows_ended (rows);
}

/* From entry @seq of the strand on, where it may be on another branch than before. */
static gboolean
begin_stretch (YlStore *store, YlForks *forks, const Strand *strand, gint64 seq, GError **error)
{
  gint64 parent = seq == strand->first ? strand->parent : strand->w;
  YlFork fork = { .w = strand->w };
  Stretch stretch = { .w = strand->w, .from = seq, .to = G_MAXINT64 };
  gboolean known;
  guint n;

  memcpy (fork.name.writer, strand->writer, sizeof fork.name.writer);
  fork.name.seq = seq;
  if (parent != 0)
    yl_forks_branch (forks, parent, seq - 1, fork.parent);
  if (!judge (store, parent, &fork, &known, &n, error))
    return FALSE;
  forks->is_whole = forks->is_whole && known;
  if (known && n > 1)
    g_array_append_val (forks->forks, fork);
  memcpy (stretch.branch, fork.branch, sizeof stretch.branch);
  if (seq > strand->first)
    g_array_index (forks->stretches, Stretch, forks->stretches->len - 1).to = seq - 1;
  g_array_append_val (forks->stretches, stretch);
  return TRUE;
}

static gboolean
add_strand (YlStore *store, YlForks *forks, GArray *strands, guint i, GError **error)
{
  const Strand *strand = &g_array_index (strands, Strand, i);
  gint64 last = strand->first;

  g_hash_table_add (forks->writers, g_strdup (strand->writer));
  if (!begin_stretch (store, forks, strand, strand->first, error))
    return FALSE;
  for (guint c = i + 1; c < strands->len; c++)
    {
      const Strand *child = &g_array_index (strands, Strand, c);

      if (child->parent != strand->w || child->first == last)
        continue;
      last = child->first;
      if (!begin_stretch (store, forks, strand, last, error))
        return FALSE;
    }
  return TRUE;
}

YlForks *
yl_forks_read (YlStore *store, const char *writer, GError **error)
{
  g_autoptr (YlForks) forks = g_new0 (YlForks, 1);
  g_autoptr (GArray) strands = NULL;

  forks->forks = g_array_new (FALSE, TRUE, sizeof (YlFork));
  forks->stretches = g_array_new (FALSE, TRUE, sizeof (Stretch));
  forks->writers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  forks->is_whole = TRUE;
  strands = read_strands (store, writer, error);
  for (guint i = 0; strands != NULL && i < strands->len; i++)
    if (!add_strand (store, forks, strands, i, error))
      return NULL;
  g_array_sort (forks->forks, yl_entry_name_compare);
  return strands != NULL ? g_steal_pointer (&forks) : NULL;
}

gboolean
yl_fork_strand (YlStore *store, const char *writer, const guint8 *branch, gint64 *w, GError **error)
{
  if (memcmp (branch, own_branch, YL_BRANCH_BYTES) == 0)
    return yl_store_writer_number (store, writer, w, error);
  return yl_database_integer (
      store->database, w, 0, error,
      "SELECT w FROM strand JOIN entry USING (w) WHERE strand.writer = ? AND entry.seq = strand.first"
      " AND substr (entry.id, 1, 8) = ?",
      "tb", writer, (gconstpointer) branch, (gsize) YL_BRANCH_BYTES);
}
