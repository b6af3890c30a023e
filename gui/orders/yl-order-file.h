#pragma once

#include <adwaita.h>

#include "yl-session.h"

G_BEGIN_DECLS

#define YL_TYPE_ORDER_FILE (yl_order_file_get_type ())
/** YlOrderFile: one order: what is wanted, who is promised, and what can be done: match, dropout, take a promise back. */
G_DECLARE_FINAL_TYPE (YlOrderFile, yl_order_file, YL, ORDER_FILE, AdwBin)

void yl_order_file_set_session (YlOrderFile *file, YlSession *session);
void yl_order_file_show (YlOrderFile *file, const char *order);
/** yl_order_file_refresh: shows the same order as it is now. */
void yl_order_file_refresh (YlOrderFile *file);

G_END_DECLS
