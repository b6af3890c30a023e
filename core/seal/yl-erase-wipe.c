#include "yl-erase.h"

#include <string.h>

#include "base/yl-i18n.h"
#include "store/yl-store-private.h"

/* The file is searched in pieces; nothing that is looked for is longer than the overlap. */
#define PIECE_BYTES (1024 * 1024)
#define OVERLAP_BYTES 256

/*
 * Destroyed keys are deleted rows, which SQLite overwrites; but older images of a page may be left in the log of the file, and copies in
 * pages that were split. So the log is emptied, the file is searched for the very bytes, and written anew only where they are found.
 */

/* The plain side of this process; others drop theirs when they see that keys have changed, and a saved one opens no more. */
static gboolean
forget_plain (YlStore *store, const char *person, GError **error)
{
  return yl_plain_drop (store, error);
}

static const YlEraseHook hooks[] = {
  forget_plain,
};

static GPtrArray *
read_unwiped (YlStore *store, gint64 *n_keys, GError **error)
{
  g_autoptr (GPtrArray) persons = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (YlRows) rows = yl_database_query (
      store->database, error, "SELECT person, n_keys FROM erased_person WHERE wiped = 0 LIMIT 1000", NULL);

  if (rows == NULL)
    return NULL;
  *n_keys = 0;
  while (yl_rows_next (rows, error))
    {
      g_ptr_array_add (persons, g_strdup (yl_rows_text (rows, 0)));
      *n_keys += yl_rows_integer (rows, 1);
    }
  return yl_rows_ended (rows) ? g_steal_pointer (&persons) : NULL;
}

static gboolean
run_hooks (YlStore *store, GPtrArray *persons, GError **error)
{
  for (guint i = 0; i < persons->len; i++)
    for (guint h = 0; h < G_N_ELEMENTS (hooks); h++)
      if (!hooks[h](store, persons->pdata[i], error))
        return FALSE;
  return TRUE;
}

/* Everything out of the log of the file into the file. @done: FALSE where a reader keeps it from being emptied. */
static gboolean
empty_log (YlStore *store, gboolean *done, GError **error)
{
  gint64 busy;

  if (!yl_database_integer (store->database, &busy, 1, error, "PRAGMA wal_checkpoint (TRUNCATE)", NULL))
    return FALSE;
  *done = busy == 0;
  return TRUE;
}

static gboolean
holds_any (const char *bytes, gsize length, GPtrArray *wanted)
{
  for (guint i = 0; i < wanted->len; i++)
    {
      gsize n;
      gconstpointer one = g_bytes_get_data (wanted->pdata[i], &n);

      if (memmem (bytes, length, one, n) != NULL)
        return TRUE;
    }
  return FALSE;
}

static gboolean
cannot_search (YlStore *store, GError **error)
{
  g_set_error (error, YL_ERROR, YL_ERROR_FAILED, _ ("%s cannot be searched for what was erased"), store->file);
  return FALSE;
}

/* Through SQLite's own handle: closing another one of the same file would take the locks away that this process holds. Pieces overlap, so
 * that nothing lies unseen across two of them. */
static gboolean
search_file (YlStore *store, gboolean *found, GError **error)
{
  sqlite3_file *file = NULL;
  g_autofree char *piece = g_malloc (PIECE_BYTES + OVERLAP_BYTES);
  sqlite3_int64 size = 0;

  if (sqlite3_file_control (yl_database_handle (store->database), "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK
      || file->pMethods == NULL || file->pMethods->xFileSize (file, &size) != SQLITE_OK)
    return cannot_search (store, error);
  *found = FALSE;
  for (sqlite3_int64 at = 0; at < size && !*found; at += PIECE_BYTES)
    {
      int length = (int) MIN (size - at, PIECE_BYTES + OVERLAP_BYTES);

      if (file->pMethods->xRead (file, piece, length, at) != SQLITE_OK)
        return cannot_search (store, error);
      *found = holds_any (piece, (gsize) length, store->destroyed);
    }
  return TRUE;
}

static gboolean
write_anew (YlStore *store, gboolean *done, GError **error)
{
  gboolean found = FALSE;

  if (!yl_database_script (store->database, "VACUUM", error) || !empty_log (store, done, error)
      || (*done && !search_file (store, &found, error)))
    return FALSE;
  if (found)
    g_set_error (error, YL_ERROR, YL_ERROR_FAILED,
                 _ ("%s still holds keys of an erased person: copy its records to a new file by joining again"),
                 store->file);
  return !found;
}

static gboolean
mark_wiped (YlStore *store, GPtrArray *persons, GError **error)
{
  if (!yl_store_begin (store, error))
    return FALSE;
  for (guint i = 0; i < persons->len; i++)
    if (!yl_database_run (store->database, error, "UPDATE erased_person SET wiped = 1 WHERE person = ?", "t",
                          persons->pdata[i]))
      {
        yl_store_rollback (store);
        return FALSE;
      }
  return yl_store_commit (store, error);
}

gboolean
yl_erase_wipe (YlStore *store, gboolean *done, GError **error)
{
  gint64 n_keys = 0;
  g_autoptr (GPtrArray) persons = read_unwiped (store, &n_keys, error);
  gboolean found = FALSE;

  *done = TRUE;
  if (persons == NULL || persons->len == 0)
    return persons != NULL;
  if (!run_hooks (store, persons, error) || !empty_log (store, done, error))
    return FALSE;
  if (!*done)
    return TRUE;
  if (!search_file (store, &found, error))
    return FALSE;
  /* Bytes that a process which ended took with it cannot be searched for. */
  if (found || n_keys > (gint64) store->destroyed->len)
    {
      if (!write_anew (store, done, error))
        return FALSE;
      if (!*done)
        return TRUE;
    }
  g_ptr_array_set_size (store->destroyed, 0);
  return mark_wiped (store, persons, error);
}
