#pragma once

#include <adwaita.h>

#include "yl-session.h"

G_BEGIN_DECLS

#define YL_TYPE_FIT_COUNT (yl_fit_count_get_type ())
/** YlFitCount: how many workers fit what is typed so far: own store, chain, partners, and what would add more. */
G_DECLARE_FINAL_TYPE (YlFitCount, yl_fit_count, YL, FIT_COUNT, AdwBin)

/** yl_fit_count_show: @result: of yl_matcher_match_draft(); NULL: nothing to count yet. */
void yl_fit_count_show (YlFitCount *count, const YlMatchResult *result);

/** yl_match_count_stage: workers of that stage who pass every rule; -1 when the stage was not searched. */
int yl_match_count_stage (const YlMatchResult *result, YlMatchStage stage);

G_END_DECLS
