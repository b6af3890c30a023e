#include "orders/yl-dropout-button.h"

#include "base/yl-i18n.h"
#include "records/yl-booking.h"
#include "records/yl-codes.h"
#include "yl-window.h"

/* Causes a worker can have, the commonest first. */
static const char *const causes[] = { "dropout", "sick", "no_show", "worker_withdrew", "other" };

struct _YlDropoutButton
{
  AdwBin parent_instance;

  YlSession *session; /* borrowed */
  char *order;
  char *claim;

  /* Template children */
  GtkMenuButton *button;
  GtkPopover *popover;
  GtkDropDown *cause;
  GtkEditable *reason;
};

G_DEFINE_FINAL_TYPE (YlDropoutButton, yl_dropout_button, ADW_TYPE_BIN)

static void
note_clicked_cb (GtkWidget *widget, YlDropoutButton *self)
{
  const char *cause = causes[gtk_drop_down_get_selected (self->cause)];
  const char *reason = gtk_editable_get_text (self->reason);
  g_autoptr (GError) error = NULL;
  /* Noting it changes the store, which may take this button away. */
  g_autoptr (YlDropoutButton) keep = g_object_ref (self);
  g_autoptr (GtkWidget) window = g_object_ref (GTK_WIDGET (gtk_widget_get_root (widget)));

  gtk_popover_popdown (self->popover);
  if (!yl_booking_dropout (yl_session_get_store (self->session), self->claim, cause, *reason == '\0' ? NULL : reason,
                           &error))
    {
      yl_window_tell_error (window, error);
      return;
    }
  gtk_widget_activate_action (window, "win.substitute", "s", self->order);
}

static void
yl_dropout_button_finalize (GObject *object)
{
  YlDropoutButton *self = YL_DROPOUT_BUTTON (object);

  g_free (self->order);
  g_free (self->claim);
  G_OBJECT_CLASS (yl_dropout_button_parent_class)->finalize (object);
}

static void
yl_dropout_button_class_init (YlDropoutButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = yl_dropout_button_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/yuelai/Yuelai/orders/yl-dropout-button.ui");
  gtk_widget_class_bind_template_child (widget_class, YlDropoutButton, button);
  gtk_widget_class_bind_template_child (widget_class, YlDropoutButton, popover);
  gtk_widget_class_bind_template_child (widget_class, YlDropoutButton, cause);
  gtk_widget_class_bind_template_child (widget_class, YlDropoutButton, reason);
  gtk_widget_class_bind_template_callback (widget_class, note_clicked_cb);
}

static void
yl_dropout_button_init (YlDropoutButton *self)
{
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);

  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < G_N_ELEMENTS (causes); i++)
    gtk_string_list_append (labels, yl_code_label ("withdrawal_cause", causes[i]));
  gtk_drop_down_set_model (self->cause, G_LIST_MODEL (labels));
}

GtkWidget *
yl_dropout_button_new (YlSession *session, const char *order, const char *claim)
{
  YlDropoutButton *self = g_object_new (YL_TYPE_DROPOUT_BUTTON, NULL);

  self->session = session;
  self->order = g_strdup (order);
  self->claim = g_strdup (claim);
  return GTK_WIDGET (self);
}
