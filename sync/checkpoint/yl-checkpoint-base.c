#include "checkpoint/yl-checkpoint-base.h"

#include <string.h>

#include "base/yl-i18n.h"
#include "store/yl-base.h"
#include "checkpoint/yl-checkpoint-entries.h"
#include "merge/yl-repair.h"
#include "merge/yl-state-sums.h"

#define SETTING_BASE "checkpoint.base"

YlCheckpoint *
yl_checkpoint_base (YlStore *store, GError **error)
{
  g_autofree char *number = yl_store_get_setting (store, SETTING_BASE);
  g_autoptr (GPtrArray) all = number != NULL ? yl_checkpoint_list (store, error) : NULL;

  for (guint i = 0; all != NULL && i < all->len; i++)
    if (((YlCheckpoint *) all->pdata[i])->number == g_ascii_strtoll (number, NULL, 10))
      return g_ptr_array_steal_index (all, i);
  if (all != NULL)
    g_set_error (error, YL_ERROR, YL_ERROR_CORRUPT, _ ("checkpoint %s, on which this copy stands, is gone: join again"),
                 number);
  return NULL;
}

gboolean
yl_checkpoint_set_base (YlStore *store, const YlCheckpoint *checkpoint, GError **error)
{
  g_autofree char *number = checkpoint != NULL ? g_strdup_printf ("%" G_GINT64_FORMAT, checkpoint->number) : NULL;

  return yl_store_set_setting (store, SETTING_BASE, number, error);
}

/* Reading its files */

static git_tree *
base_tree (YlGit *git, GError **error)
{
  g_autoptr (YlCheckpoint) base = yl_checkpoint_base (git->store, error);
  g_autoptr (git_tree) tree = NULL;

  if (base == NULL)
    {
      if (error != NULL && *error == NULL)
        g_set_error_literal (error, YL_ERROR, YL_ERROR_MISSING, _ ("this copy stands on no checkpoint"));
      return NULL;
    }
  if (!yl_git_check (git, git_tree_lookup (&tree, git->repository, &base->tree), "read a checkpoint's tree", error))
    return NULL;
  return g_steal_pointer (&tree);
}

/* A file of the tree; NULL without an error where it has none of that name. */
static YlShard *
read_shard (YlGit *git, const git_tree *tree, const char *path, GError **error)
{
  git_tree_entry *item = NULL;
  g_autoptr (GBytes) bytes = NULL;
  int type;
  int result = git_tree_entry_bypath (&item, tree, path);

  if (result == GIT_ENOTFOUND || !yl_git_check (git, result, "read a checkpoint's tree", error))
    return NULL;
  bytes = yl_log_get_object (git->store, git_tree_entry_id (item)->id, &type, error);
  git_tree_entry_free (item);
  return bytes != NULL ? yl_shard_read (bytes, error) : NULL;
}

typedef struct
{
  const char *id;
  YlMergeVersionFunc func;
  gpointer data;
} Filter;

static gboolean
visit_one (const YlMergeVersion *version, gpointer data, GError **error)
{
  const Filter *filter = data;

  return !g_str_equal (version->id, filter->id) || filter->func (version, filter->data, error);
}

static gboolean
visit_record (YlGit *git, const char *table, const char *id, YlMergeVersionFunc func, gpointer data, GError **error)
{
  g_autofree char *path = g_strdup_printf (YL_CHECKPOINT_STATE "%s/%02x", table, yl_state_bucket (id));
  g_autoptr (git_tree) tree = base_tree (git, error);
  g_autoptr (GError) fault = NULL;
  g_autoptr (YlShard) shard = tree != NULL ? read_shard (git, tree, path, &fault) : NULL;
  Filter filter = { id, func, data };

  if (fault != NULL)
    g_propagate_error (error, g_steal_pointer (&fault));
  else if (tree != NULL)
    return shard == NULL || yl_shard_foreach (shard, table, visit_one, &filter, error);
  return FALSE;
}

/* All files of a folder that are shards. */
static gboolean
visit_folder (YlGit *git, const char *folder, YlMergeVersionFunc func, gpointer data, GError **error)
{
  g_autoptr (YlCheckpoint) base = yl_checkpoint_base (git->store, error);
  g_autoptr (YlCheckpointContent) content = base != NULL ? yl_checkpoint_content_read (git, &base->tree, error) : NULL;

  for (guint i = 0; content != NULL && i < content->parts->len; i++)
    {
      const YlCheckpointPart *part = content->parts->pdata[i];
      g_auto (GStrv) names = g_strsplit (part->path, "/", 3);
      g_autoptr (YlShard) shard = NULL;

      if (!g_str_has_prefix (part->path, folder))
        continue;
      shard = yl_shard_read (part->bytes, error);
      if (shard == NULL || !yl_shard_foreach (shard, names[1], func, data, error))
        return FALSE;
    }
  return content != NULL;
}

static gboolean
visit_state (YlStore *store, const char *table, const char *id, YlMergeVersionFunc func, gpointer data, GError **error)
{
  YlGit *git = yl_git_get (store, error);

  if (git == NULL)
    return FALSE;
  return table != NULL ? visit_record (git, table, id, func, data, error)
                       : visit_folder (git, YL_CHECKPOINT_STATE, func, data, error);
}

static gboolean
visit_facts (YlStore *store, YlMergeVersionFunc func, gpointer data, GError **error)
{
  YlGit *git = yl_git_get (store, error);

  return git != NULL && visit_folder (git, YL_CHECKPOINT_AUTHORITY, func, data, error);
}

/* What it says of entries */

static gboolean
name_entry (const YlEntryName *name, gboolean wrong, GPtrArray *faults)
{
  g_autofree char *text = g_strdup_printf ("%s:%" G_GINT64_FORMAT, name->writer, name->seq);

  if (wrong)
    g_ptr_array_add (faults, yl_fault_new (YL_FAULT_SEEN, "entry", text, NULL));
  return TRUE;
}

static gboolean
check_bone (YlStore *store, const YlBone *bone, GPtrArray *faults, GError **error)
{
  gboolean wrong;

  return yl_skeleton_mend_bone (store, bone, &wrong, error) && name_entry (&bone->name, wrong, faults);
}

static gboolean
check_bones (YlStore *store, GArray *bones, GPtrArray *faults, GError **error)
{
  for (guint i = 0; i < bones->len; i++)
    if (!check_bone (store, &g_array_index (bones, YlBone, i), faults, error))
      return FALSE;
  return TRUE;
}

static gboolean
check_files (YlStore *store, const YlCheckpointFiles *files, GPtrArray *faults, GError **error)
{
  for (guint i = 0; files->branches != NULL && i < files->branches->len; i++)
    if (!check_bone (store, &g_array_index (files->branches, YlBranching, i).bone, faults, error))
      return FALSE;
  for (guint i = 0; i < files->tips->len; i++)
    {
      const YlTip *tip = files->tips->pdata[i];
      gboolean wrong;

      if (!yl_skeleton_mend_tip (store, tip, &wrong, error) || !name_entry (&tip->name, wrong, faults))
        return FALSE;
    }
  for (guint i = 0; i < files->shards->len; i++)
    if (!check_bones (store, yl_shard_entries (((YlCheckpointShard *) files->shards->pdata[i])->shard), faults, error))
      return FALSE;
  return check_bones (store, files->refused, faults, error);
}

/* Without it there is nothing to hold them against; that it is damaged is named elsewhere. */
static YlCheckpointFiles *
read_base (YlStore *store)
{
  YlGit *git = yl_git_get (store, NULL);
  g_autoptr (YlCheckpoint) base = git != NULL ? yl_checkpoint_base (store, NULL) : NULL;
  g_autoptr (YlCheckpointContent) content = base != NULL ? yl_checkpoint_content_read (git, &base->tree, NULL) : NULL;

  return content != NULL ? yl_checkpoint_files_read (content, NULL) : NULL;
}

gboolean
yl_checkpoint_check_base (YlStore *store, gboolean repair, GPtrArray *faults, GError **error)
{
  g_autoptr (YlCheckpointFiles) files = NULL;
  g_autoptr (YlLogTransaction) transaction = NULL;
  guint before = faults->len;
  gboolean exists;

  if (!yl_base_exists (store, &exists, error))
    return FALSE;
  files = exists ? read_base (store) : NULL;
  if (files == NULL)
    return TRUE;
  transaction = yl_log_begin (store, error);
  if (transaction == NULL || !check_files (store, files, faults, error))
    return FALSE;
  return !repair || faults->len == before || yl_log_commit (transaction, error);
}

void
yl_checkpoint_init (void)
{
  static const YlBaseReader reader = { visit_state, visit_facts };

  yl_base_set_reader (&reader);
}
