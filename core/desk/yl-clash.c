#include "yl-clash.h"

#include "store/yl-plain.h"
#include "store/yl-store-private.h"

void
yl_clash_free (YlClash *clash)
{
  g_free (clash->claim);
  g_free (clash->order);
  g_free (clash->order_no);
  g_free (clash->worker_no);
  g_free (clash->worker_name);
  g_free (clash->site);
  g_free (clash->winner_site);
  g_free (clash->winner_order_no);
  g_free (clash);
}

static YlClash *
read_clash (YlRows *rows)
{
  YlClash *clash = g_new0 (YlClash, 1);

  clash->claim = g_strdup (yl_rows_text (rows, 0));
  clash->order = g_strdup (yl_rows_text (rows, 1));
  clash->order_no = g_strdup (yl_rows_text (rows, 2));
  clash->worker_no = g_strdup (yl_rows_text (rows, 3));
  clash->worker_name = g_strdup (yl_rows_text (rows, 4));
  clash->site = g_strdup (yl_rows_text (rows, 5));
  clash->winner_site = g_strdup (yl_rows_text (rows, 6));
  clash->winner_order_no = g_strdup (yl_rows_text (rows, 7));
  clash->by_ruling = yl_rows_integer (rows, 8) != 0;
  clash->winner_confirmed = yl_rows_integer (rows, 9) != 0;
  clash->start = yl_rows_integer (rows, 10);
  clash->end = yl_rows_integer (rows, 11);
  return clash;
}

GPtrArray *
yl_clash_list (YlStore *store, GError **error)
{
  g_autoptr (GPtrArray) clashes = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_clash_free);
  g_autoptr (YlRows) rows = NULL;

  if (!yl_plain_ensure (store, error))
    return NULL;
  rows = yl_database_query (
      store->database, error,
      "SELECT b.id, b.[order], o.order_no, w.worker_no, p.name, k.by_site, winner.by_site, other.order_no,"
      " EXISTS (SELECT 1 FROM ruling r WHERE r.claim IN (b.id, b.winner)),"
      " EXISTS (SELECT 1 FROM confirmation c WHERE c.claim = b.winner), b.start, b.end"
      " FROM booking b JOIN claim k ON k.id = b.id LEFT JOIN [order] o ON o.id = b.[order]"
      " LEFT JOIN worker w ON w.id = b.worker LEFT JOIN plain.worker p ON p.id = b.worker"
      " LEFT JOIN claim winner ON winner.id = b.winner LEFT JOIN [order] other ON other.id = winner.[order]"
      " WHERE b.state = 'overruled' AND b.end > ?1 ORDER BY b.start, b.id",
      "i", yl_store_now (store));
  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    g_ptr_array_add (clashes, read_clash (rows));
  return yl_rows_ended (rows) ? g_steal_pointer (&clashes) : NULL;
}
