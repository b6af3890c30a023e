#pragma once

#include <gtk/gtk.h>

#include "merge/yl-conflict.h"
#include "yl-session.h"

G_BEGIN_DECLS

#define YL_TYPE_CONFLICT_ROW (yl_conflict_row_get_type ())
/** YlConflictRow: one field with its values side by side, who wrote each, when and on which PC; what each had
 * seen; keys 1, 2, 3 (both) and 4 (another value) decide. */
G_DECLARE_FINAL_TYPE (YlConflictRow, yl_conflict_row, YL, CONFLICT_ROW, GtkListBoxRow)

/** yl_conflict_row_new: takes @conflict. */
GtkWidget *yl_conflict_row_new (YlSession *session, YlConflict *conflict);
const YlConflict *yl_conflict_row_get_conflict (YlConflictRow *row);

G_END_DECLS
