#include "yl-piece.h"

#include "yl-store-private.h"

gboolean
yl_store_put_piece (YlStore *store, const char *what, guint number, GBytes *bytes, GError **error)
{
  return yl_database_run (store->database, error, "DELETE FROM piece WHERE what <> ?", "t", what)
         && yl_database_run (store->database, error,
                             "INSERT OR REPLACE INTO piece (what, number, data) VALUES (?, ?, ?)", "tig", what,
                             (gint64) number, bytes);
}

GBytes *
yl_store_get_piece (YlStore *store, const char *what, guint number, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (
      store->database, error, "SELECT data FROM piece WHERE what = ? AND number = ?", "ti", what, (gint64) number);
  gconstpointer data;
  gsize length;

  if (rows == NULL || !yl_rows_next (rows, error))
    return NULL;
  data = yl_rows_blob (rows, 0, &length);
  return g_bytes_new (data, length);
}

gboolean
yl_store_drop_pieces (YlStore *store, GError **error)
{
  return yl_database_run (store->database, error, "DELETE FROM piece", NULL);
}
