/* libgit2 in this process, and the repository that lives in a store file. */
#include "yl-git-private.h"

#define GIT_HANDLE "yl-git"

static guint
hash_oid (gconstpointer oid)
{
  guint hash;

  memcpy (&hash, oid, sizeof hash);
  return hash;
}

static gboolean
equal_oid (gconstpointer a, gconstpointer b)
{
  return git_oid_equal (a, b);
}

static void
free_git (gpointer data)
{
  YlGit *git = data;

  git_repository_free (git->repository);
  git_odb_free (git->odb);
  g_clear_error (&git->failure);
  g_array_unref (git->commits);
  g_hash_table_unref (git->commit_numbers);
  g_hash_table_unref (git->made);
  g_free (git);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlGit, free_git)

static int
open_odb (YlGit *git)
{
  git_odb_backend *backend;
  int result = git_odb_new (&git->odb);

  if (result < 0)
    return result;
  backend = yl_git_objects_new (git);
  result = git_odb_add_backend (git->odb, backend, 1);
  if (result < 0)
    {
      backend->free (backend);
      return result;
    }
  return git_repository_set_odb (git->repository, git->odb);
}

static int
open_refs (YlGit *git)
{
  g_autoptr (git_refdb) refdb = NULL;
  git_refdb_backend *backend;
  int result = git_refdb_new (&refdb, git->repository);

  if (result < 0)
    return result;
  backend = yl_git_refs_new (git);
  result = git_refdb_set_backend (refdb, backend);
  if (result < 0)
    {
      backend->free (backend);
      return result;
    }
  return git_repository_set_refdb (git->repository, refdb);
}

/* An empty configuration and a fixed identity: without them libgit2 would look for the user's. */
static int
open_repository (YlGit *git)
{
  g_autoptr (git_config) config = NULL;
  int result = git_repository_new (&git->repository);

  if (result == GIT_OK)
    result = git_config_new (&config);
  if (result == GIT_OK)
    result = git_repository_set_config (git->repository, config);
  if (result == GIT_OK)
    result = git_repository_set_ident (git->repository, "yuelai", "yuelai@localhost");
  if (result == GIT_OK)
    result = git_repository_set_bare (git->repository);
  if (result == GIT_OK)
    result = open_odb (git);
  if (result == GIT_OK)
    result = open_refs (git);
  return result;
}

void
yl_git_init (void)
{
  static gsize done = 0;

  if (!g_once_init_enter (&done))
    return;
  git_libgit2_init ();
  git_libgit2_opts (GIT_OPT_ENABLE_CACHING, 0);
  for (int level = GIT_CONFIG_LEVEL_PROGRAMDATA; level <= GIT_CONFIG_LEVEL_GLOBAL; level++)
    git_libgit2_opts (GIT_OPT_SET_SEARCH_PATH, level, "");
  git_libgit2_opts (GIT_OPT_SET_TEMPLATE_PATH, "");
  g_once_init_leave (&done, 1);
}

YlGit *
yl_git_get (YlStore *store, GError **error)
{
  g_autoptr (YlGit) git = NULL;
  YlGit *open = g_object_get_data (G_OBJECT (store), GIT_HANDLE);

  if (open != NULL)
    return open;
  yl_git_init ();
  git = g_new0 (YlGit, 1);
  git->store = store;
  git->commits = g_array_new (FALSE, TRUE, sizeof (git_oid));
  git->commit_numbers = g_hash_table_new_full (hash_oid, equal_oid, g_free, g_free);
  git->made = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) g_bytes_unref);
  if (!yl_git_check (git, open_repository (git), "open the log", error))
    return NULL;
  open = git;
  g_object_set_data_full (G_OBJECT (store), GIT_HANDLE, g_steal_pointer (&git), free_git);
  return open;
}

gboolean
yl_git_check (YlGit *git, int result, const char *doing, GError **error)
{
  const git_error *last;
  gboolean is_damage = result == GIT_ENOTFOUND || result == GIT_EMISMATCH;

  if (result >= 0)
    return TRUE;
  if (git->failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&git->failure));
      return FALSE;
    }
  last = git_error_last ();
  g_set_error (error, YL_ERROR, is_damage ? YL_ERROR_CORRUPT : YL_ERROR_FAILED, "the log of %s: cannot %s: %s",
               yl_store_get_file (git->store), doing, last != NULL ? last->message : "libgit2 gives no reason");
  return FALSE;
}

/* A fork gives branches other names than before. */
static gboolean
remove_refs (YlStore *store, const char *writer, GError **error)
{
  g_autofree char *prefix = g_strconcat (YL_REF_PREFIX, writer, "-", NULL);
  g_auto (GStrv) names = yl_log_list_refs (store, error);

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    if (g_str_has_prefix (names[i], prefix) && !yl_log_set_ref (store, names[i], NULL, error))
      return FALSE;
  return names != NULL;
}

static gboolean
move_writer (YlStore *store, const char *writer, GError **error)
{
  g_autoptr (GPtrArray) branches = yl_log_branches (store, writer, error);

  if (branches == NULL || (branches->len > 1 && !remove_refs (store, writer, error)))
    return FALSE;
  for (guint i = 0; i < branches->len; i++)
    {
      const YlBranch *branch = branches->pdata[i];
      g_autofree char *name = g_strconcat (YL_REF_PREFIX, branch->name, NULL);

      if (branch->logged && !yl_log_set_ref (store, name, branch->oid, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
yl_git_move_refs (YlStore *store, GHashTable *writers, GError **error)
{
  GHashTableIter iter;
  gpointer writer;

  g_hash_table_iter_init (&iter, writers);
  while (g_hash_table_iter_next (&iter, &writer, NULL))
    if (!move_writer (store, writer, error))
      return FALSE;
  return TRUE;
}
