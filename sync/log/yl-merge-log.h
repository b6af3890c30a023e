#pragma once

#include "store/yl-log-door.h"

G_BEGIN_DECLS

/* The merge log: change sets as signed git commits in the store's own file (docs/formats.md). */

/** YlIncoming: an entry as it travels: its message, and the raw Ed25519 signature where its commit is signed. */
typedef struct
{
  GBytes *message;
  gboolean is_signed;
  guint8 signature[YL_SIGNATURE_BYTES];
} YlIncoming;
void yl_incoming_free (YlIncoming *incoming);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlIncoming, yl_incoming_free)

/** yl_merge_log_append: turns unlogged outbox entries into commits, the last of each writer's batch signed, moving
 * refs/heads/<writer>. Idempotent: the same entries give the same bytes. */
gboolean yl_merge_log_append (YlStore *store, GError **error);

/** yl_merge_log_read: an entry (by local number) as it travels. Errors: YL_ERROR_NOT_FOUND, YL_ERROR_CORRUPT. */
YlIncoming *yl_merge_log_read (YlStore *store, gint64 n, GError **error);
/** yl_merge_log_batch_end: the local number of the signed entry that covers entry @n (itself if signed), so that segments can be cut there. */
gint64 yl_merge_log_batch_end (YlStore *store, gint64 n, GError **error);

/**
 * yl_merge_log_accept: entries from elsewhere, in causal order, each writer's run ending in a signed one. Rebuilds each
 * commit, checks chain and signatures, stores objects, moves refs and hands the change sets to the door, all in ONE transaction:
 * on an error nothing is kept. Entries already here are skipped. @n_new: how many were new.
 * Errors: as yl_log_apply(); YL_ERROR_INVALID (signature, an unsigned tail).
 */
gboolean yl_merge_log_accept (YlStore *store, GPtrArray *incoming, guint *n_new, GError **error);

/** yl_merge_log_verify: every commit, parent, ref, chain value and signature of the whole log. Errors: YL_ERROR_CORRUPT naming
 * the first fault. @n_commits: how many were checked. */
gboolean yl_merge_log_verify (YlStore *store, guint *n_commits, GError **error);

/** yl_merge_log_export: a bare repository with every ref, and DIR/allowed_signers, for stock git. DIR must not exist or be
 * empty. */
gboolean yl_merge_log_export (YlStore *store, const char *dir, GError **error);

G_END_DECLS
