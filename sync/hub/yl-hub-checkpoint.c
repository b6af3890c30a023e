/* Checkpoints: handed out to new copies, and made now and then. */
#include "hub/yl-hub-private.h"

#include "base/yl-i18n.h"
#include "checkpoint/yl-checkpoint-pack.h"
#include "checkpoint/yl-checkpoint-late.h"
#include "exchange/yl-frontier.h"
#include "exchange/yl-message.h"

/* The pack of the last checkpoint, made at the first question. */
static YlCheckpointPack *
last_pack (YlHub *hub, GError **error)
{
  g_autoptr (GError) fault = NULL;
  g_autoptr (YlCheckpoint) checkpoint = yl_checkpoint_latest (hub->store, &fault);

  if (checkpoint == NULL)
    {
      if (fault != NULL)
        g_propagate_error (error, g_steal_pointer (&fault));
      else
        g_set_error_literal (error, YL_ERROR, YL_ERROR_NOT_FOUND, _ ("there is no checkpoint yet"));
      return NULL;
    }
  if (hub->pack == NULL || !g_bytes_equal (hub->pack->commit, checkpoint->commit))
    {
      g_clear_pointer (&hub->pack, yl_checkpoint_pack_free);
      hub->pack = yl_checkpoint_pack (hub->store, checkpoint, error);
    }
  return hub->pack;
}

GBytes *
yl_hub_skeleton (YlHub *hub, const YlHubCall *call, GError **error)
{
  g_autoptr (JsonObject) request = yl_message_parse (call->body, error);
  JsonArray *array = request != NULL ? yl_message_get_array (request, "names", YL_LATE_NAMES_MAX, error) : NULL;
  g_autoptr (GArray) names = array != NULL ? yl_frontier_from_json (array, error) : NULL;

  return names != NULL ? yl_late_answer (hub->store, names, error) : NULL;
}

GBytes *
yl_hub_checkpoint (YlHub *hub, const YlHubCall *call, GError **error)
{
  g_autoptr (JsonObject) request = yl_message_parse (call->body, error);
  YlCheckpointPack *pack;
  gint64 first;

  if (request == NULL || !yl_message_get_integer (request, "first", 0, YL_CHECKPOINT_CHUNKS_MAX, &first, error))
    return NULL;
  pack = last_pack (hub, error);
  return pack != NULL ? yl_checkpoint_pack_answer (pack, MIN ((guint) first, pack->chunks->len)) : NULL;
}
