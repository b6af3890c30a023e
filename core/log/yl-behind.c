#include "yl-behind.h"

#include <inttypes.h>
#include <string.h>

#include "base/yl-i18n.h"
#include "merge/yl-fold.h"
#include "seal/yl-key-ring.h"
#include "trust/yl-pen.h"

/* That more is to come, and the place of the last change set that did. */
#define SETTING_WANTED "history.wanted"
#define SETTING_AFTER "history.after"

/* How far */

#define BEHIND "FROM strand JOIN entry USING (w) WHERE entry.seq <= strand.base"

gboolean
yl_behind_read (YlStore *store, YlBehind *behind, GError **error)
{
  g_autofree char *after = yl_store_get_setting (store, SETTING_AFTER);
  g_autofree char *wanted = yl_store_get_setting (store, SETTING_WANTED);

  *behind = (YlBehind){ .wanted = wanted != NULL, .after = after != NULL ? g_ascii_strtoll (after, NULL, 10) : 0 };
  return yl_database_integer (store->database, &behind->n_all, 0, error,
                              "SELECT sum (base - first + 1) FROM strand WHERE base > 0", NULL)
         && yl_database_integer (store->database, &behind->n_here, 0, error,
                                 "SELECT count(*) " BEHIND " AND message IS NOT NULL", NULL);
}

gboolean
yl_behind_want (YlStore *store, gboolean wanted, GError **error)
{
  return yl_store_set_setting (store, SETTING_WANTED, wanted ? "1" : NULL, error);
}

gboolean
yl_behind_reach (YlStore *store, gint64 place, GError **error)
{
  g_autofree char *text = g_strdup_printf ("%" PRId64, place);

  return yl_store_set_setting (store, SETTING_AFTER, text, error);
}

gboolean
yl_behind_look (YlStore *store, const YlEntry *entry, YlBehindKind *kind, gint64 *n, GError **error)
{
  YlEntryName name = { .seq = entry->seq };
  g_autoptr (GError) fault = NULL;
  g_autoptr (YlEntryRow) row = NULL;
  gint64 covered;

  memcpy (name.writer, entry->writer, sizeof name.writer);
  memcpy (name.id8, entry->id, sizeof name.id8);
  row = yl_log_find_name (store, &name, &fault);
  *n = row != NULL ? row->n : 0;
  if (row != NULL)
    {
      *kind = row->here ? YL_BEHIND_HERE : row->bare ? YL_BEHIND_NAMED : YL_BEHIND_DROPPED;
      return TRUE;
    }
  if (!g_error_matches (fault, YL_ERROR, YL_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&fault));
      return FALSE;
    }
  if (!yl_database_integer (
          store->database, &covered, 0, error,
          "SELECT 1 FROM strand AS s LEFT JOIN entry AS e ON e.w = s.w AND e.seq = ?2 WHERE s.writer = ?1"
          " AND s.first <= ?2 AND s.base >= ?2 AND e.id IS NULL",
          "ti", entry->writer, entry->seq))
    return FALSE;
  *kind = covered != 0 ? YL_BEHIND_NAMED : YL_BEHIND_BEYOND;
  return TRUE;
}

/* Taking one in */

static gboolean
refuse (const YlEntry *entry, const char *why, GError **error)
{
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("change set %s:%" PRId64 " from behind the checkpoint: %s"),
               entry->writer, entry->seq, why);
  return FALSE;
}

/* The strand that it stands on, and that of its writer's entry before it (0: none). Where its writer forked, the first entries of the
 * branches are known. */
static gboolean
find_strand (YlStore *store, const YlEntry *entry, gint64 *w, gint64 *before, GError **error)
{
  *before = 0;
  if (entry->seq > 1
      && !yl_database_integer (store->database, before, 0, error,
                               "SELECT strand.w FROM strand JOIN entry USING (w) WHERE writer = ? AND entry.seq = ?"
                               " AND entry.id = ?",
                               "tib", entry->writer, entry->seq - 1, (gconstpointer) entry->prev,
                               (gsize) sizeof entry->prev))
    return FALSE;
  if (entry->seq > 1 && *before == 0)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_MISSING, "entry %" PRId64 " of writer %s came before the one it follows",
                   entry->seq, entry->writer);
      return FALSE;
    }
  return yl_database_integer (store->database, w, 0, error,
                              "SELECT s.w FROM strand AS s LEFT JOIN entry AS e ON e.w = s.w AND e.seq = ?2"
                              " WHERE s.writer = ?1 AND s.base >= ?2 AND (s.w = ?3 OR (s.parent = ?3 AND s.first = ?2))"
                              " AND (e.id IS NULL OR substr (e.id, 1, 8) = substr (?4, 1, 8))"
                              " ORDER BY e.id IS NULL LIMIT 1",
                              "tiib", entry->writer, entry->seq, *before, (gconstpointer) entry->id,
                              (gsize) sizeof entry->id);
}

/* Of an entry that ends a writer's behind the checkpoint, or was merged later, all is known but its message. */
static gboolean
is_named (YlStore *store, const YlFolding *folding, YlRows *rows)
{
  const YlEntry *entry = folding->entry;
  gsize length;
  gconstpointer id = yl_rows_blob (rows, 5, &length);
  g_autoptr (YlVector) known = NULL;
  g_autoptr (GBytes) was = NULL;
  g_autoptr (GBytes) is = NULL;

  if (yl_rows_integer (rows, 3) != entry->hlc || g_strcmp0 (yl_rows_text (rows, 4), entry->actor) != 0
      || memcmp (id, entry->id, MIN (length, sizeof entry->id)) != 0)
    return FALSE;
  if (length < sizeof entry->id)
    return TRUE;
  known = yl_fold_seen_before (store, yl_rows_integer (rows, 0), NULL);
  was = known != NULL ? yl_vector_pack (known) : NULL;
  is = yl_vector_pack (folding->seen);
  return was != NULL && g_bytes_equal (was, is);
}

/* What is known of the entry, or of whatever stands in its place. */
static gboolean
check_place (YlStore *store, const YlFolding *folding, gint64 place, GError **error)
{
  const YlEntry *entry = folding->entry;
  g_autoptr (YlRows) rows = yl_database_query (
      store->database, error, "SELECT n, w, seq, hlc, actor, id FROM entry WHERE n = ?1 OR (w = ?2 AND seq = ?3)",
      "iii", place, folding->w, entry->seq);

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    if (yl_rows_integer (rows, 0) != place || yl_rows_integer (rows, 1) != folding->w
        || yl_rows_integer (rows, 2) != entry->seq)
      return refuse (entry, _ ("head office tells another order than before"), error);
    else if (!is_named (store, folding, rows))
      return refuse (entry, _ ("it is not the one that the checkpoint names"), error);
  return yl_rows_ended (rows);
}

/* What is written already of what it had seen stays: later entries refer to it. */
static gboolean
write_entry (YlStore *store, const YlFolding *folding, gint64 place, GError **error)
{
  const YlEntry *entry = folding->entry;
  g_autoptr (GBytes) message = yl_log_message_pack (store, entry, error);
  g_auto (YlValue) seen = YL_VALUE_INIT;

  return message != NULL && yl_fold_pack_seen (store, folding, &seen, error)
         && yl_database_run (
             store->database, error,
             "INSERT INTO entry (n, w, seq, id, hlc, actor, seen, message) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
             " ON CONFLICT (n) DO UPDATE SET id = excluded.id, message = excluded.message,"
             " seen = iif (length (entry.id) < length (excluded.id), excluded.seen, entry.seen)",
             "iiibitvg", place, folding->w, entry->seq, (gconstpointer) entry->id, (gsize) sizeof entry->id, entry->hlc,
             entry->actor, &seen, message);
}

static gboolean
index_entry (YlStore *store, const YlEntry *entry, gint64 place, GError **error)
{
  for (guint i = 0; i < entry->ops->len; i++)
    if (!yl_key_ring_note (store, entry->ops->pdata[i], error))
      return FALSE;
  return yl_fold_index_ops (store, place, entry, error);
}

gboolean
yl_behind_take (YlStore *store, const YlEntry *entry, gint64 place, GError **error)
{
  g_autoptr (YlVector) seen = NULL;
  gint64 w, before;
  YlFolding folding = { .entry = entry };

  g_return_val_if_fail (store->in_transaction, FALSE);

  if (!g_str_equal (entry->scope, store->scope))
    return refuse (entry, _ ("it is another company's"), error);
  if (!find_strand (store, entry, &w, &before, error))
    return FALSE;
  if (w == 0)
    return refuse (entry, _ ("it is not the one that the checkpoint names"), error);
  seen = yl_fold_seen_by (store, entry, before, error);
  folding.w = w;
  folding.seen = seen;
  return seen != NULL && check_place (store, &folding, place, error) && write_entry (store, &folding, place, error)
         && index_entry (store, entry, place, error)
         && (!yl_pen_is_first (entry) || yl_pen_remember (store, &folding, error));
}

gboolean
yl_behind_end_run (YlStore *store, gint64 place, const guint8 *oid, const guint8 *signature, GError **error)
{
  if (!yl_database_run (store->database, error,
                        "INSERT INTO run (n, oid, signature) VALUES (?, ?, ?) ON CONFLICT (n) DO UPDATE"
                        " SET signature = excluded.signature WHERE oid = excluded.oid",
                        "ibb", place, (gconstpointer) oid, (gsize) YL_OID_BYTES, (gconstpointer) signature,
                        (gsize) YL_SIGNATURE_BYTES))
    return FALSE;
  if (yl_database_changes (store->database) > 0)
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID,
               _ ("change set number %" PRId64 " is in another commit than the checkpoint names"), place);
  return FALSE;
}

/* All of it */

gboolean
yl_behind_adopt (YlStore *store, GError **error)
{
  YlBehind behind;

  g_return_val_if_fail (store->in_transaction, FALSE);

  if (!yl_behind_read (store, &behind, error))
    return FALSE;
  if (behind.n_here == behind.n_all)
    return yl_behind_want (store, FALSE, error)
           && yl_database_run (store->database, error, "UPDATE strand SET base = 0", NULL);
  g_set_error (error, YL_ERROR, YL_ERROR_MISSING,
               _ ("%" PRId64 " change sets behind the checkpoint are still to come: sync first"),
               behind.n_all - behind.n_here);
  return FALSE;
}
