#pragma once

#include <git2.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/refdb_backend.h>
#include <git2/sys/refs.h>
#include <git2/sys/repository.h>

#include "log/yl-log-door.h"

G_BEGIN_DECLS

/* Each writer has one ref, named by its id. */
#define YL_REF_PREFIX "refs/heads/"
/* The tree of every change set. */
#define YL_EMPTY_TREE "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

/*
 * libgit2 over the store file: a repository that exists nowhere on disk, whose objects and refs are those of the store (through
 * yl-log-door.h). Commits are made from entries when they are asked for. No git configuration is ever read, and libgit2's object cache is off because it would outlive a
 * rollback of the transaction that wrote an object.
 */
typedef struct
{
  YlStore *store; /* borrowed: the handle belongs to the store */
  git_repository *repository;
  git_odb *odb;
  GError *failure; /* what the store told a backend: libgit2's own error has no place for it */
  GArray *commits; /* of git_oid: the commit of each entry by local number, as far as libgit2 has asked for commits */
  GHashTable *commit_numbers; /* git_oid -> local number */
  GHashTable *made; /* local number -> GBytes: commits asked for lately, since git asks for each more than once */
} YlGit;

/** yl_git_get: the store's repository, made at the first call. Returns: (transfer none), freed with the store. */
YlGit *yl_git_get (YlStore *store, GError **error);

/** yl_git_check: turns the result of a libgit2 call into an error. @doing: `read commit 1234…`. Errors: YL_ERROR_CORRUPT for
 * what is missing or does not match its id, else what the store said or YL_ERROR_FAILED. */
gboolean yl_git_check (YlGit *git, int result, const char *doing, GError **error);

/** yl_git_init: libgit2 itself, once per process. */
void yl_git_init (void);

/** yl_git_move_refs: the refs of @writers (a set of ids) to their last commits; at the end of a transaction. */
gboolean yl_git_move_refs (YlStore *store, GHashTable *writers, GError **error);

/** yl_git_find_commit: the local number of the entry whose commit that is. Errors: YL_ERROR_NOT_FOUND. */
gboolean yl_git_find_commit (YlGit *git, const git_oid *oid, gint64 *n, GError **error);
/** yl_git_read_commit: the commit of a logged entry. */
GBytes *yl_git_read_commit (YlGit *git, gint64 n, GError **error);
/** yl_git_follow: makes all commits of the log known up to now, or to the first entry that is not logged. */
gboolean yl_git_follow (YlGit *git, GError **error);

/** yl_git_refs_new: the refdb backend. */
git_refdb_backend *yl_git_refs_new (YlGit *git);
/** yl_git_objects_new: the ODB backend. */
git_odb_backend *yl_git_objects_new (YlGit *git);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (git_commit, git_commit_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (git_config, git_config_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (git_odb, git_odb_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (git_packbuilder, git_packbuilder_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (git_reference, git_reference_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (git_refdb, git_refdb_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (git_repository, git_repository_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (git_revwalk, git_revwalk_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (git_signature, git_signature_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (git_tree, git_tree_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (git_treebuilder, git_treebuilder_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (git_buf, git_buf_dispose)

G_END_DECLS
