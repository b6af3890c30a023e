#pragma once

#include "yl-table.h"

G_BEGIN_DECLS

/*
 * The catalogue: the tables of core/records, indexed once. A test or bench program can extend it before the first store is opened, so that
 * synthetic tables, and older and newer schemas, go through the shipped code; the shipped programs never do.
 */

/**
 * YlCatalogueExtension: @tables (NULL-terminated) come after the shipped ones; one with the name of a shipped table takes its place,
 * as a newer form of it. @sql creates what they need, as the schema version after the last shipped file of data/sql.
 */
typedef struct
{
  const YlTable *const *tables;
  const char *sql;
} YlCatalogueExtension;

/** yl_catalogue_extend: adds one schema version. Borrowed for the life of the program; an error once the catalogue was used. */
void yl_catalogue_extend (const YlCatalogueExtension *extension);
/** yl_catalogue_n_extensions, yl_catalogue_extension_sql: the schema versions added, for the migrations. */
guint yl_catalogue_n_extensions (void);
const char *yl_catalogue_extension_sql (guint i);

/* YlTableIndex: what is worked out once for a table: for the inner loops of the doors. */
typedef struct
{
  guint n_fields;
  GHashTable *fields;     /* name -> index + 1 */
  guint *registers;       /* field -> the field its register is named after */
  const YlField **sorted; /* n_fields, ascending by name, as ops write them */
  char *select;           /* SELECT f1, f2, … FROM t WHERE id = ? */
  char *upsert;           /* a whole row: the id, then the fields */
  char *remove;           /* DELETE FROM t WHERE id = ? */
  char *exists;           /* SELECT 1 FROM t WHERE id = ? */
} YlTableIndex;
const YlTableIndex *yl_table_index (const YlTable *table);

G_END_DECLS
