#pragma once

#include "matching/yl-match.h"
#include "yl-output.h"

G_BEGIN_DECLS

/** yl_match_output_json: the order, the stage, the funnel and the candidates with the parts of their score and their reasons. */
void yl_match_output_json (YlOutput *output, const char *name, const YlMatchResult *result);
/** yl_match_output_lines: the funnel, a line a candidate, and near misses. */
void yl_match_output_lines (YlOutput *output, YlStore *store, const YlMatchResult *result);

G_END_DECLS
