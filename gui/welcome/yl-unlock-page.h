#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define YL_TYPE_UNLOCK_PAGE (yl_unlock_page_get_type ())
/** YlUnlockPage: asks for the passphrase of a store file. Signal `unlocked (YlUnlockPage *, const char *file)`: it may be opened now. */
G_DECLARE_FINAL_TYPE (YlUnlockPage, yl_unlock_page, YL, UNLOCK_PAGE, AdwBin)

void yl_unlock_page_ask (YlUnlockPage *page, const char *file);

G_END_DECLS
