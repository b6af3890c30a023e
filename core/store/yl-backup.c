#include "yl-backup.h"

#include "base/yl-i18n.h"
#include "yl-store-private.h"

void
yl_backup_facts_clear (YlBackupFacts *facts)
{
  g_clear_pointer (&facts->scope, g_free);
  g_clear_pointer (&facts->checkpoints, g_strfreev);
}

static gboolean
check_file (YlDatabase *database, const char *file, GError **error)
{
  g_autofree char *verdict = yl_database_text (database, error, "PRAGMA integrity_check(1)", NULL);

  if (g_strcmp0 (verdict, "ok") == 0)
    return TRUE;
  if (verdict != NULL)
    g_set_error (error, YL_ERROR, YL_ERROR_CORRUPT, _ ("the backup %s is damaged (%s): make another one"), file,
                 verdict);
  return FALSE;
}

static GStrv
read_checkpoints (YlDatabase *database, GError **error)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_autoptr (YlRows) rows = yl_database_query (
      database, error, "SELECT name FROM ref WHERE name GLOB 'refs/checkpoints/*' ORDER BY name", NULL);

  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    g_strv_builder_add (names, yl_rows_text (rows, 0));
  return yl_rows_ended (rows) ? g_strv_builder_end (names) : NULL;
}

gboolean
yl_backup_read (const char *file, YlBackupFacts *facts, GError **error)
{
  g_autoptr (YlDatabase) database = NULL;

  if (!yl_database_file_exists (file) || g_file_test (file, G_FILE_TEST_IS_DIR))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_NOT_FOUND, _ ("there is no backup %s"), file);
      return FALSE;
    }
  database = yl_database_open (file, SQLITE_OPEN_READONLY, error);
  if (database == NULL || !check_file (database, file, error))
    return FALSE;
  facts->scope = yl_database_text (database, error, "SELECT value FROM meta WHERE key = 'scope'", NULL);
  facts->checkpoints = facts->scope != NULL ? read_checkpoints (database, error) : NULL;
  return facts->checkpoints != NULL;
}

gboolean
yl_store_backup (YlStore *store, const char *file, GError **error)
{
  g_auto (YlBackupFacts) facts = { NULL };
  g_autoptr (GError) fault = NULL;

  if (yl_database_file_exists (file))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("%s exists already: choose a new file name"), file);
      return FALSE;
    }
  if (yl_database_run (store->database, &fault, "VACUUM INTO ?", "t", file) && yl_database_keep_private (file)
      && yl_backup_read (file, &facts, &fault))
    return TRUE;
  yl_database_remove_file (file);
  if (fault == NULL)
    g_set_error (error, YL_ERROR, YL_ERROR_FAILED, _ ("the backup %s cannot be kept from others"), file);
  else
    g_propagate_prefixed_error (error, g_steal_pointer (&fault), "%s: ", file);
  return FALSE;
}
