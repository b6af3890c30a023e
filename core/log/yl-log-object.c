#include <string.h>
#include <zstd.h>

#include "merge/yl-fold.h"
#include "merge/yl-state-parked.h"
#include "yl-log-door.h"

/* Git objects and refs in the store file, and the transactions they are written in. */

struct _YlLogTransaction
{
  YlStore *store;
  gboolean done;
};

YlLogTransaction *
yl_log_begin (YlStore *store, GError **error)
{
  YlLogTransaction *transaction;

  if (!yl_store_begin (store, error))
    return NULL;
  transaction = g_new0 (YlLogTransaction, 1);
  transaction->store = g_object_ref (store);
  return transaction;
}

gboolean
yl_log_commit (YlLogTransaction *transaction, GError **error)
{
  transaction->done = TRUE;
  if (!yl_state_settle_parked (transaction->store, error))
    {
      yl_store_rollback (transaction->store);
      return FALSE;
    }
  return yl_store_commit (transaction->store, error) && yl_store_refresh (transaction->store, error);
}

void
yl_log_transaction_free (YlLogTransaction *transaction)
{
  if (!transaction->done)
    yl_store_rollback (transaction->store);
  g_object_unref (transaction->store);
  g_free (transaction);
}

/* Shorter ones gain nothing. */
#define DEFLATE_BYTES 200
#define DEFLATE_LEVEL 3
/* In `type` of what is stored as a zstd frame. */
#define DEFLATED 16
/* None is as large. */
#define OBJECT_MAX (256 * 1024 * 1024)

gboolean
yl_log_put_object (YlStore *store, const guint8 *oid, int type, gconstpointer data, gsize length, GError **error)
{
  gsize bound = ZSTD_compressBound (length);
  g_autofree guint8 *frame = length >= DEFLATE_BYTES ? g_malloc (bound) : NULL;
  gsize n = frame != NULL ? ZSTD_compress (frame, bound, data, length, DEFLATE_LEVEL) : length;

  if (!ZSTD_isError (n) && n < length)
    return yl_database_run (store->database, error, "INSERT OR IGNORE INTO object (oid, type, data) VALUES (?, ?, ?)",
                            "bib", (gconstpointer) oid, (gsize) YL_OID_BYTES, (gint64) (type | DEFLATED),
                            (gconstpointer) frame, n);
  return yl_database_run (store->database, error, "INSERT OR IGNORE INTO object (oid, type, data) VALUES (?, ?, ?)",
                          "bib", (gconstpointer) oid, (gsize) YL_OID_BYTES, (gint64) type, data, length);
}

gboolean
yl_log_drop_object (YlStore *store, const guint8 *oid, GError **error)
{
  return yl_database_run (store->database, error, "DELETE FROM object WHERE oid = ?", "b", (gconstpointer) oid,
                          (gsize) YL_OID_BYTES);
}

/* The bytes are known by their id, so rubbish is not told apart here: NULL for what does not unpack at all. */
static GBytes *
inflate (gconstpointer frame, gsize length)
{
  unsigned long long size = ZSTD_getFrameContentSize (frame, length);
  g_autofree guint8 *data = size <= OBJECT_MAX ? g_try_malloc (size + 1) : NULL;

  if (data == NULL || ZSTD_decompress (data, size, frame, length) != size)
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&data), size);
}

static GBytes *
read_object (YlRows *rows, int *type, GError **error)
{
  gsize length;
  gconstpointer data = yl_rows_blob (rows, 1, &length);
  GBytes *bytes;

  *type = (int) yl_rows_integer (rows, 0) & ~DEFLATED;
  if ((yl_rows_integer (rows, 0) & DEFLATED) == 0)
    return g_bytes_new (data, length);
  bytes = inflate (data, length);
  if (bytes == NULL)
    g_set_error (error, YL_ERROR, YL_ERROR_CORRUPT, "an object of the log is damaged: run `yuelaictl fsck`");
  return bytes;
}

GBytes *
yl_log_get_object (YlStore *store, const guint8 *oid, int *type, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (store->database, error, "SELECT type, data FROM object WHERE oid = ?",
                                               "b", (gconstpointer) oid, (gsize) YL_OID_BYTES);
  g_autoptr (GError) local = NULL;

  if (rows == NULL)
    return NULL;
  if (yl_rows_next (rows, &local))
    return read_object (rows, type, error);
  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  else
    g_set_error (error, YL_ERROR, YL_ERROR_NOT_FOUND, "the log has no such object");
  return NULL;
}

gboolean
yl_log_has_object (YlStore *store, const guint8 *oid)
{
  gint64 found;

  return yl_database_integer (store->database, &found, 0, NULL, "SELECT 1 FROM object WHERE oid = ?", "b",
                              (gconstpointer) oid, (gsize) YL_OID_BYTES)
         && found != 0;
}

gboolean
yl_log_foreach_object (YlStore *store, YlObjectFunc func, gpointer data, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (store->database, error, "SELECT oid, type FROM object ORDER BY o", NULL);
  gsize length;

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    {
      const guint8 *oid = yl_rows_blob (rows, 0, &length);

      if (length == YL_OID_BYTES && !func (oid, (int) yl_rows_integer (rows, 1) & ~DEFLATED, data))
        break;
    }
  return yl_rows_ended (rows);
}

gboolean
yl_log_set_ref (YlStore *store, const char *name, const guint8 *oid, GError **error)
{
  if (oid == NULL)
    return yl_database_run (store->database, error, "DELETE FROM ref WHERE name = ?", "t", name);
  return yl_database_run (store->database, error, "INSERT OR REPLACE INTO ref (name, oid) VALUES (?, ?)", "tb", name,
                          (gconstpointer) oid, (gsize) YL_OID_BYTES);
}

gboolean
yl_log_get_ref (YlStore *store, const char *name, guint8 *oid)
{
  g_autoptr (YlRows) rows = yl_database_query (store->database, NULL, "SELECT oid FROM ref WHERE name = ?", "t", name);
  gconstpointer found;
  gsize length;

  if (rows == NULL || !yl_rows_next (rows, NULL))
    return FALSE;
  found = yl_rows_blob (rows, 0, &length);
  if (length == YL_OID_BYTES)
    memcpy (oid, found, length);
  return length == YL_OID_BYTES;
}

GStrv
yl_log_list_refs (YlStore *store, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (store->database, error, "SELECT name FROM ref ORDER BY name", NULL);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    g_strv_builder_add (names, yl_rows_text (rows, 0));
  return yl_rows_ended (rows) ? g_strv_builder_end (names) : NULL;
}
