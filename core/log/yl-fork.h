#pragma once

#include "yl-log-door.h"
#include "merge/yl-merge.h"

G_BEGIN_DECLS

/*
 * Where writers forked, told alike in every copy, while strands (yl-strand.h) are not: of the entries that follow the same one, that with
 * the lowest id goes on with the branch, and each other begins a branch, named by the first bytes of its own id. The branch with which a
 * writer begins has zeros for a name.
 */
#define YL_BRANCH_BYTES 8

/** YlFork: one of several entries that follow the same one. */
typedef struct
{
  YlEntryName name; /* first: arrays of them sort by it */
  gint64 w;         /* its strand here */
  guint8 parent[YL_BRANCH_BYTES];
  guint8 branch[YL_BRANCH_BYTES]; /* its own; the same as @parent where it goes on with it */
} YlFork;

/** YlForks: of all writers, or of one. */
typedef struct
{
  GArray *forks;       /* of YlFork, ascending by name */
  GArray *stretches;   /* of strands that lie on one branch, private */
  GHashTable *writers; /* those that forked */
  gboolean is_whole;   /* all entries at which branches part are known here */
} YlForks;

/** yl_forks_read: @writer: NULL: all. */
YlForks *yl_forks_read (YlStore *store, const char *writer, GError **error);
void yl_forks_free (YlForks *forks);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlForks, yl_forks_free)

/** yl_forks_branch: the branch on which entry @seq of strand @w is. */
void yl_forks_branch (const YlForks *forks, gint64 w, gint64 seq, guint8 *branch);
/** yl_forks_raise: what was seen of strand @w of @writer, told by branches: in @seen, of YlEntryName with a branch for an id. */
void yl_forks_raise (const YlForks *forks, const char *writer, gint64 w, gint64 seq, GArray *seen);

/** yl_fork_strand: the strand that begins as a branch does, or its writer's first. 0: there is none. */
gboolean yl_fork_strand (YlStore *store, const char *writer, const guint8 *branch, gint64 *w, GError **error);

G_END_DECLS
