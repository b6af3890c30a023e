#pragma once

#include <gtk/gtk.h>

#include "trust/yl-company-trust.h"
#include "yl-session.h"

G_BEGIN_DECLS

#define YL_TYPE_REVIEW_ROW (yl_review_row_get_type ())
/** YlReviewRow: work of a PC or of a member of staff that was shut out: what it wrote, and at head office whether it is to count. */
G_DECLARE_FINAL_TYPE (YlReviewRow, yl_review_row, YL, REVIEW_ROW, GtkListBoxRow)

/** yl_review_row_new: takes @item. */
GtkWidget *yl_review_row_new (YlSession *session, YlReviewItem *item);

G_END_DECLS
