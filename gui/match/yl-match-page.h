#pragma once

#include "yl-page.h"
#include <adwaita.h>

G_BEGIN_DECLS

#define YL_TYPE_MATCH_PAGE (yl_match_page_get_type ())
/** YlMatchPage: who can do this order: candidates stage by stage, why, who fell out, and the promise with Enter. */
G_DECLARE_FINAL_TYPE (YlMatchPage, yl_match_page, YL, MATCH_PAGE, AdwBin)

/** yl_match_page_show_order: @substitute: somebody dropped out of it. FALSE when it cannot be matched; a toast says why. */
gboolean yl_match_page_show_order (YlMatchPage *page, const char *order, gboolean substitute);

G_END_DECLS
