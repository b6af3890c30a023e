#include "yl-database.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/yl-error.h"
#include "base/yl-i18n.h"
#include "yl-database-functions.h"

#define BUSY_TIMEOUT_MS 20000
#define N_RECENT 256

struct _YlDatabase
{
  sqlite3 *handle;
  char *file;
  GHashTable *statements;         /* sql -> sqlite3_stmt */
  sqlite3_stmt *recent[N_RECENT]; /* of these, by the address of their SQL */
  gboolean watched;
  gboolean keeps_wal; /* closing leaves it behind, empty */
  GError *fault;      /* the first one of the medium while watched, or that nobody was told of */
};

struct _YlRows
{
  YlDatabase *database;
  sqlite3_stmt *statement;
  gboolean cached;
  gboolean failed;
};

/* Counting what SQLite allocates would cost a lock for every piece of memory. It listens only before its first use. */
static void
configure_sqlite (void)
{
  static gsize done = 0;

  if (!g_once_init_enter (&done))
    return;
  sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0);
  g_once_init_leave (&done, 1);
}

static sqlite3_vfs *
find_vfs (void)
{
  configure_sqlite ();
  return sqlite3_vfs_find (NULL);
}

static YlError
error_code (int code)
{
  switch (code & 0xff)
    {
    case SQLITE_FULL:
      return YL_ERROR_FULL;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return YL_ERROR_CORRUPT;
    default:
      return YL_ERROR_FAILED;
    }
}

/* A full disk may show in writing the file itself, its log, or the memory that readers share. */
static gboolean
lacks_room (YlDatabase *database, int code)
{
  int cause = sqlite3_system_errno (database->handle);

  return (code & 0xff) == SQLITE_IOERR && (cause == ENOSPC || cause == EFBIG || cause == EDQUOT);
}

static gboolean
is_of_medium (int code)
{
  switch (code & 0xff)
    {
    case SQLITE_IOERR:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FULL:
    case SQLITE_NOMEM:
      return TRUE;
    default:
      return FALSE;
    }
}

/* As against having no room, which nobody takes for an answer. */
static gboolean
is_unreadable (YlDatabase *database, int code)
{
  return (code & 0xff) != SQLITE_FULL && !lacks_room (database, code);
}

static void
describe_error (YlDatabase *database, int code, GError **error)
{
  const char *what = sqlite3_errmsg (database->handle);
  const char *where = database->file;

  if ((code & 0xff) == SQLITE_FULL || lacks_room (database, code))
    g_set_error (error, YL_ERROR, YL_ERROR_FULL, _ ("the disk that holds %s is full: free some space and try again"),
                 where);
  else if ((code & 0xff) == SQLITE_NOTADB)
    g_set_error (error, YL_ERROR, YL_ERROR_CORRUPT, _ ("%s is not a Yuelai store"), where);
  else if ((code & 0xff) == SQLITE_CORRUPT)
    g_set_error (error, YL_ERROR, YL_ERROR_CORRUPT, _ ("the store file %s is damaged: restore a backup or join again"),
                 where);
  else if ((code & 0xff) == SQLITE_READONLY || (code & 0xff) == SQLITE_CANTOPEN)
    g_set_error (error, YL_ERROR, YL_ERROR_FAILED,
                 _ ("%s cannot be written: check the folder's permissions and the medium"), where);
  else if ((code & 0xff) == SQLITE_BUSY)
    g_set_error (error, YL_ERROR, YL_ERROR_FAILED, _ ("%s is in use by another program for too long: try again"),
                 where);
  else
    g_set_error (error, YL_ERROR, error_code (code), "%s: %s", where, what);
}

gboolean
yl_database_set_error (YlDatabase *database, int code, GError **error)
{
  if (database->fault == NULL && is_of_medium (code)
      && (database->watched || (error == NULL && is_unreadable (database, code))))
    describe_error (database, code, &database->fault);
  describe_error (database, code, error);
  return FALSE;
}

void
yl_database_watch (YlDatabase *database, gboolean watched)
{
  database->watched = watched;
  if (!watched)
    g_clear_error (&database->fault);
}

gboolean
yl_database_check_fault (YlDatabase *database, GError **error)
{
  if (database->fault == NULL || (!database->watched && error == NULL))
    return TRUE;
  if (!database->watched)
    g_propagate_error (error, g_steal_pointer (&database->fault));
  else if (error != NULL)
    *error = g_error_copy (database->fault);
  return FALSE;
}

gboolean
yl_database_script (YlDatabase *database, const char *sql, GError **error)
{
  int code;

  if (!yl_database_check_fault (database, error))
    return FALSE;
  code = sqlite3_exec (database->handle, sql, NULL, NULL, NULL);
  return code == SQLITE_OK || yl_database_set_error (database, code, error);
}

static void
finalize_statement (gpointer statement)
{
  sqlite3_finalize (statement);
}

YlDatabase *
yl_database_open (const char *file, int flags, GError **error)
{
  g_autoptr (YlDatabase) database = g_new0 (YlDatabase, 1);
  int code;

  configure_sqlite ();
  database->file = g_strdup (file);
  database->statements = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, finalize_statement);
  code = sqlite3_open_v2 (file, &database->handle, flags | SQLITE_OPEN_NOMUTEX, NULL);
  if (code != SQLITE_OK)
    {
      yl_database_set_error (database, code, error);
      return NULL;
    }
  sqlite3_extended_result_codes (database->handle, 1);
  sqlite3_busy_timeout (database->handle, BUSY_TIMEOUT_MS);
  code = yl_database_add_functions (database->handle);
  if (code == SQLITE_OK)
    return g_steal_pointer (&database);
  yl_database_set_error (database, code, error);
  return NULL;
}

gboolean
yl_database_file_exists (const char *file)
{
  sqlite3_vfs *vfs = find_vfs ();
  int exists = 0;

  /* SQLite takes an empty file for none; we do not. */
  return g_file_test (file, G_FILE_TEST_EXISTS)
         || (vfs->xAccess (vfs, file, SQLITE_ACCESS_EXISTS, &exists) == SQLITE_OK && exists != 0);
}

gboolean
yl_database_keep_private (const char *file)
{
  return !g_file_test (file, G_FILE_TEST_EXISTS) || g_chmod (file, 0600) == 0;
}

void
yl_database_remove_file (const char *file)
{
  static const char *const endings[] = { "", "-wal", "-shm", "-journal" };
  sqlite3_vfs *vfs = find_vfs ();

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *name = g_strconcat (file, endings[i], NULL);

      vfs->xDelete (vfs, name, 0);
    }
}

/* Whoever opens and closes the file in this process, as a file chooser does that looks into every file of a folder, takes our locks with
 * it: that is POSIX. Another program then thinks it is the last one and would remove the WAL into which we go on writing. So nobody
 * removes it: it is emptied under its own locks (see yl_database_close()). */
static void
keep_wal (YlDatabase *database)
{
  int keep = 1;

  database->keeps_wal =
      sqlite3_file_control (database->handle, "main", SQLITE_FCNTL_PERSIST_WAL, &keep) == SQLITE_OK && keep == 1;
}

gboolean
yl_database_configure (YlDatabase *database, GError **error)
{
  keep_wal (database);
  /* A new file is not in WAL mode yet: after a power cut the journal of that change could come back, and undo all that came later. */
  if (!yl_database_script (database, "PRAGMA synchronous = EXTRA", error))
    return FALSE;
  return yl_database_script (
      database,
      "PRAGMA secure_delete = FAST; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF;"
      "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;"
      "PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 4000;",
      error);
}

void
yl_database_close (YlDatabase *database)
{
  g_hash_table_unref (database->statements);
  /* What is written is safe without it: whoever comes next does it where somebody is at work now. */
  if (database->keeps_wal)
    {
      sqlite3_busy_timeout (database->handle, 0);
      sqlite3_wal_checkpoint_v2 (database->handle, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    }
  sqlite3_close_v2 (database->handle);
  g_clear_error (&database->fault);
  g_free (database->file);
  g_free (database);
}

sqlite3 *
yl_database_handle (YlDatabase *database)
{
  return database->handle;
}

/* Most SQL is a constant: where it lies tells which it is sooner than what it says. */
static sqlite3_stmt *
find_statement (YlDatabase *database, const char *sql)
{
  sqlite3_stmt **recent = &database->recent[GPOINTER_TO_SIZE (sql) / 16 % N_RECENT];

  if (*recent == NULL || strcmp (sqlite3_sql (*recent), sql) != 0)
    *recent = g_hash_table_lookup (database->statements, sql);
  return *recent;
}

static sqlite3_stmt *
prepare (YlDatabase *database, const char *sql, gboolean *cached, GError **error)
{
  sqlite3_stmt *statement = find_statement (database, sql);
  int code;

  *cached = TRUE;
  if (!yl_database_check_fault (database, error))
    return NULL;
  if (statement != NULL && !sqlite3_stmt_busy (statement))
    return statement;
  code = sqlite3_prepare_v3 (database->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
  if (code != SQLITE_OK)
    {
      yl_database_set_error (database, code, error);
      return NULL;
    }
  /* The same query may run inside itself (a rule reading while a list is open): then a second statement serves once. */
  *cached = !g_hash_table_contains (database->statements, sql);
  if (*cached)
    g_hash_table_insert (database->statements, g_strdup (sql), statement);
  return statement;
}

/* @keep: what becomes of texts and blobs: SQLITE_STATIC where they stay until the statement ends. */
static void
bind_value (sqlite3_stmt *statement, int parameter, const YlValue *value, sqlite3_destructor_type keep)
{
  switch (value->type)
    {
    case YL_VALUE_NULL:
      sqlite3_bind_null (statement, parameter);
      break;
    case YL_VALUE_INTEGER:
      sqlite3_bind_int64 (statement, parameter, value->integer);
      break;
    case YL_VALUE_TEXT:
      sqlite3_bind_text (statement, parameter, value->bytes, (int) value->length, keep);
      break;
    case YL_VALUE_BLOB:
      sqlite3_bind_blob (statement, parameter, value->length > 0 ? value->bytes : "", (int) value->length, keep);
      break;
    default:
      g_assert_not_reached ();
    }
}

void
yl_database_bind_value (sqlite3_stmt *statement, int parameter, const YlValue *value)
{
  bind_value (statement, parameter, value, SQLITE_TRANSIENT);
}

void
yl_database_lend_value (sqlite3_stmt *statement, int parameter, const YlValue *value)
{
  bind_value (statement, parameter, value, SQLITE_STATIC);
}

static void
bind_one (sqlite3_stmt *statement, int parameter, char letter, sqlite3_destructor_type keep, va_list *arguments)
{
  gconstpointer bytes;
  gsize length;
  GBytes *blob;

  switch (letter)
    {
    case 't':
      sqlite3_bind_text (statement, parameter, va_arg (*arguments, const char *), -1, keep);
      break;
    case 'i':
      sqlite3_bind_int64 (statement, parameter, va_arg (*arguments, gint64));
      break;
    case 'b':
      bytes = va_arg (*arguments, gconstpointer);
      length = va_arg (*arguments, gsize);
      sqlite3_bind_blob (statement, parameter, bytes, (int) length, keep);
      break;
    case 'g':
      blob = va_arg (*arguments, GBytes *);
      bytes = g_bytes_get_data (blob, &length);
      sqlite3_bind_blob (statement, parameter, length > 0 ? bytes : "", (int) length, keep);
      break;
    case 'v':
      bind_value (statement, parameter, va_arg (*arguments, const YlValue *), keep);
      break;
    case 'n':
      sqlite3_bind_null (statement, parameter);
      break;
    default:
      g_assert_not_reached ();
    }
}

static YlRows *
query_valist (YlDatabase *database,
              GError **error,
              const char *sql,
              const char *format,
              sqlite3_destructor_type keep,
              va_list *arguments)
{
  g_autoptr (YlRows) rows = g_new0 (YlRows, 1);

  rows->database = database;
  rows->statement = prepare (database, sql, &rows->cached, error);
  if (rows->statement == NULL)
    return NULL;
  for (int i = 0; format != NULL && format[i] != '\0'; i++)
    bind_one (rows->statement, i + 1, format[i], keep, arguments);
  return g_steal_pointer (&rows);
}

YlRows *
yl_database_query (YlDatabase *database, GError **error, const char *sql, const char *format, ...)
{
  va_list arguments;
  YlRows *rows;

  va_start (arguments, format);
  rows = query_valist (database, error, sql, format, SQLITE_TRANSIENT, &arguments);
  va_end (arguments);
  return rows;
}

gboolean
yl_rows_next (YlRows *rows, GError **error)
{
  int code = sqlite3_step (rows->statement);

  if (code == SQLITE_ROW)
    return TRUE;
  /* What was made of the rows may rest on something that could not be read. */
  rows->failed = code != SQLITE_DONE || !yl_database_check_fault (rows->database, error);
  if (code != SQLITE_DONE)
    yl_database_set_error (rows->database, code, error);
  return FALSE;
}

gboolean
yl_rows_ended (YlRows *rows)
{
  return !rows->failed;
}

gint64
yl_rows_integer (YlRows *rows, int column)
{
  return sqlite3_column_int64 (rows->statement, column);
}

const char *
yl_rows_text (YlRows *rows, int column)
{
  return (const char *) sqlite3_column_text (rows->statement, column);
}

gconstpointer
yl_rows_blob (YlRows *rows, int column, gsize *length)
{
  gconstpointer bytes = sqlite3_column_blob (rows->statement, column);

  *length = (gsize) sqlite3_column_bytes (rows->statement, column);
  return bytes;
}

gboolean
yl_rows_is_null (YlRows *rows, int column)
{
  return sqlite3_column_type (rows->statement, column) == SQLITE_NULL;
}

void
yl_rows_borrow (YlRows *rows, int column, YlValue *value)
{
  *value = YL_VALUE_INIT;
  switch (sqlite3_column_type (rows->statement, column))
    {
    case SQLITE_INTEGER:
      value->type = YL_VALUE_INTEGER;
      value->integer = sqlite3_column_int64 (rows->statement, column);
      return;
    case SQLITE_NULL:
      return;
    case SQLITE_BLOB:
      value->type = YL_VALUE_BLOB;
      value->bytes = (char *) sqlite3_column_blob (rows->statement, column);
      break;
    default:
      value->type = YL_VALUE_TEXT;
      value->bytes = (char *) sqlite3_column_text (rows->statement, column);
    }
  value->length = (gsize) sqlite3_column_bytes (rows->statement, column);
  if (value->bytes == NULL)
    value->bytes = (char *) "";
}

void
yl_rows_value (YlRows *rows, int column, YlValue *value)
{
  YlValue borrowed;

  yl_rows_borrow (rows, column, &borrowed);
  yl_value_copy (value, &borrowed);
}

sqlite3_stmt *
yl_rows_statement (YlRows *rows)
{
  return rows->statement;
}

void
yl_rows_free (YlRows *rows)
{
  if (rows->statement != NULL && rows->cached)
    {
      sqlite3_reset (rows->statement);
      sqlite3_clear_bindings (rows->statement);
    }
  else
    sqlite3_finalize (rows->statement);
  g_free (rows);
}

gboolean
yl_database_run (YlDatabase *database, GError **error, const char *sql, const char *format, ...)
{
  g_autoptr (YlRows) rows = NULL;
  va_list arguments;
  int code;

  va_start (arguments, format);
  rows = query_valist (database, error, sql, format, SQLITE_STATIC, &arguments);
  va_end (arguments);
  if (rows == NULL)
    return FALSE;
  code = sqlite3_step (rows->statement);
  return code == SQLITE_DONE || code == SQLITE_ROW || yl_database_set_error (database, code, error);
}

gboolean
yl_database_integer (YlDatabase *database,
                     gint64 *value,
                     gint64 if_none,
                     GError **error,
                     const char *sql,
                     const char *format,
                     ...)
{
  g_autoptr (YlRows) rows = NULL;
  gboolean found;
  va_list arguments;

  va_start (arguments, format);
  rows = query_valist (database, error, sql, format, SQLITE_STATIC, &arguments);
  va_end (arguments);
  if (rows == NULL)
    return FALSE;
  found = yl_rows_next (rows, error);
  *value = found ? yl_rows_integer (rows, 0) : if_none;
  return found || yl_rows_ended (rows);
}

char *
yl_database_text (YlDatabase *database, GError **error, const char *sql, const char *format, ...)
{
  g_autoptr (YlRows) rows = NULL;
  va_list arguments;

  va_start (arguments, format);
  rows = query_valist (database, error, sql, format, SQLITE_STATIC, &arguments);
  va_end (arguments);
  return rows != NULL && yl_rows_next (rows, error) ? g_strdup (yl_rows_text (rows, 0)) : NULL;
}

int
yl_database_changes (YlDatabase *database)
{
  return sqlite3_changes (database->handle);
}
