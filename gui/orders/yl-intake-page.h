#pragma once

#include "yl-page.h"
#include <adwaita.h>

G_BEGIN_DECLS

#define YL_TYPE_INTAKE_PAGE (yl_intake_page_get_type ())
/** YlIntakePage: a demand taken on the phone, in the order people speak, with the count of fitting workers beside it. */
G_DECLARE_FINAL_TYPE (YlIntakePage, yl_intake_page, YL, INTAKE_PAGE, AdwBin)

/** yl_intake_page_start: an empty form, unless a demand is half typed. */
void yl_intake_page_start (YlIntakePage *page);

G_END_DECLS
