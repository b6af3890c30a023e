#pragma once

#include <adwaita.h>

#include "widgets/yl-wrap-box.h"
#include "yl-session.h"

G_BEGIN_DECLS

#define YL_TYPE_FIT_COUNT (yl_fit_count_get_type ())
/** YlFitCount: how many workers fit what is typed so far: own store, chain, partners, and what would add more. */
G_DECLARE_FINAL_TYPE (YlFitCount, yl_fit_count, YL, FIT_COUNT, AdwBin)

/** yl_fit_count_show: @result: of yl_matcher_match_draft(); NULL: nothing to count yet. */
void yl_fit_count_show (YlFitCount *count, const YlMatchResult *result);

/** yl_near_miss_append: chips for workers who fail by one rule alone, most first, at most @limit. Rules that no word with the
 * customer can loosen (who does this work at all) are left out. Returns how many chips. */
guint yl_near_miss_append (YlWrapBox *box, const YlMatchResult *result, guint limit);

/** yl_match_count_stage: workers of that stage who pass every rule; -1 when the stage was not searched. */
int yl_match_count_stage (const YlMatchResult *result, YlMatchStage stage);

G_END_DECLS
