/* checkpoint, checkpoint make, checkpoint verify: the whole state, signed by the company. */

#include <inttypes.h>

#include "base/yl-clock.h"
#include "base/yl-i18n.h"
#include "checkpoint/yl-checkpoint.h"
#include "yl-invocation.h"
#include "yl-output.h"

static const char *
verdict_word (YlCheckpointVerdict verdict)
{
  switch (verdict)
    {
    case YL_CHECKPOINT_SAME:
      return "same";
    case YL_CHECKPOINT_OTHER:
      return "other";
    case YL_CHECKPOINT_PAST:
      return "past";
    default:
      g_assert_not_reached ();
    }
}

static void
print_json (YlOutput *output, const YlCheckpoint *checkpoint, const char *verdict, const char *other)
{
  yl_output_begin_object (output, NULL);
  yl_output_integer (output, "number", checkpoint->number);
  yl_output_instant (output, "time", checkpoint->time);
  yl_output_integer (output, "entries", checkpoint->n_entries);
  yl_output_text (output, "tree", git_oid_tostr_s (&checkpoint->tree));
  yl_output_text (output, "commit", git_oid_tostr_s (&checkpoint->oid));
  yl_output_text (output, "state_hash", checkpoint->state_hash);
  if (verdict != NULL)
    yl_output_text (output, "verdict", verdict);
  if (other != NULL)
    yl_output_text (output, "other", other);
  yl_output_end_object (output);
}

static void
print_line (YlOutput *output, const YlCheckpoint *checkpoint)
{
  g_autofree char *time = yl_instant_format (checkpoint->time);

  yl_output_line (output, "%" G_GINT64_FORMAT "\t%s\t%" G_GINT64_FORMAT "\t%s", checkpoint->number, time,
                  checkpoint->n_entries, git_oid_tostr_s (&checkpoint->tree));
}

static gboolean
print_one (YlInvocation *invocation, const YlCheckpoint *checkpoint, GError **error)
{
  g_autoptr (YlOutput) output = yl_output_new ();

  if (invocation->json)
    print_json (output, checkpoint, NULL, NULL);
  else
    print_line (output, checkpoint);
  return yl_output_flush (output, error);
}

gboolean
yl_command_checkpoint (YlInvocation *invocation, GError **error)
{
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  g_autoptr (GPtrArray) all = store != NULL ? yl_checkpoint_list (store, error) : NULL;
  g_autoptr (YlOutput) output = yl_output_new ();

  if (all == NULL)
    return FALSE;
  if (invocation->json)
    yl_output_begin_array (output, NULL);
  for (guint i = 0; i < all->len; i++)
    if (invocation->json)
      print_json (output, all->pdata[i], NULL, NULL);
    else
      print_line (output, all->pdata[i]);
  if (invocation->json)
    yl_output_end_array (output);
  return yl_output_flush (output, error);
}

gboolean
yl_command_checkpoint_make (YlInvocation *invocation, GError **error)
{
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  g_autoptr (YlCheckpoint) made = NULL;

  if (store == NULL)
    return FALSE;
  if (!yl_store_is_head_office (store))
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_REFUSED, _ ("only head office's store makes checkpoints"));
      return FALSE;
    }
  made = yl_checkpoint_make (store, error);
  return made != NULL && print_one (invocation, made, error);
}

static void
print_verdict (YlOutput *output, const YlCheckpoint *checkpoint, YlCheckpointVerdict verdict, const char *other)
{
  if (verdict == YL_CHECKPOINT_SAME)
    yl_output_line (output, _ ("checkpoint %" PRId64 ": this copy makes the same tree %s"), checkpoint->number,
                    git_oid_tostr_s (&checkpoint->tree));
  else if (verdict == YL_CHECKPOINT_OTHER)
    yl_output_line (output, _ ("checkpoint %" PRId64 ": this copy makes another %s than the company signed"),
                    checkpoint->number, other);
  else
    yl_output_line (output, _ ("checkpoint %" PRId64 ": the history to look that far back is not here"),
                    checkpoint->number);
}

gboolean
yl_command_checkpoint_verify (YlInvocation *invocation, GError **error)
{
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  g_autoptr (GError) fault = NULL;
  g_autoptr (YlCheckpoint) last = store != NULL ? yl_checkpoint_latest (store, &fault) : NULL;
  g_autoptr (YlOutput) output = yl_output_new ();
  g_autofree char *other = NULL;
  YlCheckpointVerdict verdict;

  if (store == NULL)
    return FALSE;
  if (last == NULL)
    {
      if (fault != NULL)
        g_propagate_error (error, g_steal_pointer (&fault));
      else
        g_set_error_literal (error, YL_ERROR, YL_ERROR_NOT_FOUND, _ ("there is no checkpoint here yet"));
      return FALSE;
    }
  if (!yl_checkpoint_compare (store, last, &verdict, &other, error))
    return FALSE;
  if (verdict == YL_CHECKPOINT_OTHER)
    invocation->exit = YL_EXIT_CORRUPT;
  if (invocation->json)
    print_json (output, last, verdict_word (verdict), other);
  else
    print_verdict (output, last, verdict, other);
  return yl_output_flush (output, error);
}
