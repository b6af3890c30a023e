#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/*
 * What protects the secrets in a store file. They are sealed under the store key, 32 random bytes made with the file, and that
 * key is sealed in turn under one secret outside the file: a key file, an item of the login's keyring, or a passphrase.
 *
 * The means to unlock belong to the process, not to a store: set once at the start of a program, used wherever a file is
 * opened, by any thread. A store key once unlocked stays in locked memory until the process ends, so that the sync thread
 * and a second opening ask nobody again.
 */
typedef enum
{
  YL_LOCK_KEY_FILE,
  YL_LOCK_KEYRING,
  YL_LOCK_PASSPHRASE,
} YlLockKind;

#define YL_LOCK_SECRET_BYTES 32
#define YL_PASSPHRASE_MIN 8 /* characters */

/** YlKeyring: a place for secrets that belongs to the login. @name: unique, made by the caller. */
typedef struct
{
  gboolean (*is_there) (void);
  /** make: a random secret of YL_LOCK_SECRET_BYTES, kept under @name; people see @label. */
  gboolean (*make) (const char *name, const char *label, guint8 *secret, GError **error);
  /** find: FALSE with YL_ERROR_REFUSED where it holds no such secret or stays shut. */
  gboolean (*find) (const char *name, guint8 *secret, GError **error);
  gboolean (*forget) (const char *name, GError **error);
} YlKeyring;

/** yl_lock_set_keyring: NULL: this process has none. @keyring must live on. */
void yl_lock_set_keyring (const YlKeyring *keyring);
/** yl_lock_set_key_file: NULL: the one that YUELAI_KEY_FILE names, if any. */
void yl_lock_set_key_file (const char *file);
/**
 * YlPassphraseFunc: asks a person, or whoever stands in for one. @fresh: for a new protection, to be asked twice.
 * Returns: (transfer full) the passphrase, or NULL with @error. The caller clears it.
 */
typedef char *(*YlPassphraseFunc) (const char *file, gboolean fresh, GError **error);
void yl_lock_set_passphrase_func (YlPassphraseFunc func);

/** yl_lock_kind_name: `key-file`, `keyring` or `passphrase`. */
const char *yl_lock_kind_name (YlLockKind kind);
/** yl_lock_describe: the same for people, translated. */
const char *yl_lock_describe (YlLockKind kind);
/** yl_lock_kind_for_new: what would protect a store made now: key file, else keyring, else passphrase.
 * Errors: YL_ERROR_REFUSED where there is none of them. */
gboolean yl_lock_kind_for_new (YlLockKind *kind, GError **error);

/** yl_lock_needs_passphrase: the file can be opened only with a passphrase that this process has not been given yet. */
gboolean yl_lock_needs_passphrase (const char *file);
/** yl_lock_try_passphrase: unlocks @file for this process. Slow on purpose. Errors: YL_ERROR_REFUSED: another passphrase. */
gboolean yl_lock_try_passphrase (const char *file, const char *passphrase, GError **error);

/** yl_lock_forget: drops the store keys that this process has unlocked; open stores stay open. */
void yl_lock_forget (void);

/** yl_lock_get_kind: what protects an open store. */
gboolean yl_lock_get_kind (YlStore *store, YlLockKind *kind, GError **error);
/** yl_lock_change: protects @store by @kind from now on; seals only the store key anew. @key_file: made if it does not exist;
 * for YL_LOCK_KEY_FILE only. */
gboolean yl_lock_change (YlStore *store, YlLockKind kind, const char *key_file, GError **error);

G_END_DECLS
