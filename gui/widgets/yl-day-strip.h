#pragma once

#include <gtk/gtk.h>

#include "desk/yl-agenda.h"

G_BEGIN_DECLS

#define YL_TYPE_DAY_STRIP (yl_day_strip_get_type ())
/**
 * YlDayStrip: one worker's day on a line: her visits as blocks (firm: promised; hatched outline: tentative; grey: served or
 * away), the hour now, and optionally the interval somebody wants. Read out as a sentence.
 */
G_DECLARE_FINAL_TYPE (YlDayStrip, yl_day_strip, YL, DAY_STRIP, GtkWidget)

GtkWidget *yl_day_strip_new (void);
/** yl_day_strip_set_day: @spans: (element-type YlSpan), borrowed for the call. @from, @until: what the line covers, UTC ms. */
void yl_day_strip_set_day (YlDayStrip *strip, GPtrArray *spans, gint64 from, gint64 until);
/** yl_day_strip_set_wanted: the interval asked for, and the hours by number; 0, 0 for none. */
void yl_day_strip_set_wanted (YlDayStrip *strip, gint64 start, gint64 end);
void yl_day_strip_set_now (YlDayStrip *strip, gint64 now);
/** yl_day_strip_set_hours: draw the hours above the line instead of blocks on it: the head of a table of strips. */
void yl_day_strip_set_hours (YlDayStrip *strip, gboolean hours);

G_END_DECLS
