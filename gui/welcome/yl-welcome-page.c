#include "welcome/yl-welcome-page.h"

#include <errno.h>

#include "base/yl-i18n.h"
#include "exchange/yl-enrol.h"
#include "transfer/yl-demo.h"

#define DEMO_SEED 1

struct _YlWelcomePage
{
  AdwBin parent_instance;

  /* Template children */
  GtkEditable *code;
  GtkWidget *join_button;
  GtkWidget *demo_button;
  GtkWidget *open_button;
  GtkWidget *progress_box;
  GtkSpinner *spinner;
  GtkLabel *progress_label;
  GtkLabel *error_label;
};

G_DEFINE_FINAL_TYPE (YlWelcomePage, yl_welcome_page, ADW_TYPE_BIN)

enum
{
  STORE_READY,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static char *
data_file (const char *name, GError **error)
{
  g_autofree char *directory = g_build_filename (g_get_user_data_dir (), "yuelai", NULL);

  if (g_mkdir_with_parents (directory, 0700) != 0)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_FAILED, _ ("The folder %s cannot be made: %s."), directory,
                   g_strerror (errno));
      return NULL;
    }
  return g_build_filename (directory, name, NULL);
}

/* @text NULL: not busy. */
static void
set_busy (YlWelcomePage *self, const char *text)
{
  gboolean busy = text != NULL;

  gtk_widget_set_visible (self->progress_box, busy);
  gtk_spinner_set_spinning (self->spinner, busy);
  gtk_label_set_label (self->progress_label, busy ? text : "");
  gtk_widget_set_sensitive (self->demo_button, !busy);
  gtk_widget_set_sensitive (self->open_button, !busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->code), !busy);
  gtk_widget_set_sensitive (self->join_button, !busy && *gtk_editable_get_text (self->code) != '\0');
  if (busy)
    gtk_widget_set_visible (GTK_WIDGET (self->error_label), FALSE);
}

static void
work_done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  YlWelcomePage *self = YL_WELCOME_PAGE (source);
  g_autoptr (GError) error = NULL;
  g_autofree char *file = g_task_propagate_pointer (G_TASK (result), &error);

  set_busy (self, NULL);
  if (file == NULL)
    yl_welcome_page_show_error (self, error->message);
  else
    g_signal_emit (self, signals[STORE_READY], 0, file);
}

/* Joining: the thread waits for head office, the page shows the digits meanwhile. */

typedef struct
{
  char *file;
  char *code;
} JoinWork;

static void
free_join_work (gpointer data)
{
  JoinWork *work = data;

  g_free (work->file);
  g_free (work->code);
  g_free (work);
}

typedef struct
{
  YlWelcomePage *page;
  char *digits;
} ShownDigits;

static gboolean
show_digits_cb (gpointer data)
{
  g_autofree ShownDigits *shown = data;
  g_autofree char *text = g_strdup_printf (_ ("Head office must see the same digits and approve: %s"), shown->digits);

  gtk_label_set_label (shown->page->progress_label, text);
  g_object_unref (shown->page);
  g_free (shown->digits);
  return G_SOURCE_REMOVE;
}

static void
digits_cb (const char *digits, gpointer task)
{
  ShownDigits *shown = g_new0 (ShownDigits, 1);

  shown->page = g_object_ref (g_task_get_source_object (task));
  shown->digits = g_strdup (digits);
  g_main_context_invoke (NULL, show_digits_cb, shown);
}

static void
join_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  JoinWork *work = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (YlStore) store = yl_enrol_join (work->file, work->code, digits_cb, task, &error);

  if (store == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, g_strdup (work->file), g_free);
}

static void
join_clicked_cb (GtkWidget *widget, YlWelcomePage *self)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *file = data_file ("store.yuelai", &error);
  JoinWork *work;

  if (*gtk_editable_get_text (self->code) == '\0')
    return;
  if (file == NULL)
    {
      yl_welcome_page_show_error (self, error->message);
      return;
    }
  work = g_new0 (JoinWork, 1);
  work->file = g_steal_pointer (&file);
  work->code = g_strstrip (g_strdup (gtk_editable_get_text (self->code)));
  set_busy (self, _ ("Asking head office…"));
  task = g_task_new (self, NULL, work_done_cb, NULL);
  g_task_set_task_data (task, work, free_join_work);
  g_task_run_in_thread (task, join_thread);
}

static void
code_changed_cb (GtkEditable *code, YlWelcomePage *self)
{
  gtk_widget_set_sensitive (self->join_button, *gtk_editable_get_text (code) != '\0');
}

/* The demo: head office's store of a made-up chain, made once. */

static gboolean
make_demo (const char *file, GError **error)
{
  g_autoptr (YlStore) store = yl_demo_found (file, "DEMO", "http://127.0.0.1:8460", &YL_DEMO_FULL, DEMO_SEED, error);

  return store != NULL;
}

static void
demo_thread (GTask *task, gpointer source, gpointer file, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;

  if (g_file_test (file, G_FILE_TEST_EXISTS) || make_demo (file, &error))
    g_task_return_pointer (task, g_strdup (file), g_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
demo_clicked_cb (GtkWidget *widget, YlWelcomePage *self)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *file = data_file ("demo.yuelai", &error);

  if (file == NULL)
    {
      yl_welcome_page_show_error (self, error->message);
      return;
    }
  set_busy (self, _ ("Making up a chain of twelve stores…"));
  task = g_task_new (self, NULL, work_done_cb, NULL);
  g_task_set_task_data (task, g_steal_pointer (&file), g_free);
  g_task_run_in_thread (task, demo_thread);
}

static void
yl_welcome_page_class_init (YlWelcomePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[STORE_READY] = g_signal_new ("store-ready", YL_TYPE_WELCOME_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/yuelai/Yuelai/welcome/yl-welcome-page.ui");
  gtk_widget_class_bind_template_child (widget_class, YlWelcomePage, code);
  gtk_widget_class_bind_template_child (widget_class, YlWelcomePage, join_button);
  gtk_widget_class_bind_template_child (widget_class, YlWelcomePage, demo_button);
  gtk_widget_class_bind_template_child (widget_class, YlWelcomePage, open_button);
  gtk_widget_class_bind_template_child (widget_class, YlWelcomePage, progress_box);
  gtk_widget_class_bind_template_child (widget_class, YlWelcomePage, spinner);
  gtk_widget_class_bind_template_child (widget_class, YlWelcomePage, progress_label);
  gtk_widget_class_bind_template_child (widget_class, YlWelcomePage, error_label);
  gtk_widget_class_bind_template_callback (widget_class, code_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, join_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, demo_clicked_cb);
}

static void
yl_welcome_page_init (YlWelcomePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
yl_welcome_page_show_error (YlWelcomePage *self, const char *sentence)
{
  gtk_label_set_label (self->error_label, sentence);
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), TRUE);
}
