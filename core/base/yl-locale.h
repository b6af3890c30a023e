#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** yl_locale_init: the first call of every program: the person's language and the translations for it, from the build
 * tree when the program runs from there, else from where they are installed. */
void yl_locale_init (void);

G_END_DECLS
