#pragma once

#include "yl-page.h"
#include <adwaita.h>

G_BEGIN_DECLS

#define YL_TYPE_RECONCILE_PAGE (yl_reconcile_page_get_type ())
/**
 * YlReconcilePage: what two people wrote apart, one conflict at a time with both values: 1 left, 2 right, 4 an own value;
 * below it promises that gave way, with the winner and why.
 */
G_DECLARE_FINAL_TYPE (YlReconcilePage, yl_reconcile_page, YL, RECONCILE_PAGE, AdwBin)

/** yl_reconcile_page_get_count: conflicts that only a person can decide. */
guint yl_reconcile_page_get_count (YlReconcilePage *page);

G_END_DECLS
