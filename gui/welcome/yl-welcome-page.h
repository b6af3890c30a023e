#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define YL_TYPE_WELCOME_PAGE (yl_welcome_page_get_type ())
/**
 * YlWelcomePage: what a PC without a store file shows: join the company by a one-time code, open a file, or try the demo.
 * Signal `store-ready (YlWelcomePage *, const char *file)`.
 */
G_DECLARE_FINAL_TYPE (YlWelcomePage, yl_welcome_page, YL, WELCOME_PAGE, AdwBin)

/** yl_welcome_page_show_error: why a store file could not be opened. */
void yl_welcome_page_show_error (YlWelcomePage *page, const char *sentence);

G_END_DECLS
