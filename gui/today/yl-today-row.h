#pragma once

#include <gtk/gtk.h>

#include "yl-row.h"

G_BEGIN_DECLS

#define YL_TYPE_TODAY_ROW (yl_today_row_get_type ())
/** YlTodayRow: one thing that needs somebody: what it is, whom it concerns, the time left, its main action. */
G_DECLARE_FINAL_TYPE (YlTodayRow, yl_today_row, YL, TODAY_ROW, GtkListBoxRow)

GtkWidget *yl_today_row_new (YlRow *row);
YlRow *yl_today_row_get_row (YlTodayRow *self);
/** yl_today_row_add_refusal: a second button beside the main action (`No`), which emits `refused`. */
void yl_today_row_add_refusal (YlTodayRow *self, const char *label);

G_END_DECLS
