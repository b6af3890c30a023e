#include "widgets/yl-facts.h"

struct _YlFacts
{
  AdwBin parent_instance;
  GtkGrid *grid;
  int n_rows;
};

G_DEFINE_FINAL_TYPE (YlFacts, yl_facts, ADW_TYPE_BIN)

static void
yl_facts_class_init (YlFactsClass *klass)
{
}

static void
yl_facts_init (YlFacts *self)
{
  self->grid = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_column_spacing (self->grid, 12);
  gtk_grid_set_row_spacing (self->grid, 6);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->grid));
}

void
yl_facts_clear (YlFacts *self)
{
  while (self->n_rows > 0)
    gtk_grid_remove_row (self->grid, --self->n_rows);
}

void
yl_facts_add_widget (YlFacts *self, const char *name, GtkWidget *value)
{
  GtkWidget *label = gtk_label_new (name);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_set_hexpand (value, TRUE);
  gtk_grid_attach (self->grid, label, 0, self->n_rows, 1, 1);
  gtk_grid_attach (self->grid, value, 1, self->n_rows, 1, 1);
  self->n_rows++;
}

void
yl_facts_add (YlFacts *self, const char *name, const char *value)
{
  GtkWidget *label;

  if (value == NULL || *value == '\0')
    return;
  label = gtk_label_new (value);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, "numeric");
  yl_facts_add_widget (self, name, label);
}
