#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define YL_TYPE_SECRET (yl_secret_get_type ())
/** YlSecret: a phone number that is masked until somebody asks to see it. */
G_DECLARE_FINAL_TYPE (YlSecret, yl_secret, YL, SECRET, AdwBin)

/** yl_secret_new_phone: @phone: 11 digits; NULL: this store has no key to it. */
GtkWidget *yl_secret_new_phone (const char *phone);

G_END_DECLS
