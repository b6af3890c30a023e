#include "yl-capture.h"

struct _YlCapture
{
  GHashTable *seen; /* "table:id" -> itself */
  GPtrArray *rows;
};

static void
captured_free (YlCaptured *captured)
{
  if (captured->before != NULL)
    yl_row_free (captured->table, captured->before);
  g_free (captured->id);
  g_free (captured);
}

YlCapture *
yl_capture_new (void)
{
  YlCapture *capture = g_new0 (YlCapture, 1);

  capture->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  capture->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) captured_free);
  return capture;
}

void
yl_capture_free (YlCapture *capture)
{
  g_hash_table_unref (capture->seen);
  g_ptr_array_unref (capture->rows);
  g_free (capture);
}

GPtrArray *
yl_capture_rows (YlCapture *capture)
{
  return capture->rows;
}

static void
take_value (sqlite3_value *from, YlValue *to)
{
  gsize length = (gsize) sqlite3_value_bytes (from);

  switch (sqlite3_value_type (from))
    {
    case SQLITE_INTEGER:
      yl_value_set_integer (to, sqlite3_value_int64 (from));
      break;
    case SQLITE_TEXT:
      yl_value_set_bytes (to, YL_VALUE_TEXT, sqlite3_value_text (from), length);
      break;
    case SQLITE_BLOB:
      yl_value_set_bytes (to, YL_VALUE_BLOB, sqlite3_value_blob (from), length);
      break;
    default:
      yl_value_clear (to);
    }
}

/* SQL declares id first and then the fields in the catalogue's order (a test holds the two together). */
static YlValue *
old_row (sqlite3 *handle, const YlTable *table)
{
  YlValue *row = g_new0 (YlValue, yl_table_n_fields (table));

  for (guint i = 0; i < yl_table_n_fields (table); i++)
    {
      sqlite3_value *value;

      if (sqlite3_preupdate_old (handle, (int) i + 1, &value) == SQLITE_OK)
        take_value (value, &row[i]);
    }
  return row;
}

static void
add_captured (YlCapture *capture, char *key, const YlTable *table, const char *id, YlValue *before)
{
  YlCaptured *captured = g_new0 (YlCaptured, 1);

  captured->table = table;
  captured->id = g_strdup (id);
  captured->before = before;
  g_ptr_array_add (capture->rows, captured);
  g_hash_table_add (capture->seen, key);
}

gboolean
yl_capture_row (YlStore *store, const YlTable *table, const char *id, GError **error)
{
  g_autofree char *key = g_strdup_printf ("%s:%s", table->name, id);
  YlValue *row;

  if (g_hash_table_contains (store->capture->seen, key))
    return TRUE;
  row = yl_store_read_row (store, table, id, error);
  if (row == NULL)
    return FALSE;
  add_captured (store->capture, g_steal_pointer (&key), table, id, row);
  return TRUE;
}

static void
preupdate (void *data,
           sqlite3 *handle,
           int operation,
           const char *database,
           const char *name,
           sqlite3_int64 old_key,
           sqlite3_int64 new_key)
{
  YlStore *store = data;
  const YlTable *table = store->capture != NULL && g_str_equal (database, "main") ? yl_table_find (name) : NULL;
  g_autofree char *key = NULL;
  sqlite3_value *id;

  if (table == NULL || (table->flags & YL_TABLE_DERIVED) != 0)
    return;
  if ((operation == SQLITE_INSERT ? sqlite3_preupdate_new (handle, 0, &id) : sqlite3_preupdate_old (handle, 0, &id))
      != SQLITE_OK)
    return;
  key = g_strdup_printf ("%s:%s", name, (const char *) sqlite3_value_text (id));
  if (g_hash_table_contains (store->capture->seen, key))
    return;
  add_captured (store->capture, g_steal_pointer (&key), table, (const char *) sqlite3_value_text (id),
                operation == SQLITE_INSERT ? NULL : old_row (handle, table));
}

void
yl_capture_install (YlStore *store)
{
  sqlite3_preupdate_hook (yl_database_handle (store->database), preupdate, store);
}
