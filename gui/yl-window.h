#pragma once

#include <adwaita.h>

#include "change/yl-change.h"

G_BEGIN_DECLS

#define YL_TYPE_WINDOW (yl_window_get_type ())
/**
 * YlWindow: the one window: sidebar, header with the sync pill, the pages, toasts.
 * Pages reach it through its actions: `win.page (s)`, `win.new-order`, `win.order (s)`, `win.match (s)`,
 * `win.substitute (s)`, `win.worker (s)` with record ids, `win.back`.
 */
G_DECLARE_FINAL_TYPE (YlWindow, yl_window, YL, WINDOW, AdwApplicationWindow)

/** yl_window_new: opens @file, or asks what to do when it is NULL or cannot be opened. */
YlWindow *yl_window_new (GtkApplication *application, const char *file);

/** yl_window_open_file: shows the desk of that store file. */
void yl_window_open_file (YlWindow *window, const char *file);

/** YlUndoFunc: takes back what a toast speaks of. */
typedef gboolean (*YlUndoFunc) (YlStore *store, gpointer data, GError **error);

/** yl_window_tell: a toast with what happened; from any widget inside a window. */
void yl_window_tell (GtkWidget *widget, const char *sentence);
/** yl_window_tell_error: the same for what did not work. */
void yl_window_tell_error (GtkWidget *widget, const GError *error);
/** yl_window_tell_undoable: a toast with Undo (also Ctrl+Z while it is the last one). */
void yl_window_tell_undoable (GtkWidget *widget,
                              const char *sentence,
                              YlUndoFunc undo,
                              gpointer data,
                              GDestroyNotify destroy);

G_END_DECLS
