#pragma once

#include "widgets/yl-wrap-box.h"

G_BEGIN_DECLS

/** yl_chip_new: a short word in a rounded frame. @style: `for`, `against`, `unknown`, or NULL. */
GtkWidget *yl_chip_new (const char *text, const char *style);

/** yl_chip_append_codes: a chip for each code of a comma list (`infant:3,newborn`), by its label; nothing for NULL. */
void yl_chip_append_codes (YlWrapBox *box, const char *code_list, const char *codes);

/** yl_chip_toggle_new: a chip to switch on and off; its code is kept as data `code`. */
GtkWidget *yl_chip_toggle_new (const char *text, const char *code);
const char *yl_chip_get_code (GtkWidget *chip);

G_END_DECLS
