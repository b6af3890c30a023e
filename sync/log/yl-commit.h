#pragma once

#include "yl-git-private.h"
#include "yl-merge-log.h"

G_BEGIN_DECLS

/* A change set as a git commit (docs/formats.md, "Commit"): every byte but the signature follows from the entry and its parents. */

/**
 * yl_commit_parents: the commits that come before @entry's (element-type git_oid).
 * @previous: the commit of the writer's entry before, if that is not folded yet; else NULL.
 * Errors: YL_ERROR_MISSING (not here yet).
 */
GArray *yl_commit_parents (YlGit *git, const YlEntry *entry, const git_oid *previous, GError **error);

/** yl_commit_build: the commit without a signature. Errors: YL_ERROR_INVALID when the entry's codes make no git identity. */
GBytes *yl_commit_build (YlGit *git, const YlEntry *entry, const GArray *parents, GError **error);

/** yl_commit_add_signature: the commit with its `gpgsig` header. */
GBytes *yl_commit_add_signature (GBytes *commit, const guint8 *signature, const guint8 *key);

/** yl_commit_write: stores the commit object; inside a YlLogTransaction. */
gboolean yl_commit_write (YlGit *git, GBytes *commit, git_oid *oid, GError **error);

/** yl_commit_hash: the id the commit has, without storing it. */
gboolean yl_commit_hash (YlGit *git, GBytes *commit, git_oid *oid, GError **error);

/** yl_commit_read: the entry a stored commit carries. Errors: YL_ERROR_CORRUPT. */
YlIncoming *yl_commit_read (YlGit *git, const git_oid *oid, GError **error);

G_END_DECLS
