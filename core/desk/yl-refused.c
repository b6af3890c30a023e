#include "yl-refused.h"

#include "log/yl-log-door.h"
#include "store/yl-store-private.h"
#include "yl-waiting.h"

void
yl_refused_item_free (YlRefusedItem *item)
{
  g_free (item->what);
  g_free (item->writer);
  g_free (item->actor);
  g_free (item->reason);
  g_free (item);
}

/* NULL without an error where its change set is behind a checkpoint. */
static YlRefusedItem *
read_item (YlStore *store, gint64 n, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (YlEntry) entry = yl_log_entry (store, n, &local);
  YlRefusedItem *item;

  if (local != NULL && !g_error_matches (local, YL_ERROR, YL_ERROR_MISSING))
    g_propagate_error (error, g_steal_pointer (&local));
  if (entry == NULL)
    return NULL;
  item = g_new0 (YlRefusedItem, 1);
  item->what = yl_what_words (entry->what);
  item->writer = g_strdup (entry->writer);
  item->seq = entry->seq;
  item->actor = g_strdup (entry->actor);
  item->at = YL_HLC_MS (entry->hlc);
  return item;
}

GPtrArray *
yl_refused_list (YlStore *store, guint limit, GError **error)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_refused_item_free);
  g_autoptr (GError) local = NULL;
  g_autoptr (YlRows) rows = yl_database_query (
      store->database, error, "SELECT n, refused FROM entry WHERE refused IS NOT NULL ORDER BY n DESC LIMIT ?", "i",
      (gint64) limit);

  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    {
      YlRefusedItem *item = read_item (store, yl_rows_integer (rows, 0), &local);

      if (local != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return NULL;
        }
      if (item == NULL)
        continue;
      item->reason = g_strdup (yl_rows_text (rows, 1));
      g_ptr_array_add (items, item);
    }
  return yl_rows_ended (rows) ? g_steal_pointer (&items) : NULL;
}
