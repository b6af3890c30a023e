#include "match/yl-funnel.h"

#include "base/yl-i18n.h"
#include "widgets/yl-wrap-box.h"

struct _YlFunnel
{
  AdwBin parent_instance;
  GtkBox *lines;
};

G_DEFINE_FINAL_TYPE (YlFunnel, yl_funnel, ADW_TYPE_BIN)

static GtkWidget *
make_step (const YlFunnelStep *step)
{
  g_autofree char *number = g_strdup_printf ("%u", step->out);
  guint fell_out = step->in - step->out;
  g_autofree char *text = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%1$s: %2$u of %3$u fell out", "%1$s: %2$u of %3$u fell out", fell_out),
      yl_match_rule_label (step->rule), fell_out, step->in);
  GtkWidget *button = gtk_menu_button_new ();
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *label = gtk_label_new (text);

  gtk_widget_set_margin_start (label, 6);
  gtk_widget_set_margin_end (label, 6);
  gtk_popover_set_child (GTK_POPOVER (popover), label);
  gtk_menu_button_set_child (GTK_MENU_BUTTON (button), gtk_label_new (number));
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), popover);
  gtk_widget_set_tooltip_text (button, text);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "funnel-step");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  return button;
}

static GtkWidget *
make_arrow (void)
{
  GtkWidget *arrow = gtk_label_new ("›");

  gtk_widget_add_css_class (arrow, "dim-label");
  gtk_widget_set_valign (arrow, GTK_ALIGN_CENTER);
  return arrow;
}

static GtkWidget *
make_line (const YlMatchResult *result, YlMatchStage stage)
{
  YlWrapBox *line = NULL;

  for (guint i = 0; i < result->funnel->len; i++)
    {
      const YlFunnelStep *step = &g_array_index (result->funnel, YlFunnelStep, i);
      if (step->stage != stage)
        continue;
      if (line == NULL)
        {
          g_autofree char *text = g_strdup_printf ("%s  %u", yl_match_stage_label (stage), step->in);
          GtkWidget *label = gtk_label_new (text);
          line = YL_WRAP_BOX (yl_wrap_box_new ());
          gtk_widget_add_css_class (label, "numeric");
          gtk_widget_add_css_class (label, "dim-label");
          gtk_widget_set_valign (label, GTK_ALIGN_CENTER);
          yl_wrap_box_append (line, label);
        }
      if (step->in == step->out)
        continue;
      yl_wrap_box_append (line, make_arrow ());
      yl_wrap_box_append (line, make_step (step));
    }
  return line == NULL ? NULL : GTK_WIDGET (line);
}

static void
yl_funnel_class_init (YlFunnelClass *klass)
{
}

static void
yl_funnel_init (YlFunnel *self)
{
  self->lines = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->lines), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Who fell out where"),
                                  -1);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->lines));
}

void
yl_funnel_show (YlFunnel *self, const YlMatchResult *result)
{
  GtkWidget *line;

  while ((line = gtk_widget_get_first_child (GTK_WIDGET (self->lines))) != NULL)
    gtk_box_remove (self->lines, line);
  for (YlMatchStage stage = YL_STAGE_OWN; stage <= YL_STAGE_CHAIN; stage++)
    {
      line = make_line (result, stage);
      if (line != NULL)
        gtk_box_append (self->lines, line);
    }
}
