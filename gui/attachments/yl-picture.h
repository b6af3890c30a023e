#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Pictures from outside. Only JPEG and PNG are decoded, and none that would take more memory than a large photo does. */

#define YL_PICTURE_MAX_PIXELS (50 * 1000 * 1000)

/** yl_picture_decode: upright, made smaller to fit @side by @side pixels. Slow; on any thread.
 * Errors: YL_ERROR_INVALID: no picture, a damaged one, or too large a one. */
GdkTexture *yl_picture_decode (GBytes *content, int side, GError **error);
/** yl_picture_decode_async: the same beside the window. */
void yl_picture_decode_async (GBytes *content,
                              int side,
                              GCancellable *cancellable,
                              GAsyncReadyCallback done,
                              gpointer data);
GdkTexture *yl_picture_decode_finish (GAsyncResult *result, GError **error);

/** yl_picture_show: in a window of its own above that of @widget. */
void yl_picture_show (GtkWidget *widget, const char *name, GBytes *content);

G_END_DECLS
