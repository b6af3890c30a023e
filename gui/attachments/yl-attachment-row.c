#include "attachments/yl-attachment-row.h"

#include "attachments/yl-picture.h"
#include "base/yl-i18n.h"
#include "exchange/yl-attachment-transfer.h"
#include "reconcile/yl-side.h"
#include "records/yl-codes.h"
#include "yl-window.h"

#define THUMBNAIL_SIZE 56
#define PROGRESS_MS 150

struct _YlAttachmentRow
{
  GtkListBoxRow parent_instance;

  YlSession *session; /* borrowed */
  YlAttachment *attachment;
  GCancellable *fetching; /* NULL: not being fetched */
  guint progress_source;

  GtkImage *thumbnail;
  GtkLabel *state;
  GtkWidget *progress;
  GtkButton *main;
};

G_DEFINE_FINAL_TYPE (YlAttachmentRow, yl_attachment_row, GTK_TYPE_LIST_BOX_ROW)

enum
{
  FETCHED,
  REMOVED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static gboolean
is_here (const YlAttachment *attachment)
{
  return attachment->n_here == attachment->n_chunks;
}

static gboolean
is_picture (const YlAttachment *attachment)
{
  return attachment->media != NULL && g_str_has_prefix (attachment->media, "image/");
}

/* Where it is, and what may be done about it. */
static const char *
place_words (YlAttachmentRow *self)
{
  YlStore *store = yl_session_get_store (self->session);

  if (self->attachment->media == NULL)
    return _ ("sealed: this store has no key to it");
  if (is_here (self->attachment))
    return NULL;
  if (yl_store_is_head_office (store))
    return _ ("not here yet: the PC that added it has not sent all of it");
  if (yl_sync_get_state (yl_session_get_sync (self->session)) == YL_SYNC_OFFLINE)
    return _ ("not on this PC; offline now, fetch it later");
  return _ ("not on this PC yet");
}

static void
show_state (YlAttachmentRow *self, const char *trouble)
{
  const YlAttachment *attachment = self->attachment;
  g_autofree char *size = g_format_size ((guint64) attachment->size);
  const char *place = trouble != NULL ? trouble : place_words (self);
  g_autofree char *text = g_strjoin (" · ", yl_code_label ("attachment_kind", attachment->kind), size, place, NULL);

  gtk_label_set_label (self->state, text);
}

/* The one thing most people want next. */
static void
show_main (YlAttachmentRow *self)
{
  const YlAttachment *attachment = self->attachment;
  const char *label = self->fetching != NULL    ? _ ("Stop")
                      : !is_here (attachment)   ? _ ("Fetch")
                      : is_picture (attachment) ? _ ("Open")
                                                : _ ("Save as…");

  gtk_button_set_label (self->main, label);
  gtk_widget_set_visible (
      GTK_WIDGET (self->main),
      attachment->media != NULL
          && (is_here (attachment) || !yl_store_is_head_office (yl_session_get_store (self->session))));
}

static GBytes *
read_content (YlAttachmentRow *self)
{
  g_autoptr (GError) error = NULL;
  GBytes *content = yl_attachment_read (yl_session_get_store (self->session), self->attachment->id, &error);

  if (content == NULL)
    yl_window_tell_error (GTK_WIDGET (self), error);
  return content;
}

/* Fetching: in a thread with its own opening of the file; a cut one goes on where it ended. */

typedef struct
{
  char *file;
  char *id;
} Fetch;

static void
free_fetch (gpointer data)
{
  Fetch *fetch = data;

  g_free (fetch->file);
  g_free (fetch->id);
  g_free (fetch);
}

static void
fetch_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Fetch *fetch = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (YlStore) store = yl_store_open (fetch->file, &error);
  g_autoptr (YlPeer) peer = store != NULL ? yl_peer_new (store, NULL, &error) : NULL;

  if (peer != NULL)
    yl_peer_set_cancellable (peer, cancellable);
  if (peer != NULL && yl_attachment_fetch (store, peer, fetch->id, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static gboolean
progress_cb (gpointer data)
{
  YlAttachmentRow *self = data;
  g_autoptr (YlAttachment) now = yl_attachment_get (yl_session_get_store (self->session), self->attachment->id, NULL);

  if (now != NULL)
    gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress), (double) now->n_here / now->n_chunks);
  return G_SOURCE_CONTINUE;
}

static void
end_fetch (YlAttachmentRow *self)
{
  g_clear_handle_id (&self->progress_source, g_source_remove);
  g_clear_object (&self->fetching);
  gtk_widget_set_visible (self->progress, FALSE);
}

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  YlAttachmentRow *self = YL_ATTACHMENT_ROW (source);
  g_autoptr (GError) error = NULL;
  gboolean done = g_task_propagate_boolean (G_TASK (result), &error);

  end_fetch (self);
  show_main (self);
  show_state (self, done || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? NULL : error->message);
  if (done)
    g_signal_emit (self, signals[FETCHED], 0);
}

static void
start_fetch (YlAttachmentRow *self)
{
  g_autoptr (GTask) task = NULL;
  Fetch *fetch = g_new0 (Fetch, 1);

  fetch->file = g_strdup (yl_store_get_file (yl_session_get_store (self->session)));
  fetch->id = g_strdup (self->attachment->id);
  self->fetching = g_cancellable_new ();
  self->progress_source = g_timeout_add (PROGRESS_MS, progress_cb, self);
  task = g_task_new (self, self->fetching, fetched_cb, NULL);
  g_task_set_task_data (task, fetch, free_fetch);
  g_task_run_in_thread (task, fetch_thread);
  gtk_widget_set_visible (self->progress, TRUE);
  show_main (self);
  show_state (self, _ ("being fetched"));
}

/* Saving: a copy that Yuelai knows nothing of any more. */

static void
save_to (YlAttachmentRow *self, GFile *file)
{
  g_autoptr (GBytes) content = read_content (self);
  g_autofree char *name = g_file_get_parse_name (file);
  g_autofree char *sentence =
      g_strdup_printf (_ ("Saved as %s. That copy is yours to look after: erasing does not reach it."), name);
  g_autoptr (GError) error = NULL;

  if (content == NULL)
    return;
  if (g_file_replace_contents (file, g_bytes_get_data (content, NULL), g_bytes_get_size (content), NULL, FALSE,
                               G_FILE_CREATE_PRIVATE | G_FILE_CREATE_REPLACE_DESTINATION, NULL, NULL, &error))
    yl_window_tell (GTK_WIDGET (self), sentence);
  else
    yl_window_tell_error (GTK_WIDGET (self), error);
}

static void
place_chosen_cb (GtkNativeDialog *dialog, int response, YlAttachmentRow *self)
{
  g_autoptr (GFile) file =
      response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;

  if (file != NULL && gtk_widget_get_root (GTK_WIDGET (self)) != NULL)
    save_to (self, file);
  g_object_unref (dialog);
  g_object_unref (self);
}

/* The name was written elsewhere: it is to be a name only, never a way to another folder or a hidden file. */
static char *
file_name (const char *name)
{
  g_autofree char *plain = g_strdup (name);

  g_strdelimit (plain, "/\\:*?\"<>|", '_');
  return g_strdup (*plain == '.' ? plain + 1 : plain);
}

static void
save_as (YlAttachmentRow *self)
{
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new (_ ("Save a copy"), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                   GTK_FILE_CHOOSER_ACTION_SAVE, _ ("Save"), _ ("Cancel"));
  g_autofree char *name = file_name (self->attachment->name);

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  g_signal_connect (dialog, "response", G_CALLBACK (place_chosen_cb), g_object_ref (self));
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
save_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  save_as (YL_ATTACHMENT_ROW (widget));
}

static void
remove_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_signal_emit (widget, signals[REMOVED], 0);
}

static void
main_clicked_cb (GtkButton *button, YlAttachmentRow *self)
{
  g_autoptr (GBytes) content = NULL;

  if (self->fetching != NULL)
    g_cancellable_cancel (self->fetching);
  else if (!is_here (self->attachment))
    start_fetch (self);
  else if (!is_picture (self->attachment))
    save_as (self);
  else if ((content = read_content (self)) != NULL)
    yl_picture_show (GTK_WIDGET (self), self->attachment->name, content);
}

static void
sync_changed_cb (YlSession *session, YlAttachmentRow *self)
{
  if (self->fetching == NULL)
    show_state (self, NULL);
}

/* Its looks */

static GtkWidget *
make_menu (YlAttachmentRow *self)
{
  GtkWidget *button = gtk_menu_button_new ();
  g_autoptr (GMenu) menu = g_menu_new ();

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "attachment.save",
                                 self->attachment->media != NULL && is_here (self->attachment));
  g_menu_append (menu, _ ("Save as…"), "attachment.save");
  g_menu_append (menu, _ ("Remove"), "attachment.remove");
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "view-more-symbolic");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (menu));
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("More"), -1);
  return button;
}

static GtkWidget *
make_words (YlAttachmentRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *name = gtk_label_new (self->attachment->name != NULL ? self->attachment->name : _ ("(sealed)"));

  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_MIDDLE);
  self->state = GTK_LABEL (yl_side_label (NULL, "dim-label"));
  gtk_widget_add_css_class (GTK_WIDGET (self->state), "caption");
  self->progress = gtk_progress_bar_new ();
  gtk_widget_set_visible (self->progress, FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->progress), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("being fetched"),
                                  -1);
  gtk_widget_set_hexpand (box, TRUE);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->state));
  gtk_box_append (GTK_BOX (box), self->progress);
  return box;
}

static GtkWidget *
make_thumbnail (YlAttachmentRow *self)
{
  GtkWidget *image = gtk_image_new_from_icon_name (is_picture (self->attachment) ? "image-x-generic-symbolic"
                                                                                 : "x-office-document-symbolic");

  gtk_image_set_pixel_size (GTK_IMAGE (image), THUMBNAIL_SIZE / 2);
  gtk_widget_set_size_request (image, THUMBNAIL_SIZE, THUMBNAIL_SIZE);
  gtk_widget_add_css_class (image, "thumbnail");
  self->thumbnail = GTK_IMAGE (image);
  return image;
}

static void
yl_attachment_row_dispose (GObject *object)
{
  YlAttachmentRow *self = YL_ATTACHMENT_ROW (object);

  g_clear_handle_id (&self->progress_source, g_source_remove);
  if (self->fetching != NULL)
    g_cancellable_cancel (self->fetching);
  G_OBJECT_CLASS (yl_attachment_row_parent_class)->dispose (object);
}

static void
yl_attachment_row_finalize (GObject *object)
{
  YlAttachmentRow *self = YL_ATTACHMENT_ROW (object);

  g_clear_object (&self->fetching);
  g_clear_pointer (&self->attachment, yl_attachment_free);
  G_OBJECT_CLASS (yl_attachment_row_parent_class)->finalize (object);
}

static void
yl_attachment_row_class_init (YlAttachmentRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = yl_attachment_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = yl_attachment_row_finalize;
  signals[FETCHED] = g_signal_new ("fetched", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[REMOVED] = g_signal_new ("removed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_install_action (widget_class, "attachment.save", NULL, save_cb);
  gtk_widget_class_install_action (widget_class, "attachment.remove", NULL, remove_cb);
}

static void
yl_attachment_row_init (YlAttachmentRow *self)
{
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
}

GtkWidget *
yl_attachment_row_new (YlSession *session, YlAttachment *attachment)
{
  YlAttachmentRow *self = g_object_new (YL_TYPE_ATTACHMENT_ROW, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);

  self->session = session;
  self->attachment = attachment;
  self->main = GTK_BUTTON (gtk_button_new_with_label (""));
  gtk_widget_set_valign (GTK_WIDGET (self->main), GTK_ALIGN_CENTER);
  g_signal_connect_object (self->main, "clicked", G_CALLBACK (main_clicked_cb), self, 0);
  gtk_widget_add_css_class (box, "attachment");
  gtk_box_append (GTK_BOX (box), make_thumbnail (self));
  gtk_box_append (GTK_BOX (box), make_words (self));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->main));
  gtk_box_append (GTK_BOX (box), make_menu (self));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), box);
  show_state (self, NULL);
  show_main (self);
  g_signal_connect_object (session, "sync-changed", G_CALLBACK (sync_changed_cb), self, 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  attachment->name != NULL ? attachment->name : _ ("(sealed)"), -1);
  return GTK_WIDGET (self);
}

const YlAttachment *
yl_attachment_row_get_attachment (YlAttachmentRow *row)
{
  return row->attachment;
}

void
yl_attachment_row_set_thumbnail (YlAttachmentRow *row, GdkTexture *thumbnail)
{
  gtk_image_set_from_paintable (row->thumbnail, GDK_PAINTABLE (thumbnail));
  gtk_image_set_pixel_size (row->thumbnail, THUMBNAIL_SIZE);
}
