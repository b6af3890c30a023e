#pragma once

#include "change/yl-change.h"
#include "yl-bench-job.h"

G_BEGIN_DECLS

/* Writing the job through the door: @batch rows a change set, into @table. */
gboolean yl_bench_write_orders (YlStore *store, const char *table, GPtrArray *orders, guint batch, GError **error);
/* @suffix: put after every value, so that a second round differs. */
gboolean yl_bench_write_changes (YlStore *store,
                                 const char *table,
                                 GPtrArray *changes,
                                 const char *suffix,
                                 guint batch,
                                 GError **error);

G_END_DECLS
