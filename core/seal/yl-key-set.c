#include "yl-key-set.h"

#include <string.h>

#include "base/yl-i18n.h"
#include "seal/yl-key-ring.h"
#include "store/yl-store-private.h"

static void
add_id (guint8 *sum, const guint8 *id)
{
  guint carry = 0;

  for (int i = YL_KEY_SUM_BYTES - 1; i >= 0; i--)
    {
      carry += (guint) sum[i] + id[i];
      sum[i] = (guint8) carry;
      carry >>= 8;
    }
}

void
yl_key_set_subtract (const guint8 *a, const guint8 *b, guint8 *difference)
{
  int borrow = 0;

  for (int i = YL_KEY_SUM_BYTES - 1; i >= 0; i--)
    {
      int digit = a[i] - b[i] - borrow;

      borrow = digit < 0;
      difference[i] = (guint8) digit;
    }
}

gboolean
yl_key_set_sum (YlStore *store, const char *node, guint8 *sum, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (
      store->database, error,
      "SELECT h.id FROM key_holder AS h CROSS JOIN seal_key AS k ON k.id = h.id WHERE h.node = ?", "t", node);

  memset (sum, 0, YL_KEY_SUM_BYTES);
  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    {
      gsize length;
      const guint8 *id = yl_rows_blob (rows, 0, &length);

      if (length == YL_KEY_ID_BYTES)
        add_id (sum, id);
    }
  return yl_rows_ended (rows);
}

static gboolean
count_missing (YlStore *store, gint64 *n, GError **error)
{
  return yl_database_integer (store->database, n, 0, error, "SELECT count(*) FROM key_missing", NULL);
}

static gboolean
find_lost (YlStore *store, guint *n_lost, GError **error)
{
  g_autofree char *detail = NULL;
  gint64 before, after;

  if (!count_missing (store, &before, error) || !yl_key_ring_note_all (store, error)
      || !count_missing (store, &after, error))
    return FALSE;
  *n_lost = (guint) (after - before);
  if (*n_lost == 0)
    return TRUE;
  detail = g_strdup_printf (_ ("lost here and asked for again: %u"), *n_lost);
  return yl_store_note_sync (store, "keys", detail, error);
}

gboolean
yl_key_set_find_lost (YlStore *store, guint *n_lost, GError **error)
{
  if (!yl_store_begin (store, error))
    return FALSE;
  if (find_lost (store, n_lost, error))
    return yl_store_commit (store, error);
  yl_store_rollback (store);
  return FALSE;
}
