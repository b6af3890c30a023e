#include "checkpoint/yl-checkpoint-load.h"

#include <string.h>

#include "base/yl-i18n.h"
#include "checkpoint/yl-checkpoint-base.h"
#include "checkpoint/yl-checkpoint-entries.h"
#include "exchange/yl-frontier.h"
#include "log/yl-behind.h"

/* Numbers that head office's file left out, because it took change sets out of its log and wrote them anew. */
#define SPARE_PLACES 65536

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("a checkpoint does not fit itself: %s"), why);
  return FALSE;
}

/* Where its writers end is where the signed frontier says. */
static gboolean
check_frontier (const YlCheckpoint *checkpoint, GPtrArray *tips, GError **error)
{
  g_autoptr (GArray) names = g_array_new (FALSE, FALSE, sizeof (YlEntryName));

  for (guint i = 0; i < tips->len; i++)
    g_array_append_val (names, ((YlTip *) tips->pdata[i])->name);
  return yl_frontier_equal (names, checkpoint->frontier) || refuse (error, _ ("its frontier is another"));
}

static gboolean
load_branches (YlStore *store, GArray *branches, GError **error)
{
  for (guint i = 0; i < branches->len; i++)
    {
      const YlBranching *branching = &g_array_index (branches, YlBranching, i);
      gboolean begins = memcmp (branching->parent, branching->bone.branch, sizeof branching->parent) != 0;

      if (!yl_skeleton_add_fork (store, &branching->bone, branching->parent, begins, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
load_skeleton (YlStore *store, YlCheckpointFiles *files, GError **error)
{
  if (files->branches != NULL && !load_branches (store, files->branches, error))
    return FALSE;
  for (guint i = 0; i < files->tips->len; i++)
    if (!yl_skeleton_add_tip (store, files->tips->pdata[i], error))
      return FALSE;
  for (guint i = 0; i < files->tips->len; i++)
    if (!yl_skeleton_set_seen (store, files->tips->pdata[i], error))
      return FALSE;
  for (guint i = 0; i < files->refused->len; i++)
    if (!yl_skeleton_refuse (store, &g_array_index (files->refused, YlBone, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
load_fact (const YlMergeVersion *fact, gpointer store, GError **error)
{
  return yl_skeleton_add_fact (store, fact, error);
}

static gboolean
load_version (const YlMergeVersion *version, gpointer install, GError **error)
{
  return yl_merge_install_add (install, version, error);
}

static gboolean
load_state (YlStore *store, const YlCheckpointShard *shard, GError **error)
{
  g_autoptr (YlMergeInstall) install = yl_merge_install_new (store);

  return yl_shard_foreach (shard->shard, shard->table, load_version, install, error)
         && yl_merge_install_finish (install, error);
}

static gboolean
load_shard (YlStore *store, const YlCheckpointShard *shard, GError **error)
{
  GArray *bones = yl_shard_entries (shard->shard);

  for (guint i = 0; i < bones->len; i++)
    if (!yl_skeleton_add_bone (store, &g_array_index (bones, YlBone, i), error))
      return FALSE;
  return shard->is_state ? load_state (store, shard, error)
                         : yl_shard_foreach (shard->shard, shard->table, load_fact, store, error);
}

static gboolean
load_files (YlGit *git, YlCheckpointFiles *files, const YlCheckpoint *checkpoint, GError **error)
{
  if (!load_skeleton (git->store, files, error))
    return FALSE;
  for (guint i = 0; i < files->shards->len; i++)
    if (!load_shard (git->store, files->shards->pdata[i], error))
      return FALSE;
  return yl_skeleton_finish (git->store, checkpoint->state_hash, error);
}

static gboolean
move_refs (YlGit *git, GPtrArray *tips, GError **error)
{
  g_autoptr (GHashTable) writers = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < tips->len; i++)
    g_hash_table_add (writers, ((YlTip *) tips->pdata[i])->name.writer);
  return yl_git_move_refs (git->store, writers, error);
}

gboolean
yl_checkpoint_load (YlStore *store,
                    const YlCheckpoint *checkpoint,
                    const YlCheckpointContent *content,
                    GArray *places,
                    GError **error)
{
  g_autoptr (YlCheckpointFiles) files = yl_checkpoint_files_read (content, error);
  g_autoptr (YlLogTransaction) transaction = NULL;
  YlGit *git = yl_git_get (store, error);
  gboolean is_empty;

  if (git == NULL || files == NULL || !check_frontier (checkpoint, files->tips, error)
      || !yl_checkpoint_files_place (files, places, 2 * checkpoint->n_entries + SPARE_PLACES, error))
    return FALSE;
  transaction = yl_log_begin (store, error);
  if (transaction == NULL || !yl_skeleton_is_empty (store, &is_empty, error))
    return FALSE;
  if (!is_empty)
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_REFUSED,
                           _ ("this copy has change sets of its own: only an empty one begins with a checkpoint"));
      return FALSE;
    }
  return load_files (git, files, checkpoint, error) && move_refs (git, files->tips, error)
         && yl_checkpoint_content_keep (git, content, error) && yl_checkpoint_keep (store, checkpoint, error)
         && yl_checkpoint_set_base (store, checkpoint, error) && yl_behind_reach (store, 0, error)
         && yl_behind_want (store, TRUE, error) && yl_log_commit (transaction, error);
}
