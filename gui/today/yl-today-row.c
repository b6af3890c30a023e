#include "today/yl-today-row.h"

#include "desk/yl-today.h"

struct _YlTodayRow
{
  GtkListBoxRow parent_instance;

  YlRow *row;

  /* Template children */
  GtkLabel *badge;
  GtkLabel *title;
  GtkLabel *subtitle;
  GtkLabel *trailing;
  GtkBox *buttons;
  GtkButton *action;
};

G_DEFINE_FINAL_TYPE (YlTodayRow, yl_today_row, GTK_TYPE_LIST_BOX_ROW)

enum
{
  REFUSED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* The button does what Enter on the row does. */
static void
action_clicked_cb (GtkButton *button, YlTodayRow *self)
{
  g_signal_emit_by_name (self, "activate");
}

static void
refusal_clicked_cb (GtkButton *button, YlTodayRow *self)
{
  g_signal_emit (self, signals[REFUSED], 0);
}

static void
describe (YlRow *row, GParamSpec *pspec, YlTodayRow *self)
{
  g_autofree char *text =
      g_strjoin (", ", yl_row_get_text (row, YL_ROW_BADGE), yl_row_get_text (row, YL_ROW_TITLE),
                 yl_row_get_text (row, YL_ROW_SUBTITLE), yl_row_get_text (row, YL_ROW_TRAILING), NULL);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
yl_today_row_dispose (GObject *object)
{
  g_clear_object (&YL_TODAY_ROW (object)->row);
  G_OBJECT_CLASS (yl_today_row_parent_class)->dispose (object);
}

static void
yl_today_row_class_init (YlTodayRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = yl_today_row_dispose;
  signals[REFUSED] =
      g_signal_new ("refused", YL_TYPE_TODAY_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/yuelai/Yuelai/today/yl-today-row.ui");
  gtk_widget_class_bind_template_child (widget_class, YlTodayRow, badge);
  gtk_widget_class_bind_template_child (widget_class, YlTodayRow, title);
  gtk_widget_class_bind_template_child (widget_class, YlTodayRow, subtitle);
  gtk_widget_class_bind_template_child (widget_class, YlTodayRow, trailing);
  gtk_widget_class_bind_template_child (widget_class, YlTodayRow, buttons);
  gtk_widget_class_bind_template_child (widget_class, YlTodayRow, action);
  gtk_widget_class_bind_template_callback (widget_class, action_clicked_cb);
}

static void
yl_today_row_init (YlTodayRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
yl_today_row_new (YlRow *row)
{
  YlTodayRow *self = g_object_new (YL_TYPE_TODAY_ROW, NULL);

  self->row = g_object_ref (row);
  g_object_bind_property (row, "badge", self->badge, "label", G_BINDING_SYNC_CREATE);
  g_object_bind_property (row, "badge-classes", self->badge, "css-classes", G_BINDING_SYNC_CREATE);
  g_object_bind_property (row, "title", self->title, "label", G_BINDING_SYNC_CREATE);
  g_object_bind_property (row, "subtitle", self->subtitle, "label", G_BINDING_SYNC_CREATE);
  g_object_bind_property (row, "trailing", self->trailing, "label", G_BINDING_SYNC_CREATE);
  g_object_bind_property (row, "action", self->action, "label", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (row, "notify", G_CALLBACK (describe), self, 0);
  describe (row, NULL, self);
  return GTK_WIDGET (self);
}

YlRow *
yl_today_row_get_row (YlTodayRow *self)
{
  return self->row;
}

void
yl_today_row_add_refusal (YlTodayRow *self, const char *label)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_widget_add_css_class (button, "small");
  g_signal_connect_object (button, "clicked", G_CALLBACK (refusal_clicked_cb), self, 0);
  gtk_box_append (self->buttons, button);
}
