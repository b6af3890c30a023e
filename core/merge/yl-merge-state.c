#include "yl-merge-state.h"

#include <inttypes.h>
#include <string.h>

#include "base/yl-clock.h"
#include "base/yl-i18n.h"
#include "base/yl-id.h"
#include "yl-merge-record.h"
#include "yl-state-hash-private.h"

/* Out */

typedef struct
{
  YlStore *store;
  YlMergeVersionFunc func;
  gpointer data;
} Visit;

static gboolean
fill_entry (YlStore *store, gint64 n, YlMergeVersion *version, GError **error)
{
  const YlEntryFacts *facts = yl_store_entry_facts (store, n);

  if (facts == NULL || facts->writer == NULL)
    {
      if (yl_database_check_fault (store->database, error))
        g_set_error (error, YL_ERROR, YL_ERROR_CORRUPT,
                     _ ("the merge state of %s %s is damaged: run `yuelaictl rebuild`"), version->table, version->id);
      return FALSE;
    }
  g_strlcpy (version->entry.writer, facts->writer, sizeof version->entry.writer);
  version->entry.seq = facts->seq;
  memcpy (version->entry.id8, facts->id8, sizeof version->entry.id8);
  version->hlc = facts->hlc;
  return TRUE;
}

static gboolean
visit_version (Visit *visit, YlMergeVersion *version, gint64 n, const YlValue *value, GError **error)
{
  version->value = value;
  return fill_entry (visit->store, n, version, error) && visit->func (version, visit->data, error);
}

static gboolean
visit_record (Visit *visit, const char *table, const char *id, GError **error)
{
  g_auto (YlMergeRecord) record = { NULL };
  YlMergeVersion version = { .table = table, .id = id, .column = "" };

  if (!yl_merge_record_load (visit->store, &record, table, id, NULL, error))
    return FALSE;
  yl_merge_record_sort_life (visit->store, &record);
  for (guint i = 0; i < record.life->len; i++)
    {
      gint64 life = g_array_index (record.life, gint64, i);
      const YlValue alive = { YL_VALUE_INTEGER, life & 1, NULL, 0 };

      if (!visit_version (visit, &version, life >> 1, &alive, error))
        return FALSE;
    }
  for (guint i = 0; i < record.slots->len; i++)
    {
      const YlMergeSlot *slot = &g_array_index (record.slots, YlMergeSlot, i);

      version.column = slot->column;
      if (!visit_version (visit, &version, slot->n, slot->value, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
visit_table (Visit *visit, gint64 t, const char *table, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (visit->store->database, error,
                                               "SELECT yl_uuid (id) FROM record WHERE t = ? ORDER BY id", "i", t);

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    if (!visit_record (visit, table, yl_rows_text (rows, 0), error))
      return FALSE;
  return yl_rows_ended (rows);
}

/* @table: NULL: all. */
static gboolean
visit_tables (Visit *visit, const char *table, GError **error)
{
  g_autoptr (YlRows) rows =
      yl_database_query (visit->store->database, error,
                         "SELECT t, name FROM table_name WHERE name = ifnull (?1, name) ORDER BY name", "t", table);

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    if (!visit_table (visit, yl_rows_integer (rows, 0), yl_rows_text (rows, 1), error))
      return FALSE;
  return yl_rows_ended (rows);
}

gboolean
yl_merge_state_foreach (YlStore *store,
                        const char *table,
                        const char *id,
                        YlMergeVersionFunc func,
                        gpointer data,
                        GError **error)
{
  Visit visit = { store, func, data };

  g_return_val_if_fail (table != NULL || id == NULL, FALSE);

  return id != NULL ? visit_record (&visit, table, id, error) : visit_tables (&visit, table, error);
}

/* In */

struct _YlMergeInstall
{
  YlStore *store;
  char *table;
  char *id; /* NULL: no record yet */
  char *column;
  YlMergeRecord record;
  GPtrArray *values; /* of YlValue: what the record's slots point to */
  YlEntryName entry; /* the last one met, since most versions of a record are of one entry … */
  gint64 n;          /* … its number, 0: none yet */
  gint64 hlc;
};

static void
free_value (gpointer value)
{
  yl_value_clear (value);
  g_free (value);
}

YlMergeInstall *
yl_merge_install_new (YlStore *store)
{
  YlMergeInstall *install = g_new0 (YlMergeInstall, 1);

  install->store = g_object_ref (store);
  install->values = g_ptr_array_new_with_free_func (free_value);
  return install;
}

void
yl_merge_install_free (YlMergeInstall *install)
{
  yl_merge_record_clear (&install->record);
  g_ptr_array_unref (install->values);
  g_free (install->table);
  g_free (install->id);
  g_free (install->column);
  g_object_unref (install->store);
  g_free (install);
}

static gboolean
out_of_form (const YlMergeVersion *version, GError **error)
{
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("a state to take in is out of form or order at %s %s %s"),
               version->table, version->id, version->column);
  return FALSE;
}

/* @same: the record is that of the version before. */
static gboolean
has_form (const YlMergeVersion *version, gboolean same)
{
  gboolean is_life = *version->column == '\0';

  if ((!same && (!yl_entry_is_name (version->table) || !yl_id_is_valid (version->id)))
      || (!is_life && !yl_entry_is_name (version->column) && !yl_entry_is_unknown (version->column)))
    return FALSE;
  if (is_life && (version->value->type != YL_VALUE_INTEGER || (version->value->integer & ~1) != 0))
    return FALSE;
  return yl_entry_is_writer (version->entry.writer) && version->entry.seq > 0
         && YL_HLC_MS (version->hlc) >= YL_CLOCK_MIN_MS && YL_HLC_MS (version->hlc) < YL_CLOCK_MAX_MS;
}

/* The strand for an entry of which only the name is known: its writer's, or one of its own where another entry has that place. */
static gboolean
strand_for (YlStore *store, const YlEntryName *name, gint64 *w, GError **error)
{
  gint64 taken;

  if (!yl_store_writer_number (store, name->writer, w, error)
      || !yl_database_integer (store->database, &taken, 0, error, "SELECT n FROM entry WHERE w = ? AND seq = ?", "ii",
                               *w, name->seq))
    return FALSE;
  if (taken == 0)
    return TRUE;
  if (!yl_database_run (store->database, error, "INSERT INTO strand (writer, parent, first, seq) VALUES (?, 0, ?, 0)",
                        "ti", name->writer, name->seq))
    return FALSE;
  *w = sqlite3_last_insert_rowid (yl_database_handle (store->database));
  return TRUE;
}

/* Whether it stands where it is said to. */
static gboolean
stands_there (YlStore *store, const YlMergeVersion *version)
{
  const YlEntryName *name = &version->entry;
  const YlEntryFacts *facts = version->n > 0 ? yl_store_entry_facts (store, version->n) : NULL;

  return facts != NULL && facts->hlc == version->hlc && facts->seq == name->seq
         && memcmp (facts->id8, name->id8, sizeof facts->id8) == 0 && g_strcmp0 (facts->writer, name->writer) == 0;
}

/* Where the entry is not here, what is known of it is written down. */
static gboolean
find_entry (YlStore *store, const YlMergeVersion *version, gint64 *n, GError **error)
{
  const YlEntryName *name = &version->entry;
  const YlEntryFacts *facts;
  gint64 w;

  *n = version->n;
  if (stands_there (store, version))
    return TRUE;
  if (!yl_database_integer (store->database, n, 0, error,
                            "SELECT n FROM strand JOIN entry USING (w)"
                            " WHERE strand.writer = ? AND entry.seq = ? AND substr (entry.id, 1, 8) = ?",
                            "tib", name->writer, name->seq, (gconstpointer) name->id8, (gsize) sizeof name->id8))
    return FALSE;
  if (*n == 0)
    {
      if (!strand_for (store, name, &w, error)
          || !yl_database_run (store->database, error,
                               "INSERT INTO entry (w, seq, id, hlc, actor, seen) VALUES (?, ?, ?, ?, '', x'')", "iibi",
                               w, name->seq, (gconstpointer) name->id8, (gsize) sizeof name->id8, version->hlc))
        return FALSE;
      *n = sqlite3_last_insert_rowid (yl_database_handle (store->database));
      return TRUE;
    }
  facts = yl_store_entry_facts (store, *n);
  if (facts != NULL && facts->hlc == version->hlc)
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_CORRUPT,
               _ ("a state to take in gives entry %s:%" PRId64 " another time than the log has"), name->writer,
               name->seq);
  return FALSE;
}

/* @again: as the version before. */
static gboolean
entry_number (YlMergeInstall *install, const YlMergeVersion *version, gboolean *again, GError **error)
{
  const YlEntryName *name = &version->entry;

  *again = install->n > 0 && install->hlc == version->hlc && install->entry.seq == name->seq
           && memcmp (install->entry.id8, name->id8, sizeof name->id8) == 0
           && g_str_equal (install->entry.writer, name->writer);
  if (*again)
    return TRUE;
  install->entry = *name;
  install->hlc = version->hlc;
  return find_entry (install->store, version, &install->n, error);
}

static gboolean
write_op (YlMergeInstall *install, gint64 n, GError **error)
{
  return yl_database_run (install->store->database, error, "INSERT OR IGNORE INTO trace (t, id, n) VALUES (?, ?, ?)",
                          "ibi", install->record.t, (gconstpointer) install->record.key,
                          (gsize) sizeof install->record.key, n);
}

static gboolean
add_life (YlMergeInstall *install, gint64 n, const YlMergeVersion *version, GError **error)
{
  GArray *life = install->record.life;
  gint64 one = n << 1 | version->value->integer;

  if (life->len > 0 && !yl_merge_life_leads (install->store, g_array_index (life, gint64, life->len - 1), one))
    return out_of_form (version, error);
  g_array_append_val (life, one);
  return TRUE;
}

static gboolean
add_value (YlMergeInstall *install, gint64 n, const YlMergeVersion *version, GError **error)
{
  GArray *slots = install->record.slots;
  guint n_before;
  guint first = yl_merge_record_find (&install->record, version->column, &n_before);
  YlValue *value = g_new0 (YlValue, 1);

  yl_value_copy (value, version->value);
  g_ptr_array_add (install->values, value);
  if (n_before > 0 && !yl_merge_leads (install->store, g_array_index (slots, YlMergeSlot, first + n_before - 1).n, n))
    return out_of_form (version, error);
  return yl_merge_record_insert (install->store, &install->record, first + n_before, version->column, n, value, error);
}

static gboolean
end_record (YlMergeInstall *install, GError **error)
{
  YlStore *store = install->store;

  if (install->id == NULL)
    return TRUE;
  yl_state_hash_record (store, &install->record, 1);
  yl_merge_record_touch (store, &install->record);
  if (!yl_merge_record_save (store, &install->record, TRUE, error)
      || !yl_plain_follow (store, install->table, install->id, error))
    return FALSE;
  yl_merge_record_clear (&install->record);
  g_ptr_array_set_size (install->values, 0);
  g_clear_pointer (&install->id, g_free);
  return TRUE;
}

/* Every record begins with its life, but for one of which only ops of unknown kinds speak. */
static gboolean
begin_record (YlMergeInstall *install, const YlMergeVersion *version, GError **error)
{
  int order = g_strcmp0 (install->table, version->table);

  if ((*version->column != '\0' && !yl_entry_is_unknown (version->column)) || order > 0
      || (order == 0 && g_strcmp0 (install->id, version->id) >= 0))
    return out_of_form (version, error);
  if (!end_record (install, error))
    return FALSE;
  g_free (install->table);
  install->table = g_strdup (version->table);
  install->id = g_strdup (version->id);
  if (!yl_merge_record_load (install->store, &install->record, install->table, install->id, NULL, error))
    return FALSE;
  if (install->record.is_new)
    return TRUE;
  yl_merge_record_clear (&install->record);
  return yl_merge_state_remove (install->store, install->table, install->id, error)
         && yl_merge_record_load (install->store, &install->record, install->table, install->id, NULL, error);
}

gboolean
yl_merge_install_add (YlMergeInstall *install, const YlMergeVersion *version, GError **error)
{
  gboolean same = g_strcmp0 (install->table, version->table) == 0 && g_strcmp0 (install->id, version->id) == 0;
  gboolean again;

  g_return_val_if_fail (install->store->in_transaction, FALSE);

  if (!has_form (version, same) || (same && g_strcmp0 (install->column, version->column) > 0))
    return out_of_form (version, error);
  if (!same && !begin_record (install, version, error))
    return FALSE;
  g_free (install->column);
  install->column = g_strdup (version->column);
  if (!entry_number (install, version, &again, error) || (!(same && again) && !write_op (install, install->n, error)))
    return FALSE;
  return *version->column == '\0' ? add_life (install, install->n, version, error)
                                  : add_value (install, install->n, version, error);
}

gboolean
yl_merge_install_finish (YlMergeInstall *install, GError **error)
{
  install->store->stock_due = TRUE;
  return end_record (install, error);
}

gboolean
yl_merge_state_remove (YlStore *store, const char *table, const char *id, GError **error)
{
  g_auto (YlMergeRecord) record = { NULL };

  g_return_val_if_fail (store->in_transaction, FALSE);

  if (!yl_merge_record_load (store, &record, table, id, NULL, error))
    return FALSE;
  yl_merge_record_touch (store, &record);
  if (record.is_new)
    return TRUE;
  yl_state_hash_record (store, &record, -1);
  return yl_merge_record_erase (store, &record, error) && yl_plain_follow (store, table, id, error);
}
