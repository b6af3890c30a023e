#pragma once

#include <gtk/gtk.h>

#include "change/yl-change.h"

G_BEGIN_DECLS

/* The parts that cards of this page are made of. */

/** yl_side_label: a label that wraps, in a style class. */
GtkWidget *yl_side_label (const char *text, const char *style);
/** yl_side_box: room for the sides of a card: beside each other where there is room, else below. */
GtkWidget *yl_side_box (void);
void yl_side_box_append (GtkWidget *box, GtkWidget *side);

/** yl_side_tell_undo: a toast for what was done, with its undo, which may be NULL; takes @undo. @widget: any in the window. */
void yl_side_tell_undo (GtkWidget *widget, const char *sentence, YlUndo *undo);

G_END_DECLS
