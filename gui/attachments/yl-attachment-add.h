#pragma once

#include <gtk/gtk.h>

#include "yl-session.h"

G_BEGIN_DECLS

/** yl_attachment_add_files: attaches @files (GFile) to a record, each read beside the window; @widget's window tells how it went, with Undo.
 * @kind: a code, or NULL: as yl_attachment_add() chooses. */
void yl_attachment_add_files (GtkWidget *widget,
                              YlSession *session,
                              const char *table,
                              const char *owner,
                              const char *kind,
                              GListModel *files);

G_END_DECLS
