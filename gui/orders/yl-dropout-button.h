#pragma once

#include <adwaita.h>

#include "yl-session.h"

G_BEGIN_DECLS

#define YL_TYPE_DROPOUT_BUTTON (yl_dropout_button_get_type ())
/** YlDropoutButton: notes that a worker does not come, with its cause, and goes on to her substitute in one step. */
G_DECLARE_FINAL_TYPE (YlDropoutButton, yl_dropout_button, YL, DROPOUT_BUTTON, AdwBin)

GtkWidget *yl_dropout_button_new (YlSession *session, const char *order, const char *claim);

G_END_DECLS
