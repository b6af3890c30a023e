#include "widgets/yl-secret.h"

#include "base/yl-i18n.h"
#include "yl-format.h"

struct _YlSecret
{
  AdwBin parent_instance;
  char *phone;
  GtkLabel *label;
  GtkWidget *button;
};

G_DEFINE_FINAL_TYPE (YlSecret, yl_secret, ADW_TYPE_BIN)

static void
reveal_cb (GtkButton *button, YlSecret *self)
{
  g_autofree char *clear = yl_format_phone (self->phone, FALSE);

  gtk_label_set_label (self->label, clear);
  gtk_label_set_selectable (self->label, TRUE);
  gtk_widget_set_visible (self->button, FALSE);
}

static void
yl_secret_finalize (GObject *object)
{
  g_free (YL_SECRET (object)->phone);
  G_OBJECT_CLASS (yl_secret_parent_class)->finalize (object);
}

static void
yl_secret_class_init (YlSecretClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = yl_secret_finalize;
}

static void
yl_secret_init (YlSecret *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);

  self->label = GTK_LABEL (gtk_label_new (NULL));
  self->button = gtk_button_new_with_label (_ ("Show number"));
  gtk_widget_add_css_class (GTK_WIDGET (self->label), "numeric");
  gtk_widget_add_css_class (self->button, "flat");
  gtk_widget_add_css_class (self->button, "small");
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  g_signal_connect (self->button, "clicked", G_CALLBACK (reveal_cb), self);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->label));
  gtk_box_append (GTK_BOX (box), self->button);
  adw_bin_set_child (ADW_BIN (self), box);
}

GtkWidget *
yl_secret_new_phone (const char *phone)
{
  YlSecret *self = g_object_new (YL_TYPE_SECRET, NULL);
  g_autofree char *masked = yl_format_phone (phone, TRUE);

  self->phone = g_strdup (phone);
  gtk_label_set_label (self->label, phone == NULL ? _ ("not shared with this store") : masked);
  gtk_widget_set_visible (self->button, phone != NULL);
  return GTK_WIDGET (self);
}
