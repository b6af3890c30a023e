#pragma once

#include <gtk/gtk.h>

#include "desk/yl-clash.h"
#include "yl-session.h"

G_BEGIN_DECLS

#define YL_TYPE_CLASH_ROW (yl_clash_row_get_type ())
/**
 * YlClashRow: a promise that gave way beside the one that holds, what decided, and what this store can do: head office may let the
 * other one hold (key 1), the store whose order lost its worker finds a substitute (Enter).
 */
G_DECLARE_FINAL_TYPE (YlClashRow, yl_clash_row, YL, CLASH_ROW, GtkListBoxRow)

/** yl_clash_row_new: takes @clash. */
GtkWidget *yl_clash_row_new (YlSession *session, YlClash *clash);

G_END_DECLS
