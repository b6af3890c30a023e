#include "yl-capture.h"

#include "store/yl-catalogue.h"

struct _YlCapture
{
  GHashTable *seen; /* of YlCaptured, by table and id */
  GPtrArray *rows;
  YlCaptured expected; /* its table NULL: nothing */
};

static void
captured_clear (YlCaptured *captured)
{
  g_free (captured->before);
  g_free (captured->after);
  g_free (captured->id);
  *captured = (YlCaptured){ NULL };
}

static void
captured_free (YlCaptured *captured)
{
  captured_clear (captured);
  g_free (captured);
}

static guint
hash_captured (gconstpointer key)
{
  const YlCaptured *captured = key;

  return g_str_hash (captured->id) ^ g_direct_hash (captured->table);
}

static gboolean
equal_captured (gconstpointer a, gconstpointer b)
{
  const YlCaptured *left = a, *right = b;

  return left->table == right->table && g_str_equal (left->id, right->id);
}

YlCapture *
yl_capture_new (void)
{
  YlCapture *capture = g_new0 (YlCapture, 1);

  capture->seen = g_hash_table_new (hash_captured, equal_captured);
  capture->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) captured_free);
  return capture;
}

void
yl_capture_free (YlCapture *capture)
{
  captured_clear (&capture->expected);
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
borrow_value (sqlite3_value *from, YlValue *to)
{
  *to = YL_VALUE_INIT;
  switch (sqlite3_value_type (from))
    {
    case SQLITE_INTEGER:
      to->type = YL_VALUE_INTEGER;
      to->integer = sqlite3_value_int64 (from);
      return;
    case SQLITE_TEXT:
      to->type = YL_VALUE_TEXT;
      to->bytes = (char *) sqlite3_value_text (from);
      break;
    case SQLITE_BLOB:
      to->type = YL_VALUE_BLOB;
      to->bytes = (char *) sqlite3_value_blob (from);
      break;
    default:
      return;
    }
  to->length = (gsize) sqlite3_value_bytes (from);
  if (to->bytes == NULL)
    to->bytes = (char *) "";
}

/* The old row (@read: sqlite3_preupdate_old) or the new one. SQL declares id first and then the fields in the catalogue's order (a
 * test holds the two together). */
static YlValue *
hooked_row (sqlite3 *handle, const YlTable *table, int (*read) (sqlite3 *, int, sqlite3_value **))
{
  guint n_fields = yl_table_n_fields (table);
  YlValue *borrowed = g_newa0 (YlValue, n_fields);

  for (guint i = 0; i < n_fields; i++)
    {
      sqlite3_value *value;

      if (read (handle, (int) i + 1, &value) == SQLITE_OK)
        borrow_value (value, &borrowed[i]);
    }
  return yl_row_pack (borrowed, n_fields);
}

static YlCaptured *
find_captured (YlCapture *capture, const YlTable *table, const char *id)
{
  YlCaptured key = { table, (char *) id, NULL, NULL };

  return g_hash_table_lookup (capture->seen, &key);
}

/* Takes @id, @before, @after. */
static void
note_row (YlCapture *capture, const YlTable *table, char *id, YlValue *before, YlValue *after)
{
  YlCaptured *captured = find_captured (capture, table, id);

  if (captured != NULL)
    {
      g_free (captured->after);
      captured->after = after;
      g_free (before);
      g_free (id);
      return;
    }
  captured = g_new0 (YlCaptured, 1);
  *captured = (YlCaptured){ table, id, before, after };
  g_ptr_array_add (capture->rows, captured);
  g_hash_table_add (capture->seen, captured);
}

void
yl_capture_expect (YlCapture *capture, const YlTable *table, const char *id, YlValue *before, YlValue *after)
{
  captured_clear (&capture->expected);
  capture->expected = (YlCaptured){ table, g_strdup (id), before, after };
}

void
yl_capture_expect_nothing (YlCapture *capture)
{
  captured_clear (&capture->expected);
}

static gboolean
is_expected (const YlCapture *capture, const YlTable *table, int operation)
{
  return capture->expected.table == table
         && operation == (capture->expected.before == NULL ? SQLITE_INSERT : SQLITE_UPDATE);
}

static void
note_expected (YlCapture *capture)
{
  const YlCaptured expected = capture->expected;

  capture->expected = (YlCaptured){ NULL };
  note_row (capture, expected.table, expected.id, expected.before, expected.after);
}

gboolean
yl_capture_row (YlStore *store, const YlTable *table, const char *id, GError **error)
{
  YlValue *row;

  if (find_captured (store->capture, table, id) != NULL)
    return TRUE;
  row = yl_store_read_row (store, table, id, error);
  if (row == NULL)
    return FALSE;
  note_row (store->capture, table, g_strdup (id), row, yl_row_pack (row, yl_table_n_fields (table)));
  return TRUE;
}

/* Comes after SQLite has looked at the constraints: what fails later is the disk, and then the change cannot be committed
 * (yl_database_check_fault). */
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
  YlCapture *capture = store->capture;
  const YlTable *table = capture != NULL && g_str_equal (database, "main") ? yl_table_find (name) : NULL;
  sqlite3_value *id;

  if (table == NULL || (table->flags & YL_TABLE_DERIVED) != 0)
    return;
  if (is_expected (capture, table, operation))
    {
      note_expected (capture);
      return;
    }
  if ((operation == SQLITE_INSERT ? sqlite3_preupdate_new (handle, 0, &id) : sqlite3_preupdate_old (handle, 0, &id))
      == SQLITE_OK)
    note_row (capture, table, g_strdup ((const char *) sqlite3_value_text (id)),
              operation == SQLITE_INSERT ? NULL : hooked_row (handle, table, sqlite3_preupdate_old),
              operation == SQLITE_DELETE ? NULL : hooked_row (handle, table, sqlite3_preupdate_new));
}

void
yl_capture_install (YlStore *store)
{
  sqlite3_preupdate_hook (yl_database_handle (store->database), preupdate, store);
}
