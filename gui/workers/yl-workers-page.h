#pragma once

#include "yl-page.h"
#include <adwaita.h>

G_BEGIN_DECLS

#define YL_TYPE_WORKERS_PAGE (yl_workers_page_get_type ())
/** YlWorkersPage: workers by name, number or last digits of the phone; beside the list her file and week. */
G_DECLARE_FINAL_TYPE (YlWorkersPage, yl_workers_page, YL, WORKERS_PAGE, AdwBin)

/** yl_workers_page_show_worker: opens her file. */
void yl_workers_page_show_worker (YlWorkersPage *page, const char *worker);

G_END_DECLS
