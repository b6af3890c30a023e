#include "yl-making.h"

#include "base/yl-error.h"
#include "base/yl-i18n.h"
#include "yl-migration.h"

#define COUNT_SQL "SELECT count(*) FROM meta WHERE key = ?"

gboolean
yl_making_begin (YlDatabase *database, GError **error)
{
  return yl_database_run (database, error, "INSERT INTO meta (key, value) VALUES ('making', '1')", NULL);
}

gboolean
yl_making_end (YlDatabase *database, GError **error)
{
  return yl_database_run (database, error, "DELETE FROM meta WHERE key = 'making'", NULL);
}

gboolean
yl_making_is_over (YlDatabase *database, GError **error)
{
  gint64 making;

  if (!yl_database_integer (database, &making, 0, error, COUNT_SQL, "t", "making"))
    return FALSE;
  if (making == 0)
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_CORRUPT,
               _ ("%s is half a store: its making was cut short; make it again with `init` or `join`"),
               sqlite3_db_filename (yl_database_handle (database), "main"));
  return FALSE;
}

static gint64
count (YlDatabase *database, const char *sql, const char *what, GError **error)
{
  gint64 n;

  return yl_database_integer (database, &n, 0, error, sql, "t", what) ? n : -1;
}

gboolean
yl_making_was_cut (const char *file)
{
  g_autoptr (YlDatabase) database = yl_database_open (file, SQLITE_OPEN_READWRITE, NULL);
  gint64 mark, tables;

  if (database == NULL || !yl_database_integer (database, &mark, 0, NULL, "PRAGMA application_id", NULL))
    return FALSE;
  tables = count (database, "SELECT count(*) FROM sqlite_master WHERE name <> ?", "", NULL);
  if (mark != YL_STORE_MARK)
    return mark == 0 && tables == 0;
  if (count (database, "SELECT count(*) FROM sqlite_master WHERE name = ?", "meta", NULL) == 0)
    return TRUE;
  return count (database, COUNT_SQL, "scope", NULL) == 0 || count (database, COUNT_SQL, "making", NULL) > 0;
}
