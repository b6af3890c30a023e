#include "store/yl-base.h"
#include "yl-fold.h"
#include "log/yl-log-door.h"
#include "store/yl-migration.h"
#include "yl-repair.h"
#include "yl-state-hash.h"

#include "base/yl-i18n.h"

/* fsck and rebuild: the log is the truth, the state can be made from it at any time. */

static gboolean
clear_state (YlStore *store, GError **error)
{
  static const char *const tables[] = { "trace", "version", "bucket", "authority_fact", "key_missing" };

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autofree char *sql = g_strdup_printf ("DELETE FROM %s", tables[i]);

      if (!yl_database_run (store->database, error, sql, NULL))
        return FALSE;
    }
  for (const YlTable *const *table = yl_tables (); *table != NULL; table++)
    {
      g_autofree char *sql = g_strdup_printf ("DELETE FROM [%s]", (*table)->name);

      if (!yl_database_run (store->database, error, sql, NULL))
        return FALSE;
    }
  return yl_database_run (store->database, error, "UPDATE entry SET sums = NULL WHERE sums IS NOT NULL", NULL);
}

/* @covered: the checkpoint that was installed holds what it did. */
static gboolean
refold (YlStore *store, gint64 n, gint64 w, gboolean covered, GError **error)
{
  g_autoptr (YlEntry) entry = yl_log_entry (store, n, error);
  g_autoptr (YlVector) seen = entry != NULL ? yl_fold_seen_before (store, n, error) : NULL;
  g_autofree char *refused = NULL;
  YlFolding folding = { entry, w, seen };

  if (seen == NULL)
    return FALSE;
  if (covered)
    return yl_fold_index_ops (store, n, entry, error);
  refused = yl_right_check (store, entry, w, seen);
  folding.refused = refused;
  return yl_database_run (store->database, error, "UPDATE entry SET refused = ? WHERE n = ?", "ti", refused, n)
         && yl_fold_index_ops (store, n, entry, error) && yl_fold_ops (store, n, &folding, error);
}

static gboolean
refold_all (YlStore *store, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (store->database, error,
                                               "SELECT n, w, entry.seq <= strand.base FROM entry JOIN strand USING (w)"
                                               " WHERE message IS NOT NULL OR entry.seq > strand.base ORDER BY n",
                                               NULL);

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    if (!refold (store, yl_rows_integer (rows, 0), yl_rows_integer (rows, 1), yl_rows_integer (rows, 2) != 0, error))
      return FALSE;
  return yl_rows_ended (rows);
}

/* A copy that does not have all of the log begins with the checkpoint on which it stands. */
static gboolean
install_base (YlStore *store, GError **error)
{
  gboolean exists;

  return yl_base_exists (store, &exists, error) && (!exists || yl_base_install (store, NULL, NULL, error));
}

gboolean
yl_store_rebuild (YlStore *store, GError **error)
{
  if (!yl_plain_drop (store, error) || !yl_store_begin (store, error))
    return FALSE;
  if (clear_state (store, error) && install_base (store, error) && refold_all (store, error)
      && yl_plain_renew (store, error)
      && yl_database_run (store->database, error, "DELETE FROM meta WHERE key = '" YL_MIGRATION_REBUILD "'", NULL))
    return yl_store_commit (store, error) && yl_store_emit_changed (store, error);
  yl_store_rollback (store);
  return FALSE;
}

gboolean
yl_store_check_file (YlStore *store, GError **error)
{
  g_autofree char *verdict = yl_database_text (store->database, error, "PRAGMA integrity_check(1)", NULL);

  if (g_strcmp0 (verdict, "ok") == 0)
    return TRUE;
  if (verdict != NULL)
    g_set_error (error, YL_ERROR, YL_ERROR_CORRUPT, _ ("%s is damaged (%s): restore a backup or join again"),
                 store->file, verdict);
  return FALSE;
}

gboolean
yl_store_check (YlStore *store, GError **error)
{
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_fault_free);
  g_autofree char *first = NULL;

  if (!yl_store_check_file (store, error) || !yl_store_inspect (store, FALSE, faults, error))
    return FALSE;
  if (faults->len == 0)
    return TRUE;
  first = yl_fault_describe (faults->pdata[0]);
  g_set_error (error, YL_ERROR, YL_ERROR_CORRUPT, _ ("%s: run `yuelaictl fsck --repair`"), first);
  return FALSE;
}
