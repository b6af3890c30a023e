/* Does this copy make what the company signed? */
#include "checkpoint/yl-checkpoint.h"

#include <string.h>

#include "exchange/yl-frontier.h"
#include "merge/yl-replay.h"
#include "store/yl-base.h"

static gboolean
same_part (const YlCheckpointContent *a, const YlCheckpointContent *b, guint i)
{
  const YlCheckpointPart *left = i < a->parts->len ? a->parts->pdata[i] : NULL;
  const YlCheckpointPart *right = i < b->parts->len ? b->parts->pdata[i] : NULL;

  return left != NULL && right != NULL && g_str_equal (left->path, right->path)
         && git_oid_equal (&left->oid, &right->oid);
}

/* The first path, in their order, that only one has or that differs. */
static char *
first_difference (const YlCheckpointContent *a, const YlCheckpointContent *b)
{
  const YlCheckpointPart *left, *right;
  guint i = 0;

  while (same_part (a, b, i))
    i++;
  left = i < a->parts->len ? a->parts->pdata[i] : NULL;
  right = i < b->parts->len ? b->parts->pdata[i] : NULL;
  if (left == NULL || right == NULL)
    return g_strdup (left != NULL ? left->path : right != NULL ? right->path : "");
  return g_strdup (strcmp (left->path, right->path) <= 0 ? left->path : right->path);
}

static gboolean
is_same (const YlCheckpointContent *content, const YlCheckpoint *checkpoint)
{
  return git_oid_equal (&content->tree, &checkpoint->tree)
         && memcmp (content->id, checkpoint->content, sizeof content->id) == 0;
}

/* @store: where the checkpoint is kept, @state: the state that is held against it. */
static gboolean
compare_state (YlStore *store, YlStore *state, const YlCheckpoint *checkpoint, char **other, GError **error)
{
  YlGit *git = yl_git_get (store, error);
  g_autoptr (YlCheckpointContent) content = git != NULL ? yl_checkpoint_content_new (state, error) : NULL;
  g_autoptr (YlCheckpointContent) signed_content = NULL;

  *other = NULL;
  if (content == NULL || is_same (content, checkpoint))
    return content != NULL;
  signed_content = yl_checkpoint_content_read (git, &checkpoint->tree, error);
  *other = signed_content != NULL ? first_difference (content, signed_content) : NULL;
  return signed_content != NULL;
}

gboolean
yl_checkpoint_replay (YlStore *store, const YlCheckpoint *checkpoint, gboolean on_base, char **other, GError **error)
{
  g_autoptr (YlStore) then = yl_replay (store, checkpoint->frontier, on_base, error);

  return then != NULL && compare_state (store, then, checkpoint, other, error);
}

/* The state as it is, without another one's writing in between. */
static gboolean
compare_now (YlStore *store, const YlCheckpoint *checkpoint, gboolean *at_frontier, char **other, GError **error)
{
  g_autoptr (YlLogTransaction) moment = yl_log_begin (store, error);
  g_autoptr (GArray) frontier = moment != NULL ? yl_log_frontier (store, error) : NULL;

  if (frontier == NULL)
    return FALSE;
  *at_frontier = yl_frontier_equal (frontier, checkpoint->frontier);
  return !*at_frontier || compare_state (store, store, checkpoint, other, error);
}

gboolean
yl_checkpoint_compare (YlStore *store,
                       const YlCheckpoint *checkpoint,
                       YlCheckpointVerdict *verdict,
                       char **other,
                       GError **error)
{
  g_autoptr (GError) fault = NULL;
  gboolean at_frontier, on_base;

  *verdict = YL_CHECKPOINT_PAST;
  *other = NULL;
  if (!compare_now (store, checkpoint, &at_frontier, other, error) || !yl_base_exists (store, &on_base, error))
    return FALSE;
  if (at_frontier || yl_checkpoint_replay (store, checkpoint, on_base, other, &fault))
    *verdict = *other == NULL ? YL_CHECKPOINT_SAME : YL_CHECKPOINT_OTHER;
  else if (!g_error_matches (fault, YL_ERROR, YL_ERROR_MISSING))
    {
      g_propagate_error (error, g_steal_pointer (&fault));
      return FALSE;
    }
  return TRUE;
}
