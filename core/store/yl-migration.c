#include "yl-migration.h"

#include <string.h>

#include "base/yl-error.h"
#include "yl-catalogue.h"
#include "yl-sql-resources.h"
#include "base/yl-i18n.h"

#define SQL_PREFIX "/org/yuelai/sql/"

/* In order: index + 1 is the schema version each leads to. */
static const char *const migrations[] = {
  "0001-store.sql",   "0002-company.sql", "0003-worker.sql", "0004-customer.sql", "0005-order.sql",
  "0006-booking.sql", "0007-people.sql",  "0008-trust.sql",  "0009-seal.sql",     "0010-attachment.sql",
};

int
yl_migration_version (void)
{
  return G_N_ELEMENTS (migrations) + yl_catalogue_n_extensions ();
}

static GBytes *
migration_sql (int version, GError **error)
{
  g_autofree char *path = NULL;

  if (version > (int) G_N_ELEMENTS (migrations))
    {
      const char *sql = yl_catalogue_extension_sql ((guint) version - G_N_ELEMENTS (migrations) - 1);

      return g_bytes_new_static (sql, strlen (sql) + 1);
    }
  path = g_strconcat (SQL_PREFIX, migrations[version - 1], NULL);
  return g_resource_lookup_data (yl_sql_get_resource (), path, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
}

/* What older versions of the program kept without understanding it comes alive by folding the log anew. */
#define REBUILD_SQL "INSERT OR REPLACE INTO meta (key, value) VALUES ('" YL_MIGRATION_REBUILD "', 1);"

static gboolean
run_one (YlDatabase *database, int version, gboolean create, GError **error)
{
  g_autoptr (GBytes) sql = migration_sql (version, error);
  g_autofree char *mark =
      g_strdup_printf ("PRAGMA application_id = %d; PRAGMA user_version = %d;", YL_STORE_MARK, version);

  if (sql == NULL || !yl_database_script (database, "BEGIN IMMEDIATE", error))
    return FALSE;
  if (yl_database_script (database, g_bytes_get_data (sql, NULL), error) && yl_database_script (database, mark, error)
      && (create || yl_database_script (database, REBUILD_SQL, error))
      && yl_database_script (database, "COMMIT", error))
    return TRUE;
  yl_database_script (database, "ROLLBACK", NULL);
  return FALSE;
}

static gboolean
check_header (YlDatabase *database, gint64 version, GError **error)
{
  const char *file = sqlite3_db_filename (yl_database_handle (database), "main");
  gint64 application;

  if (!yl_database_integer (database, &application, 0, error, "PRAGMA application_id", NULL))
    return FALSE;
  if (application != YL_STORE_MARK || version == 0)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_CORRUPT, _ ("%s is not a Yuelai store: choose another file"), file);
      return FALSE;
    }
  if (version > yl_migration_version ())
    {
      g_set_error (error, YL_ERROR, YL_ERROR_NEWER,
                   "%s was written by a newer Yuelai (schema %" G_GINT64_FORMAT
                   ", this program knows %d): update the program",
                   file, version, yl_migration_version ());
      return FALSE;
    }
  return TRUE;
}

gboolean
yl_migration_run (YlDatabase *database, gboolean create, GError **error)
{
  gint64 version;

  if (!yl_database_integer (database, &version, 0, error, "PRAGMA user_version", NULL))
    return FALSE;
  if ((!create && !check_header (database, version, error)) || !yl_database_configure (database, error))
    return FALSE;
  while (version < yl_migration_version ())
    if (!run_one (database, (int) ++version, create, error))
      return FALSE;
  return TRUE;
}
