#include "hub/yl-hub-private.h"

#include "exchange/yl-delivery.h"
#include "exchange/yl-exchange.h"
#include "exchange/yl-frontier.h"
#include "exchange/yl-grant.h"
#include "exchange/yl-message.h"
#include "exchange/yl-receipt.h"

GBytes *
yl_hub_fetch (YlHub *hub, const YlHubCall *call, GError **error)
{
  g_autoptr (JsonObject) request = yl_message_parse (call->body, error);
  JsonArray *array = request == NULL ? NULL : yl_message_get_array (request, "frontier", YL_FRONTIER_MAX, error);
  g_autoptr (GArray) frontier = array == NULL ? NULL : yl_frontier_from_json (array, error);
  g_autoptr (YlSegment) segment = NULL;
  g_autoptr (GBytes) keys = NULL;

  if (frontier == NULL || !yl_delivery_settle (hub->store, error))
    return NULL;
  segment = yl_delivery_collect (hub->store, frontier, error);
  keys = segment == NULL ? NULL : yl_delivery_keys (segment);
  if (keys == NULL || !yl_grant_attach (hub->store, segment, call->writer, keys, NULL, error))
    return NULL;
  return yl_segment_encode (segment);
}

/* The receipt is written after all of it is committed, which with synchronous=FULL means durable. */
GBytes *
yl_hub_push (YlHub *hub, const YlHubCall *call, GError **error)
{
  YlTaken taken = { 0 };
  guint8 digest[YL_PUSH_DIGEST_BYTES];
  GBytes *receipt;

  if (!yl_delivery_take (hub->store, call->body, &taken, error) || !yl_exchange_rest (hub->store, error))
    return NULL;
  yl_push_digest (call->body, digest);
  receipt = yl_receipt_issue (hub->store, call->writer, digest, error);
  if (taken.n_entries > 0)
    yl_hub_news (hub);
  return receipt;
}

GBytes *
yl_hub_grants (YlHub *hub, const YlHubCall *call, GError **error)
{
  g_autoptr (JsonObject) request = yl_message_parse (call->body, error);
  g_autoptr (GBytes) ids =
      request == NULL ? NULL : yl_message_get_ids (request, "keys", YL_KEY_ID_BYTES, YL_PEER_KEYS_MAX, error);
  guint n_keys;

  return ids == NULL ? NULL : yl_grant_make (hub->store, call->writer, ids, &n_keys, error);
}

/* Ids of keys that head office lacks, because what they seal came without them: whoever holds one sends it. */
static GBytes *
read_wanted (YlHub *hub, GError **error)
{
  g_autoptr (GBytes) all = yl_log_keys_wanted (hub->store, error);

  if (all == NULL)
    return NULL;
  return g_bytes_new_from_bytes (all, 0, MIN (g_bytes_get_size (all), YL_PEER_KEYS_MAX * YL_KEY_ID_BYTES));
}

GBytes *
yl_hub_state (YlHub *hub, const YlHubCall *call, GError **error)
{
  g_autofree char *hash = NULL;
  g_autoptr (GArray) frontier = NULL;
  g_autoptr (GBytes) wanted = NULL;
  JsonObject *answer;

  if (!yl_delivery_settle (hub->store, error) || !yl_delivery_state (hub->store, &frontier, &hash, error))
    return NULL;
  wanted = read_wanted (hub, error);
  if (wanted == NULL)
    return NULL;
  answer = json_object_new ();
  json_object_set_array_member (answer, "frontier", yl_frontier_to_json (frontier));
  json_object_set_string_member (answer, "state_hash", hash);
  yl_message_set_ids (answer, "wanted", wanted, YL_KEY_ID_BYTES);
  return yl_message_encode (answer);
}
