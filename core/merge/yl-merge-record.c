#include "yl-merge-record.h"

#include <string.h>

#include "base/yl-i18n.h"
#include "store/yl-catalogue.h"
#include "log/yl-varint.h"
#include "records/yl-derive.h"

/*
 * record.state, all varints: how many versions of life there are << 1 | whether table `version` holds values of the record, each
 * n << 1 | alive; then groups of columns that have the same versions: how many versions, their n, how many columns, their
 * numbers.
 */

static const YlValue null_value = { YL_VALUE_NULL, 0, NULL, 0 };

static void
value_free (YlValue *value)
{
  yl_value_clear (value);
  g_free (value);
}

void
yl_merge_record_clear (YlMergeRecord *record)
{
  g_clear_pointer (&record->life, g_array_unref);
  g_clear_pointer (&record->slots, g_array_unref);
  g_clear_pointer (&record->values, g_ptr_array_unref);
  g_clear_pointer (&record->row, g_free);
}

gboolean
yl_merge_record_is_alive (const YlMergeRecord *record)
{
  for (guint i = 0; i < record->life->len; i++)
    if (g_array_index (record->life, gint64, i) & 1)
      return TRUE;
  return FALSE;
}

static YlMergeSlot *
slot_at (const YlMergeRecord *record, guint i)
{
  return &g_array_index (record->slots, YlMergeSlot, i);
}

guint
yl_merge_record_find (const YlMergeRecord *record, const char *column, guint *n)
{
  guint first = 0, end;

  while (first < record->slots->len && strcmp (slot_at (record, first)->column, column) < 0)
    first++;
  for (end = first; end < record->slots->len && strcmp (slot_at (record, end)->column, column) == 0; end++)
    continue;
  *n = end - first;
  return first;
}

static gboolean
damaged (const YlMergeRecord *record, GError **error)
{
  g_set_error (error, YL_ERROR, YL_ERROR_CORRUPT, _ ("the merge state of %s %s is damaged: run `yuelaictl rebuild`"),
               record->table_name, record->id);
  return FALSE;
}

static int
field_of (const YlMergeRecord *record, const char *column)
{
  return record->fields != NULL ? GPOINTER_TO_INT (g_hash_table_lookup (record->fields, column)) - 1 : -1;
}

gboolean
yl_merge_record_insert (YlStore *store,
                        YlMergeRecord *record,
                        guint place,
                        const char *column,
                        gint64 n,
                        const YlValue *value,
                        GError **error)
{
  YlMergeSlot slot = { .n = n, .field = field_of (record, column), .value = value };

  if (!yl_store_column_number (store, column, &slot.c, error))
    return FALSE;
  slot.column = yl_store_column_name (store, slot.c);
  if (slot.column == NULL)
    return yl_database_check_fault (store->database, error) && damaged (record, error);
  g_array_insert_val (record->slots, place, slot);
  return TRUE;
}

void
yl_merge_record_touch (YlStore *store, const YlMergeRecord *record)
{
  yl_derive_touch (store, record);
  g_hash_table_add (store->touched, g_strconcat (record->table_name, ":", record->id, NULL));
}

static int
compare_life (gconstpointer a, gconstpointer b, gpointer store)
{
  return yl_merge_life_leads (store, *(const gint64 *) a, *(const gint64 *) b) ? -1 : 1;
}

void
yl_merge_record_sort_life (YlStore *store, YlMergeRecord *record)
{
  if (record->life->len > 1)
    g_array_sort_with_data (record->life, compare_life, store);
}

/* A row can hold a value only where the column exists here and SQLite's strict type admits it. */
static gboolean
row_holds (const YlMergeRecord *record, const YlMergeSlot *slot)
{
  if (slot->field < 0)
    return FALSE;
  return slot->value->type == YL_VALUE_NULL
         || slot->value->type == yl_field_wire_type (&record->table->fields[slot->field]);
}

static gboolean
is_first (const YlMergeRecord *record, guint i)
{
  return i == 0 || slot_at (record, i)->c != slot_at (record, i - 1)->c;
}

/* Reading the stored state */

/* Columns mostly come in order. */
static gboolean
find_place (const YlMergeRecord *record, const char *column, guint *place)
{
  guint n_there = 0;

  *place = record->slots->len;
  if (*place == 0 || strcmp (slot_at (record, *place - 1)->column, column) < 0)
    return TRUE;
  *place = yl_merge_record_find (record, column, &n_there);
  return n_there == 0;
}

/* The versions stand before the columns that share them. */
static gboolean
read_column (YlStore *store, guint64 c, YlVarintReader versions, guint64 n_versions, YlMergeRecord *record)
{
  YlMergeSlot slot = { yl_store_column_name (store, (gint64) c), (gint64) c, 0, -1, &null_value };
  guint place;

  if (slot.column == NULL || !find_place (record, slot.column, &place))
    return FALSE;
  slot.field = field_of (record, slot.column);
  for (guint64 n; n_versions > 0 && yl_varint_read (&versions, &n); n_versions--)
    {
      slot.n = (gint64) n;
      g_array_insert_val (record->slots, place++, slot);
    }
  return TRUE;
}

static gboolean
read_group (YlStore *store, YlVarintReader *reader, YlMergeRecord *record)
{
  guint64 n_versions, n_columns, number;
  YlVarintReader versions;

  if (!yl_varint_read (reader, &n_versions) || n_versions == 0)
    return FALSE;
  versions = *reader;
  for (guint64 i = 0; i < n_versions; i++)
    if (!yl_varint_read (reader, &number) || yl_store_entry_facts (store, (gint64) number) == NULL)
      return FALSE;
  if (!yl_varint_read (reader, &n_columns))
    return FALSE;
  for (guint64 i = 0; i < n_columns; i++)
    if (!yl_varint_read (reader, &number) || !read_column (store, number, versions, n_versions, record))
      return FALSE;
  return TRUE;
}

static gboolean
read_state (YlStore *store, const guint8 *bytes, gsize length, YlMergeRecord *record)
{
  YlVarintReader reader = yl_varint_reader (bytes, length);
  guint64 n_life;

  if (!yl_varint_read (&reader, &n_life))
    return FALSE;
  record->had_extra = (n_life & 1) != 0;
  n_life >>= 1;
  /* Where only ops of unknown kinds were, life is not known. */
  if (n_life == 0 && reader.at == reader.end)
    return FALSE;
  for (guint64 i = 0, life; i < n_life; i++)
    {
      if (!yl_varint_read (&reader, &life) || yl_store_entry_facts (store, (gint64) (life >> 1)) == NULL)
        return FALSE;
      g_array_append_val (record->life, life);
    }
  while (reader.at < reader.end)
    if (!read_group (store, &reader, record))
      return FALSE;
  return TRUE;
}

static YlMergeSlot *
find_slot (const YlMergeRecord *record, gint64 c, gint64 n)
{
  for (guint i = 0; i < record->slots->len; i++)
    if (slot_at (record, i)->c == c && slot_at (record, i)->n == n)
      return slot_at (record, i);
  return NULL;
}

static gboolean
load_extra (YlStore *store, YlMergeRecord *record, GError **error)
{
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error, "SELECT c, n, value FROM version WHERE t = ? AND id = ?", "ib",
                         record->t, (gconstpointer) record->key, (gsize) sizeof record->key);

  if (rows == NULL)
    return FALSE;
  record->values = g_ptr_array_new_with_free_func ((GDestroyNotify) value_free);
  while (yl_rows_next (rows, error))
    {
      YlMergeSlot *slot = find_slot (record, yl_rows_integer (rows, 0), yl_rows_integer (rows, 1));
      YlValue *value = g_new0 (YlValue, 1);

      yl_rows_value (rows, 2, value);
      g_ptr_array_add (record->values, value);
      if (slot != NULL)
        slot->value = value;
    }
  return yl_rows_ended (rows);
}

static gboolean
load_row (YlStore *store, YlMergeRecord *record, const YlValue *before, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (before == NULL)
    before = record->row = yl_store_read_row (store, record->table, record->id, &local);
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  for (guint i = 0; before != NULL && i < record->slots->len; i++)
    {
      YlMergeSlot *slot = slot_at (record, i);

      if (is_first (record, i) && slot->field >= 0 && slot->value->type == YL_VALUE_NULL)
        slot->value = &before[slot->field];
    }
  return TRUE;
}

static gboolean
load_state (YlStore *store, YlMergeRecord *record, GError **error)
{
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error, "SELECT state FROM record WHERE t = ? AND id = ?", "ib", record->t,
                         (gconstpointer) record->key, (gsize) sizeof record->key);
  gconstpointer bytes;
  gsize length;

  if (rows == NULL)
    return FALSE;
  record->is_new = !yl_rows_next (rows, error);
  if (record->is_new)
    return yl_rows_ended (rows);
  bytes = yl_rows_blob (rows, 0, &length);
  return read_state (store, bytes, length, record)
         || (yl_database_check_fault (store->database, error) && damaged (record, error));
}

gboolean
yl_merge_record_begin (YlStore *store, YlMergeRecord *record, const char *table, const char *id, GError **error)
{
  record->table_name = table;
  record->id = id;
  record->table = yl_table_find (table);
  record->fields = record->table != NULL ? yl_table_index (record->table)->fields : NULL;
  if (yl_id_to_bytes (id, record->key))
    return yl_store_table_number (store, table, &record->t, error);
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("`%s` is no record id"), id);
  return FALSE;
}

gboolean
yl_merge_record_load (YlStore *store,
                      YlMergeRecord *record,
                      const char *table,
                      const char *id,
                      const YlValue *before,
                      GError **error)
{
  record->life = g_array_sized_new (FALSE, FALSE, sizeof (gint64), 4);
  record->slots = g_array_sized_new (FALSE, FALSE, sizeof (YlMergeSlot), 16);
  if (!yl_merge_record_begin (store, record, table, id, error) || !load_state (store, record, error))
    return FALSE;
  if (record->had_extra && !load_extra (store, record, error))
    return FALSE;
  return !yl_merge_record_is_alive (record) || record->table == NULL || load_row (store, record, before, error);
}

/* Writing back */

static guint
n_versions_at (const YlMergeRecord *record, guint first)
{
  guint end = first + 1;

  while (end < record->slots->len && !is_first (record, end))
    end++;
  return end - first;
}

static gboolean
same_versions (const YlMergeRecord *record, guint a, guint b, guint n)
{
  if (n_versions_at (record, b) != n)
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (slot_at (record, a + i)->n != slot_at (record, b + i)->n)
      return FALSE;
  return TRUE;
}

/* A group is written where its first column stands. */
static gboolean
begins_group (const YlMergeRecord *record, guint first, guint n)
{
  for (guint i = 0; i < first; i++)
    if (is_first (record, i) && same_versions (record, first, i, n))
      return FALSE;
  return TRUE;
}

static void
append_group (const YlMergeRecord *record, guint first, guint n, GByteArray *state)
{
  guint n_columns = 0;

  yl_varint_append (state, n);
  for (guint i = 0; i < n; i++)
    yl_varint_append (state, (guint64) slot_at (record, first + i)->n);
  for (guint i = first; i < record->slots->len; i++)
    n_columns += is_first (record, i) && same_versions (record, first, i, n) ? 1 : 0;
  yl_varint_append (state, n_columns);
  for (guint i = first; i < record->slots->len; i++)
    if (is_first (record, i) && same_versions (record, first, i, n))
      yl_varint_append (state, (guint64) slot_at (record, i)->c);
}

static gboolean
save_state (YlStore *store, const YlMergeRecord *record, gboolean has_extra, GError **error)
{
  g_autoptr (GByteArray) state = g_byte_array_sized_new (64);

  yl_varint_append (state, (guint64) record->life->len << 1 | (has_extra ? 1 : 0));
  for (guint i = 0; i < record->life->len; i++)
    yl_varint_append (state, (guint64) g_array_index (record->life, gint64, i));
  for (guint i = 0; i < record->slots->len; i += n_versions_at (record, i))
    if (begins_group (record, i, n_versions_at (record, i)))
      append_group (record, i, n_versions_at (record, i), state);
  return yl_database_run (store->database, error,
                          record->is_new ? "INSERT INTO trace (state, t, id, n) VALUES (?, ?, ?, 0)"
                                         : "UPDATE trace SET state = ? WHERE t = ? AND id = ? AND n = 0",
                          "bib", (gconstpointer) state->data, (gsize) state->len, record->t,
                          (gconstpointer) record->key, (gsize) sizeof record->key);
}

static gboolean
delete_extra (YlStore *store, const YlMergeRecord *record, GError **error)
{
  return yl_database_run (store->database, error, "DELETE FROM version WHERE t = ? AND id = ?", "ib", record->t,
                          (gconstpointer) record->key, (gsize) sizeof record->key);
}

static gboolean
save_extra (YlStore *store, const YlMergeRecord *record, gboolean *has_extra, GError **error)
{
  gboolean alive = yl_merge_record_is_alive (record);

  *has_extra = FALSE;
  if (record->had_extra && !delete_extra (store, record, error))
    return FALSE;
  for (guint i = 0; i < record->slots->len; i++)
    {
      const YlMergeSlot *slot = slot_at (record, i);

      if (alive && is_first (record, i) && row_holds (record, slot))
        continue;
      *has_extra = TRUE;
      if (!yl_database_run (store->database, error, "INSERT INTO version (t, id, c, n, value) VALUES (?, ?, ?, ?, ?)",
                            "ibiiv", record->t, (gconstpointer) record->key, (gsize) sizeof record->key, slot->c,
                            slot->n, slot->value))
        return FALSE;
    }
  return TRUE;
}

static gboolean
upsert_row (YlStore *store, const YlMergeRecord *record, GError **error)
{
  const YlTableIndex *index = yl_table_index (record->table);
  g_autoptr (YlRows) rows = yl_database_query (store->database, error, index->upsert, NULL);
  sqlite3_stmt *statement;

  if (rows == NULL)
    return FALSE;
  statement = yl_rows_statement (rows);
  sqlite3_bind_text (statement, 1, record->id, -1, SQLITE_STATIC);
  for (guint i = 0; i < record->slots->len; i++)
    {
      const YlMergeSlot *slot = slot_at (record, i);

      if (is_first (record, i) && row_holds (record, slot))
        yl_database_lend_value (statement, slot->field + 2, slot->value);
    }
  yl_rows_next (rows, error);
  return yl_rows_ended (rows);
}

static gboolean
delete_row (YlStore *store, const YlMergeRecord *record, GError **error)
{
  return yl_database_run (store->database, error, yl_table_index (record->table)->remove, "t", record->id);
}

static gboolean
save_row (YlStore *store, const YlMergeRecord *record, GError **error)
{
  if (record->table == NULL)
    return TRUE;
  return yl_merge_record_is_alive (record) ? upsert_row (store, record, error) : delete_row (store, record, error);
}

gboolean
yl_merge_record_save (YlStore *store, const YlMergeRecord *record, gboolean with_row, GError **error)
{
  gboolean has_extra;

  return (!with_row || save_row (store, record, error)) && save_extra (store, record, &has_extra, error)
         && save_state (store, record, has_extra, error);
}

gboolean
yl_merge_record_erase (YlStore *store, const YlMergeRecord *record, GError **error)
{
  return delete_extra (store, record, error)
         && yl_database_run (store->database, error, "DELETE FROM trace WHERE t = ? AND id = ? AND n = 0", "ib",
                             record->t, (gconstpointer) record->key, (gsize) sizeof record->key)
         && (record->table == NULL || delete_row (store, record, error));
}
