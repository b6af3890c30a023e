#pragma once

#include <gtk/gtk.h>

#include "desk/yl-agenda.h"

G_BEGIN_DECLS

#define YL_TYPE_WEEK_GRID (yl_week_grid_get_type ())
/** YlWeekGrid: a worker's week: seven columns of days, hours downwards, her visits and absences as blocks. */
G_DECLARE_FINAL_TYPE (YlWeekGrid, yl_week_grid, YL, WEEK_GRID, GtkWidget)

/** yl_week_grid_set_week: @spans: (element-type YlSpan), borrowed for the call. @monday: days since 1970-01-01. */
void yl_week_grid_set_week (YlWeekGrid *grid, GPtrArray *spans, gint64 monday, gint64 now);

G_END_DECLS
