/* The ODB backend: git objects in the store file. */
#include "yl-git-private.h"

typedef struct
{
  git_odb_backend parent;
  YlGit *git; /* borrowed: outlives its repository */
} YlGitObjects;

/* What is not there is for libgit2 to report; any other failure is kept, because only the store knows its cause. */
static int
note_failure (YlGit *git, GError *failure)
{
  if (g_error_matches (failure, YL_ERROR, YL_ERROR_NOT_FOUND))
    {
      g_error_free (failure);
      return GIT_ENOTFOUND;
    }
  g_clear_error (&git->failure);
  git->failure = failure;
  return GIT_ERROR;
}

/* Trees and blobs are kept; the empty tree and commits are made. */
static GBytes *
load_object (YlGit *git, const git_oid *oid, int *type, GError **error)
{
  g_autoptr (GError) fault = NULL;
  GBytes *bytes = yl_log_get_object (git->store, oid->id, type, &fault);
  gint64 n;

  if (bytes != NULL)
    return bytes;
  if (!g_error_matches (fault, YL_ERROR, YL_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&fault));
      return NULL;
    }
  if (git_oid_streq (oid, YL_EMPTY_TREE) == 0)
    {
      *type = GIT_OBJECT_TREE;
      return g_bytes_new_static ("", 0);
    }
  *type = GIT_OBJECT_COMMIT;
  return yl_git_find_commit (git, oid, &n, error) ? yl_git_read_commit (git, n, error) : NULL;
}

static int
read_object (void **data, size_t *length, git_object_t *type, git_odb_backend *backend, const git_oid *oid)
{
  YlGit *git = ((YlGitObjects *) backend)->git;
  GError *failure = NULL;
  int found_type = 0;
  g_autoptr (GBytes) bytes = load_object (git, oid, &found_type, &failure);

  if (bytes == NULL)
    return note_failure (git, failure);
  *length = g_bytes_get_size (bytes);
  *type = (git_object_t) found_type;
  *data = git_odb_backend_data_alloc (backend, MAX (*length, 1));
  if (*data == NULL)
    return GIT_ERROR;
  if (*length > 0)
    memcpy (*data, g_bytes_get_data (bytes, NULL), *length);
  return GIT_OK;
}

static int
read_header (size_t *length, git_object_t *type, git_odb_backend *backend, const git_oid *oid)
{
  YlGit *git = ((YlGitObjects *) backend)->git;
  GError *failure = NULL;
  int found_type = 0;
  g_autoptr (GBytes) bytes = load_object (git, oid, &found_type, &failure);

  if (bytes == NULL)
    return note_failure (git, failure);
  *length = g_bytes_get_size (bytes);
  *type = (git_object_t) found_type;
  return GIT_OK;
}

static int
write_object (git_odb_backend *backend, const git_oid *oid, const void *data, size_t length, git_object_t type)
{
  YlGit *git = ((YlGitObjects *) backend)->git;
  GError *failure = NULL;

  if (!yl_log_put_object (git->store, oid->id, type, data, length, &failure))
    return note_failure (git, failure);
  return GIT_OK;
}

static int
object_exists (git_odb_backend *backend, const git_oid *oid)
{
  YlGit *git = ((YlGitObjects *) backend)->git;
  gint64 n;

  return yl_log_has_object (git->store, oid->id) || git_oid_streq (oid, YL_EMPTY_TREE) == 0
         || yl_git_find_commit (git, oid, &n, NULL);
}

typedef struct
{
  git_odb_foreach_cb func;
  void *data;
  int result;
} EachObject;

static gboolean
each_object (const guint8 *oid, int type, gpointer data)
{
  EachObject *each = data;
  git_oid id;

  memcpy (id.id, oid, sizeof id.id);
  each->result = each->func (&id, each->data);
  return each->result == 0;
}

static int
foreach_object (git_odb_backend *backend, git_odb_foreach_cb func, void *data)
{
  YlGit *git = ((YlGitObjects *) backend)->git;
  EachObject each = { func, data, GIT_OK };
  GError *failure = NULL;

  if (!yl_git_follow (git, &failure) || !yl_log_foreach_object (git->store, each_object, &each, &failure))
    return note_failure (git, failure);
  for (guint n = 0; n < git->commits->len && each.result == 0; n++)
    if (!git_oid_is_zero (&g_array_index (git->commits, git_oid, n)))
      each.result = func (&g_array_index (git->commits, git_oid, n), data);
  return each.result;
}

static void
free_backend (git_odb_backend *backend)
{
  g_free (backend);
}

git_odb_backend *
yl_git_objects_new (YlGit *git)
{
  YlGitObjects *objects = g_new0 (YlGitObjects, 1);

  git_odb_init_backend (&objects->parent, GIT_ODB_BACKEND_VERSION);
  objects->git = git;
  objects->parent.read = read_object;
  objects->parent.read_header = read_header;
  objects->parent.write = write_object;
  objects->parent.exists = object_exists;
  objects->parent.foreach = foreach_object;
  objects->parent.free = free_backend;
  return &objects->parent;
}
