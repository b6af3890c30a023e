#pragma once

#include <adwaita.h>

#include "yl-session.h"

G_BEGIN_DECLS

#define YL_TYPE_ATTACHMENT_PART (yl_attachment_part_get_type ())
/**
 * YlAttachmentPart: photos, scans and signed papers of a record: seen, added by a button or by dropping files, fetched when wanted.
 * Property `photo` (GdkPaintable, read): the newest photo that is here, small; NULL without one.
 */
G_DECLARE_FINAL_TYPE (YlAttachmentPart, yl_attachment_part, YL, ATTACHMENT_PART, AdwBin)

/** yl_attachment_part_show: @id NULL: of nobody, and hidden. @title: what the papers are called here. */
void yl_attachment_part_show (YlAttachmentPart *part,
                              YlSession *session,
                              const char *table,
                              const char *id,
                              const char *title);
/** yl_attachment_part_get_photo: owned by the part; NULL without one. */
GdkPaintable *yl_attachment_part_get_photo (YlAttachmentPart *part);

G_END_DECLS
