#include "yl-recount.h"

#include <string.h>

#include "log/yl-log-door.h"
#include "yl-repair-private.h"
#include "yl-state-hash-private.h"

struct _YlRecount
{
  YlStore *store;      /* borrowed */
  GHashTable *records; /* set of "table:id" */
};

YlRecount *
yl_recount_new (YlStore *store)
{
  YlRecount *recount = g_new0 (YlRecount, 1);

  recount->store = store;
  recount->records = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return recount;
}

void
yl_recount_free (YlRecount *recount)
{
  g_hash_table_unref (recount->records);
  g_free (recount);
}

gboolean
yl_recount_add (YlRecount *recount, gint64 n, GError **error)
{
  g_autoptr (GBytes) message = yl_log_message (recount->store, n, error);
  g_autoptr (YlEntry) entry = message != NULL ? yl_entry_parse (message, error) : NULL;

  for (guint i = 0; entry != NULL && i < entry->ops->len; i++)
    {
      const YlOp *op = entry->ops->pdata[i];

      g_hash_table_add (recount->records, g_strconcat (op->table, ":", op->id, NULL));
    }
  return entry != NULL;
}

typedef gboolean (*RecordFunc) (YlRecount *recount, const char *table, const char *id, gpointer data, GError **error);

static gboolean
foreach_record (YlRecount *recount, RecordFunc func, gpointer data, GError **error)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, recount->records);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      const char *colon = strchr (key, ':');
      g_autofree char *table = g_strndup (key, (gsize) (colon - (const char *) key));

      if (!func (recount, table, colon + 1, data, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
subtract (YlRecount *recount, const char *table, const char *id, gpointer data, GError **error)
{
  g_auto (YlMergeRecord) record = { NULL };

  if (!yl_merge_record_load (recount->store, &record, table, id, NULL, error))
    return FALSE;
  yl_state_hash_record (recount->store, &record, -1);
  yl_merge_record_touch (recount->store, &record);
  return TRUE;
}

gboolean
yl_recount_subtract (YlRecount *recount, GError **error)
{
  return foreach_record (recount, subtract, NULL, error);
}

typedef struct
{
  YlRefold *refold;
  GPtrArray *changes; /* what differs now, of YlFault */
  gint64 because;
} Folding;

static gboolean
fold (YlRecount *recount, const char *table, const char *id, gpointer data, GError **error)
{
  Folding *folding = data;

  return yl_refold_record (folding->refold, table, id, folding->changes, error)
         && yl_database_run (recount->store->database, error, "INSERT INTO refolded (n, tbl, id) VALUES (?, ?, ?)",
                             "itt", folding->because, table, id);
}

gboolean
yl_recount_fold (YlRecount *recount, gint64 because, GError **error)
{
  g_autoptr (YlRefold) refold = yl_refold_new (recount->store);
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_fault_free);
  Folding folding = { refold, changes, because };

  return foreach_record (recount, fold, &folding, error);
}
