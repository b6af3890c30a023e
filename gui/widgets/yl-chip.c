#include "widgets/yl-chip.h"

#include <string.h>

#include "records/yl-codes.h"

GtkWidget *
yl_chip_new (const char *text, const char *style)
{
  GtkWidget *chip = gtk_label_new (text);

  gtk_widget_add_css_class (chip, "chip");
  if (style != NULL)
    gtk_widget_add_css_class (chip, style);
  gtk_label_set_ellipsize (GTK_LABEL (chip), PANGO_ELLIPSIZE_END);
  return chip;
}

void
yl_chip_append_codes (YlWrapBox *box, const char *code_list, const char *codes)
{
  g_auto (GStrv) elements = g_strsplit (codes == NULL ? "" : codes, ",", -1);

  for (guint i = 0; elements[i] != NULL; i++)
    {
      elements[i][strcspn (elements[i], ":")] = '\0';
      if (*elements[i] != '\0')
        yl_wrap_box_append (box, yl_chip_new (yl_code_label (code_list, elements[i]), NULL));
    }
}

GtkWidget *
yl_chip_toggle_new (const char *text, const char *code)
{
  GtkWidget *chip = gtk_toggle_button_new_with_label (text);

  gtk_widget_add_css_class (chip, "chip-toggle");
  g_object_set_data_full (G_OBJECT (chip), "code", g_strdup (code), g_free);
  return chip;
}

const char *
yl_chip_get_code (GtkWidget *chip)
{
  return g_object_get_data (G_OBJECT (chip), "code");
}
