#include "attachments/yl-attachment-add.h"

#include "base/yl-i18n.h"
#include "records/yl-attachment.h"
#include "yl-window.h"

/* Files on their way in, one after the other, so that one only is in memory. */
typedef struct
{
  GtkWidget *window;
  YlSession *session;
  char *table;
  char *owner;
  char *kind;
  GListModel *files;
  guint next;
  GPtrArray *added; /* ids */
} Adding;

static void
free_adding (Adding *adding)
{
  g_object_unref (adding->window);
  g_object_unref (adding->session);
  g_object_unref (adding->files);
  g_clear_pointer (&adding->added, g_ptr_array_unref);
  g_free (adding->table);
  g_free (adding->owner);
  g_free (adding->kind);
  g_free (adding);
}

static gboolean
undo_cb (YlStore *store, gpointer added, GError **error)
{
  const GPtrArray *ids = added;

  for (guint i = 0; i < ids->len; i++)
    if (!yl_attachment_remove (store, ids->pdata[i], error))
      return FALSE;
  return TRUE;
}

/* The window may have been closed meanwhile. */
static void
end (Adding *adding)
{
  guint n = adding->added->len;
  g_autofree char *sentence =
      g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u file added.", "%u files added.", n), n);

  if (n > 0 && gtk_widget_get_mapped (adding->window))
    yl_window_tell_undoable (adding->window, sentence, undo_cb, g_steal_pointer (&adding->added),
                             (GDestroyNotify) g_ptr_array_unref);
  free_adding (adding);
}

static void read_next (Adding *adding);

static gboolean
add (Adding *adding, GFile *file, GBytes *content, GError **error)
{
  g_autofree char *name = g_file_get_basename (file);
  char *id = yl_attachment_add (yl_session_get_store (adding->session), adding->table, adding->owner, adding->kind,
                                name, content, error);

  if (id != NULL)
    g_ptr_array_add (adding->added, id);
  return id != NULL;
}

static void
read_cb (GObject *file, GAsyncResult *result, gpointer data)
{
  Adding *adding = data;
  g_autoptr (GtkWidget) window = g_object_ref (adding->window);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) content = g_task_propagate_pointer (G_TASK (result), &error);

  if (content != NULL && add (adding, G_FILE (file), content, &error))
    {
      read_next (adding);
      return;
    }
  /* What was added before stays; the error comes last, so that it is the one that is read. */
  end (adding);
  if (gtk_widget_get_mapped (window))
    yl_window_tell_error (window, error);
}

static void
read_thread (GTask *task, gpointer file, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  GBytes *content = yl_attachment_load (file, &error);

  if (content != NULL)
    g_task_return_pointer (task, content, (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, error);
}

static void
read_next (Adding *adding)
{
  g_autoptr (GFile) file = g_list_model_get_item (adding->files, adding->next++);
  g_autoptr (GTask) task = NULL;

  if (file == NULL)
    {
      end (adding);
      return;
    }
  task = g_task_new (file, NULL, read_cb, adding);
  g_task_run_in_thread (task, read_thread);
}

void
yl_attachment_add_files (GtkWidget *widget,
                         YlSession *session,
                         const char *table,
                         const char *owner,
                         const char *kind,
                         GListModel *files)
{
  Adding *adding = g_new0 (Adding, 1);

  adding->window = g_object_ref (GTK_WIDGET (gtk_widget_get_root (widget)));
  adding->session = g_object_ref (session);
  adding->table = g_strdup (table);
  adding->owner = g_strdup (owner);
  adding->kind = g_strdup (kind);
  adding->files = g_object_ref (files);
  adding->added = g_ptr_array_new_with_free_func (g_free);
  read_next (adding);
}
