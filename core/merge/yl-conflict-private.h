#pragma once

#include "yl-conflict.h"

G_BEGIN_DECLS

/* yl_conflict_fields: the fields of a register (element-type YlField, borrowed): none for life and for columns of a newer version. */
GPtrArray *yl_conflict_fields (const char *table, const char *name);
/* yl_conflict_register: the register a column belongs to. */
char *yl_conflict_register (const char *table, const char *column);
/* yl_conflict_reopened_id: the record of table `reopened` that says this decision was taken back. */
char *yl_conflict_reopened_id (const char *table, const char *id, const char *field);
/* yl_conflict_read_bases: fills in what the writer of each version had seen. */
gboolean yl_conflict_read_bases (YlStore *store, YlConflict *conflict, GError **error);

G_END_DECLS
