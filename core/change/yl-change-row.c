#include "yl-change-private.h"

#include "base/yl-i18n.h"
#include "base/yl-id.h"
#include "merge/yl-alias.h"
#include "records/yl-codes.h"
#include "store/yl-catalogue.h"
#include "store/yl-field-private.h"
#include "store/yl-number.h"

/* The rows of a change: checked, sealed where they must be, written. */

/* Checks */

static gboolean
check_writable (const YlTable *table, GError **error)
{
  if ((table->flags & YL_TABLE_DERIVED) == 0)
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("%s is worked out on every PC and cannot be written"),
               table->name);
  return FALSE;
}

/* One record, or two of one person. */
static gboolean
is_same (YlStore *store, const char *table, const char *found, const char *id)
{
  g_autofree char *survivor = id != NULL && yl_alias_is_person (table) ? yl_alias_survivor (store, id) : NULL;

  return g_strcmp0 (found, id) == 0 || g_strcmp0 (found, survivor) == 0;
}

static gboolean
check_unique (YlStore *store, const YlRecord *record, const YlField *field, GError **error)
{
  const char *text = yl_record_get_text (record, field->name);
  const char *table = yl_record_get_table (record)->name;
  g_autoptr (GError) local = NULL;
  g_autofree char *other = text != NULL ? yl_plain_find (store, table, field->name, text, &local) : NULL;
  g_autofree char *number = NULL;

  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (other == NULL || is_same (store, table, other, yl_record_get_id (record)))
    return TRUE;
  number = yl_store_number (store, table, other);
  g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("%s is already used by %s: open that one instead"),
               yl_label (field->zh, field->en), number);
  return FALSE;
}

/* The field's own rules, by the same reading as what people type. */
static gboolean
check_value (YlStore *store, YlRecord *record, guint index, GError **error)
{
  const YlField *field = &yl_record_get_table (record)->fields[index];
  YlValue *value = yl_record_value (record, index);
  g_autofree char *text = NULL;

  if (value->type == YL_VALUE_NULL)
    {
      if ((field->flags & YL_FIELD_REQUIRED) == 0 || yl_record_is_locked (record, field->name))
        return TRUE;
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("%s (%s) is needed"), yl_label (field->zh, field->en),
                   field->name);
      return FALSE;
    }
  text = yl_field_fits (field, value) ? NULL : yl_field_format (field, value);
  return (text == NULL || yl_field_parse (field, store, text, value, error))
         && ((field->flags & YL_FIELD_UNIQUE) == 0 || check_unique (store, record, field, error));
}

static gboolean
check_record (YlChange *change, const YlRecord *before, YlRecord *record, GError **error)
{
  const YlTable *table = yl_record_get_table (record);
  const guint n_fields = yl_table_n_fields (table);

  if (table->check != NULL && !table->check (change->store, before, record, error))
    return FALSE;
  for (guint i = 0; i < n_fields; i++)
    {
      gboolean same = before != NULL && yl_value_equal (yl_record_peek (before, i), yl_record_peek (record, i));

      if (same)
        continue;
      if (before != NULL && (table->fields[i].flags & YL_FIELD_FIXED) != 0)
        {
          g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("%s of a %s is fixed once it is written"),
                       table->fields[i].name, table->name);
          return FALSE;
        }
      if (!check_value (change->store, record, i, error))
        return FALSE;
    }
  return TRUE;
}

/* Writing */

/* The row as it will lie in the file: what did not change as it lies there (@row, with @before), the rest sealed where it must be. */
static YlValue *
stored_row (YlChange *change, const YlRecord *before, const YlValue *row, const YlRecord *after, GError **error)
{
  const YlTable *table = yl_record_get_table (after);
  const guint n_fields = yl_table_n_fields (table);
  YlValue *borrowed = g_newa0 (YlValue, n_fields);
  YlValue *sealed = g_newa0 (YlValue, n_fields);
  YlValue *stored = NULL;
  gboolean ok = TRUE;

  for (guint i = 0; ok && i < n_fields; i++)
    {
      const YlValue *value = yl_record_peek (after, i);

      if (before != NULL && yl_value_equal (yl_record_peek (before, i), value))
        borrowed[i] = row[i];
      else if (table->fields[i].disclosure == YL_OPEN)
        borrowed[i] = *value;
      else
        {
          yl_value_copy (&sealed[i], value);
          ok = yl_store_seal_value (change->store, after, i, &sealed[i], error);
          borrowed[i] = sealed[i];
        }
    }
  if (ok)
    stored = yl_row_pack (borrowed, n_fields);
  for (guint i = 0; i < n_fields; i++)
    yl_value_clear (&sealed[i]);
  return stored;
}

/* The statement that brings the record from @before to @after, both as stored. Takes both. */
static gboolean
write_row (YlChange *change, YlRows *rows, const YlRecord *record, YlValue *before, YlValue *after, GError **error)
{
  const YlTable *table = yl_record_get_table (record);

  yl_capture_expect (change->store->capture, table, yl_record_get_id (record), before, after);
  yl_rows_next (rows, error);
  yl_capture_expect_nothing (change->store->capture);
  return yl_rows_ended (rows) && yl_plain_follow (change->store, table->name, yl_record_get_id (record), error);
}

static gboolean
refuse_existing (YlChange *change, const YlRecord *record, GError **error)
{
  const YlTable *table = yl_record_get_table (record);
  gint64 exists;

  if (!yl_database_integer (change->store->database, &exists, 0, error, yl_table_index (table)->exists, "t",
                            yl_record_get_id (record)))
    return FALSE;
  if (exists == 0)
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("there is already a %s %s"), table->name,
               yl_record_get_id (record));
  return FALSE;
}

static gboolean
insert_row (YlChange *change, const YlRecord *record, GError **error)
{
  const YlTable *table = yl_record_get_table (record);
  const guint n_fields = yl_table_n_fields (table);
  g_autofree YlValue *stored = stored_row (change, NULL, NULL, record, error);
  g_autoptr (YlRows) rows = NULL;

  rows = stored != NULL ? yl_database_query (change->store->database, error, yl_table_upsert (table), NULL) : NULL;
  if (rows == NULL)
    return FALSE;
  sqlite3_bind_text (yl_rows_statement (rows), 1, yl_record_get_id (record), -1, SQLITE_STATIC);
  for (guint i = 0; i < n_fields; i++)
    yl_database_lend_value (yl_rows_statement (rows), (int) i + 2, &stored[i]);
  return write_row (change, rows, record, NULL, g_steal_pointer (&stored), error);
}

gboolean
yl_change_insert (YlChange *change, YlRecord *record, GError **error)
{
  const YlTable *table = yl_record_get_table (record);

  if (!check_writable (table, error))
    return FALSE;
  if (yl_record_get_id (record) == NULL)
    {
      g_autofree char *id = yl_id_new (yl_change_now (change));

      yl_record_set_id (record, id);
    }
  else if (!refuse_existing (change, record, error))
    return FALSE;
  if (!yl_number_fill (change->store, record, error) || !check_record (change, NULL, record, error))
    return FALSE;
  return insert_row (change, record, error);
}

static gboolean
write_differences (YlChange *change, const YlRecord *before, const YlValue *row, const YlRecord *after, GError **error)
{
  const YlTable *table = yl_record_get_table (after);
  const guint n_fields = yl_table_n_fields (table);
  g_autoptr (GString) sql = g_string_new (NULL);
  g_autoptr (GArray) changed = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autofree YlValue *stored = NULL;
  g_autoptr (YlRows) rows = NULL;

  g_string_printf (sql, "UPDATE [%s] SET ", table->name);
  for (guint i = 0; i < n_fields; i++)
    {
      if (yl_value_equal (yl_record_peek (before, i), yl_record_peek (after, i)))
        continue;
      g_string_append_printf (sql, "%s[%s] = ?", changed->len > 0 ? ", " : "", table->fields[i].name);
      g_array_append_val (changed, i);
    }
  if (changed->len == 0)
    return TRUE;
  g_string_append (sql, " WHERE id = ?");
  stored = stored_row (change, before, row, after, error);
  rows = stored != NULL ? yl_database_query (change->store->database, error, sql->str, NULL) : NULL;
  if (rows == NULL)
    return FALSE;
  for (guint i = 0; i < changed->len; i++)
    yl_database_lend_value (yl_rows_statement (rows), (int) i + 1, &stored[g_array_index (changed, guint, i)]);
  sqlite3_bind_text (yl_rows_statement (rows), (int) changed->len + 1, yl_record_get_id (after), -1, SQLITE_STATIC);
  return write_row (change, rows, after, yl_row_pack (row, n_fields), g_steal_pointer (&stored), error);
}

gboolean
yl_change_update (YlChange *change, const YlRecord *record, GError **error)
{
  YlStore *store = change->store;
  const YlTable *table = yl_record_get_table (record);
  const char *id = yl_record_get_id (record);
  g_autofree YlValue *row = NULL;
  g_autoptr (YlRecord) before = NULL;
  g_autoptr (YlRecord) after = yl_record_copy (record);

  if (!check_writable (table, error))
    return FALSE;
  row = yl_store_require_row (store, table, id, error);
  if (row == NULL)
    return FALSE;
  if ((table->flags & YL_TABLE_INSERT_ONLY) != 0)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("a %s is a fact and cannot be changed"), table->name);
      return FALSE;
    }
  before = yl_store_unseal_row (store, table, id, row);
  return check_record (change, before, after, error) && write_differences (change, before, row, after, error);
}

gboolean
yl_change_delete (YlChange *change, const char *table_name, const char *id, GError **error)
{
  const YlTable *table = yl_table_require (table_name, error);
  g_autofree char *sql = NULL;

  if (table == NULL || !check_writable (table, error))
    return FALSE;
  if ((table->flags & YL_TABLE_INSERT_ONLY) != 0)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("a %s is a fact and cannot be removed"), table->name);
      return FALSE;
    }
  sql = g_strdup_printf ("DELETE FROM [%s] WHERE id = ?", table_name);
  if (!yl_database_run (change->store->database, error, sql, "t", id))
    return FALSE;
  if (yl_database_changes (change->store->database) == 0)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_NOT_FOUND, _ ("there is no %s %s"), table_name, id);
      return FALSE;
    }
  return yl_plain_follow (change->store, table_name, id, error);
}

gboolean
yl_change_expect (YlChange *change, const YlRecord *seen, const char *column, GError **error)
{
  const YlTable *table = yl_record_get_table (seen);
  g_autoptr (YlRecord) now = yl_store_get_exact (change->store, table->name, yl_record_get_id (seen), error);
  const YlField *field = &table->fields[yl_table_field (table, column)];
  g_autofree char *mine = NULL;
  g_autofree char *theirs = NULL;

  if (now == NULL)
    return FALSE;
  if (yl_value_equal (yl_record_get_value (seen, column), yl_record_get_value (now, column)))
    return TRUE;
  mine = yl_field_format (field, yl_record_get_value (seen, column));
  theirs = yl_field_format (field, yl_record_get_value (now, column));
  g_set_error (error, YL_ERROR, YL_ERROR_STALE,
               _ ("%s was changed meanwhile: it was “%s” when you opened it and is “%s” now"),
               yl_label (field->zh, field->en), mine != NULL ? mine : "", theirs != NULL ? theirs : "");
  return FALSE;
}

gboolean
yl_change_touch (YlChange *change, const char *table_name, const char *id, const char *name, GError **error)
{
  const YlTable *table = yl_table_require (table_name, error);

  if (table == NULL || !yl_capture_row (change->store, table, id, error))
    return FALSE;
  g_hash_table_add (change->forced, g_strdup_printf ("%s:%s:%s", table_name, id, name != NULL ? name : ""));
  return TRUE;
}
