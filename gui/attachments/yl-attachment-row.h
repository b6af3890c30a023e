#pragma once

#include <adwaita.h>

#include "records/yl-attachment.h"
#include "yl-session.h"

G_BEGIN_DECLS

#define YL_TYPE_ATTACHMENT_ROW (yl_attachment_row_get_type ())
/**
 * YlAttachmentRow: one photo or paper: what it is, whether it is on this PC, and what can be done: fetch, open, save, remove.
 * Signals: `fetched (YlAttachmentRow *)`: all of it is here now; `removed (YlAttachmentRow *)`: somebody wants it removed.
 */
G_DECLARE_FINAL_TYPE (YlAttachmentRow, yl_attachment_row, YL, ATTACHMENT_ROW, GtkListBoxRow)

/** yl_attachment_row_new: takes @attachment. */
GtkWidget *yl_attachment_row_new (YlSession *session, YlAttachment *attachment);
const YlAttachment *yl_attachment_row_get_attachment (YlAttachmentRow *row);
void yl_attachment_row_set_thumbnail (YlAttachmentRow *row, GdkTexture *thumbnail);

G_END_DECLS
