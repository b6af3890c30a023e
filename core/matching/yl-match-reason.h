#pragma once

#include "matching/yl-match-score.h"

G_BEGIN_DECLS

#define YL_MATCH_MAX_REASONS 5

/**
 * yl_match_reasons: the chips of one candidate, strongest first: what earned or cost points beyond the ordinary, and what
 * is not known of her that a rule asks about. Returns: (element-type YlMatchReason)
 */
GArray *yl_match_reasons (const YlMatchColumns *columns,
                          const YlMatchQuery *query,
                          const int *weights,
                          guint row,
                          const YlScoreSheet *sheet);

G_END_DECLS
