#include "attachments/yl-attachment-part.h"

#include "attachments/yl-attachment-add.h"
#include "attachments/yl-attachment-row.h"
#include "attachments/yl-picture.h"
#include "base/yl-i18n.h"
#include "reconcile/yl-card-list.h"
#include "reconcile/yl-side.h"
#include "records/yl-codes.h"
#include "yl-window.h"

#define THUMBNAIL_SIDE 160

struct _YlAttachmentPart
{
  AdwBin parent_instance;

  YlSession *session; /* borrowed */
  char *table;
  char *id;
  GHashTable *thumbnails; /* attachment id -> GdkTexture; NULL: cannot be shown */
  GHashTable *leaving;    /* ids that Undo may still bring back */
  GCancellable *decoding; /* one at a time */
  GdkTexture *photo;      /* borrowed from thumbnails */

  GtkLabel *title;
  GtkWidget *hint;
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (YlAttachmentPart, yl_attachment_part, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_PHOTO,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static void fill (YlAttachmentPart *self);

/* Thumbnails */

static YlAttachmentRow *
row_at (YlAttachmentPart *self, int i)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, i);

  return row != NULL ? YL_ATTACHMENT_ROW (row) : NULL;
}

static void
update_photo (YlAttachmentPart *self)
{
  YlAttachmentRow *row;
  GdkTexture *photo = NULL;

  for (int i = 0; (row = row_at (self, i)) != NULL; i++)
    {
      const YlAttachment *attachment = yl_attachment_row_get_attachment (row);
      GdkTexture *thumbnail = g_hash_table_lookup (self->thumbnails, attachment->id);

      if (thumbnail != NULL && g_str_equal (attachment->kind, "photo"))
        photo = thumbnail;
    }
  if (photo == self->photo)
    return;
  self->photo = photo;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PHOTO]);
}

typedef struct
{
  YlAttachmentPart *part;
  char *id;
} Decoding;

static void decode_next (YlAttachmentPart *self);

static void
decoded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Decoding *decoding = data;
  YlAttachmentPart *self = decoding->part;
  g_autoptr (GError) error = NULL;
  GdkTexture *texture = yl_picture_decode_finish (result, &error);

  /* Cancelled: the part shows another record by now. */
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_hash_table_insert (self->thumbnails, g_strdup (decoding->id), texture);
      g_clear_object (&self->decoding);
      decode_next (self);
    }
  g_object_unref (self);
  g_free (decoding->id);
  g_free (decoding);
}

/* Whether it has a thumbnail already, or one is on its way. */
static gboolean
settle_thumbnail (YlAttachmentPart *self, YlAttachmentRow *row)
{
  const YlAttachment *attachment = yl_attachment_row_get_attachment (row);
  YlStore *store = yl_session_get_store (self->session);
  g_autoptr (GBytes) content = NULL;
  Decoding *decoding;
  gpointer thumbnail;

  if (g_hash_table_lookup_extended (self->thumbnails, attachment->id, NULL, &thumbnail))
    {
      if (thumbnail != NULL)
        yl_attachment_row_set_thumbnail (row, thumbnail);
      return TRUE;
    }
  if (attachment->media == NULL || !g_str_has_prefix (attachment->media, "image/"))
    return TRUE;
  content = yl_attachment_read (store, attachment->id, NULL);
  if (content == NULL)
    return TRUE;
  decoding = g_new0 (Decoding, 1);
  *decoding = (Decoding){ g_object_ref (self), g_strdup (attachment->id) };
  self->decoding = g_cancellable_new ();
  yl_picture_decode_async (content, THUMBNAIL_SIDE, self->decoding, decoded_cb, decoding);
  return FALSE;
}

static void
decode_next (YlAttachmentPart *self)
{
  YlAttachmentRow *row;

  for (int i = 0; self->decoding == NULL && (row = row_at (self, i)) != NULL; i++)
    settle_thumbnail (self, row);
  update_photo (self);
}

static void
forget_thumbnails (YlAttachmentPart *self)
{
  if (self->decoding != NULL)
    g_cancellable_cancel (self->decoding);
  g_clear_object (&self->decoding);
  self->photo = NULL;
  g_hash_table_remove_all (self->thumbnails);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PHOTO]);
}

/* Removing: what is removed is gone on every copy, so it is written only when Undo is over. */

typedef struct
{
  GWeakRef part;
  YlStore *store;
  char *id;
  gboolean undone;
} Removal;

static void
stop_leaving (Removal *removal)
{
  g_autoptr (YlAttachmentPart) part = g_weak_ref_get (&removal->part);

  if (part == NULL)
    return;
  g_hash_table_remove (part->leaving, removal->id);
  fill (part);
}

static gboolean
undo_removal_cb (YlStore *store, gpointer data, GError **error)
{
  Removal *removal = data;

  removal->undone = TRUE;
  stop_leaving (removal);
  return TRUE;
}

static void
end_removal (gpointer data)
{
  Removal *removal = data;
  g_autoptr (YlAttachmentPart) part = g_weak_ref_get (&removal->part);
  g_autoptr (GError) error = NULL;

  if (!removal->undone && !yl_attachment_remove (removal->store, removal->id, &error))
    {
      g_warning ("%s", error->message);
      if (part != NULL && gtk_widget_get_root (GTK_WIDGET (part)) != NULL)
        yl_window_tell_error (GTK_WIDGET (part), error);
    }
  stop_leaving (removal);
  g_weak_ref_clear (&removal->part);
  g_object_unref (removal->store);
  g_free (removal->id);
  g_free (removal);
}

static void
removed_cb (YlAttachmentRow *row, YlAttachmentPart *self)
{
  Removal *removal = g_new0 (Removal, 1);

  g_weak_ref_init (&removal->part, self);
  removal->store = g_object_ref (yl_session_get_store (self->session));
  removal->id = g_strdup (yl_attachment_row_get_attachment (row)->id);
  g_hash_table_add (self->leaving, g_strdup (removal->id));
  yl_window_tell_undoable (GTK_WIDGET (self), _ ("Removed, on every PC."), undo_removal_cb, removal, end_removal);
  fill (self);
}

/* The list */

static void
fetched_cb (YlAttachmentRow *row, YlAttachmentPart *self)
{
  g_autoptr (YlAttachmentRow) keep = g_object_ref (row);

  fill (self);
}

static GtkWidget *
make_row (gpointer item, gpointer data)
{
  YlAttachmentPart *self = data;
  GtkWidget *row = yl_attachment_row_new (self->session, item);

  g_signal_connect_object (row, "fetched", G_CALLBACK (fetched_cb), self, 0);
  g_signal_connect_object (row, "removed", G_CALLBACK (removed_cb), self, 0);
  return row;
}

static GArray *
make_cards (YlAttachmentPart *self, GPtrArray *attachments)
{
  GArray *cards = yl_card_list_new_cards ();

  g_ptr_array_set_free_func (attachments, NULL);
  for (guint i = 0; i < attachments->len; i++)
    {
      YlAttachment *attachment = attachments->pdata[i];
      gboolean is_here = attachment->n_here == attachment->n_chunks;
      YlCard card = { g_strdup_printf ("%s:%d:%d", attachment->id, is_here, attachment->media != NULL), attachment };

      if (!g_hash_table_contains (self->leaving, attachment->id))
        {
          g_array_append_val (cards, card);
          continue;
        }
      g_free (card.key);
      yl_attachment_free (attachment);
    }
  return cards;
}

static void
fill (YlAttachmentPart *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) attachments =
      yl_attachment_list (yl_session_get_store (self->session), self->table, self->id, &error);
  g_autoptr (GArray) cards = attachments != NULL ? make_cards (self, attachments) : yl_card_list_new_cards ();
  gboolean is_empty = cards->len == 0;

  if (attachments == NULL)
    g_warning ("%s", error->message);
  yl_card_list_update (self->list, cards, make_row, self, (GDestroyNotify) yl_attachment_free);
  gtk_widget_set_visible (GTK_WIDGET (self->list), !is_empty);
  gtk_widget_set_visible (self->hint, is_empty);
  decode_next (self);
}

/* Adding */

static void
files_chosen_cb (GtkNativeDialog *dialog, int response, YlAttachmentPart *self)
{
  if (response == GTK_RESPONSE_ACCEPT && self->id != NULL)
    {
      g_autoptr (GListModel) files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));

      yl_attachment_add_files (GTK_WIDGET (self), self->session, self->table, self->id,
                               g_object_get_data (G_OBJECT (dialog), "kind"), files);
    }
  g_object_unref (dialog);
  g_object_unref (self);
}

static GtkFileFilter *
make_filter (void)
{
  GtkFileFilter *filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _ ("JPEG, PNG, PDF"));
  gtk_file_filter_add_mime_type (filter, "image/jpeg");
  gtk_file_filter_add_mime_type (filter, "image/png");
  gtk_file_filter_add_mime_type (filter, "application/pdf");
  return filter;
}

static void
add_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  YlAttachmentPart *self = YL_ATTACHMENT_PART (widget);
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new (_ ("Add a file"), GTK_WINDOW (gtk_widget_get_root (widget)),
                                   GTK_FILE_CHOOSER_ACTION_OPEN, _ ("Add"), _ ("Cancel"));
  g_autoptr (GtkFileFilter) filter = make_filter ();

  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (dialog), TRUE);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
  g_object_set_data_full (G_OBJECT (dialog), "kind", g_variant_dup_string (parameter, NULL), g_free);
  g_signal_connect (dialog, "response", G_CALLBACK (files_chosen_cb), g_object_ref (self));
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static gboolean
dropped_cb (GtkDropTarget *target, const GValue *value, double x, double y, YlAttachmentPart *self)
{
  g_autoptr (GListStore) files = g_list_store_new (G_TYPE_FILE);

  if (self->id == NULL)
    return FALSE;
  for (GSList *file = g_value_get_boxed (value); file != NULL; file = file->next)
    g_list_store_append (files, file->data);
  yl_attachment_add_files (GTK_WIDGET (self), self->session, self->table, self->id, NULL, G_LIST_MODEL (files));
  return TRUE;
}

/* Its looks */

static GtkWidget *
make_add_button (void)
{
  GtkWidget *button = gtk_menu_button_new ();
  g_autoptr (GMenu) menu = g_menu_new ();

  for (const YlCode *code = yl_codes ("attachment_kind"); code->code != NULL; code++)
    {
      g_autofree char *label = g_strconcat (yl_code_label ("attachment_kind", code->code), "…", NULL);
      g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

      g_menu_item_set_action_and_target (item, "attachments.add", "s", code->code);
      g_menu_append_item (menu, item);
    }
  gtk_menu_button_set_label (GTK_MENU_BUTTON (button), _ ("Add"));
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (menu));
  return button;
}

static GtkWidget *
make_head (YlAttachmentPart *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);

  self->title = GTK_LABEL (yl_side_label (NULL, "heading"));
  gtk_widget_set_hexpand (GTK_WIDGET (self->title), TRUE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->title));
  gtk_box_append (GTK_BOX (box), make_add_button ());
  return box;
}

static void
yl_attachment_part_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  g_value_set_object (value, YL_ATTACHMENT_PART (object)->photo);
}

static void
yl_attachment_part_finalize (GObject *object)
{
  YlAttachmentPart *self = YL_ATTACHMENT_PART (object);

  g_clear_object (&self->decoding);
  g_hash_table_unref (self->thumbnails);
  g_hash_table_unref (self->leaving);
  g_free (self->table);
  g_free (self->id);
  G_OBJECT_CLASS (yl_attachment_part_parent_class)->finalize (object);
}

static void
yl_attachment_part_class_init (YlAttachmentPartClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = yl_attachment_part_get_property;
  object_class->finalize = yl_attachment_part_finalize;
  props[PROP_PHOTO] =
      g_param_spec_object ("photo", NULL, NULL, GDK_TYPE_PAINTABLE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "attachments.add", "s", add_cb);
}

static void
clear_thumbnail (gpointer texture)
{
  g_clear_object (&texture);
}

static void
yl_attachment_part_init (YlAttachmentPart *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  self->thumbnails = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, clear_thumbnail);
  self->leaving = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  self->hint = yl_side_label (_ ("Nothing yet. Photos, scans and PDF files can also be dropped here."), "dim-label");
  gtk_box_append (GTK_BOX (box), make_head (self));
  gtk_box_append (GTK_BOX (box), self->hint);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->list));
  g_signal_connect_object (target, "drop", G_CALLBACK (dropped_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
  gtk_widget_add_css_class (GTK_WIDGET (self), "attachments");
  adw_bin_set_child (ADW_BIN (self), box);
}

/* Rows belong to a session; another one starts without any. */
static void
forget_rows (YlAttachmentPart *self)
{
  YlAttachmentRow *row;

  while ((row = row_at (self, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  forget_thumbnails (self);
}

void
yl_attachment_part_show (YlAttachmentPart *self,
                         YlSession *session,
                         const char *table,
                         const char *id,
                         const char *title)
{
  if (self->session != session || g_strcmp0 (self->id, id) != 0)
    {
      self->session = session;
      g_free (self->table);
      g_free (self->id);
      self->table = g_strdup (table);
      self->id = g_strdup (id);
      forget_rows (self);
    }
  gtk_label_set_label (self->title, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_widget_set_visible (GTK_WIDGET (self), id != NULL);
  if (id != NULL)
    fill (self);
}

GdkPaintable *
yl_attachment_part_get_photo (YlAttachmentPart *part)
{
  return part->photo != NULL ? GDK_PAINTABLE (part->photo) : NULL;
}
