#include "yl-plain.h"

#include "yl-alias.h"
#include "yl-store-private.h"

struct _YlPlain
{
  GHashTable *inserts; /* table name -> SQL; which tables have sealed columns */
  gboolean is_settled; /* not made in the transaction that is open, which may yet be rolled back */
};

void
yl_plain_free (YlPlain *plain)
{
  g_hash_table_unref (plain->inserts);
  g_free (plain);
}

static gboolean
is_sealed (const YlField *field)
{
  return field->disclosure != YL_OPEN;
}

static gboolean
create_table (YlStore *store, const YlTable *table, GError **error)
{
  g_autoptr (GString) sql = g_string_new (NULL);
  g_autoptr (GString) insert = g_string_new (NULL);
  g_autoptr (GString) indexes = g_string_new (NULL);

  g_string_append_printf (sql, "CREATE TABLE plain.[%s] (id TEXT NOT NULL PRIMARY KEY", table->name);
  g_string_append_printf (insert, "INSERT OR REPLACE INTO plain.[%s] VALUES (?", table->name);
  for (guint i = 0; i < yl_table_n_fields (table); i++)
    {
      const YlField *field = &table->fields[i];

      if (!is_sealed (field))
        continue;
      g_string_append_printf (sql, ", %s", field->name);
      g_string_append (insert, ", ?");
      if ((field->flags & YL_FIELD_UNIQUE) != 0 || g_str_equal (field->name, "name"))
        g_string_append_printf (indexes, "; CREATE INDEX plain.[%s_%s] ON [%s] (%s)", table->name, field->name,
                                table->name, field->name);
    }
  /* Only what people are found and listed by; remarks are opened one at a time, when they are shown. */
  if (indexes->len == 0)
    return TRUE;
  g_string_append_printf (sql, ") WITHOUT ROWID%s", indexes->str);
  g_string_append_c (insert, ')');
  g_hash_table_insert (store->plain->inserts, g_strdup (table->name), g_strdup (insert->str));
  return yl_database_script (store->database, sql->str, error);
}

static gboolean
write_row (YlStore *store, const YlTable *table, const char *id, const YlValue *row, GError **error)
{
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error, g_hash_table_lookup (store->plain->inserts, table->name), NULL);
  int parameter = 1;

  if (rows == NULL)
    return FALSE;
  sqlite3_bind_text (yl_rows_statement (rows), parameter++, id, -1, SQLITE_TRANSIENT);
  for (guint i = 0; i < yl_table_n_fields (table); i++)
    {
      g_auto (YlValue) plain = YL_VALUE_INIT;

      if (!is_sealed (&table->fields[i]))
        continue;
      if (row[i].type == YL_VALUE_BLOB)
        yl_store_unseal_value (store, table->name, id, &table->fields[i], &row[i], &plain);
      yl_database_bind_value (yl_rows_statement (rows), parameter++, &plain);
    }
  yl_rows_next (rows, error);
  return yl_rows_ended (rows);
}

static char *
select_all (const YlTable *table)
{
  g_autoptr (GString) sql = g_string_new ("SELECT id");

  for (guint i = 0; i < yl_table_n_fields (table); i++)
    g_string_append_printf (sql, ", [%s]", table->fields[i].name);
  g_string_append_printf (sql, " FROM [%s]", table->name);
  return g_string_free (g_steal_pointer (&sql), FALSE);
}

static gboolean
copy_row (YlStore *store, const YlTable *table, YlRows *rows, GError **error)
{
  guint n_fields = yl_table_n_fields (table);
  YlValue *row = g_newa0 (YlValue, n_fields);

  for (guint i = 0; i < n_fields; i++)
    if (is_sealed (&table->fields[i]))
      yl_rows_borrow (rows, (int) i + 1, &row[i]);
  return write_row (store, table, yl_rows_text (rows, 0), row, error);
}

static gboolean
fill_table (YlStore *store, const YlTable *table, GError **error)
{
  g_autofree char *sql = select_all (table);
  g_autoptr (YlRows) rows = NULL;

  if (!g_hash_table_contains (store->plain->inserts, table->name))
    return TRUE;
  rows = yl_database_query (store->database, error, sql, NULL);
  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    if (!copy_row (store, table, rows, error))
      return FALSE;
  return yl_rows_ended (rows);
}

static gboolean
fill (YlStore *store, GError **error)
{
  for (const YlTable *const *table = yl_tables (); *table != NULL; table++)
    if (((*table)->flags & YL_TABLE_DERIVED) == 0
        && (!create_table (store, *table, error) || !fill_table (store, *table, error)))
      return FALSE;
  return TRUE;
}

gboolean
yl_plain_ensure (YlStore *store, GError **error)
{
  gboolean own_transaction = !store->in_transaction;

  if (store->plain != NULL)
    return TRUE;
  store->plain = g_new0 (YlPlain, 1);
  store->plain->inserts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (own_transaction && !yl_database_script (store->database, "BEGIN", error))
    {
      g_clear_pointer (&store->plain, yl_plain_free);
      return FALSE;
    }
  store->plain->is_settled = own_transaction;
  if (fill (store, error) && (!own_transaction || yl_database_script (store->database, "COMMIT", error)))
    return TRUE;
  if (own_transaction)
    yl_database_script (store->database, "ROLLBACK", NULL);
  g_clear_pointer (&store->plain, yl_plain_free);
  return FALSE;
}

gboolean
yl_plain_follow (YlStore *store, const char *table_name, const char *id, GError **error)
{
  const YlTable *table = yl_table_find (table_name);
  g_autoptr (GError) local = NULL;
  g_autofree char *sql = NULL;
  YlValue *row;
  gboolean ok;

  if (store->plain == NULL || table == NULL || !g_hash_table_contains (store->plain->inserts, table_name))
    return TRUE;
  row = yl_store_read_row (store, table, id, &local);
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (row == NULL)
    {
      sql = g_strdup_printf ("DELETE FROM plain.[%s] WHERE id = ?", table_name);
      return yl_database_run (store->database, error, sql, "t", id);
    }
  ok = write_row (store, table, id, row, error);
  g_free (row);
  return ok;
}

void
yl_plain_committed (YlStore *store)
{
  if (store->plain != NULL)
    store->plain->is_settled = TRUE;
}

void
yl_plain_rolled_back (YlStore *store)
{
  if (store->plain != NULL && !store->plain->is_settled)
    g_clear_pointer (&store->plain, yl_plain_free);
}

gboolean
yl_plain_drop (YlStore *store, GError **error)
{
  GHashTableIter iter;
  gpointer name;

  if (store->plain == NULL)
    return TRUE;
  g_hash_table_iter_init (&iter, store->plain->inserts);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    {
      g_autofree char *sql = g_strdup_printf ("DROP TABLE plain.[%s]", (char *) name);

      if (!yl_database_script (store->database, sql, error))
        return FALSE;
    }
  g_clear_pointer (&store->plain, yl_plain_free);
  return TRUE;
}

char *
yl_plain_find (YlStore *store, const char *table_name, const char *column, const char *value, GError **error)
{
  const YlTable *table = yl_table_require (table_name, error);
  int field = table != NULL ? yl_table_field (table, column) : -1;
  g_autofree char *sql = NULL;
  g_autofree char *found = NULL;

  if (field < 0 || !yl_plain_ensure (store, error))
    return NULL;
  sql = g_strdup_printf ("SELECT id FROM %s.[%s] WHERE %s = ? LIMIT 1",
                         is_sealed (&table->fields[field]) ? "plain" : "main", table_name, column);
  found = yl_database_text (store->database, error, sql, "t", value);
  return found != NULL && yl_alias_is_person (table_name) ? yl_alias_survivor (store, found) : g_steal_pointer (&found);
}
