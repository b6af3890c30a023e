#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define YL_TYPE_PASSPHRASE_CHOICE (yl_passphrase_choice_get_type ())
/** YlPassphraseChoice: whether a passphrase is to protect a new store file, and which: typed twice. Where nothing else could, it has to be one. */
G_DECLARE_FINAL_TYPE (YlPassphraseChoice, yl_passphrase_choice, YL, PASSPHRASE_CHOICE, AdwBin)

/** yl_passphrase_choice_take: @passphrase: (transfer full): what was typed, or NULL: something else protects the file. The entries are emptied.
 * Free with yl_passphrase_free(). Errors: YL_ERROR_INVALID: too short, or the two differ. */
gboolean yl_passphrase_choice_take (YlPassphraseChoice *choice, char **passphrase, GError **error);

/** yl_passphrase_free: wiped first; NULL is nothing. */
void yl_passphrase_free (char *passphrase);
/** yl_passphrase_use: at the start of the program: new store files may be protected by what yl_passphrase_offer() holds. */
void yl_passphrase_use (void);
/** yl_passphrase_offer: for the store file that is made next; taken. NULL: none any more. From any thread. */
void yl_passphrase_offer (char *passphrase);

G_END_DECLS
