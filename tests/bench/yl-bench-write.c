#include "yl-bench-write.h"

#include "store/yl-table.h"

typedef struct
{
  const char *table;
  GPtrArray *rows;
  const char *suffix; /* NULL: rows are orders to insert */
} Writing;

static gboolean
insert_order (YlChange *change, const char *table, char **row, GError **error)
{
  g_autoptr (YlRecord) order = yl_record_new (yl_table_find (table), row[0]);

  for (guint i = 0; yl_bench_columns[i] != NULL; i++)
    yl_record_set_text (order, yl_bench_columns[i], row[i + 1]);
  return yl_change_insert (change, order, error);
}

static gboolean
update_order (YlChange *change, const Writing *writing, const YlBenchChange *update, GError **error)
{
  g_autoptr (YlRecord) order = yl_store_get (yl_change_get_store (change), writing->table, update->id, error);
  g_autofree char *value = NULL;

  if (order == NULL)
    return FALSE;
  value = g_strconcat (update->value, writing->suffix, NULL);
  yl_record_set_text (order, update->column, value);
  return yl_change_update (change, order, error);
}

/* Not inlined: a profiler is told to look at this function. */
G_NO_INLINE static gboolean
write_rows (YlStore *store, const Writing *writing, guint batch, GError **error)
{
  const gboolean insert = writing->suffix == NULL;

  for (guint done = 0; done < writing->rows->len;)
    {
      g_autoptr (YlChange) change = yl_change_begin (store, insert ? "add order" : "edit order", error);

      if (change == NULL)
        return FALSE;
      for (guint i = 0; i < batch && done < writing->rows->len; i++, done++)
        if (insert ? !insert_order (change, writing->table, writing->rows->pdata[done], error)
                   : !update_order (change, writing, writing->rows->pdata[done], error))
          return FALSE;
      if (!yl_change_commit (change, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
yl_bench_write_orders (YlStore *store, const char *table, GPtrArray *orders, guint batch, GError **error)
{
  const Writing writing = { table, orders, NULL };

  return write_rows (store, &writing, batch, error);
}

gboolean
yl_bench_write_changes (YlStore *store,
                        const char *table,
                        GPtrArray *changes,
                        const char *suffix,
                        guint batch,
                        GError **error)
{
  const Writing writing = { table, changes, suffix };

  return write_rows (store, &writing, batch, error);
}
