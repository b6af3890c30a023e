#pragma once

#include <adwaita.h>

#include "yl-session.h"

G_BEGIN_DECLS

#define YL_TYPE_DIRECT_DIALOG (yl_direct_dialog_get_type ())
/** YlDirectDialog: exchanging with another PC without head office: with one that lets others, and letting others. */
G_DECLARE_FINAL_TYPE (YlDirectDialog, yl_direct_dialog, YL, DIRECT_DIALOG, AdwWindow)

/** yl_direct_dialog_show: above the window that @widget is in. */
void yl_direct_dialog_show (GtkWidget *widget, YlSession *session);

G_END_DECLS
