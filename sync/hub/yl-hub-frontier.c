/* How far the hub has got, at once or as soon as it differs from what the caller has: news without asking all the time. */
#include "hub/yl-hub-private.h"

#include "exchange/yl-delivery.h"
#include "exchange/yl-frontier.h"
#include "exchange/yl-message.h"
#include "exchange/yl-transport.h"

#define WAIT_MAX_SECONDS 25
#define LOOK_MS 500

/** YlHubWait: a long poll: a call whose caller has got as far as we have. */
struct _YlHubWait
{
  YlHub *hub; /* borrowed; owns the wait */
  YlHubReply reply;
  gpointer data;
  GArray *frontier; /* the caller's */
  GSource *timeout;
};

static void
destroy_source (GSource *source)
{
  g_source_destroy (source);
  g_source_unref (source);
}

void
yl_hub_wait_free (YlHubWait *wait)
{
  destroy_source (wait->timeout);
  g_array_unref (wait->frontier);
  g_free (wait);
}

static GBytes *
encode (GArray *frontier)
{
  JsonObject *answer = json_object_new ();

  json_object_set_array_member (answer, "frontier", yl_frontier_to_json (frontier));
  return yl_message_encode (answer);
}

/* What others may be told: all that is in the log. */
static GArray *
read_frontier (YlHub *hub, GError **error)
{
  return yl_delivery_settle (hub->store, error) ? yl_log_frontier (hub->store, error) : NULL;
}

static void
finish (YlHubWait *wait, GArray *frontier)
{
  YlHubReply reply = wait->reply;
  gpointer data = wait->data;
  g_autoptr (GBytes) body = encode (frontier);

  g_ptr_array_remove_fast (wait->hub->waits, wait);
  reply (YL_HUB_OK, YL_MEDIA_JSON, body, data);
}

static gboolean
timeout_cb (gpointer data)
{
  YlHubWait *wait = data;
  g_autoptr (GArray) frontier = g_array_ref (wait->frontier);

  finish (wait, frontier);
  return G_SOURCE_REMOVE;
}

void
yl_hub_hang_up (YlHub *hub, gpointer data)
{
  for (guint i = 0; i < hub->waits->len; i++)
    if (((YlHubWait *) hub->waits->pdata[i])->data == data)
      {
        g_ptr_array_remove_index_fast (hub->waits, i);
        return;
      }
}

void
yl_hub_stop_waits (YlHub *hub)
{
  g_ptr_array_set_size (hub->waits, 0);
  g_clear_pointer (&hub->look, destroy_source);
}

void
yl_hub_news (YlHub *hub)
{
  g_autoptr (GArray) frontier = hub->waits->len == 0 ? NULL : read_frontier (hub, NULL);

  for (guint i = frontier == NULL ? 0 : hub->waits->len; i > 0; i--)
    {
      YlHubWait *wait = hub->waits->pdata[i - 1];

      if (!yl_frontier_equal (wait->frontier, frontier))
        finish (wait, frontier);
    }
}

/* Other processes of head office write into the same file. */
static gboolean
look_cb (gpointer data)
{
  YlHub *hub = data;

  if (hub->waits->len == 0)
    {
      g_clear_pointer (&hub->look, g_source_unref);
      return G_SOURCE_REMOVE;
    }
  if (yl_store_refresh (hub->store, NULL))
    yl_hub_news (hub);
  return G_SOURCE_CONTINUE;
}

/* A source of the hub's own main context. */
static GSource *
attach_timeout (YlHub *hub, guint ms, GSourceFunc func, gpointer data)
{
  GSource *source = g_timeout_source_new (ms);

  g_source_set_callback (source, func, data, NULL);
  g_source_attach (source, hub->context);
  return source;
}

static void
wait_for_news (YlHub *hub, const YlHubCall *call, GArray *frontier, guint seconds)
{
  YlHubWait *wait = g_new0 (YlHubWait, 1);

  wait->hub = hub;
  wait->reply = call->reply;
  wait->data = call->data;
  wait->frontier = g_array_ref (frontier);
  wait->timeout = attach_timeout (hub, seconds * 1000, timeout_cb, wait);
  g_ptr_array_add (hub->waits, wait);
  if (hub->look == NULL)
    hub->look = attach_timeout (hub, LOOK_MS, look_cb, hub);
}

/* What a POST asks; a GET asks for no more than the frontier as it is. */
static gboolean
read_request (GBytes *body, GArray **frontier, gint64 *seconds, GError **error)
{
  g_autoptr (JsonObject) request = yl_message_parse (body, error);
  JsonArray *array;

  if (request == NULL || !yl_message_get_integer (request, "wait", 0, WAIT_MAX_SECONDS, seconds, error))
    return FALSE;
  array = yl_message_get_array (request, "frontier", YL_FRONTIER_MAX, error);
  *frontier = array == NULL ? NULL : yl_frontier_from_json (array, error);
  return *frontier != NULL;
}

GBytes *
yl_hub_frontier (YlHub *hub, const YlHubCall *call, GError **error)
{
  g_autoptr (GArray) theirs = NULL;
  g_autoptr (GArray) own = NULL;
  gint64 seconds = 0;

  if (g_bytes_get_size (call->body) > 0 && !read_request (call->body, &theirs, &seconds, error))
    return NULL;
  own = read_frontier (hub, error);
  if (own == NULL)
    return NULL;
  if (seconds == 0 || !yl_frontier_equal (own, theirs))
    return encode (own);
  wait_for_news (hub, call, own, (guint) seconds);
  return NULL;
}
