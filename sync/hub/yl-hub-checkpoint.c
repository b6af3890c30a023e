/* Checkpoints: handed out to new copies, and made now and then. */
#include "hub/yl-hub-private.h"

#include "base/yl-clock.h"
#include "base/yl-i18n.h"
#include "checkpoint/yl-checkpoint-pack.h"
#include "checkpoint/yl-checkpoint-history.h"
#include "checkpoint/yl-checkpoint-horizon.h"
#include "checkpoint/yl-checkpoint-late.h"
#include "exchange/yl-frontier.h"
#include "exchange/yl-mend.h"
#include "exchange/yl-message.h"

/* One is made after so many change sets, or after so many days in which there was any. */
#define DUE_ENTRIES 5000
#define DUE_DAYS 7
#define TEND_SECONDS 60

/* Checkpoint @number, 0: the last. */
static YlCheckpoint *
find_checkpoint (YlHub *hub, gint64 number, GError **error)
{
  g_autoptr (GPtrArray) all = yl_checkpoint_list (hub->store, error);

  if (all == NULL)
    return NULL;
  for (guint i = all->len; i > 0; i--)
    if (number == 0 || ((YlCheckpoint *) all->pdata[i - 1])->number == number)
      return g_ptr_array_steal_index (all, i - 1);
  g_set_error_literal (error, YL_ERROR, YL_ERROR_NOT_FOUND, _ ("there is no checkpoint yet"));
  return NULL;
}

/* Its pack, kept for the next one who asks. */
static YlCheckpointPack *
find_pack (YlHub *hub, gint64 number, GError **error)
{
  g_autoptr (YlCheckpoint) checkpoint = find_checkpoint (hub, number, error);

  if (checkpoint == NULL)
    return NULL;
  if (hub->pack == NULL || !g_bytes_equal (hub->pack->commit, checkpoint->commit))
    {
      g_clear_pointer (&hub->pack, yl_checkpoint_pack_free);
      hub->pack = yl_checkpoint_pack (hub->store, checkpoint, error);
    }
  return hub->pack;
}

GBytes *
yl_hub_horizon (YlHub *hub, const YlHubCall *call, GError **error)
{
  return yl_horizon_statement (hub->store, error);
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
yl_hub_run (YlHub *hub, const YlHubCall *call, GError **error)
{
  g_autoptr (JsonObject) request = yl_message_parse (call->body, error);
  const char *text = request != NULL ? yl_message_get_text (request, "name", 64, error) : NULL;
  YlEntryName name;

  if (text == NULL)
    return NULL;
  if (yl_entry_name_read (text, &name))
    return yl_mend_answer (hub->store, &name, error);
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("“%s” is not the name of a change set"), text);
  return NULL;
}

GBytes *
yl_hub_history (YlHub *hub, const YlHubCall *call, GError **error)
{
  g_autoptr (JsonObject) request = yl_message_parse (call->body, error);
  gint64 after;

  if (request == NULL || !yl_message_get_integer (request, "after", 0, G_MAXINT64, &after, error))
    return NULL;
  return yl_history_answer (hub->store, after, error);
}

GBytes *
yl_hub_checkpoint (YlHub *hub, const YlHubCall *call, GError **error)
{
  g_autoptr (JsonObject) request = yl_message_parse (call->body, error);
  YlCheckpointPack *pack;
  gint64 number, first;

  if (request == NULL || !yl_message_get_integer (request, "number", 0, G_MAXINT32, &number, error)
      || !yl_message_get_integer (request, "first", 0, YL_CHECKPOINT_CHUNKS_MAX, &first, error))
    return NULL;
  pack = find_pack (hub, number, error);
  return pack != NULL ? yl_checkpoint_pack_answer (pack, MIN ((guint) first, pack->chunks->len)) : NULL;
}

static gint64
count_entries (GArray *frontier)
{
  gint64 n = 0;

  for (guint i = 0; i < frontier->len; i++)
    n += g_array_index (frontier, YlEntryName, i).seq;
  return n;
}

static gboolean
is_due (YlHub *hub, GError **error)
{
  g_autoptr (GPtrArray) all = yl_checkpoint_list (hub->store, error);
  g_autoptr (GArray) frontier = all != NULL ? yl_log_frontier (hub->store, error) : NULL;
  const YlCheckpoint *last = all != NULL && all->len > 0 ? all->pdata[all->len - 1] : NULL;
  gint64 n_new;

  if (frontier == NULL)
    return FALSE;
  n_new = count_entries (frontier) - (last != NULL ? last->n_entries : 0);
  return n_new >= DUE_ENTRIES
         || (n_new > 0 && last != NULL && yl_store_now (hub->store) - last->time >= DUE_DAYS * YL_DAY_MS);
}

void
yl_hub_tend_checkpoints (YlHub *hub)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlCheckpoint) made = NULL;

  if (g_get_monotonic_time () < hub->tended + TEND_SECONDS * G_TIME_SPAN_SECOND)
    return;
  hub->tended = g_get_monotonic_time ();
  if (is_due (hub, &error))
    made = yl_checkpoint_make (hub->store, &error);
  if (error != NULL)
    g_debug ("no checkpoint: %s", error->message);
}
