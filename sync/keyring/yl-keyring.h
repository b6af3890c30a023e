#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** yl_keyring_use: lets this process keep and find store secrets in the login's keyring, where there is one. At the start of a
 * program; asks nothing yet. */
void yl_keyring_use (void);

G_END_DECLS
