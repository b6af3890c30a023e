#include "yl-scratch.h"

#include "store/yl-store-private.h"

static char *
file_uri (YlStore *store)
{
  g_autofree char *path = g_uri_escape_string (yl_store_get_file (store), "/", FALSE);

  return g_strdup_printf ("file:%s?mode=ro", path);
}

static gboolean
is_own (const char *name, const char *const *also)
{
  static const char *const tables[] = { "trace", "record", "version", "table_name", "column_name", "bucket", NULL };

  return g_strv_contains (tables, name) || yl_table_find (name) != NULL
         || (also != NULL && g_strv_contains (also, name));
}

/* The rest is found in the store's file: an unqualified name means the first database that has it. */
static gboolean
create_tables (YlStore *then, const char *const *also, GError **error)
{
  g_autoptr (GString) script = g_string_new (NULL);
  g_autoptr (YlRows) rows = yl_database_query (then->database, error,
                                               "SELECT tbl_name, sql FROM log.sqlite_master WHERE sql IS NOT NULL"
                                               " ORDER BY type = 'index'",
                                               NULL);

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    if (is_own (yl_rows_text (rows, 0), also))
      g_string_append_printf (script, "%s;", yl_rows_text (rows, 1));
  g_string_append (script, "INSERT INTO main.table_name SELECT * FROM log.table_name;"
                           "INSERT INTO main.column_name SELECT * FROM log.column_name;");
  return yl_rows_ended (rows) && yl_database_script (then->database, script->str, error);
}

YlStore *
yl_scratch_open (YlStore *store, const char *const *also, GError **error)
{
  g_autoptr (YlStore) then = g_object_new (YL_TYPE_STORE, NULL);
  g_autofree char *uri = file_uri (store);

  then->database = yl_database_open (":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI, error);
  if (then->database == NULL || !yl_database_run (then->database, error, "ATTACH ? AS log", "t", uri)
      || !create_tables (then, also, error) || !yl_store_begin (then, error))
    return NULL;
  then->file = g_strdup (store->file);
  then->scope = g_strdup (store->scope);
  then->authority = g_strdup (store->authority);
  then->writer = g_strdup (store->writer);
  then->identity = g_strdup (store->identity);
  then->node = g_strdup (store->node);
  return g_steal_pointer (&then);
}
