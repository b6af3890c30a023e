#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define YL_TYPE_WRAP_BOX (yl_wrap_box_get_type ())
/** YlWrapBox: children in reading order, wrapped into lines like words. One stop for Tab; arrows go from child to child. */
G_DECLARE_FINAL_TYPE (YlWrapBox, yl_wrap_box, YL, WRAP_BOX, GtkWidget)

GtkWidget *yl_wrap_box_new (void);
void yl_wrap_box_append (YlWrapBox *box, GtkWidget *child);
void yl_wrap_box_clear (YlWrapBox *box);

G_END_DECLS
