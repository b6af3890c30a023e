#pragma once

#include <gtk/gtk.h>

#include "yl-session.h"

G_BEGIN_DECLS

#define YL_TYPE_CANDIDATE_ROW (yl_candidate_row_get_type ())
/** YlCandidateRow: one worker who fits: name, score by parts, reasons, her day around the wanted time. Enter promises her. */
G_DECLARE_FINAL_TYPE (YlCandidateRow, yl_candidate_row, YL, CANDIDATE_ROW, GtkListBoxRow)

/** yl_candidate_row_new: @start, @end: the first visit wanted, UTC ms; 0 where none is known. */
GtkWidget *yl_candidate_row_new (YlSession *session,
                                 const YlCandidate *candidate,
                                 guint rank,
                                 gint64 start,
                                 gint64 end);

const char *yl_candidate_row_get_worker (YlCandidateRow *row);
/** yl_candidate_row_get_name: as shown, masked where she belongs to another store. */
const char *yl_candidate_row_get_name (YlCandidateRow *row);
YlMatchStage yl_candidate_row_get_stage (YlCandidateRow *row);

G_END_DECLS
