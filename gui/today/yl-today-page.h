#pragma once

#include "yl-page.h"
#include <adwaita.h>

G_BEGIN_DECLS

#define YL_TYPE_TODAY_PAGE (yl_today_page_get_type ())
/** YlTodayPage: what needs somebody, most harmful first; beside it today's visits. */
G_DECLARE_FINAL_TYPE (YlTodayPage, yl_today_page, YL, TODAY_PAGE, AdwBin)

/** yl_today_page_get_count: things that need a person. */
guint yl_today_page_get_count (YlTodayPage *page);

G_END_DECLS
