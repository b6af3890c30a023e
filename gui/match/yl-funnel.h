#pragma once

#include <adwaita.h>

#include "matching/yl-match.h"

G_BEGIN_DECLS

#define YL_TYPE_FUNNEL (yl_funnel_get_type ())
/** YlFunnel: `812 > 640 > 41 > 17`, a line per stage; pressing a step says which rule it is and how many fell out. */
G_DECLARE_FINAL_TYPE (YlFunnel, yl_funnel, YL, FUNNEL, AdwBin)

void yl_funnel_show (YlFunnel *funnel, const YlMatchResult *result);

G_END_DECLS
