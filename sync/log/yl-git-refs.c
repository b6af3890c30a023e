/*
 * The refdb backend: refs in the store file. Each writer has one, refs/heads/<writer>, that only moves forward, so there are no
 * symbolic refs, no renames and no reflogs; libgit2 wants the callbacks all the same.
 */
#include "yl-git-private.h"

typedef struct
{
  git_refdb_backend parent;
  YlGit *git; /* borrowed: outlives its repository */
} YlGitRefs;

typedef struct
{
  git_reference_iterator parent;
  YlGit *git; /* borrowed */
  GStrv names;
  guint next;
} YlGitRefIterator;

static int
ref_exists (int *exists, git_refdb_backend *backend, const char *name)
{
  guint8 oid[YL_OID_BYTES];

  *exists = yl_log_get_ref (((YlGitRefs *) backend)->git->store, name, oid);
  return GIT_OK;
}

static int
find_ref (git_reference **ref, YlGit *git, const char *name)
{
  git_oid oid;

  if (!yl_log_get_ref (git->store, name, oid.id))
    return GIT_ENOTFOUND;
  *ref = git_reference__alloc (name, &oid, NULL);
  return *ref != NULL ? GIT_OK : GIT_ERROR;
}

static int
lookup_ref (git_reference **ref, git_refdb_backend *backend, const char *name)
{
  return find_ref (ref, ((YlGitRefs *) backend)->git, name);
}

static int
next_name (const char **name, git_reference_iterator *iterator)
{
  YlGitRefIterator *refs = (YlGitRefIterator *) iterator;

  if (refs->names[refs->next] == NULL)
    return GIT_ITEROVER;
  *name = refs->names[refs->next++];
  return GIT_OK;
}

static int
next_ref (git_reference **ref, git_reference_iterator *iterator)
{
  const char *name = NULL;
  int result = next_name (&name, iterator);

  return result == GIT_OK ? find_ref (ref, ((YlGitRefIterator *) iterator)->git, name) : result;
}

static void
free_iterator (git_reference_iterator *iterator)
{
  g_strfreev (((YlGitRefIterator *) iterator)->names);
  g_free (iterator);
}

static GStrv
match_names (GStrv names, const char *glob)
{
  g_autoptr (GStrvBuilder) matching = g_strv_builder_new ();

  for (guint i = 0; names[i] != NULL; i++)
    if (g_pattern_match_simple (glob, names[i]))
      g_strv_builder_add (matching, names[i]);
  return g_strv_builder_end (matching);
}

static int
iterate_refs (git_reference_iterator **iterator, git_refdb_backend *backend, const char *glob)
{
  YlGit *git = ((YlGitRefs *) backend)->git;
  YlGitRefIterator *refs;
  GError *failure = NULL;
  g_auto (GStrv) names = yl_log_list_refs (git->store, &failure);

  if (names == NULL)
    {
      g_clear_error (&git->failure);
      git->failure = failure;
      return GIT_ERROR;
    }
  refs = g_new0 (YlGitRefIterator, 1);
  refs->git = git;
  refs->names = glob != NULL ? match_names (names, glob) : g_steal_pointer (&names);
  refs->parent.next = next_ref;
  refs->parent.next_name = next_name;
  refs->parent.free = free_iterator;
  *iterator = &refs->parent;
  return GIT_OK;
}

static int
set_ref (YlGit *git, const char *name, const git_oid *oid)
{
  GError *failure = NULL;

  if (yl_log_set_ref (git->store, name, oid != NULL ? oid->id : NULL, &failure))
    return GIT_OK;
  g_clear_error (&git->failure);
  git->failure = failure;
  return GIT_ERROR;
}

/* What the caller believes the ref to be: @old, or absent. */
static gboolean
ref_is (YlGit *git, const char *name, const git_oid *old)
{
  git_oid now;
  gboolean exists = yl_log_get_ref (git->store, name, now.id);

  return old == NULL ? !exists : exists && git_oid_equal (&now, old);
}

static int
write_ref (git_refdb_backend *backend,
           const git_reference *ref,
           int force,
           const git_signature *who,
           const char *message,
           const git_oid *old,
           const char *old_target)
{
  YlGit *git = ((YlGitRefs *) backend)->git;
  const char *name = git_reference_name (ref);

  if (git_reference_type (ref) != GIT_REFERENCE_DIRECT || old_target != NULL)
    return GIT_EINVALIDSPEC;
  if (!force && !ref_is (git, name, old))
    return old == NULL ? GIT_EEXISTS : GIT_EMODIFIED;
  return set_ref (git, name, git_reference_target (ref));
}

static int
delete_ref (git_refdb_backend *backend, const char *name, const git_oid *old, const char *old_target)
{
  YlGit *git = ((YlGitRefs *) backend)->git;

  if (old_target != NULL || (old != NULL && !ref_is (git, name, old)))
    return GIT_EMODIFIED;
  return set_ref (git, name, NULL);
}

static int
refuse_rename (git_reference **ref,
               git_refdb_backend *backend,
               const char *old_name,
               const char *new_name,
               int force,
               const git_signature *who,
               const char *message)
{
  *ref = NULL;
  return GIT_EINVALIDSPEC;
}

static int
has_no_log (git_refdb_backend *backend, const char *name)
{
  return 0;
}

static int
need_no_log (git_refdb_backend *backend, const char *name)
{
  return GIT_OK;
}

static int
read_no_log (git_reflog **log, git_refdb_backend *backend, const char *name)
{
  *log = NULL;
  return GIT_ENOTFOUND;
}

static int
write_no_log (git_refdb_backend *backend, git_reflog *log)
{
  return GIT_OK;
}

static int
rename_no_log (git_refdb_backend *backend, const char *old_name, const char *new_name)
{
  return GIT_OK;
}

static void
free_backend (git_refdb_backend *backend)
{
  g_free (backend);
}

git_refdb_backend *
yl_git_refs_new (YlGit *git)
{
  YlGitRefs *refs = g_new0 (YlGitRefs, 1);

  git_refdb_init_backend (&refs->parent, GIT_REFDB_BACKEND_VERSION);
  refs->git = git;
  refs->parent.exists = ref_exists;
  refs->parent.lookup = lookup_ref;
  refs->parent.iterator = iterate_refs;
  refs->parent.write = write_ref;
  refs->parent.rename = refuse_rename;
  refs->parent.del = delete_ref;
  refs->parent.has_log = has_no_log;
  refs->parent.ensure_log = need_no_log;
  refs->parent.free = free_backend;
  refs->parent.reflog_read = read_no_log;
  refs->parent.reflog_write = write_no_log;
  refs->parent.reflog_rename = rename_no_log;
  refs->parent.reflog_delete = need_no_log;
  return &refs->parent;
}
