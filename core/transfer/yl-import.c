#include "yl-import-private.h"

#include "base/yl-i18n.h"
#include "yl-csv.h"

/* One change set stays well below the door's 1,000 ops and 1 MiB. */
#define BATCH_ROWS 200
#define BATCH_OPS 800
#define BATCH_BYTES 600000
#define PROGRESS_ROWS 50

typedef struct
{
  YlStore *store;
  const YlImportRequest *request;
  const YlTable *table;
  GPtrArray *columns;
  YlImportResult *result;
  guint total;

  /* The open change set and what it holds. */
  YlChange *change;
  guint batch_rows;
  guint batch_ops;
  guint batch_bytes;
} Import;

static void
refusal_free (gpointer data)
{
  YlImportRefusal *refusal = data;

  g_free (refusal->field);
  g_free (refusal->sentence);
  g_free (refusal);
}

void
yl_import_result_free (YlImportResult *result)
{
  if (result == NULL)
    return;
  g_ptr_array_unref (result->refusals);
  g_free (result);
}

static void
add_refusal (Import *import, guint line, const char *field, const GError *reason)
{
  YlImportRefusal *refusal = g_new0 (YlImportRefusal, 1);

  refusal->line = line;
  refusal->field = g_strdup (field);
  refusal->sentence = g_strdup (reason->message);
  g_ptr_array_add (import->result->refusals, refusal);
}

/* Whether an error is about the row alone. */
static gboolean
is_refusal (const GError *error)
{
  return g_error_matches (error, YL_ERROR, YL_ERROR_INVALID) || g_error_matches (error, YL_ERROR, YL_ERROR_REFUSED)
         || g_error_matches (error, YL_ERROR, YL_ERROR_NOT_FOUND);
}

/* Reads the whole file once: it must be CSV to its end before anything is written. */
static gboolean
count_rows (const char *file, guint *total, GError **error)
{
  g_autoptr (YlCsv) csv = yl_csv_open (file, error);
  g_autoptr (GError) reason = NULL;
  GStrv cells;

  if (csv == NULL)
    return FALSE;
  for (*total = 0; (cells = yl_csv_next (csv, &reason)) != NULL; (*total)++)
    g_strfreev (cells);
  if (reason == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

static gboolean
commit_batch (Import *import, GError **error)
{
  g_autoptr (YlChange) change = g_steal_pointer (&import->change);

  import->batch_rows = import->batch_ops = import->batch_bytes = 0;
  /* A dry run has one change set to its end, and drops it. */
  return change == NULL || import->request->dry_run || yl_change_commit (change, error);
}

static gboolean
open_batch (Import *import, const YlImportRow *row, GError **error)
{
  gboolean full = import->batch_rows == BATCH_ROWS || import->batch_ops + row->ops > BATCH_OPS
                  || import->batch_bytes + row->bytes > BATCH_BYTES;

  if (import->change != NULL && full && !import->request->dry_run && !commit_batch (import, error))
    return FALSE;
  if (import->change == NULL)
    {
      import->change = yl_change_begin (import->store, "import", error);
      if (import->change == NULL)
        return FALSE;
      yl_change_name (import->change, import->table->name);
    }
  import->batch_rows++;
  import->batch_ops += row->ops;
  import->batch_bytes += row->bytes;
  return TRUE;
}

static void
count_outcome (YlImportResult *result, YlImportOutcome outcome)
{
  result->inserted += outcome == YL_IMPORT_INSERTED;
  result->updated += outcome == YL_IMPORT_UPDATED;
  result->unchanged += outcome == YL_IMPORT_UNCHANGED;
}

/* FALSE: the import ends. A row's own fault is noted and the next row follows. */
static gboolean
take_row (Import *import, guint line, const char *const *cells, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (YlImportRow) row = NULL;
  YlImportOutcome outcome;
  const char *title = NULL;

  import->result->rows++;
  row = yl_import_row_parse (import->store, import->table, import->columns, cells, &title, &reason);
  if (row != NULL && !open_batch (import, row, error))
    return FALSE;
  if (row != NULL && yl_import_row_write (import->change, row, &outcome, &reason))
    {
      count_outcome (import->result, outcome);
      return TRUE;
    }
  if (is_refusal (reason))
    {
      add_refusal (import, line, title, reason);
      return TRUE;
    }
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

static void
report_progress (const Import *import)
{
  if (import->request->progress != NULL)
    import->request->progress (import->result->rows, import->total, import->request->progress_data);
}

static gboolean
take_rows (Import *import, YlCsv *csv, GError **error)
{
  g_autoptr (GError) reason = NULL;

  while (!(import->result->cancelled = g_cancellable_is_cancelled (import->request->cancellable)))
    {
      g_auto (GStrv) cells = yl_csv_next (csv, &reason);

      if (cells == NULL)
        break;
      if (!take_row (import, yl_csv_line (csv), (const char *const *) cells, error))
        return FALSE;
      if (import->result->rows % PROGRESS_ROWS == 0)
        report_progress (import);
    }
  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  report_progress (import);
  return commit_batch (import, error);
}

static gboolean
run (Import *import, GError **error)
{
  g_autoptr (YlCsv) csv = NULL;
  g_auto (GStrv) titles = NULL;

  import->table = yl_import_table (import->request->table, error);
  if (import->table == NULL || !count_rows (import->request->file, &import->total, error))
    return FALSE;
  if (import->total == 0)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("%s is empty: its first row must name the columns"),
                   import->request->file);
      return FALSE;
    }
  import->total--;
  csv = yl_csv_open (import->request->file, error);
  if (csv == NULL)
    return FALSE;
  titles = yl_csv_next (csv, error);
  if (titles == NULL)
    return FALSE;
  import->columns = yl_import_columns (import->table, (const char *const *) titles, error);
  return import->columns != NULL && take_rows (import, csv, error);
}

YlImportResult *
yl_import_run (YlStore *store, const YlImportRequest *request, GError **error)
{
  g_autoptr (YlImportResult) result = g_new0 (YlImportResult, 1);
  Import import = { .store = store, .request = request, .result = result };
  gboolean ok;

  result->refusals = g_ptr_array_new_with_free_func (refusal_free);
  ok = run (&import, error);
  g_clear_pointer (&import.change, yl_change_free);
  g_clear_pointer (&import.columns, g_ptr_array_unref);
  return ok ? g_steal_pointer (&result) : NULL;
}
