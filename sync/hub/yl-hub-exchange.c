#include "hub/yl-hub-private.h"

#include "exchange/yl-delivery.h"
#include "exchange/yl-exchange.h"
#include "exchange/yl-frontier.h"
#include "exchange/yl-grant.h"
#include "exchange/yl-hex.h"
#include "exchange/yl-message.h"
#include "exchange/yl-receipt.h"
#include "store/yl-state-hash.h"

GBytes *
yl_hub_fetch (YlHub *hub, const YlHubCall *call, GError **error)
{
  g_autoptr (JsonObject) request = yl_message_parse (call->body, error);
  JsonArray *array = request == NULL ? NULL : yl_message_get_array (request, "frontier", YL_FRONTIER_MAX, error);
  g_autoptr (GArray) frontier = array == NULL ? NULL : yl_frontier_from_json (array, error);
  g_autoptr (YlSegment) segment = NULL;

  if (frontier == NULL || !yl_delivery_settle (hub->store, error))
    return NULL;
  segment = yl_delivery_collect (hub->store, frontier, error);
  return segment == NULL ? NULL : yl_segment_encode (segment, error);
}

/* The receipt is written after all of it is committed, which with synchronous=FULL means durable. */
GBytes *
yl_hub_push (YlHub *hub, const YlHubCall *call, GError **error)
{
  YlTaken taken;
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
  JsonArray *wanted = request == NULL ? NULL : yl_message_get_array (request, "keys", YL_PEER_KEYS_MAX, error);
  g_autoptr (GByteArray) ids = g_byte_array_new ();
  g_autoptr (GBytes) all = NULL;

  if (wanted == NULL)
    return NULL;
  for (guint i = 0; i < json_array_get_length (wanted); i++)
    {
      JsonNode *node = json_array_get_element (wanted, i);
      guint8 id[YL_KEY_ID_BYTES];

      if (json_node_get_value_type (node) != G_TYPE_STRING || !yl_hex_read (json_node_get_string (node), id, sizeof id))
        {
          g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID, "`keys` holds something that is no key id");
          return NULL;
        }
      g_byte_array_append (ids, id, sizeof id);
    }
  all = g_byte_array_free_to_bytes (g_steal_pointer (&ids));
  return yl_grant_make (hub->store, call->writer, all, error);
}

GBytes *
yl_hub_state (YlHub *hub, const YlHubCall *call, GError **error)
{
  g_autofree char *hash = NULL;
  g_autoptr (GArray) frontier = NULL;
  JsonObject *answer;

  if (!yl_delivery_settle (hub->store, error))
    return NULL;
  frontier = yl_log_frontier (hub->store, error);
  hash = frontier == NULL ? NULL : yl_state_hash (hub->store, error);
  if (hash == NULL)
    return NULL;
  answer = json_object_new ();
  json_object_set_array_member (answer, "frontier", yl_frontier_to_json (frontier));
  json_object_set_string_member (answer, "state_hash", hash);
  return yl_message_encode (answer);
}
