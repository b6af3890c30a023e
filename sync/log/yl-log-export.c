/* The log as a bare repository that stock git reads and verifies. */
#include "yl-git-private.h"
#include "yl-merge-log.h"
#include "yl-signature.h"

#include <errno.h>
#include <ftw.h>
#include <glib/gstdio.h>

/* A ref as it stood when the export began. */
typedef struct
{
  char *name;
  git_oid oid;
} YlTip;

static void
clear_tip (gpointer data)
{
  g_free (((YlTip *) data)->name);
}

static GArray *
list_tips (YlStore *store, GError **error)
{
  g_auto (GStrv) names = yl_log_list_refs (store, error);
  g_autoptr (GArray) tips = g_array_new (FALSE, FALSE, sizeof (YlTip));

  if (names == NULL)
    return NULL;
  g_array_set_clear_func (tips, clear_tip);
  for (guint i = 0; names[i] != NULL; i++)
    {
      YlTip tip = { .name = g_strdup (names[i]) };

      g_array_append_val (tips, tip);
      if (!yl_log_get_ref (store, names[i], g_array_index (tips, YlTip, i).oid.id))
        {
          g_set_error (error, YL_ERROR, YL_ERROR_CORRUPT, "ref %s of the log is gone", names[i]);
          return NULL;
        }
    }
  return g_steal_pointer (&tips);
}

static gboolean
write_pack (YlGit *git, const GArray *tips, const char *dir, GError **error)
{
  g_autofree char *pack_dir = g_build_filename (dir, "objects", "pack", NULL);
  g_autoptr (git_packbuilder) builder = NULL;
  g_autoptr (git_revwalk) walk = NULL;
  int result = git_packbuilder_new (&builder, git->repository);

  if (result == GIT_OK)
    result = git_revwalk_new (&walk, git->repository);
  for (guint i = 0; result == GIT_OK && i < tips->len; i++)
    result = git_revwalk_push (walk, &g_array_index (tips, YlTip, i).oid);
  if (result == GIT_OK)
    result = git_packbuilder_insert_walk (builder, walk);
  if (result == GIT_OK)
    result = git_packbuilder_write (builder, pack_dir, 0, NULL, NULL);
  return yl_git_check (git, result, "write the exported pack", error);
}

static gboolean
write_refs (YlGit *git, git_repository *exported, const GArray *tips, GError **error)
{
  for (guint i = 0; i < tips->len; i++)
    {
      const YlTip *tip = &g_array_index (tips, YlTip, i);
      g_autoptr (git_reference) ref = NULL;

      if (!yl_git_check (git, git_reference_create (&ref, exported, tip->name, &tip->oid, FALSE, NULL),
                         "write the exported refs", error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_allowed_signers (YlStore *store, const char *dir, GError **error)
{
  g_autofree char *file = g_build_filename (dir, "allowed_signers", NULL);
  g_autofree char *lines = yl_merge_log_allowed_signers (store, error);
  g_autoptr (GError) local_error = NULL;

  if (lines == NULL)
    return FALSE;
  if (g_file_set_contents (file, lines, -1, &local_error))
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_FAILED, "cannot write %s: %s", file, local_error->message);
  return FALSE;
}

static git_repository *
make_repository (YlGit *git, const char *dir, GError **error)
{
  git_repository_init_options options = GIT_REPOSITORY_INIT_OPTIONS_INIT;
  g_autoptr (git_repository) exported = NULL;
  int result;

  options.flags = GIT_REPOSITORY_INIT_BARE;
  options.initial_head = yl_log_authority (git->store);
  result = git_repository_init_ext (&exported, dir, &options);
  if (result == GIT_OK)
    result = git_repository_set_ident (exported, "yuelai", "yuelai@localhost");
  if (!yl_git_check (git, result, "make the exported repository", error))
    return NULL;
  return g_steal_pointer (&exported);
}

static gboolean
write_export (YlGit *git, const char *dir, GError **error)
{
  g_autoptr (GArray) tips = list_tips (git->store, error);
  g_autoptr (git_repository) exported = tips != NULL ? make_repository (git, dir, error) : NULL;

  return exported != NULL && write_pack (git, tips, dir, error) && write_refs (git, exported, tips, error)
         && write_allowed_signers (git->store, dir, error);
}

static int
remove_one (const char *path, const struct stat *info, int kind, struct FTW *place)
{
  return remove (path);
}

static gboolean
dir_is_free (const char *dir, GError **error)
{
  g_autoptr (GDir) listing = NULL;

  if (!g_file_test (dir, G_FILE_TEST_EXISTS))
    return TRUE;
  listing = g_dir_open (dir, 0, NULL);
  if (listing != NULL && g_dir_read_name (listing) == NULL)
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, "%s exists and is not an empty folder; name another one", dir);
  return FALSE;
}

/* Made beside @dir and renamed onto it, so that no half of an export is ever found there. */
static gboolean
export_beside (YlGit *git, const char *dir, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (dir);
  g_autofree char *temporary = g_build_filename (parent, ".yuelai-export-XXXXXX", NULL);
  gboolean done;

  if (g_mkdtemp_full (temporary, 0755) == NULL)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_FAILED, "cannot make a folder in %s: %s", parent, g_strerror (errno));
      return FALSE;
    }
  done = write_export (git, temporary, error);
  if (done && g_rename (temporary, dir) != 0)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_FAILED, "cannot put the export at %s: %s", dir, g_strerror (errno));
      done = FALSE;
    }
  if (!done)
    nftw (temporary, remove_one, 16, FTW_DEPTH | FTW_PHYS);
  return done;
}

/* No date windows: clocks in the field are wrong too often. */
char *
yl_merge_log_allowed_signers (YlStore *store, GError **error)
{
  g_auto (GStrv) refs = yl_log_list_refs (store, error);
  g_autoptr (GString) lines = g_string_new (NULL);
  const char *last = NULL;

  if (refs == NULL)
    return NULL;
  for (guint i = 0; refs[i] != NULL; i++)
    {
      g_autofree char *writer = NULL;
      g_autofree char *label = NULL;
      g_autofree char *public_key = NULL;
      guint8 key[YL_KEY_BYTES];

      /* The further branches of a writer that forked have its name in front, so they sort next to it. */
      if (!g_str_has_prefix (refs[i], YL_REF_PREFIX)
          || (last != NULL && strncmp (refs[i], last, strlen (YL_REF_PREFIX) + YL_WRITER_CHARS) == 0))
        continue;
      last = refs[i];
      writer = g_strndup (refs[i] + strlen (YL_REF_PREFIX), YL_WRITER_CHARS);
      if (!yl_log_writer_key (store, writer, key, error))
        return NULL;
      label = yl_log_writer_label (store, writer);
      public_key = yl_signature_public_key (key);
      g_string_append_printf (lines, "%s@%s namespaces=\"git\" %s %s\n", writer, yl_store_get_scope (store), public_key,
                              label);
    }
  return g_string_free (g_steal_pointer (&lines), FALSE);
}

gboolean
yl_merge_log_export (YlStore *store, const char *dir, GError **error)
{
  YlGit *git = yl_git_get (store, error);
  g_autofree char *path = g_canonicalize_filename (dir, NULL);

  return git != NULL && dir_is_free (path, error) && yl_merge_log_append (store, error)
         && export_beside (git, path, error);
}
