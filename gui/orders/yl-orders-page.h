#pragma once

#include "yl-page.h"
#include <adwaita.h>

G_BEGIN_DECLS

#define YL_TYPE_ORDERS_PAGE (yl_orders_page_get_type ())
/** YlOrdersPage: this store's orders; beside the list the chosen one's file with its promises. */
G_DECLARE_FINAL_TYPE (YlOrdersPage, yl_orders_page, YL, ORDERS_PAGE, AdwBin)

/** yl_orders_page_show_order: opens that order's file. */
void yl_orders_page_show_order (YlOrdersPage *page, const char *order);
/** yl_orders_page_get_open_count: orders for which somebody is still to be found. */
guint yl_orders_page_get_open_count (YlOrdersPage *page);

G_END_DECLS
