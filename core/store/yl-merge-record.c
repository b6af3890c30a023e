#include "yl-merge-record.h"

#include "yl-varint.h"
#include "base/yl-i18n.h"

void
yl_standing_free (YlStanding *standing)
{
  yl_value_clear (&standing->value);
  g_free (standing);
}

static void
register_free (YlMergeRegister *column)
{
  g_free (column->name);
  g_ptr_array_unref (column->versions);
  g_free (column);
}

static YlMergeRegister *
register_new (const char *name)
{
  YlMergeRegister *column = g_new0 (YlMergeRegister, 1);

  column->name = g_strdup (name);
  column->versions = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_standing_free);
  return column;
}

void
yl_merge_record_clear (YlMergeRecord *record)
{
  g_clear_pointer (&record->life, g_array_unref);
  g_clear_pointer (&record->registers, g_ptr_array_unref);
}

gboolean
yl_merge_record_is_alive (const YlMergeRecord *record)
{
  for (guint i = 0; i < record->life->len; i++)
    if (g_array_index (record->life, gint64, i) & 1)
      return TRUE;
  return FALSE;
}

YlMergeRegister *
yl_merge_record_find (const YlMergeRecord *record, const char *name)
{
  for (guint i = 0; i < record->registers->len; i++)
    if (g_str_equal (((YlMergeRegister *) record->registers->pdata[i])->name, name))
      return record->registers->pdata[i];
  return NULL;
}

/* A row can hold a value only where the column exists here and SQLite's strict type admits it. */
static gboolean
row_holds (const YlTable *table, const char *column, const YlValue *value)
{
  int index = table != NULL ? yl_table_field (table, column) : -1;
  const YlField *field = index >= 0 ? &table->fields[index] : NULL;

  if (field == NULL)
    return FALSE;
  return value->type == YL_VALUE_NULL || value->type == yl_field_wire_type (field);
}

/* Reading the stored state */

static gboolean
read_group (YlStore *store, YlVarintReader *reader, YlMergeRecord *record)
{
  guint64 n_versions, n_columns, c;
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint64));

  if (!yl_varint_read (reader, &n_versions) || n_versions == 0)
    return FALSE;
  for (guint64 i = 0, n; i < n_versions; i++)
    {
      if (!yl_varint_read (reader, &n) || yl_store_entry_facts (store, (gint64) n) == NULL)
        return FALSE;
      g_array_append_val (numbers, n);
    }
  if (!yl_varint_read (reader, &n_columns))
    return FALSE;
  for (guint64 i = 0; i < n_columns; i++)
    {
      const char *name = yl_varint_read (reader, &c) ? yl_store_column_name (store, (gint64) c) : NULL;
      gboolean is_new = name != NULL && yl_merge_record_find (record, name) == NULL;
      YlMergeRegister *column = is_new ? register_new (name) : NULL;

      if (column == NULL)
        return FALSE;
      g_ptr_array_add (record->registers, column);
      for (guint v = 0; v < numbers->len; v++)
        {
          YlStanding *standing = g_new0 (YlStanding, 1);

          standing->n = (gint64) g_array_index (numbers, guint64, v);
          g_ptr_array_add (column->versions, standing);
        }
    }
  return TRUE;
}

static gboolean
read_state (YlStore *store, gconstpointer bytes, gsize length, YlMergeRecord *record)
{
  YlVarintReader reader = { bytes, (const guint8 *) bytes + length };
  guint64 n_life;

  if (!yl_varint_read (&reader, &n_life) || n_life == 0)
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

static YlStanding *
find_standing (const YlMergeRegister *column, gint64 n)
{
  for (guint i = 0; column != NULL && i < column->versions->len; i++)
    if (((YlStanding *) column->versions->pdata[i])->n == n)
      return column->versions->pdata[i];
  return NULL;
}

static gboolean
load_extra (YlStore *store, YlMergeRecord *record, GError **error)
{
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error, "SELECT col, n, value FROM version WHERE tbl = ? AND id = ?", "tt",
                         record->table_name, record->id);

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    {
      YlStanding *standing =
          find_standing (yl_merge_record_find (record, yl_rows_text (rows, 0)), yl_rows_integer (rows, 1));

      record->had_extra = TRUE;
      if (standing != NULL)
        yl_rows_value (rows, 2, &standing->value);
    }
  return yl_rows_ended (rows);
}

static gboolean
load_row (YlStore *store, YlMergeRecord *record, const YlValue *before, GError **error)
{
  g_autoptr (GError) local = NULL;
  YlValue *row = before == NULL ? yl_store_read_row (store, record->table, record->id, &local) : NULL;
  const YlValue *values = before != NULL ? before : row;

  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  for (guint i = 0; values != NULL && i < record->registers->len; i++)
    {
      YlMergeRegister *column = record->registers->pdata[i];
      int field = yl_table_field (record->table, column->name);
      YlStanding *shown = column->versions->pdata[0];

      if (field >= 0 && shown->value.type == YL_VALUE_NULL)
        yl_value_copy (&shown->value, &values[field]);
    }
  if (row != NULL)
    yl_row_free (record->table, row);
  return TRUE;
}

gboolean
yl_merge_record_load (YlStore *store,
                      YlMergeRecord *record,
                      const char *table,
                      const char *id,
                      const YlValue *before,
                      GError **error)
{
  g_autoptr (YlRows) rows = NULL;
  g_autoptr (GError) local = NULL;
  gconstpointer bytes;
  gsize length;

  record->table_name = table;
  record->id = id;
  record->table = yl_table_find (table);
  record->life = g_array_new (FALSE, FALSE, sizeof (gint64));
  record->registers = g_ptr_array_new_with_free_func ((GDestroyNotify) register_free);
  rows =
      yl_database_query (store->database, error, "SELECT state FROM record WHERE tbl = ? AND id = ?", "tt", table, id);
  if (rows == NULL)
    return FALSE;
  record->is_new = !yl_rows_next (rows, &local);
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (record->is_new)
    return TRUE;
  bytes = yl_rows_blob (rows, 0, &length);
  if (!read_state (store, bytes, length, record))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_CORRUPT,
                   _ ("the merge state of %s %s is damaged: run `yuelaictl rebuild`"), table, id);
      return FALSE;
    }
  record->was_alive = yl_merge_record_is_alive (record);
  if (!load_extra (store, record, error))
    return FALSE;
  return !record->was_alive || record->table == NULL || load_row (store, record, before, error);
}

/* Writing back */

static gboolean
same_versions (const YlMergeRegister *a, const YlMergeRegister *b)
{
  if (a->versions->len != b->versions->len)
    return FALSE;
  for (guint i = 0; i < a->versions->len; i++)
    if (((YlStanding *) a->versions->pdata[i])->n != ((YlStanding *) b->versions->pdata[i])->n)
      return FALSE;
  return TRUE;
}

static gboolean
append_group (YlStore *store,
              GByteArray *state,
              const YlMergeRecord *record,
              guint first,
              gboolean *done,
              GError **error)
{
  const YlMergeRegister *model = record->registers->pdata[first];
  g_autoptr (GByteArray) columns = g_byte_array_new ();
  guint n_columns = 0;

  for (guint i = first; i < record->registers->len; i++)
    {
      YlMergeRegister *column = record->registers->pdata[i];
      gint64 c;

      if (done[i] || !same_versions (model, column))
        continue;
      if (!yl_store_column_number (store, column->name, &c, error))
        return FALSE;
      yl_varint_append (columns, (guint64) c);
      done[i] = TRUE;
      n_columns++;
    }
  yl_varint_append (state, model->versions->len);
  for (guint v = 0; v < model->versions->len; v++)
    yl_varint_append (state, (guint64) ((YlStanding *) model->versions->pdata[v])->n);
  yl_varint_append (state, n_columns);
  g_byte_array_append (state, columns->data, columns->len);
  return TRUE;
}

static gboolean
save_state (YlStore *store, const YlMergeRecord *record, GError **error)
{
  g_autoptr (GByteArray) state = g_byte_array_new ();
  g_autofree gboolean *done = g_new0 (gboolean, record->registers->len + 1);

  yl_varint_append (state, record->life->len);
  for (guint i = 0; i < record->life->len; i++)
    yl_varint_append (state, (guint64) g_array_index (record->life, gint64, i));
  for (guint i = 0; i < record->registers->len; i++)
    if (!done[i] && !append_group (store, state, record, i, done, error))
      return FALSE;
  return yl_database_run (store->database, error,
                          "INSERT INTO record (tbl, id, state) VALUES (?, ?, ?)"
                          " ON CONFLICT (tbl, id) DO UPDATE SET state = excluded.state",
                          "ttb", record->table_name, record->id, (gconstpointer) state->data, (gsize) state->len);
}

static gboolean
save_extra (YlStore *store, const YlMergeRecord *record, GError **error)
{
  gboolean alive = yl_merge_record_is_alive (record);

  if (record->had_extra
      && !yl_database_run (store->database, error, "DELETE FROM version WHERE tbl = ? AND id = ?", "tt",
                           record->table_name, record->id))
    return FALSE;
  for (guint i = 0; i < record->registers->len; i++)
    {
      YlMergeRegister *column = record->registers->pdata[i];

      for (guint v = 0; v < column->versions->len; v++)
        {
          YlStanding *standing = column->versions->pdata[v];

          if (v == 0 && alive && row_holds (record->table, column->name, &standing->value))
            continue;
          if (!yl_database_run (store->database, error,
                                "INSERT INTO version (tbl, id, col, n, value) VALUES (?, ?, ?, ?, ?)", "tttiv",
                                record->table_name, record->id, column->name, standing->n, &standing->value))
            return FALSE;
        }
    }
  return TRUE;
}

static gboolean
run_row_statement (YlStore *store, const YlMergeRecord *record, const char *sql, gboolean id_last, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (store->database, error, sql, NULL);
  sqlite3_stmt *statement;
  int parameter = id_last ? 1 : 2;
  static const YlValue null = { YL_VALUE_NULL, 0, NULL, 0 };

  if (rows == NULL)
    return FALSE;
  statement = yl_rows_statement (rows);
  for (guint i = 0; i < yl_table_n_fields (record->table); i++)
    {
      const YlMergeRegister *column = yl_merge_record_find (record, record->table->fields[i].name);
      const YlStanding *shown = column != NULL ? column->versions->pdata[0] : NULL;

      yl_database_bind_value (statement, parameter++,
                              shown != NULL && row_holds (record->table, column->name, &shown->value) ? &shown->value
                                                                                                      : &null);
    }
  sqlite3_bind_text (statement, id_last ? parameter : 1, record->id, -1, SQLITE_TRANSIENT);
  yl_rows_next (rows, error);
  return yl_rows_ended (rows);
}

static gboolean
delete_row (YlStore *store, const YlMergeRecord *record, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("DELETE FROM [%s] WHERE id = ?", record->table_name);

  return yl_database_run (store->database, error, sql, "t", record->id);
}

static gboolean
save_row (YlStore *store, const YlMergeRecord *record, GError **error)
{
  if (record->table == NULL)
    return TRUE;
  if (yl_merge_record_is_alive (record))
    return run_row_statement (store, record, yl_table_upsert (record->table), FALSE, error);
  return delete_row (store, record, error);
}

YlMergeRegister *
yl_merge_record_add (YlMergeRecord *record, const char *name)
{
  YlMergeRegister *column = register_new (name);

  g_ptr_array_add (record->registers, column);
  return column;
}

void
yl_merge_register_insert (YlMergeRegister *column, guint place, gint64 n, const YlValue *value)
{
  YlStanding *standing = g_new0 (YlStanding, 1);

  standing->n = n;
  yl_value_copy (&standing->value, value);
  g_ptr_array_insert (column->versions, (int) place, standing);
}

void
yl_merge_record_touch (YlStore *store, const YlMergeRecord *record)
{
  g_hash_table_add (store->touched, g_strconcat (record->table_name, ":", record->id, NULL));
}

gboolean
yl_merge_record_save (YlStore *store, const YlMergeRecord *record, gboolean with_row, GError **error)
{
  return (!with_row || save_row (store, record, error)) && save_extra (store, record, error)
         && save_state (store, record, error);
}

gboolean
yl_merge_record_erase (YlStore *store, const YlMergeRecord *record, GError **error)
{
  return yl_database_run (store->database, error, "DELETE FROM version WHERE tbl = ? AND id = ?", "tt",
                          record->table_name, record->id)
         && yl_database_run (store->database, error, "DELETE FROM record WHERE tbl = ? AND id = ?", "tt",
                             record->table_name, record->id)
         && (record->table == NULL || delete_row (store, record, error));
}
