#include "yl-plain.h"

#include <sodium.h>
#include <string.h>

#include "merge/yl-alias.h"
#include "yl-plain-cache.h"
#include "store/yl-store-private.h"
#include "change/yl-touched.h"

/* Records with a value whose key is not here: looked at again when keys come in. */
#define LOCKED_SQL \
  "CREATE TABLE plain.locked (tbl TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (tbl, id)) WITHOUT ROWID"

struct _YlPlain
{
  GHashTable *inserts; /* table name -> SQL; which tables have sealed columns */
  gboolean is_settled; /* not made in the transaction that is open, which may yet be rolled back */
  GHashTable *creates; /* the same -> SQL that makes it */
  guint n_written;     /* rows, since it was made or saved */
};

void
yl_plain_free (YlPlain *plain)
{
  g_hash_table_unref (plain->inserts);
  g_hash_table_unref (plain->creates);
  g_free (plain);
}

static gboolean
is_sealed (const YlField *field)
{
  return field->disclosure != YL_OPEN;
}

static void
describe_table (YlPlain *plain, const YlTable *table)
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
    return;
  g_string_append_printf (sql, ") WITHOUT ROWID%s", indexes->str);
  g_string_append_c (insert, ')');
  g_hash_table_insert (plain->inserts, g_strdup (table->name), g_strdup (insert->str));
  g_hash_table_insert (plain->creates, g_strdup (table->name), g_strdup (sql->str));
}

static YlPlain *
plain_new (void)
{
  YlPlain *plain = g_new0 (YlPlain, 1);

  plain->inserts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  plain->creates = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (const YlTable *const *table = yl_tables (); *table != NULL; table++)
    if (((*table)->flags & YL_TABLE_DERIVED) == 0)
      describe_table (plain, *table);
  return plain;
}

static gboolean
write_row (YlStore *store, const YlTable *table, const char *id, const YlValue *row, GError **error)
{
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error, g_hash_table_lookup (store->plain->inserts, table->name), NULL);
  gboolean locked = FALSE;
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
        locked |= !yl_store_unseal_value (store, table->name, id, &table->fields[i], &row[i], &plain);
      yl_database_bind_value (yl_rows_statement (rows), parameter++, &plain);
    }
  yl_rows_next (rows, error);
  store->plain->n_written++;
  return yl_rows_ended (rows)
         && (!locked
             || yl_database_run (store->database, error, "INSERT OR IGNORE INTO plain.locked (tbl, id) VALUES (?, ?)",
                                 "tt", table->name, id));
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

  if (!yl_database_script (store->database, g_hash_table_lookup (store->plain->creates, table->name), error))
    return FALSE;
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
  if (!yl_database_script (store->database, LOCKED_SQL, error))
    return FALSE;
  for (const YlTable *const *table = yl_tables (); *table != NULL; table++)
    if (g_hash_table_contains (store->plain->inserts, (*table)->name) && !fill_table (store, *table, error))
      return FALSE;
  return TRUE;
}

static gboolean
fill_in_transaction (YlStore *store, GError **error)
{
  if (store->in_transaction)
    return fill (store, error);
  if (!yl_database_script (store->database, "BEGIN", error))
    return FALSE;
  if (fill (store, error) && yl_database_script (store->database, "COMMIT", error))
    return TRUE;
  yl_database_script (store->database, "ROLLBACK", NULL);
  return FALSE;
}

void
yl_plain_prepare (YlStore *store)
{
  if (store->plain != NULL || store->plain_tried)
    return;
  store->plain_tried = TRUE;
  store->plain = plain_new ();
  store->plain->is_settled = TRUE;
  if (!yl_plain_cache_load (store))
    g_clear_pointer (&store->plain, yl_plain_free);
}

gboolean
yl_plain_ensure (YlStore *store, GError **error)
{
  if (store->plain != NULL)
    return TRUE;
  store->plain = plain_new ();
  store->plain->is_settled = !store->in_transaction;
  if (yl_plain_cache_load (store) || fill_in_transaction (store, error))
    return TRUE;
  g_clear_pointer (&store->plain, yl_plain_free);
  return FALSE;
}

static gboolean
forget_locked (YlStore *store, const char *table, const char *id, GError **error)
{
  return yl_database_run (store->database, error, "DELETE FROM plain.locked WHERE tbl = ? AND id = ?", "tt", table, id);
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
      return forget_locked (store, table_name, id, error) && yl_database_run (store->database, error, sql, "t", id);
    }
  ok = forget_locked (store, table_name, id, error) && write_row (store, table, id, row, error);
  g_free (row);
  return ok;
}

static gboolean
follow_touched (const char *table, const char *id, gpointer store, GError **error)
{
  return yl_plain_follow (store, table, id, error);
}

gboolean
yl_plain_follow_since (YlStore *store, gint64 n, GError **error)
{
  return store->plain == NULL || yl_store_touched_since (store, n, follow_touched, store, error);
}

static gboolean
follow_rows (YlStore *store, YlRows *rows, GError **error)
{
  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    if (!yl_plain_follow (store, yl_rows_text (rows, 0), yl_rows_text (rows, 1), error))
      return FALSE;
  return yl_rows_ended (rows);
}

gboolean
yl_plain_follow_locked (YlStore *store, GError **error)
{
  g_autoptr (YlRows) rows = NULL;

  if (store->plain == NULL)
    return TRUE;
  /* Followed rows leave the table that is read: a copy is read instead. */
  if (!yl_database_script (
          store->database,
          "DROP TABLE IF EXISTS temp.unlocking; CREATE TEMP TABLE unlocking AS SELECT tbl, id FROM plain.locked",
          error))
    return FALSE;
  rows = yl_database_query (store->database, error, "SELECT tbl, id FROM temp.unlocking", NULL);
  if (!follow_rows (store, rows, error))
    return FALSE;
  g_clear_pointer (&rows, yl_rows_free);
  return yl_database_script (store->database, "DROP TABLE temp.unlocking", error);
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
  if (store->plain == NULL)
    return TRUE;
  g_clear_pointer (&store->plain, yl_plain_free);
  return yl_database_script (store->database, "DETACH plain; ATTACH ':memory:' AS plain", error);
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

gboolean
yl_plain_renew (YlStore *store, GError **error)
{
  guint8 epoch[16];
  char hex[2 * sizeof epoch + 1];

  randombytes_buf (epoch, sizeof epoch);
  sodium_bin2hex (hex, sizeof hex, epoch, sizeof epoch);
  yl_plain_cache_remove (store);
  return yl_store_set_setting (store, "plain_epoch", hex, error);
}

guint
yl_plain_n_written (YlStore *store)
{
  return store->plain != NULL ? store->plain->n_written : 0;
}

void
yl_plain_set_saved (YlStore *store)
{
  store->plain->n_written = 0;
}

void
yl_plain_schema (YlStore *store, guint8 *digest)
{
  crypto_generichash_state state;

  crypto_generichash_init (&state, NULL, 0, YL_PLAIN_SCHEMA_BYTES);
  for (const YlTable *const *table = yl_tables (); *table != NULL; table++)
    {
      const char *sql = g_hash_table_lookup (store->plain->creates, (*table)->name);

      if (sql != NULL)
        crypto_generichash_update (&state, (const guint8 *) sql, strlen (sql) + 1);
    }
  crypto_generichash_final (&state, digest, YL_PLAIN_SCHEMA_BYTES);
}
