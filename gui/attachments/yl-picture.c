#include "attachments/yl-picture.h"

#include "base/yl-error.h"
#include "base/yl-i18n.h"
#include "records/yl-attachment.h"

#define PIECE_BYTES 4096
#define SHOWN_SIDE 2400
#define WINDOW_WIDTH 900
#define WINDOW_HEIGHT 700

/* What a loader has learnt of a picture before it is decoded. */
typedef struct
{
  int side;
  gboolean too_large;
} Bounds;

/* The loader reads a size of nothing as the end. */
static void
size_prepared_cb (GdkPixbufLoader *loader, int width, int height, Bounds *bounds)
{
  double scale = MIN (1.0, (double) bounds->side / MAX (width, height));

  bounds->too_large = (gint64) width * height > YL_PICTURE_MAX_PIXELS;
  if (bounds->too_large)
    gdk_pixbuf_loader_set_size (loader, 0, 0);
  else
    gdk_pixbuf_loader_set_size (loader, (int) MAX (1, scale * width), (int) MAX (1, scale * height));
}

/* In pieces, so that nothing is decoded once the size is known to be too large. */
static gboolean
feed (GdkPixbufLoader *loader, GBytes *content, const Bounds *bounds, GError **error)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (content, &length);

  for (gsize at = 0; at < length; at += PIECE_BYTES)
    if (!gdk_pixbuf_loader_write (loader, bytes + at, MIN (length - at, PIECE_BYTES), error) || bounds->too_large)
      return FALSE;
  return TRUE;
}

static GdkTexture *
take_texture (GdkPixbufLoader *loader)
{
  GdkPixbuf *pixbuf = gdk_pixbuf_loader_get_pixbuf (loader);
  g_autoptr (GdkPixbuf) upright = pixbuf != NULL ? gdk_pixbuf_apply_embedded_orientation (pixbuf) : NULL;

  return upright != NULL ? gdk_texture_new_for_pixbuf (upright) : NULL;
}

GdkTexture *
yl_picture_decode (GBytes *content, int side, GError **error)
{
  gsize length;
  gconstpointer bytes = g_bytes_get_data (content, &length);
  const char *media = bytes != NULL ? yl_attachment_media (bytes, length) : NULL;
  gboolean is_picture = media != NULL && g_str_has_prefix (media, "image/");
  g_autoptr (GdkPixbufLoader) loader = is_picture ? gdk_pixbuf_loader_new_with_mime_type (media, NULL) : NULL;
  Bounds bounds = { .side = side };
  GdkTexture *texture = NULL;
  gboolean fed;

  if (loader == NULL)
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID, _ ("This is no picture that can be shown here."));
      return NULL;
    }
  g_signal_connect (loader, "size-prepared", G_CALLBACK (size_prepared_cb), &bounds);
  fed = feed (loader, content, &bounds, NULL);
  if (gdk_pixbuf_loader_close (loader, NULL) && fed)
    texture = take_texture (loader);
  if (bounds.too_large)
    g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID,
                         _ ("The picture is too large to be shown. Save it to look at it."));
  else if (texture == NULL)
    g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID, _ ("The picture is damaged."));
  return texture;
}

static void
decode_thread (GTask *task, gpointer source, gpointer content, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  int side = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (task), "side"));
  GdkTexture *texture = yl_picture_decode (content, side, &error);

  if (texture != NULL)
    g_task_return_pointer (task, texture, g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
yl_picture_decode_async (GBytes *content, int side, GCancellable *cancellable, GAsyncReadyCallback done, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, done, data);

  g_object_set_data (G_OBJECT (task), "side", GINT_TO_POINTER (side));
  g_task_set_task_data (task, g_bytes_ref (content), (GDestroyNotify) g_bytes_unref);
  g_task_run_in_thread (task, decode_thread);
}

GdkTexture *
yl_picture_decode_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* The window of one picture */

static void
shown_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GtkStack) stack = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = yl_picture_decode_finish (result, &error);
  GtkWidget *shown =
      texture != NULL ? gtk_picture_new_for_paintable (GDK_PAINTABLE (texture)) : gtk_label_new (error->message);

  gtk_stack_add_child (stack, shown);
  gtk_stack_set_visible_child (stack, shown);
}

static gboolean
close_cb (GtkWidget *window, GVariant *arguments, gpointer data)
{
  gtk_window_close (GTK_WINDOW (window));
  return TRUE;
}

static void
add_escape (GtkWidget *window)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (controller),
      gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0), gtk_callback_action_new (close_cb, NULL, NULL)));
  gtk_widget_add_controller (window, controller);
}

void
yl_picture_show (GtkWidget *widget, const char *name, GBytes *content)
{
  GtkWidget *window = adw_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *stack = gtk_stack_new ();
  GtkWidget *spinner = gtk_spinner_new ();

  gtk_window_set_title (GTK_WINDOW (window), name);
  gtk_window_set_transient_for (GTK_WINDOW (window), GTK_WINDOW (gtk_widget_get_root (widget)));
  gtk_window_set_destroy_with_parent (GTK_WINDOW (window), TRUE);
  gtk_window_set_default_size (GTK_WINDOW (window), WINDOW_WIDTH, WINDOW_HEIGHT);
  gtk_widget_set_vexpand (stack, TRUE);
  gtk_spinner_start (GTK_SPINNER (spinner));
  gtk_stack_add_child (GTK_STACK (stack), spinner);
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), stack);
  adw_window_set_content (ADW_WINDOW (window), box);
  add_escape (window);
  yl_picture_decode_async (content, SHOWN_SIDE, NULL, shown_cb, g_object_ref (stack));
  gtk_window_present (GTK_WINDOW (window));
}
