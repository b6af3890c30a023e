#pragma once

#include "store/yl-store-private.h"

G_BEGIN_DECLS

/*
 * Capture: while a change is open, SQLite's preupdate hook notes every replicated row that is touched, with its first old
 * and its last new values, whatever SQL did it. The ops are the difference at the end, so no write can forget the log.
 */

typedef struct
{
  const YlTable *table;
  char *id;
  YlValue *before; /* NULL: the row was not there */
  YlValue *after;  /* NULL: the row is not there any more */
} YlCaptured;

void yl_capture_install (YlStore *store);
YlCapture *yl_capture_new (void);
void yl_capture_free (YlCapture *capture);
/* yl_capture_expect: what the statement that comes next does to one row, so that the hook need not take it apart: from @before (NULL: a
 * new row) to @after, both as they are stored. Takes both. */
void yl_capture_expect (YlCapture *capture, const YlTable *table, const char *id, YlValue *before, YlValue *after);
/* yl_capture_expect_nothing: after the statement, which may have failed. */
void yl_capture_expect_nothing (YlCapture *capture);
/* yl_capture_row: notes a row as it is, whether or not it will be written. FALSE if it is not there. */
gboolean yl_capture_row (YlStore *store, const YlTable *table, const char *id, GError **error);
/* yl_capture_rows: in the order first touched (element-type YlCaptured). */
GPtrArray *yl_capture_rows (YlCapture *capture);

G_END_DECLS
