#include "welcome/yl-welcome-page.h"

#include <errno.h>

#include "base/yl-i18n.h"
#include "exchange/yl-enrol.h"
#include "seal/yl-lock.h"
#include "transfer/yl-demo.h"
#include "welcome/yl-passphrase-choice.h"

#define DEMO_SEED 1

struct _YlWelcomePage
{
  AdwBin parent_instance;

  /* Template children */
  GtkEditable *code;
  GtkWidget *join_button;
  GtkWidget *demo_button;
  GtkWidget *open_button;
  YlPassphraseChoice *protection;
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
  gtk_widget_set_sensitive (GTK_WIDGET (self->protection), !busy);
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

  yl_passphrase_offer (NULL);
  set_busy (self, NULL);
  if (file == NULL)
    yl_welcome_page_show_error (self, error->message);
  else
    g_signal_emit (self, signals[STORE_READY], 0, file);
}

/* What is to be made, and how it is to be protected. */
typedef struct
{
  char *file;
  char *code; /* NULL for the demo */
  gboolean by_passphrase;
} Work;

static void
free_work (gpointer data)
{
  Work *work = data;

  g_free (work->file);
  g_free (work->code);
  g_free (work);
}

/* Whatever comes first on this PC protects a new file; a passphrase that somebody chose takes its place. */
static gboolean
protect (YlStore *store, const Work *work, GError **error)
{
  YlLockKind kind;

  return !work->by_passphrase
         || (yl_lock_get_kind (store, &kind, error)
             && (kind == YL_LOCK_PASSPHRASE || yl_lock_change (store, YL_LOCK_PASSPHRASE, NULL, error)));
}

static void
start (YlWelcomePage *self, Work *work, const char *text, GTaskThreadFunc thread)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GError) error = NULL;
  char *passphrase;

  if (!yl_passphrase_choice_take (self->protection, &passphrase, &error))
    {
      yl_welcome_page_show_error (self, error->message);
      free_work (work);
      return;
    }
  work->by_passphrase = passphrase != NULL;
  yl_passphrase_offer (passphrase);
  set_busy (self, text);
  task = g_task_new (self, NULL, work_done_cb, NULL);
  g_task_set_task_data (task, work, free_work);
  g_task_run_in_thread (task, thread);
}

static Work *
work_new (YlWelcomePage *self, const char *name, const char *code)
{
  g_autoptr (GError) error = NULL;
  char *file = data_file (name, &error);
  Work *work;

  if (file == NULL)
    {
      yl_welcome_page_show_error (self, error->message);
      return NULL;
    }
  work = g_new0 (Work, 1);
  work->file = file;
  work->code = g_strdup (code);
  return work;
}

/* Joining: the thread waits for head office, the page shows the digits meanwhile. */

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
  const Work *work = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (YlStore) store = yl_enrol_join (work->file, work->code, digits_cb, task, &error);

  if (store == NULL || !protect (store, work, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, g_strdup (work->file), g_free);
}

static void
join_clicked_cb (GtkWidget *widget, YlWelcomePage *self)
{
  g_autofree char *code = g_strstrip (g_strdup (gtk_editable_get_text (self->code)));
  Work *work = *code != '\0' ? work_new (self, "store.yuelai", code) : NULL;

  if (work != NULL)
    start (self, work, _ ("Asking head office…"), join_thread);
}

static void
code_changed_cb (GtkEditable *code, YlWelcomePage *self)
{
  gtk_widget_set_sensitive (self->join_button, *gtk_editable_get_text (code) != '\0');
}

/* The demo: head office's store of a made-up chain, made once. */

static gboolean
make_demo (const Work *work, GError **error)
{
  g_autoptr (YlStore) store =
      yl_demo_found (work->file, "DEMO", "http://127.0.0.1:8460", &YL_DEMO_FULL, DEMO_SEED, error);

  return store != NULL && protect (store, work, error);
}

static void
demo_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Work *work = data;
  g_autoptr (GError) error = NULL;

  if (make_demo (work, &error))
    g_task_return_pointer (task, g_strdup (work->file), g_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
demo_clicked_cb (GtkWidget *widget, YlWelcomePage *self)
{
  Work *work = work_new (self, "demo.yuelai", NULL);

  if (work == NULL)
    return;
  if (!g_file_test (work->file, G_FILE_TEST_EXISTS))
    {
      start (self, work, _ ("Making up a chain of twelve stores…"), demo_thread);
      return;
    }
  g_signal_emit (self, signals[STORE_READY], 0, work->file);
  free_work (work);
}

static void
yl_welcome_page_class_init (YlWelcomePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (YL_TYPE_PASSPHRASE_CHOICE);
  signals[STORE_READY] = g_signal_new ("store-ready", YL_TYPE_WELCOME_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/yuelai/Yuelai/welcome/yl-welcome-page.ui");
  gtk_widget_class_bind_template_child (widget_class, YlWelcomePage, code);
  gtk_widget_class_bind_template_child (widget_class, YlWelcomePage, join_button);
  gtk_widget_class_bind_template_child (widget_class, YlWelcomePage, demo_button);
  gtk_widget_class_bind_template_child (widget_class, YlWelcomePage, open_button);
  gtk_widget_class_bind_template_child (widget_class, YlWelcomePage, protection);
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
