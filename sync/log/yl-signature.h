#pragma once

#include <glib.h>

#include "log/yl-log-door.h"

G_BEGIN_DECLS

/*
 * SSH signatures (OpenSSH's PROTOCOL.sshsig) over Ed25519 in namespace "git", hash sha512: what `git verify-commit` checks. Only one
 * text is canonical for a key and a signature, so 64 raw bytes travel and the text is rebuilt.
 */

/** yl_signature_payload: the bytes that the key signs for @text. */
GBytes *yl_signature_payload (const char *text, gsize length);

/** yl_signature_verify: whether the raw @signature by @key (YL_KEY_BYTES) is one of @text. */
gboolean yl_signature_verify (const guint8 *signature, const guint8 *key, const char *text, gsize length);

/** yl_signature_armour: the canonical text for the `gpgsig` header, 70 columns, ending in a newline. */
char *yl_signature_armour (const guint8 *signature, const guint8 *key);

/** yl_signature_parse: reads canonical armour, nothing else. @signature: YL_SIGNATURE_BYTES, @key: YL_KEY_BYTES.
 * Errors: YL_ERROR_INVALID. */
gboolean yl_signature_parse (const char *armour, guint8 *signature, guint8 *key, GError **error);

/** yl_signature_public_key: the key as `ssh-ed25519 AAAA…`, for allowed_signers. */
char *yl_signature_public_key (const guint8 *key);

G_END_DECLS
