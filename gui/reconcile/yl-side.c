#include "reconcile/yl-side.h"

#include "yl-window.h"

GtkWidget *
yl_side_label (const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  return label;
}

GtkWidget *
yl_side_box (void)
{
  GtkWidget *box = gtk_flow_box_new ();

  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (box), GTK_SELECTION_NONE);
  gtk_flow_box_set_homogeneous (GTK_FLOW_BOX (box), TRUE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (box), 2);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (box), 12);
  gtk_flow_box_set_row_spacing (GTK_FLOW_BOX (box), 9);
  return box;
}

/* Only what is in a side takes the keyboard, not its place. */
void
yl_side_box_append (GtkWidget *box, GtkWidget *side)
{
  GtkWidget *place = gtk_flow_box_child_new ();

  gtk_widget_set_size_request (side, 240, -1);
  gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (place), side);
  gtk_widget_set_focusable (place, FALSE);
  gtk_flow_box_insert (GTK_FLOW_BOX (box), place, -1);
}

static gboolean
undo_cb (YlStore *store, gpointer data, GError **error)
{
  return yl_undo_commit (data, store, error);
}

void
yl_side_tell_undo (GtkWidget *widget, const char *sentence, YlUndo *undo)
{
  if (undo == NULL)
    yl_window_tell (widget, sentence);
  else
    yl_window_tell_undoable (widget, sentence, undo_cb, undo, (GDestroyNotify) yl_undo_free);
}
