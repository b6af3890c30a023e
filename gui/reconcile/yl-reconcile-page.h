#pragma once

#include "yl-page.h"
#include <adwaita.h>

G_BEGIN_DECLS

#define YL_TYPE_RECONCILE_PAGE (yl_reconcile_page_get_type ())
/**
 * YlReconcilePage: what a person should decide or know: values written apart, one at a time or many at once; promises that gave way;
 * records that may be one person; PCs that were restored, copied or shut out and what was repaired; change sets that do not count.
 */
G_DECLARE_FINAL_TYPE (YlReconcilePage, yl_reconcile_page, YL, RECONCILE_PAGE, AdwBin)

/** yl_reconcile_page_get_count: what only a person can decide. */
guint yl_reconcile_page_get_count (YlReconcilePage *page);

G_END_DECLS
