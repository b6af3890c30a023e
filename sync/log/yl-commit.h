#pragma once

#include "yl-git-private.h"
#include "yl-merge-log.h"

G_BEGIN_DECLS

/*
 * A change set as a git commit (docs/formats.md, "Commit"): every byte but the signature follows from the entry and the commits before it,
 * so commits are made when they are asked for and not kept.
 */

/**
 * yl_commit_parents: the commits that come before @entry's (element-type git_oid).
 * @previous: the commit of the writer's entry before, if it is known; else NULL.
 * Errors: YL_ERROR_MISSING (not here yet), YL_ERROR_INVALID (another entry has that name).
 */
GArray *yl_commit_parents (YlStore *store, const YlEntry *entry, const git_oid *previous, GError **error);

/** yl_commit_build: the commit without a signature. */
GBytes *yl_commit_build (const YlEntry *entry, const GArray *parents);

/** yl_commit_add_signature: the commit with its `gpgsig` header. */
GBytes *yl_commit_add_signature (GBytes *commit, const guint8 *signature, const guint8 *key);

/** yl_commit_hash: the id of a commit. */
void yl_commit_hash (GBytes *commit, git_oid *oid);

/** yl_commit_of: the commit of a logged entry, by local number, as git sees it. Errors: YL_ERROR_NOT_FOUND, YL_ERROR_CORRUPT. */
GBytes *yl_commit_of (YlStore *store, gint64 n, GError **error);

/** yl_commit_oid: the id of the commit of entry @n, signed or not. Errors: YL_ERROR_NOT_FOUND while it is not in the log. */
gboolean yl_commit_oid (YlStore *store, gint64 n, git_oid *oid, GError **error);

G_END_DECLS
