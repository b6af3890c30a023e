/* The hub's state hash taken apart, for a store whose state differs. */
#include "hub/yl-hub-private.h"

#include "exchange/yl-state-compare.h"
#include "exchange/yl-state-wire.h"
#include "exchange/yl-exchange.h"

/* Quickly through at first, then with care for those who ask. */
#define SCRUB_FIRST_MS 10
#define SCRUB_MS 1000

GBytes *
yl_hub_state_buckets (YlHub *hub, const YlHubCall *call, GError **error)
{
  g_autoptr (GPtrArray) sums = yl_state_bucket_sums (hub->store, error);

  return sums != NULL ? yl_state_wire_buckets (sums) : NULL;
}

GBytes *
yl_hub_state_records (YlHub *hub, const YlHubCall *call, GError **error)
{
  return yl_state_answer (hub->store, call->body, error);
}

static gboolean
scrub_cb (gpointer data)
{
  YlHub *hub = data;
  guint rounds = hub->scrubbed.rounds;
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_fault_free);
  g_autoptr (GError) error = NULL;

  if (!yl_store_scrub (hub->store, &hub->scrubbed, faults, &error)
      || !yl_store_note_faults (hub->store, faults, &error))
    yl_exchange_note_error (hub->store, error);
  if (!hub->relay)
    yl_hub_tend_checkpoints (hub);
  if (error == NULL && (rounds > 0 || hub->scrubbed.rounds == 0))
    return G_SOURCE_CONTINUE;
  g_clear_pointer (&hub->scrub, g_source_unref);
  if (error == NULL)
    yl_hub_scrub (hub);
  return G_SOURCE_REMOVE;
}

void
yl_hub_scrub (YlHub *hub)
{
  hub->scrub = g_timeout_source_new (hub->scrubbed.rounds == 0 ? SCRUB_FIRST_MS : SCRUB_MS);
  g_source_set_priority (hub->scrub, G_PRIORITY_LOW);
  g_source_set_callback (hub->scrub, scrub_cb, hub, NULL);
  g_source_attach (hub->scrub, hub->context);
}
