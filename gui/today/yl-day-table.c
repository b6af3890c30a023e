#include "today/yl-day-table.h"

#include "base/yl-clock.h"
#include "base/yl-i18n.h"
#include "records/yl-worker.h"
#include "widgets/yl-day-strip.h"

#define FIRST_HOUR 7
#define LAST_HOUR 21
#define NAME_WIDTH 104

struct _YlDayTable
{
  AdwBin parent_instance;
  GtkWidget *list;
  GtkWidget *empty;
  GtkWidget *stack;
};

G_DEFINE_FINAL_TYPE (YlDayTable, yl_day_table, ADW_TYPE_BIN)

static void
row_activated_cb (GtkListBox *list, GtkListBoxRow *row, YlDayTable *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.worker", "s", g_object_get_data (G_OBJECT (row), "worker"));
}

static GtkWidget *
make_line (GtkWidget *name, GtkWidget *strip)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);

  gtk_widget_set_size_request (name, NAME_WIDTH, -1);
  gtk_widget_set_hexpand (strip, TRUE);
  gtk_widget_set_valign (strip, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (line), name);
  gtk_box_append (GTK_BOX (line), strip);
  return line;
}

static GtkWidget *
make_head (gint64 from, gint64 until)
{
  GtkWidget *strip = yl_day_strip_new ();
  GtkWidget *row = gtk_list_box_row_new ();

  yl_day_strip_set_day (YL_DAY_STRIP (strip), NULL, from, until);
  yl_day_strip_set_hours (YL_DAY_STRIP (strip), TRUE);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), make_line (gtk_label_new (NULL), strip));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_list_box_row_set_selectable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  return row;
}

static GtkWidget *
make_row (const YlAgendaRow *agenda, gint64 from, gint64 until, gint64 now)
{
  g_autofree char *masked = yl_worker_masked_name (agenda->name);
  g_autofree char *text = g_strdup_printf ("%s  %s", masked, agenda->worker_no == NULL ? "" : agenda->worker_no);
  GtkWidget *name = gtk_label_new (text);
  GtkWidget *strip = yl_day_strip_new ();
  GtkWidget *row = gtk_list_box_row_new ();

  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (name, "caption");
  yl_day_strip_set_day (YL_DAY_STRIP (strip), agenda->spans, from, until);
  yl_day_strip_set_now (YL_DAY_STRIP (strip), now);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), make_line (name, strip));
  g_object_set_data_full (G_OBJECT (row), "worker", g_strdup (agenda->worker), g_free);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  return row;
}

static void
yl_day_table_class_init (YlDayTableClass *klass)
{
}

static void
yl_day_table_init (YlDayTable *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->list = gtk_list_box_new ();
  self->empty = gtk_label_new (_ ("No visits today."));
  self->stack = gtk_stack_new ();
  gtk_widget_add_css_class (self->list, "day-table");
  gtk_widget_add_css_class (self->empty, "dim-label");
  gtk_widget_set_valign (self->empty, GTK_ALIGN_START);
  gtk_widget_set_margin_top (self->empty, 24);
  gtk_widget_set_margin_bottom (self->empty, 24);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), self->list);
  gtk_stack_set_vhomogeneous (GTK_STACK (self->stack), FALSE);
  gtk_stack_add_child (GTK_STACK (self->stack), scroller);
  gtk_stack_add_child (GTK_STACK (self->stack), self->empty);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Today’s visits"), -1);
  g_signal_connect (self->list, "row-activated", G_CALLBACK (row_activated_cb), self);
  adw_bin_set_child (ADW_BIN (self), self->stack);
}

void
yl_day_table_set_agenda (YlDayTable *self, GPtrArray *agenda, gint64 midnight, gint64 now)
{
  gint64 from = midnight + FIRST_HOUR * 60 * YL_MINUTE_MS;
  gint64 until = midnight + LAST_HOUR * 60 * YL_MINUTE_MS;
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (self->list)) != NULL)
    gtk_list_box_remove (GTK_LIST_BOX (self->list), row);
  gtk_list_box_append (GTK_LIST_BOX (self->list), make_head (from, until));
  for (guint i = 0; i < agenda->len; i++)
    gtk_list_box_append (GTK_LIST_BOX (self->list), make_row (agenda->pdata[i], from, until, now));
  if (agenda->len == 0)
    gtk_stack_set_visible_child (GTK_STACK (self->stack), self->empty);
  else
    gtk_stack_set_visible_child (GTK_STACK (self->stack), gtk_widget_get_parent (gtk_widget_get_parent (self->list)));
}
