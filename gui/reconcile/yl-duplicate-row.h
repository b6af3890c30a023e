#pragma once

#include <gtk/gtk.h>

#include "records/yl-duplicate.h"
#include "yl-session.h"

G_BEGIN_DECLS

#define YL_TYPE_DUPLICATE_ROW (yl_duplicate_row_get_type ())
/**
 * YlDuplicateRow: two records side by side that may be one person, and by what. 1 and 2 say that they are, and which is shown from
 * now on; 3 that they are not; 4 puts the question off until the window is opened again.
 * Signal: `later (YlDuplicateRow *)`.
 */
G_DECLARE_FINAL_TYPE (YlDuplicateRow, yl_duplicate_row, YL, DUPLICATE_ROW, GtkListBoxRow)

/** yl_duplicate_row_new: takes @pair. */
GtkWidget *yl_duplicate_row_new (YlSession *session, YlDuplicate *pair);
const YlDuplicate *yl_duplicate_row_get_pair (YlDuplicateRow *row);

G_END_DECLS
