#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Notices commits into a store file by whatever process: by the file system's own word (inotify), and by looking every other second where that
 * says nothing. */
typedef struct _YlFileWatch YlFileWatch;
/** yl_file_watch_new: calls @func in @context. */
YlFileWatch *yl_file_watch_new (const char *store_file, GMainContext *context, GSourceFunc func, gpointer data);
void yl_file_watch_free (YlFileWatch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlFileWatch, yl_file_watch_free)

G_END_DECLS
