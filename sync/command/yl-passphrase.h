#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * yl_passphrase_ask: a YlPassphraseFunc: the first line of the file that YUELAI_PASSPHRASE_FILE names, else what a person types
 * on the terminal, unseen. Errors: YL_ERROR_REFUSED where there is neither.
 */
char *yl_passphrase_ask (const char *file, gboolean fresh, GError **error);

G_END_DECLS
