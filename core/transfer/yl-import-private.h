#pragma once

#include "change/yl-change.h"
#include "yl-import.h"

G_BEGIN_DECLS

/** YlImportColumn: what a column of the file fills. Exactly one of the first four is set; none: the column has no name. */
typedef struct
{
  const YlField *field;
  const YlSet *set;
  const YlField *household_field; /* of a customer's household */
  const YlSet *household_set;
  gboolean customer_phone; /* of an order: names the customer */
  char *title;             /* as the file has it */
} YlImportColumn;

void yl_import_column_free (YlImportColumn *column);

/** yl_import_columns: reads the first row. Returns: (element-type YlImportColumn). Errors: YL_ERROR_INVALID. */
GPtrArray *yl_import_columns (const YlTable *table, const char *const *titles, GError **error);

/** YlImportOutcome: what became of a row. */
typedef enum
{
  YL_IMPORT_UNCHANGED,
  YL_IMPORT_UPDATED,
  YL_IMPORT_INSERTED,
} YlImportOutcome;

/** YlImportRow: the cells of one row, parsed, blank ones left out. */
typedef struct
{
  YlRecord *record;    /* the typed columns of the table itself */
  GPtrArray *sets;     /* (element-type YlImportSet) */
  YlRecord *household; /* NULL unless one of its columns was typed */
  GPtrArray *household_sets;
  guint ops;   /* at most so many records are written */
  guint bytes; /* about so large in the log */
} YlImportRow;

typedef struct
{
  const YlSet *set;
  char *list; /* canonical */
} YlImportSet;

/** yl_import_row_parse: @title receives the column at fault, not owned. Errors: as yl_field_parse(). */
YlImportRow *yl_import_row_parse (YlStore *store,
                                  const YlTable *table,
                                  const GPtrArray *columns,
                                  const char *const *cells,
                                  const char **title,
                                  GError **error);
void yl_import_row_free (YlImportRow *row);

/**
 * yl_import_row_write: writes a row into the open change set. A row that is refused leaves nothing behind in it.
 * Errors: YL_ERROR_INVALID, YL_ERROR_REFUSED, YL_ERROR_NOT_FOUND refuse the row; any other ends the import.
 */
gboolean yl_import_row_write (YlChange *change, YlImportRow *row, YlImportOutcome *outcome, GError **error);

/** yl_import_table: the table of that name, if it can be taken in from a file. Errors: YL_ERROR_INVALID. */
const YlTable *yl_import_table (const char *name, GError **error);
/** yl_import_find: sets @found to the record a row names, NULL if there is none yet. Errors: YL_ERROR_INVALID where the row
 * names two different records, or none that a repeated import could find again. */
gboolean yl_import_find (YlStore *store, const YlRecord *record, char **found, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlImportColumn, yl_import_column_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlImportRow, yl_import_row_free)

G_END_DECLS
