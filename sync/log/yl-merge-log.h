#pragma once

#include "log/yl-log-door.h"

G_BEGIN_DECLS

/* The merge log: change sets as signed git commits in the store's own file (docs/formats.md). */

/** YlIncoming: an entry as it travels, and the raw Ed25519 signature where its commit is signed. */
typedef struct
{
  YlEntry *entry;
  gboolean is_signed;
  guint8 signature[YL_SIGNATURE_BYTES];
} YlIncoming;
void yl_incoming_free (YlIncoming *incoming);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlIncoming, yl_incoming_free)

/** yl_merge_log_append: brings entries of this file's own pens into the log, moving refs/heads/<writer>. Each run of entries of one
 * writer that are next to each other ends in a signed commit. Idempotent: the same entries give the same bytes. */
gboolean yl_merge_log_append (YlStore *store, GError **error);

/** yl_merge_log_read: an entry (by local number) as it travels. Errors: YL_ERROR_NOT_FOUND (or not logged yet), YL_ERROR_CORRUPT. */
YlIncoming *yl_merge_log_read (YlStore *store, gint64 n, GError **error);
/** yl_merge_log_batch_end: the local number of the signed entry that covers entry @n (itself if signed). A segment may be cut
 * right after any signed entry: all up to there are covered. Returns: 0 on an error. */
gint64 yl_merge_log_batch_end (YlStore *store, gint64 n, GError **error);

/**
 * yl_merge_log_accept: entries from elsewhere, in causal order, each unsigned one followed at once by its writer's next. Makes
 * each commit, checks chain and signatures, moves refs and hands the change sets to the door, all in ONE
 * transaction: on an error nothing is kept. A run passes the door only after its signature was verified. Entries already
 * here are skipped.
 * @incoming: (element-type YlIncoming). @n_new: how many were new.
 * Errors: as yl_log_apply(); YL_ERROR_INVALID (signature, an unsigned tail), YL_ERROR_MISSING.
 */
gboolean yl_merge_log_accept (YlStore *store, GPtrArray *incoming, guint *n_new, GError **error);

/**
 * yl_merge_log_fill: entries from behind the checkpoint on which this copy stands, checked in the same way and put at their @places
 * (element-type gint64); inside a YlLogTransaction. Errors: as yl_behind_take().
 */
gboolean yl_merge_log_fill (YlStore *store, GPtrArray *incoming, GArray *places, GError **error);

/** yl_merge_log_mend: likewise for entries that stand at their @places already, damaged or without their messages (yl-mend.h). */
gboolean yl_merge_log_mend (YlStore *store, GPtrArray *incoming, GArray *places, GError **error);

/** YlDamagedRun: a run of the log of which something is damaged. */
typedef struct
{
  YlRun run;
  YlEntryName name; /* its first entry that is */
} YlDamagedRun;
/** YlLogDamage: all that is wrong with the log. */
typedef struct
{
  GArray *runs;        /* of YlDamagedRun, in causal order */
  gboolean refs;       /* refs are not where the log ends */
  GByteArray *objects; /* ids of objects, parts of checkpoints, YL_OID_BYTES each */
  guint n_commits;     /* how many were checked */
} YlLogDamage;
void yl_log_damage_clear (YlLogDamage *damage);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (YlLogDamage, yl_log_damage_clear)
/** yl_merge_log_inspect: as yl_merge_log_verify(), but goes on behind what is damaged and tells all of it. */
gboolean yl_merge_log_inspect (YlStore *store, YlLogDamage *damage, GError **error);
/** yl_merge_log_place_refs: sets all refs to where the log ends. */
gboolean yl_merge_log_place_refs (YlStore *store, GError **error);

/** yl_merge_log_verify: every message, commit, parent, ref, chain value and signature of the whole log. Errors: YL_ERROR_CORRUPT naming
 * the first fault. @n_commits: how many were checked; entries that wait to be logged are not among them. */
gboolean yl_merge_log_verify (YlStore *store, guint *n_commits, GError **error);

/** yl_merge_log_export: appends what waits, then makes @dir a bare repository with every ref, and @dir/allowed_signers, for stock
 * git. @dir must not exist or be empty; nothing is left of it on an error. Errors: YL_ERROR_REFUSED, YL_ERROR_FAILED. */
gboolean yl_merge_log_export (YlStore *store, const char *dir, GError **error);
/** yl_merge_log_allowed_signers: a line for each writer of the log: principal, namespace, key, label, as `git verify-commit` reads them. */
char *yl_merge_log_allowed_signers (YlStore *store, GError **error);

G_END_DECLS
