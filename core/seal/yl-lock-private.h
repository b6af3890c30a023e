#pragma once

#include "store/yl-database.h"
#include "yl-lock.h"

G_BEGIN_DECLS

#define YL_STORE_KEY_BYTES 32
#define YL_LOCK_ID_BYTES 16
#define YL_LOCK_SEALED_BYTES (24 + YL_STORE_KEY_BYTES + 16)

/** YlLock: the row of table lock: the store key, sealed. */
typedef struct
{
  YlLockKind kind;
  guint8 id[YL_LOCK_ID_BYTES];     /* new with every protection */
  guint8 key_id[YL_LOCK_ID_BYTES]; /* of the store key: stays */
  guint8 salt[16];                 /* for Argon2id, with the two limits; else zeros */
  gint64 passes;
  gint64 memory; /* bytes */
  guint8 sealed[YL_LOCK_SEALED_BYTES];
} YlLock;

/* The row. */
gboolean yl_lock_read (YlDatabase *database, const char *file, YlLock *lock, GError **error);
gboolean yl_lock_write (YlDatabase *database, const YlLock *lock, GError **error);
/* yl_lock_init: a new id, and what Argon2id needs where @kind does. */
void yl_lock_init (YlLock *lock, YlLockKind kind);
void yl_lock_seal (YlLock *lock, const guint8 *secret, const guint8 *store_key);
/* yl_lock_unseal: FALSE if @secret is not the one. */
gboolean yl_lock_unseal (const YlLock *lock, const guint8 *secret, guint8 *store_key);
/* yl_lock_stretch: the secret that a passphrase stands for. Takes 64 MiB and a good part of a second. */
gboolean yl_lock_stretch (const YlLock *lock, const char *passphrase, guint8 *secret, GError **error);

/* For the vault: the store key of a new file, protected by what the process has; and of one that is there. */
gboolean yl_lock_make (YlDatabase *database, const char *file, guint8 *store_key, GError **error);
gboolean yl_lock_open (YlDatabase *database, const char *file, guint8 *store_key, GError **error);

G_END_DECLS
