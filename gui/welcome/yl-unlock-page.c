#include "welcome/yl-unlock-page.h"

#include "base/yl-i18n.h"
#include "seal/yl-lock.h"
#include "welcome/yl-passphrase-choice.h"

struct _YlUnlockPage
{
  AdwBin parent_instance;
  char *file;

  /* Template children */
  AdwStatusPage *status;
  GtkEditable *passphrase;
  GtkWidget *unlock_button;
  GtkSpinner *spinner;
  GtkLabel *error_label;
};

G_DEFINE_FINAL_TYPE (YlUnlockPage, yl_unlock_page, ADW_TYPE_BIN)

enum
{
  UNLOCKED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
set_busy (YlUnlockPage *self, gboolean busy)
{
  gtk_spinner_set_spinning (self->spinner, busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->passphrase), !busy);
  gtk_widget_set_sensitive (self->unlock_button, !busy && *gtk_editable_get_text (self->passphrase) != '\0');
}

static void
show_error (YlUnlockPage *self, const char *sentence)
{
  gtk_label_set_label (self->error_label, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), sentence != NULL);
}

static void
tried_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  YlUnlockPage *self = YL_UNLOCK_PAGE (source);
  g_autoptr (GError) error = NULL;
  gboolean ok = g_task_propagate_boolean (G_TASK (result), &error);

  gtk_editable_set_text (self->passphrase, "");
  set_busy (self, FALSE);
  show_error (self, ok ? NULL : error->message);
  if (ok)
    g_signal_emit (self, signals[UNLOCKED], 0, self->file);
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->passphrase));
}

/* In a thread: checking a passphrase is slow on purpose. */
static void
try_thread (GTask *task, gpointer source, gpointer passphrase, GCancellable *cancellable)
{
  GError *error = NULL;

  if (yl_lock_try_passphrase (YL_UNLOCK_PAGE (source)->file, passphrase, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
unlock_cb (GtkWidget *widget, YlUnlockPage *self)
{
  g_autoptr (GTask) task = NULL;

  if (*gtk_editable_get_text (self->passphrase) == '\0')
    return;
  show_error (self, NULL);
  set_busy (self, TRUE);
  task = g_task_new (self, NULL, tried_cb, NULL);
  g_task_set_task_data (task, g_strdup (gtk_editable_get_text (self->passphrase)), (GDestroyNotify) yl_passphrase_free);
  g_task_run_in_thread (task, try_thread);
}

static void
passphrase_changed_cb (GtkEditable *passphrase, YlUnlockPage *self)
{
  gtk_widget_set_sensitive (self->unlock_button, *gtk_editable_get_text (passphrase) != '\0');
}

static void
yl_unlock_page_finalize (GObject *object)
{
  g_free (YL_UNLOCK_PAGE (object)->file);
  G_OBJECT_CLASS (yl_unlock_page_parent_class)->finalize (object);
}

static void
yl_unlock_page_class_init (YlUnlockPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = yl_unlock_page_finalize;
  signals[UNLOCKED] = g_signal_new ("unlocked", YL_TYPE_UNLOCK_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/yuelai/Yuelai/welcome/yl-unlock-page.ui");
  gtk_widget_class_bind_template_child (widget_class, YlUnlockPage, status);
  gtk_widget_class_bind_template_child (widget_class, YlUnlockPage, passphrase);
  gtk_widget_class_bind_template_child (widget_class, YlUnlockPage, unlock_button);
  gtk_widget_class_bind_template_child (widget_class, YlUnlockPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, YlUnlockPage, error_label);
  gtk_widget_class_bind_template_callback (widget_class, passphrase_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, unlock_cb);
}

static void
yl_unlock_page_init (YlUnlockPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
yl_unlock_page_ask (YlUnlockPage *self, const char *file)
{
  g_autofree char *name = g_path_get_basename (file);
  g_autofree char *shown = g_filename_display_name (name);
  g_autofree char *description = g_strdup_printf (_ ("A passphrase protects %s."), shown);

  g_free (self->file);
  self->file = g_strdup (file);
  adw_status_page_set_description (self->status, description);
  show_error (self, NULL);
  set_busy (self, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self->passphrase));
}
