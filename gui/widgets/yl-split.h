#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define YL_TYPE_SPLIT (yl_split_get_type ())
/**
 * YlSplit: two children side by side where there is room (`threshold` pixels). Below that either one above the other
 * (`stacks`), or one at a time: the end child while `show-end`, else the start child.
 * Properties: start, end, threshold, end-width (pixels wanted for the end child), stacks, show-end, narrow (read-only).
 */
G_DECLARE_FINAL_TYPE (YlSplit, yl_split, YL, SPLIT, GtkWidget)

gboolean yl_split_is_narrow (YlSplit *split);
void yl_split_set_show_end (YlSplit *split, gboolean show_end);
gboolean yl_split_get_show_end (YlSplit *split);

G_END_DECLS
