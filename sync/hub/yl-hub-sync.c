/* The one call of an exchange, and the keys that may be asked for beside it. */
#include "hub/yl-hub-private.h"

#include <sodium.h>
#include <string.h>

#include "base/yl-i18n.h"
#include "exchange/yl-delivery.h"
#include "exchange/yl-exchange.h"
#include "exchange/yl-frontier.h"
#include "exchange/yl-grant.h"
#include "exchange/yl-message.h"
#include "exchange/yl-receipt.h"
#include "exchange/yl-watch.h"
#include "seal/yl-key-hold.h"

/* How many keys are asked back with an answer, where nothing says that some were lost. */
#define WANTED_MAX 256
/* Looking for lost keys takes a while; it may take so much of all time, however often callers ask for it. */
#define STOCK_SHARE 10

static gboolean
fill_moment (YlHub *hub, YlSyncAnswer *answer, YlMoment *moment, GError **error)
{
  if (!yl_delivery_settle (hub->store, error) || !yl_delivery_moment (hub->store, moment, error))
    return FALSE;
  answer->time = yl_store_now (hub->store);
  memcpy (answer->frontier, moment->frontier, sizeof answer->frontier);
  memcpy (answer->hash, moment->hash, sizeof answer->hash);
  yl_hub_memory_add (hub->memory, moment->frontier, moment->coverage);
  return TRUE;
}

static gboolean
cover_names (YlStore *store, GArray *coverage, GArray *names, GError **error)
{
  for (guint i = 0; i < names->len; i++)
    if (!yl_log_cover (store, coverage, &g_array_index (names, YlEntryName, i), error))
      return FALSE;
  return TRUE;
}

/* What the copy lacks of all; remembers how far it gets with that. */
static gboolean
add_segment (YlHub *hub, const char *writer, GArray *coverage, YlSyncAnswer *answer, GError **error)
{
  g_autoptr (YlSegment) segment = yl_delivery_collect (hub->store, coverage, error);
  g_autoptr (GBytes) keys = segment == NULL ? NULL : yl_delivery_keys (segment);
  g_autoptr (GArray) brought = NULL;
  g_autoptr (GArray) names = NULL;
  guint8 digest[YL_FRONTIER_DIGEST_BYTES];

  if (keys == NULL)
    return FALSE;
  if (segment->entries->len == 0)
    return TRUE;
  if (!yl_grant_attach (hub->store, segment, writer, keys, NULL, error))
    return FALSE;
  answer->segment = yl_segment_encode (segment);
  brought = yl_delivery_names (segment);
  if (!cover_names (hub->store, coverage, brought, error))
    return FALSE;
  names = yl_log_covered_names (hub->store, coverage, error);
  if (names == NULL)
    return FALSE;
  yl_frontier_digest (names, digest);
  yl_hub_memory_add (hub->memory, digest, coverage);
  return TRUE;
}

GBytes *
yl_hub_sync_answer (YlHub *hub, const char *writer, GArray *coverage, gboolean *empty, GError **error)
{
  g_autoptr (YlSyncAnswer) answer = yl_sync_answer_new ();
  g_auto (YlMoment) moment = { 0 };

  if (!fill_moment (hub, answer, &moment, error) || !add_segment (hub, writer, coverage, answer, error))
    return NULL;
  *empty = answer->segment == NULL;
  return yl_sync_answer_encode (answer);
}

/* What the caller had before what it sends; NULL without an error: its digest says nothing here. */
static GArray *
find_coverage (YlHub *hub, const YlSyncCall *call, GError **error)
{
  GArray *known;

  if (call->names != NULL)
    return yl_log_coverage (hub->store, call->names, error);
  known = yl_hub_memory_find (hub->memory, call->base);
  return known == NULL ? NULL : g_array_copy (known);
}

static GBytes *
ask_names (YlHub *hub, GError **error)
{
  g_autoptr (YlSyncAnswer) answer = yl_sync_answer_new ();
  g_auto (YlMoment) moment = { 0 };

  if (!fill_moment (hub, answer, &moment, error))
    return NULL;
  answer->names = g_array_ref (moment.names);
  return yl_sync_answer_encode (answer);
}

/* All of it committed, which with synchronous=FULL means durable, before the receipt is written. */
static gboolean
take_push (YlHub *hub, GBytes *segment, GArray *coverage, GError **error)
{
  g_auto (YlTaken) taken = { 0 };

  if (!yl_delivery_take (hub->store, segment, &taken, error))
    return FALSE;
  /* What head office makes of it all can wait for the last piece. */
  if (!taken.more && !yl_exchange_rest (hub->store, error))
    return FALSE;
  return cover_names (hub->store, coverage, taken.names, error);
}

static gboolean
add_receipt (YlHub *hub, const char *to, GBytes *segment, YlSyncAnswer *answer, GError **error)
{
  guint8 push[YL_PUSH_DIGEST_BYTES];

  yl_push_digest (segment, push);
  answer->has_receipt = TRUE;
  return yl_receipt_issue (hub->store, to, push, answer->frontier, answer->time, answer->receipt, error);
}

/* Which keys this file has lost, if it is not too soon to look again. */
static gboolean
take_stock (YlHub *hub, gboolean *taken, GError **error)
{
  gint64 start = g_get_monotonic_time ();
  guint n_lost;

  *taken = start >= hub->stock_after;
  if (!*taken)
    return TRUE;
  if (!yl_key_set_find_lost (hub->store, &n_lost, error))
    return FALSE;
  hub->stock_after = start + STOCK_SHARE * (g_get_monotonic_time () - start);
  return TRUE;
}

/* Where some of that is still on its way to the caller there is nothing to compare yet. */
static gboolean
add_keys (YlHub *hub, const char *writer, YlSyncAnswer *answer, GError **error)
{
  answer->has_keys = answer->segment == NULL;
  return !answer->has_keys || yl_key_set_sum (hub->store, writer, answer->keys, error);
}

/* Ids of keys that are not here, because what they seal came without them: whoever holds one sends it. */
static gboolean
add_wanted (YlHub *hub, guint max, YlSyncAnswer *answer, GError **error)
{
  g_autoptr (GBytes) all = yl_log_keys_wanted (hub->store, error);
  gsize n = all != NULL ? g_bytes_get_size (all) / YL_KEY_ID_BYTES : 0;
  gsize first;

  if (all == NULL || n == 0)
    return all != NULL;
  /* Not always the same ones, which this caller may not have. */
  first = n > max ? randombytes_uniform ((guint32) (n - max + 1)) : 0;
  answer->wanted = g_bytes_new_from_bytes (all, first * YL_KEY_ID_BYTES, MIN (n, max) * YL_KEY_ID_BYTES);
  return TRUE;
}

static GBytes *
answer_call (YlHub *hub, const char *writer, const YlSyncCall *call, GArray *coverage, gboolean *empty, GError **error)
{
  g_autoptr (YlSyncAnswer) answer = yl_sync_answer_new ();
  g_auto (YlMoment) moment = { 0 };
  guint max = call->stock ? YL_SYNC_IDS_MAX : WANTED_MAX;
  gboolean keys = call->keys;

  if (!fill_moment (hub, answer, &moment, error)
      || (call->segment != NULL && !hub->relay && !add_receipt (hub, writer, call->segment, answer, error))
      || (call->stock && !take_stock (hub, &keys, error)) || (call->refills && !add_wanted (hub, max, answer, error))
      || (call->wants && !add_segment (hub, writer, coverage, answer, error))
      || (keys && !add_keys (hub, writer, answer, error)))
    return NULL;
  *empty = answer->segment == NULL && answer->wanted == NULL && call->segment == NULL && !call->keys;
  return yl_sync_answer_encode (answer);
}

/* Before anything is taken in or answered: whom the caller knows to be erased. After it, where all that the caller has is here: whether
 * that was so. */
static gboolean
hear_claims (YlHub *hub, const char *writer, const YlSyncCall *call, GError **error)
{
  return hub->relay || call->erased == NULL
         || yl_key_hold_claim (hub->store, writer, call->erased->data, call->erased->len / YL_ID_BYTES, error);
}

static gboolean
settle_claims (YlHub *hub, const char *writer, const YlSyncCall *call, GError **error)
{
  gboolean wrong = FALSE;
  g_autoptr (GError) fault = NULL;

  if (hub->relay || call->names != NULL)
    return TRUE;
  if (!yl_key_hold_heard (hub->store, writer, &wrong, error))
    return FALSE;
  if (!wrong)
    return TRUE;
  g_set_error_literal (&fault, YL_ERROR, YL_ERROR_INVALID,
                       _ ("it said that somebody was erased, and there is no such entry"));
  yl_watch_sender (hub->store, writer, fault);
  return TRUE;
}

GBytes *
yl_hub_sync (YlHub *hub, const YlHubCall *call, GError **error)
{
  g_autoptr (YlSyncCall) asked = yl_sync_call_decode (call->body, error);
  g_autoptr (GError) fault = NULL;
  g_autoptr (GArray) coverage = NULL;
  g_autoptr (GBytes) answer = NULL;
  gboolean empty = FALSE;

  if (asked == NULL)
    return NULL;
  coverage = find_coverage (hub, asked, &fault);
  if (fault != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&fault));
      return NULL;
    }
  if (coverage == NULL)
    return ask_names (hub, error);
  if (!hear_claims (hub, call->writer, asked, error))
    return NULL;
  if (asked->segment != NULL && !take_push (hub, asked->segment, coverage, &fault))
    {
      yl_watch_sender (hub->store, call->writer, fault);
      g_propagate_error (error, g_steal_pointer (&fault));
      return NULL;
    }
  if (asked->segment != NULL)
    yl_watch_sender (hub->store, call->writer, NULL);
  if (yl_log_is_revoked (hub->store, call->writer))
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_REFUSED, yl_refusal_sentence (YL_REFUSAL_SHUT_OUT));
      return NULL;
    }
  if (!settle_claims (hub, call->writer, asked, error))
    return NULL;
  answer = answer_call (hub, call->writer, asked, coverage, &empty, error);
  if (asked->segment != NULL)
    yl_hub_news (hub);
  if (answer != NULL && empty && asked->wait > 0)
    {
      yl_hub_wait (hub, call, g_steal_pointer (&coverage), asked->wait);
      return NULL;
    }
  return g_steal_pointer (&answer);
}

GBytes *
yl_hub_grants (YlHub *hub, const YlHubCall *call, GError **error)
{
  g_autoptr (JsonObject) request = yl_message_parse (call->body, error);
  g_autoptr (GBytes) ids =
      request == NULL ? NULL : yl_message_get_ids (request, "keys", YL_KEY_ID_BYTES, YL_SYNC_IDS_MAX, error);
  guint n_keys;

  return ids == NULL ? NULL : yl_grant_make (hub->store, call->writer, ids, &n_keys, error);
}
