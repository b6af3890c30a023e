#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/*
 * Taking in CSV files. The first row names the columns: field names, set names, or their Chinese or English labels.
 * More columns for convenience: a customer may carry her household's (address, district, community, building, lat …),
 * an order its customer by number or phone (`customer`, `phone`, 客户电话).
 *
 * Safe to repeat: a row is written to the record it names (a worker by worker_no, id_no or phone, a customer by customer_no,
 * phone or wechat, an order by order_no, anything by its short number), only where it differs; a blank cell changes nothing.
 */

/** YlImportProgress: @done of @total rows. */
typedef void (*YlImportProgress) (guint done, guint total, gpointer data);

typedef struct
{
  const char *table;
  const char *file;
  gboolean dry_run;          /* check everything, write nothing */
  YlImportProgress progress; /* may be NULL */
  gpointer progress_data;
  GCancellable *cancellable; /* may be NULL; what was written before stays */
} YlImportRequest;

/** YlImportRefusal: why one row was not taken in. @sentence names field, value and what is expected. */
typedef struct
{
  guint line;
  char *field; /* NULL: the row as a whole */
  char *sentence;
} YlImportRefusal;

typedef struct
{
  guint rows;
  guint inserted;
  guint updated;
  guint unchanged;
  gboolean cancelled;
  GPtrArray *refusals; /* (element-type YlImportRefusal), in order of line */
} YlImportResult;

void yl_import_result_free (YlImportResult *result);

/**
 * yl_import_run: takes in a file, some 200 rows a change set. A file that cannot be read to its end as CSV is refused whole,
 * before anything is written.
 * Errors: YL_ERROR_NOT_FOUND (no file), YL_ERROR_INVALID (unknown table or column, no CSV, half a file), and the door's own.
 */
YlImportResult *yl_import_run (YlStore *store, const YlImportRequest *request, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlImportResult, yl_import_result_free)

G_END_DECLS
