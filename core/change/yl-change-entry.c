#include <string.h>

#include "base/yl-i18n.h"
#include "yl-change-private.h"
#include "merge/yl-fold.h"
#include "store/yl-migration.h"
#include "log/yl-strand.h"

/*
 * The entry of a change. What it follows, has seen and merges stands in the tables; but most changes come right after one of the
 * same pen, with nothing from elsewhere in between: then the head says it all.
 */

void
yl_head_free (YlHead *head)
{
  g_free (head->writer);
  g_array_unref (head->frontier);
  g_free (head);
}

gboolean
yl_head_is_current (YlChange *change)
{
  const YlStore *store = change->store;
  const YlHead *head = store->head;

  return yl_database_integer (store->database, &change->data_version, 0, NULL, "PRAGMA data_version", NULL)
         && head != NULL && head->begun + 1 == store->n_begun && head->data_version == change->data_version
         && g_str_equal (head->writer, change->writer);
}

/* The version is that of the transaction itself: inside it nobody else can write. */
void
yl_head_remember (YlChange *change, const YlEntry *entry)
{
  YlStore *store = change->store;
  YlHead *head = store->head;

  if (head == NULL)
    head = store->head = g_new0 (YlHead, 1);
  else
    g_array_unref (head->frontier);
  head->begun = store->n_begun;
  head->data_version = change->data_version;
  g_free (head->writer);
  head->writer = g_strdup (entry->writer);
  head->w = change->w;
  head->seq = entry->seq;
  memcpy (head->id, entry->id, sizeof head->id);
  head->hlc = entry->hlc;
  head->authority = change->as_authority ? entry->seq : entry->authority;
  head->frontier = g_steal_pointer (&change->frontier);
  yl_vector_raise (head->frontier, head->w, head->seq);
}

static gboolean
read_previous (YlStore *store, YlEntry *entry, gint64 w, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (
      store->database, error, "SELECT seq, id FROM entry WHERE w = ? ORDER BY seq DESC LIMIT 1", "i", w);
  gconstpointer id;
  gsize length;

  if (rows == NULL)
    return FALSE;
  entry->seq = 1;
  if (!yl_rows_next (rows, error))
    return yl_rows_ended (rows);
  entry->seq = yl_rows_integer (rows, 0) + 1;
  id = yl_rows_blob (rows, 1, &length);
  memcpy (entry->prev, id, MIN (length, sizeof entry->prev));
  return TRUE;
}

static gboolean
add_merged (YlStore *store, YlEntry *entry, gint64 w, gint64 seq, GError **error)
{
  YlEntryName name = { .seq = seq };
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error, "SELECT id FROM entry WHERE w = ? AND seq = ?", "ii", w, seq);
  gconstpointer id;
  gsize length;

  if (rows == NULL || !yl_rows_next (rows, error) || !yl_store_name_writer (store, w, name.writer, error))
    return FALSE;
  id = yl_rows_blob (rows, 0, &length);
  memcpy (name.id8, id, MIN (length, sizeof name.id8));
  g_array_append_val (entry->merged, name);
  return TRUE;
}

/* The heads of other strands that this writer had not merged yet, leaving out those another of them has seen. */
static gboolean
find_merged (YlStore *store, YlEntry *entry, gint64 own, const YlVector *seen, GError **error)
{
  g_autoptr (YlVector) known = yl_fold_seen_of (store, own, entry->seq - 1, error);
  g_autoptr (GPtrArray) vectors = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);

  if (known == NULL)
    return FALSE;
  for (gint64 w = 0; w < (gint64) seen->len; w++)
    {
      YlVector *vector = NULL;

      if (w != own && yl_vector_get (seen, w) > yl_vector_get (known, w))
        {
          vector = yl_fold_seen_of (store, w, yl_vector_get (seen, w), error);
          if (vector == NULL)
            return FALSE;
        }
      g_ptr_array_add (vectors, vector != NULL ? vector : yl_vector_new ());
    }
  for (gint64 w = 0; w < (gint64) vectors->len; w++)
    {
      gint64 head = yl_vector_get (vectors->pdata[w], w);
      gboolean dominated = head == 0;

      for (gint64 other = 0; other < (gint64) vectors->len && !dominated; other++)
        dominated = other != w && yl_vector_get (vectors->pdata[other], w) >= head;
      if (!dominated && !add_merged (store, entry, w, head, error))
        return FALSE;
    }
  g_array_sort (entry->merged, yl_entry_name_compare);
  return TRUE;
}

/* Where the entry stands: after the head, or as the tables say. */
static gboolean
place_entry (YlChange *change, YlEntry *entry, const YlVector *seen, gint64 w, GError **error)
{
  YlStore *store = change->store;

  if (!change->follows_head)
    return yl_strand_reach (store, seen, store->authority, &entry->authority, error)
           && read_previous (store, entry, w, error) && find_merged (store, entry, w, seen, error);
  entry->authority = store->head->authority;
  entry->seq = store->head->seq + 1;
  memcpy (entry->prev, store->head->id, sizeof entry->prev);
  return TRUE;
}

static gboolean
fill_entry (YlChange *change, YlEntry *entry, const YlVector *seen, gint64 w, GError **error)
{
  YlStore *store = change->store;

  entry->what = g_strdup (change->what->str);
  entry->hlc = change->hlc;
  entry->actor = g_strdup (change->actor != NULL ? change->actor : yl_store_get_actor (store));
  entry->schema = yl_migration_version ();
  g_strlcpy (entry->scope, store->scope, sizeof entry->scope);
  g_strlcpy (entry->writer, change->writer, sizeof entry->writer);
  return place_entry (change, entry, seen, w, error);
}

/* Ops that come from another entry are read back from the message: those of unknown kinds are kept under the name of their entry, as
 * everybody else will keep them. */
static gboolean
write_message (YlChange *change, YlEntry *entry, YlEntry **as_read, GError **error)
{
  if (!yl_entry_build (entry, error))
    return FALSE;
  if (change->given != NULL)
    {
      *as_read = yl_entry_parse (entry->message, error);
      return *as_read != NULL;
    }
  if (!entry->in_form)
    g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("a change set is out of form"));
  return entry->in_form;
}

/* What receivers would do with it, before anything is final. */
static gboolean
pass_gate (YlStore *store, const YlEntry *entry, gint64 w, const YlVector *seen, GError **error)
{
  g_autofree char *refused = yl_right_check (store, entry, w, seen);

  if (!yl_database_check_fault (store->database, error))
    return FALSE;
  if (refused == NULL)
    return TRUE;
  g_set_error_literal (error, YL_ERROR, YL_ERROR_REFUSED, refused);
  return FALSE;
}

gboolean
yl_change_write_entry (YlChange *change, YlEntry *entry, GHashTable *before, GError **error)
{
  YlStore *store = change->store;
  g_autoptr (YlVector) seen = NULL;
  g_autoptr (YlEntry) as_read = NULL;
  YlFolding folding = { .local_before = change->given == NULL ? before : NULL };

  if (!yl_store_writer_number (store, change->writer, &folding.w, error))
    return FALSE;
  seen = change->follows_head ? g_array_ref (store->head->frontier) : yl_fold_frontier (store, error);
  if (seen == NULL || !fill_entry (change, entry, seen, folding.w, error)
      || !write_message (change, entry, &as_read, error) || !pass_gate (store, entry, folding.w, seen, error))
    return FALSE;
  folding.entry = as_read != NULL ? as_read : entry;
  folding.seen = seen;
  if (!yl_fold_entry (store, &folding, &change->n, error))
    return FALSE;
  change->w = folding.w;
  store->written = change->n;
  change->frontier = g_steal_pointer (&seen);
  return TRUE;
}
