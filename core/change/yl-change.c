#include "yl-change-private.h"

#include <string.h>

#include "base/yl-id.h"
#include "base/yl-i18n.h"
#include "records/yl-codes.h"
#include "merge/yl-alias.h"
#include "store/yl-catalogue.h"
#include "store/yl-field-private.h"
#include "merge/yl-fold.h"
#include "store/yl-migration.h"
#include "store/yl-number.h"
#include "trust/yl-pen.h"

#define MAX_WHAT 200

static gboolean
check_actor (YlStore *store, GError **error)
{
  if (yl_store_get_actor (store) != NULL)
    return TRUE;
  if (!yl_database_check_fault (store->database, error))
    return FALSE;
  g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, "%s",
               _ ("this PC is not enrolled yet: run `sync` while the hub can be reached"));
  return FALSE;
}

static gboolean
begin (YlStore *store, GError **error)
{
  if (!check_actor (store, error))
    return FALSE;
  yl_plain_prepare (store);
  return yl_store_begin (store, error);
}

/* In the transaction that has just been begun. */
static YlChange *
new_change (YlStore *store, const char *what, const char *writer)
{
  YlChange *change = g_new0 (YlChange, 1);

  change->store = g_object_ref (store);
  change->what = g_string_new (what);
  change->writer = g_strdup (writer);
  change->follows_head = yl_head_is_current (change);
  change->hlc = yl_hlc_next (change->follows_head ? store->head->hlc : yl_fold_clock (store), yl_store_now (store));
  change->undo = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_op_free);
  change->forced = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  store->capture = yl_capture_new ();
  return change;
}

YlChange *
yl_change_begin_with_pen (YlStore *store, const char *what, const char *writer, GError **error)
{
  if (!begin (store, error))
    return NULL;
  return new_change (store, what, writer);
}

YlChange *
yl_change_begin (YlStore *store, const char *what, GError **error)
{
  if (!begin (store, error))
    return NULL;
  if (!store->pen_due)
    return new_change (store, what, store->writer);
  /* That it is due is kept, whatever becomes of the pen. */
  if (!yl_store_commit (store, error) || !yl_pen_renew (store, error))
    return NULL;
  return yl_change_begin_with_pen (store, what, store->writer, error);
}

YlChange *
yl_change_begin_as_authority (YlStore *store, const char *what, GError **error)
{
  g_autoptr (YlChange) change = NULL;
  gboolean whole;

  if (!yl_store_holds_authority (store))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, "%s",
                   _ ("only head office's own store can do this: it holds the company's key"));
      return NULL;
    }
  change = yl_change_begin_with_pen (store, what, store->authority, error);
  if (change == NULL || !yl_marker_authority_whole (store, &whole, error))
    return NULL;
  change->as_authority = TRUE;
  if (whole)
    return g_steal_pointer (&change);
  g_set_error (
      error, YL_ERROR, YL_ERROR_REFUSED, "%s",
      _ ("this file was put back from a backup and lacks acts of head office that stores have already: run the "
         "hub until a store has synced, then try again"));
  return NULL;
}

void
yl_change_give (YlChange *change, const char *actor, GPtrArray *ops)
{
  g_free (change->actor);
  change->actor = g_strdup (actor);
  change->given = ops;
}

static void
end_capture (YlChange *change)
{
  g_clear_pointer (&change->store->capture, yl_capture_free);
}

void
yl_change_free (YlChange *change)
{
  if (!change->done)
    {
      end_capture (change);
      yl_store_rollback (change->store);
    }
  g_string_free (change->what, TRUE);
  g_free (change->writer);
  g_free (change->actor);
  g_ptr_array_unref (change->undo);
  g_hash_table_unref (change->forced);
  g_clear_pointer (&change->frontier, g_array_unref);
  g_object_unref (change->store);
  g_free (change);
}

YlStore *
yl_change_get_store (YlChange *change)
{
  return change->store;
}

gint64
yl_change_now (YlChange *change)
{
  return YL_HLC_MS (change->hlc);
}

void
yl_change_name (YlChange *change, const char *code)
{
  if (code == NULL || *code == '\0' || change->what->len + strlen (code) + 1 > MAX_WHAT)
    return;
  g_string_append_c (change->what, ' ');
  for (const char *c = code; *c != '\0'; c++)
    g_string_append_c (change->what, g_ascii_isalnum (*c) || strchr ("-_:.", *c) != NULL ? *c : '-');
}

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

  if (table->check != NULL && !table->check (change->store, before, record, error))
    return FALSE;
  for (guint i = 0; i < yl_table_n_fields (table); i++)
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

static gboolean
bind_sealed (YlChange *change,
             const YlRecord *record,
             guint index,
             sqlite3_stmt *statement,
             int parameter,
             GError **error)
{
  g_auto (YlValue) value = YL_VALUE_INIT;

  if (yl_record_get_table (record)->fields[index].disclosure == YL_OPEN)
    {
      yl_database_bind_value (statement, parameter, yl_record_peek (record, index));
      return TRUE;
    }
  yl_value_copy (&value, yl_record_peek (record, index));
  if (!yl_store_seal_value (change->store, record, index, &value, error))
    return FALSE;
  yl_database_bind_value (statement, parameter, &value);
  return TRUE;
}

static gboolean
step_to_end (YlRows *rows, GError **error)
{
  yl_rows_next (rows, error);
  return yl_rows_ended (rows);
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

gboolean
yl_change_insert (YlChange *change, YlRecord *record, GError **error)
{
  const YlTable *table = yl_record_get_table (record);
  g_autoptr (YlRows) rows = NULL;

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
  rows = yl_database_query (change->store->database, error, yl_table_upsert (table), NULL);
  if (rows == NULL)
    return FALSE;
  sqlite3_bind_text (yl_rows_statement (rows), 1, yl_record_get_id (record), -1, SQLITE_TRANSIENT);
  for (guint i = 0; i < yl_table_n_fields (table); i++)
    if (!bind_sealed (change, record, i, yl_rows_statement (rows), (int) i + 2, error))
      return FALSE;
  return step_to_end (rows, error) && yl_plain_follow (change->store, table->name, yl_record_get_id (record), error);
}

static gboolean
write_differences (YlChange *change, const YlRecord *before, const YlRecord *after, GError **error)
{
  const YlTable *table = yl_record_get_table (after);
  g_autoptr (GString) sql = g_string_new (NULL);
  g_autoptr (GArray) changed = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (YlRows) rows = NULL;

  g_string_printf (sql, "UPDATE [%s] SET ", table->name);
  for (guint i = 0; i < yl_table_n_fields (table); i++)
    {
      if (yl_value_equal (yl_record_peek (before, i), yl_record_peek (after, i)))
        continue;
      g_string_append_printf (sql, "%s[%s] = ?", changed->len > 0 ? ", " : "", table->fields[i].name);
      g_array_append_val (changed, i);
    }
  if (changed->len == 0)
    return TRUE;
  g_string_append (sql, " WHERE id = ?");
  rows = yl_database_query (change->store->database, error, sql->str, NULL);
  if (rows == NULL)
    return FALSE;
  for (guint i = 0; i < changed->len; i++)
    if (!bind_sealed (change, after, g_array_index (changed, guint, i), yl_rows_statement (rows), (int) i + 1, error))
      return FALSE;
  sqlite3_bind_text (yl_rows_statement (rows), (int) changed->len + 1, yl_record_get_id (after), -1, SQLITE_TRANSIENT);
  return step_to_end (rows, error) && yl_plain_follow (change->store, table->name, yl_record_get_id (after), error);
}

gboolean
yl_change_update (YlChange *change, const YlRecord *record, GError **error)
{
  const YlTable *table = yl_record_get_table (record);
  g_autoptr (YlRecord) before = NULL;
  g_autoptr (YlRecord) after = yl_record_copy (record);

  if (!check_writable (table, error))
    return FALSE;
  before = yl_store_get_exact (change->store, table->name, yl_record_get_id (record), error);
  if (before == NULL)
    return FALSE;
  if ((table->flags & YL_TABLE_INSERT_ONLY) != 0)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("a %s is a fact and cannot be changed"), table->name);
      return FALSE;
    }
  return check_record (change, before, after, error) && write_differences (change, before, after, error);
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

gboolean
yl_change_is_empty (YlChange *change)
{
  return change->store->capture == NULL || yl_capture_rows (change->store->capture)->len == 0;
}

/* Committing */

gboolean
yl_change_commit (YlChange *change, GError **error)
{
  YlStore *store = change->store;
  g_autoptr (YlEntry) entry = yl_entry_new ();
  g_autoptr (GHashTable) before = g_hash_table_new (g_direct_hash, g_direct_equal);

  g_return_val_if_fail (!change->done, FALSE);

  g_ptr_array_unref (entry->ops);
  entry->ops = change->given != NULL ? g_ptr_array_ref (change->given) : yl_change_ops (change, before, error);
  if (entry->ops == NULL)
    {
      entry->ops = g_ptr_array_new ();
      return FALSE;
    }
  if (entry->ops->len > 0 && !yl_change_write_entry (change, entry, before, error))
    return FALSE;
  end_capture (change);
  change->done = TRUE;
  if (!yl_store_commit (store, error))
    return FALSE;
  if (entry->ops->len == 0)
    return TRUE;
  yl_head_remember (change, entry);
  return yl_store_emit_written (store, change->n, error);
}
