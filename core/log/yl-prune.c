#include "yl-prune.h"

#include "base/yl-i18n.h"
#include "store/yl-store-private.h"

#define OWN_WAITING "SELECT 1 FROM strand JOIN pen USING (writer) WHERE strand.writer = ? AND receipt < ?"

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error_literal (error, YL_ERROR, YL_ERROR_REFUSED, why);
  return FALSE;
}

static gboolean
check_name (YlStore *store, const YlEntryName *name, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (YlEntryRow) row = yl_log_find_name (store, name, &local);
  gint64 waits;

  if (g_error_matches (local, YL_ERROR, YL_ERROR_NOT_FOUND) || (row != NULL && (row->bare || !row->logged)))
    return refuse (error, _ ("this copy has not got as far as that checkpoint: sync first"));
  if (row == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (!yl_database_integer (store->database, &waits, 0, error, OWN_WAITING, "ti", name->writer, name->seq))
    return FALSE;
  return waits == 0 || refuse (error, _ ("change sets of this PC wait for their receipt: sync first"));
}

static gboolean
drop (YlStore *store, const YlEntryName *name, guint *n, GError **error)
{
  if (!yl_database_run (store->database, error, "UPDATE strand SET base = max (base, ?) WHERE writer = ?", "it",
                        name->seq, name->writer)
      || !yl_database_run (store->database, error,
                           "UPDATE entry SET message = NULL WHERE message IS NOT NULL AND seq <= ?"
                           " AND w IN (SELECT w FROM strand WHERE writer = ?)",
                           "it", name->seq, name->writer))
    return FALSE;
  *n += (guint) yl_database_changes (store->database);
  return TRUE;
}

gboolean
yl_prune_to (YlStore *store, GArray *frontier, guint *n, GError **error)
{
  g_return_val_if_fail (store->in_transaction, FALSE);

  *n = 0;
  if (yl_store_is_head_office (store))
    return refuse (error, _ ("head office keeps the whole history: others are served from it"));
  for (guint i = 0; i < frontier->len; i++)
    if (!check_name (store, &g_array_index (frontier, YlEntryName, i), error))
      return FALSE;
  for (guint i = 0; i < frontier->len; i++)
    if (!drop (store, &g_array_index (frontier, YlEntryName, i), n, error))
      return FALSE;
  return TRUE;
}

gboolean
yl_prune_size (YlStore *store, GArray *frontier, gint64 *file, gint64 *messages, GError **error)
{
  *messages = 0;
  if (!yl_database_integer (store->database, file, 0, error,
                            "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()", NULL))
    return FALSE;
  for (guint i = 0; i < frontier->len; i++)
    {
      const YlEntryName *name = &g_array_index (frontier, YlEntryName, i);
      gint64 bytes;

      if (!yl_database_integer (store->database, &bytes, 0, error,
                                "SELECT sum (length (message)) FROM strand JOIN entry USING (w)"
                                " WHERE strand.writer = ? AND entry.seq <= ?",
                                "ti", name->writer, name->seq))
        return FALSE;
      *messages += bytes;
    }
  return TRUE;
}
