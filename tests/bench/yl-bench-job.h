#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The rivals' job: 10,000 orders and the changes made to them, from the tab-separated files that all of them read. */

/* YlBenchChange: one column of one order. */
typedef struct
{
  char *id;
  char *column;
  char *value;
} YlBenchChange;

/* yl_bench_columns: the columns of an order after its id, NULL-terminated. */
extern const char *const yl_bench_columns[];

/* yl_bench_read_orders: each an id and its columns (element-type GStrv). NULL with an error. */
GPtrArray *yl_bench_read_orders (const char *dir, GError **error);
/* yl_bench_read_changes: (element-type YlBenchChange). */
GPtrArray *yl_bench_read_changes (const char *dir, const char *name, GError **error);

G_END_DECLS
