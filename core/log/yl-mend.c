#include "yl-mend.h"

#include <inttypes.h>
#include <string.h>

#include "base/yl-i18n.h"
#include "merge/yl-fold.h"
#include "yl-strand.h"

static gboolean
refuse (const char *writer, gint64 seq, GError **error)
{
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID,
               _ ("what came for change set %s:%" PRId64 " is another one than stands there"), writer, seq);
  return FALSE;
}

/* The strand of what stands at @n, and whether it is that entry's place. */
static gboolean
find_place (YlStore *store, const YlEntry *entry, gint64 n, gint64 *w, gboolean *same, GError **error)
{
  g_autoptr (YlEntryRow) row = yl_log_get (store, n, error);

  if (row == NULL)
    return FALSE;
  if (!g_str_equal (row->writer, entry->writer) || row->seq != entry->seq)
    return refuse (entry->writer, entry->seq, error);
  *w = row->strand;
  *same = memcmp (row->id, entry->id, sizeof entry->id) == 0;
  return TRUE;
}

gboolean
yl_mend_entry (YlStore *store, const YlEntry *entry, gint64 n, gboolean *same, GError **error)
{
  gint64 w, parent = 0, first = 1;
  g_autoptr (YlVector) seen = NULL;
  g_autoptr (GBytes) packed = NULL;
  g_autoptr (GBytes) message = NULL;

  g_return_val_if_fail (store->in_transaction, FALSE);

  if (!find_place (store, entry, n, &w, same, error) || !yl_strand_origin (store, w, &parent, &first, error))
    return FALSE;
  seen = yl_fold_seen_by (store, entry, entry->seq == first ? parent : w, error);
  message = seen != NULL ? yl_log_message_pack (store, entry, error) : NULL;
  if (message == NULL)
    return FALSE;
  packed = yl_vector_pack (seen);
  yl_store_forget_entry_facts (store, n);
  return yl_database_run (store->database, error,
                          "UPDATE entry SET id = ?, hlc = ?, actor = ?, seen = ?, message = ? WHERE n = ?", "bitggi",
                          (gconstpointer) entry->id, (gsize) sizeof entry->id, entry->hlc, entry->actor, packed,
                          message, n)
         && yl_fold_index_ops (store, n, entry, error);
}

gboolean
yl_mend_run (YlStore *store, gint64 n, const guint8 *oid, const guint8 *signature, gboolean same, GError **error)
{
  g_autoptr (YlEntryRow) row = yl_log_get (store, n, error);
  gint64 known;

  if (row == NULL
      || !yl_database_integer (store->database, &known, 0, error, "SELECT 1 FROM run WHERE n = ? AND oid = ?", "ib", n,
                               (gconstpointer) oid, (gsize) YL_OID_BYTES))
    return FALSE;
  if (!same && known == 0)
    return refuse (row->writer, row->seq, error);
  return yl_database_run (store->database, error, "INSERT OR REPLACE INTO run (n, oid, signature) VALUES (?, ?, ?)",
                          "ibb", n, (gconstpointer) oid, (gsize) YL_OID_BYTES, (gconstpointer) signature,
                          (gsize) YL_SIGNATURE_BYTES);
}
