/* Commits as libgit2 asks for them: by id. They are not kept, so their ids are worked out from the log, in order, at the first question. */
#include "yl-commit.h"

/* About a kilobyte each. */
#define MADE_MAX 20000

static const git_oid *
oid_of (YlGit *git, gint64 n)
{
  return &g_array_index (git->commits, git_oid, n);
}

/* The commit of entry @n of @run; those of the entries before are known. */
static GBytes *
make_commit (YlGit *git, const YlRun *run, gint64 n, GError **error)
{
  YlStore *store = git->store;
  g_autoptr (YlEntry) entry = yl_log_entry (store, n, error);
  g_autoptr (GArray) parents =
      entry != NULL ? yl_commit_parents (store, entry, n > run->start ? oid_of (git, n - 1) : NULL, error) : NULL;
  g_autoptr (GBytes) commit = parents != NULL ? yl_commit_build (entry, parents) : NULL;
  guint8 key[YL_KEY_BYTES];

  if (commit == NULL || n < run->end)
    return g_steal_pointer (&commit);
  return yl_log_writer_key (store, entry->writer, key, error) ? yl_commit_add_signature (commit, run->signature, key)
                                                              : NULL;
}

static gboolean
follow_run (YlGit *git, const YlRun *run, GError **error)
{
  for (gint64 n = run->start; n <= run->end; n++)
    {
      g_autoptr (GBytes) commit = make_commit (git, run, n, error);
      git_oid oid;

      if (commit == NULL)
        return FALSE;
      yl_commit_hash (commit, &oid);
      g_array_set_size (git->commits, (guint) n);
      g_array_append_val (git->commits, oid);
      g_hash_table_insert (git->commit_numbers, g_memdup2 (&oid, sizeof oid), g_memdup2 (&n, sizeof n));
    }
  return TRUE;
}

gboolean
yl_git_follow (YlGit *git, GError **error)
{
  for (;;)
    {
      g_autoptr (GError) fault = NULL;
      YlRun run;

      if (!yl_log_find_run (git->store, MAX (git->commits->len, 1), &run, &fault))
        {
          if (g_error_matches (fault, YL_ERROR, YL_ERROR_NOT_FOUND))
            return TRUE;
          g_propagate_error (error, g_steal_pointer (&fault));
          return FALSE;
        }
      if (!follow_run (git, &run, error))
        return FALSE;
    }
}

gboolean
yl_git_find_commit (YlGit *git, const git_oid *oid, gint64 *n, GError **error)
{
  const gint64 *found = g_hash_table_lookup (git->commit_numbers, oid);

  if (found == NULL)
    {
      if (!yl_git_follow (git, error))
        return FALSE;
      found = g_hash_table_lookup (git->commit_numbers, oid);
    }
  if (found != NULL)
    {
      *n = *found;
      return TRUE;
    }
  g_set_error (error, YL_ERROR, YL_ERROR_NOT_FOUND, "the log has no such commit");
  return FALSE;
}

GBytes *
yl_git_read_commit (YlGit *git, gint64 n, GError **error)
{
  GBytes *commit = g_hash_table_lookup (git->made, &n);
  YlRun run;

  if (commit != NULL)
    return g_bytes_ref (commit);
  commit = yl_log_find_run (git->store, n, &run, error) ? make_commit (git, &run, n, error) : NULL;
  if (g_hash_table_size (git->made) >= MADE_MAX)
    g_hash_table_remove_all (git->made);
  if (commit != NULL)
    g_hash_table_insert (git->made, g_memdup2 (&n, sizeof n), g_bytes_ref (commit));
  return commit;
}
