#pragma once

#include <gtk/gtk.h>

#include "matching/yl-match.h"

G_BEGIN_DECLS

#define YL_TYPE_SCORE_BAR (yl_score_bar_get_type ())
/** YlScoreBar: a score as a bar of its parts, the number beside it, each part by name in the tooltip. */
G_DECLARE_FINAL_TYPE (YlScoreBar, yl_score_bar, YL, SCORE_BAR, GtkWidget)

/** yl_score_bar_new: @parts: (element-type YlScorePart), copied. */
GtkWidget *yl_score_bar_new (int score, GArray *parts);

G_END_DECLS
