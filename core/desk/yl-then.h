#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/** YlThenLine: one field of a record, or one of its lists, as it was at a time. */
typedef struct
{
  const YlField *field; /* NULL: a list */
  const char *label;
  char *words;
} YlThenLine;
void yl_then_line_free (YlThenLine *line);

/** yl_then_lines: what the record showed once everything up to @hlc was known, without what was empty (element-type YlThenLine).
 * Errors: YL_ERROR_NOT_FOUND: it was not there yet; YL_ERROR_MISSING: this store no longer keeps that far back. */
GPtrArray *yl_then_lines (YlStore *store, const char *table, const char *id, gint64 hlc, GError **error);

G_END_DECLS
