/* The link between a node and the hub, or a relay: calls by hand, and all that goes wrong with them. */
#include "yl-sim-world.h"

#include <stdio.h>

#include "base/yl-error.h"

#define LATE_MAX 8

#define YL_TYPE_SIM_LINK (yl_sim_link_get_type ())
G_DECLARE_FINAL_TYPE (YlSimLink, yl_sim_link, YL, SIM_LINK, GObject)

struct _YlSimLink
{
  GObject parent_instance;
  YlSimWorld *world;
  guint to; /* the node whose hub answers */
  char *url;
  GMainContext *context;
  gsize bytes_in;
  gsize bytes_out;
};

static void transport_init (YlTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (YlSimLink,
                               yl_sim_link,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (YL_TYPE_TRANSPORT, transport_init))

/** Request: one that may arrive a second time, late. */
typedef struct
{
  guint to;
  char *path;
  char *token;
  GBytes *body;
} Request;

typedef struct
{
  guint status; /* 0: none yet */
  char *type;
  GBytes *body;
} Answer;

static void
request_free (Request *request)
{
  g_free (request->path);
  g_free (request->token);
  g_clear_pointer (&request->body, g_bytes_unref);
  g_free (request);
}

static void
answer_clear (Answer *answer)
{
  g_free (answer->type);
  g_clear_pointer (&answer->body, g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

static void
yl_sim_link_finalize (GObject *object)
{
  g_main_context_unref (YL_SIM_LINK (object)->context);
  g_free (YL_SIM_LINK (object)->url);
  G_OBJECT_CLASS (yl_sim_link_parent_class)->finalize (object);
}

static void
yl_sim_link_class_init (YlSimLinkClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = yl_sim_link_finalize;
}

static void
yl_sim_link_init (YlSimLink *link)
{
  link->context = g_main_context_new ();
}

static void
reply_cb (guint status, const char *type, GBytes *body, gpointer data)
{
  Answer *answer = data;

  g_assert_cmpuint (answer->status, ==, 0);
  answer->status = status;
  answer->type = g_strdup (type);
  answer->body = g_bytes_ref (body);
}

/* While somebody waits for news, another store may bring some. */
static void
let_others_speak (YlSimWorld *world)
{
  YlSimNode *other = &world->nodes[1 + yl_sim_pick (world, world->n_nodes - 1)];

  if (other->index != world->calling && other->store != NULL)
    yl_sim_node_sync (other, 0, NULL);
}

static void
deliver (YlSimWorld *world, const Request *request, Answer *answer)
{
  YlHub *hub = world->nodes[request->to].hub;
  YlHubRequest call = {
    .path = request->path, .post = request->body != NULL, .token = request->token, .body = request->body
  };

  if (yl_hub_call (hub, &call, reply_cb, answer))
    return;
  let_others_speak (world);
  if (answer->status == 0)
    yl_hub_hang_up (hub, answer);
}

static GBytes *
truncate_bytes (YlSimWorld *world, GBytes *bytes)
{
  gsize size = bytes == NULL ? 0 : g_bytes_get_size (bytes);

  return size == 0 ? NULL : g_bytes_new_from_bytes (bytes, 0, yl_sim_pick (world, (guint) size));
}

static Request *
describe (YlSimLink *link, const YlTransportCall *call)
{
  YlSimWorld *world = link->world;
  Request *request = g_new0 (Request, 1);

  request->to = link->to;
  request->path = g_strdup (call->path);
  request->token = g_strdup (call->token);
  if (call->body != NULL && yl_sim_chance (world, world->cut_short))
    request->body = truncate_bytes (world, call->body);
  if (call->body != NULL && request->body == NULL)
    request->body = g_bytes_ref (call->body);
  return request;
}

void
yl_sim_link_deliver_late (YlSimWorld *world)
{
  guint which = yl_sim_pick (world, world->late_requests->len);
  g_auto (Answer) unheard = { 0 };
  Request *request;

  if (world->late_requests->len == 0)
    return;
  request = g_ptr_array_remove_index (world->late_requests, which);
  yl_sim_note (world, "late: %s", request->path);
  deliver (world, request, &unheard);
  yl_sim_node_settle (&world->nodes[request->to]);
  request_free (request);
}

void
yl_sim_link_forget (YlSimWorld *world)
{
  for (guint i = 0; i < world->late_requests->len; i++)
    request_free (world->late_requests->pdata[i]);
  g_ptr_array_set_size (world->late_requests, 0);
}

/* Takes @request. */
static void
keep_for_later (YlSimWorld *world, Request *request)
{
  if (world->late_requests->len < LATE_MAX && yl_sim_chance (world, world->late))
    g_ptr_array_add (world->late_requests, request);
  else
    request_free (request);
}

static gboolean
offline (YlSimWorld *world, const char *what, GError **error)
{
  yl_sim_note (world, "  %s", what);
  g_set_error (error, YL_ERROR, YL_ERROR_OFFLINE, "the link is down: %s", what);
  return FALSE;
}

static gboolean
exchange (YlSimLink *link, const YlTransportCall *call, Answer *answer, GError **error)
{
  YlSimWorld *world = link->world;
  YlSimNode *caller = &world->nodes[world->calling];
  YlSimNode *answering = &world->nodes[link->to];
  Request *request;

  if (answering->hub == NULL)
    return offline (world, "no hub", error);
  if (caller->mute || yl_sim_chance (world, world->loss))
    return offline (world, "request lost", error);
  request = describe (link, call);
  if (call->token != NULL && yl_sim_chance (world, world->doubled))
    {
      g_auto (Answer) unheard = { 0 };

      deliver (world, request, &unheard);
    }
  yl_sim_node_arm (answering, world->hub_crashes);
  deliver (world, request, answer);
  keep_for_later (world, request);
  if (yl_sim_node_settle (answering))
    return offline (world, "the hub went down", error);
  if (answer->status == 0)
    return offline (world, "no news", error);
  if (caller->deaf || yl_sim_chance (world, world->loss))
    return offline (world, "answer lost", error);
  return TRUE;
}

static GBytes *
yl_sim_link_call (YlTransport *transport,
                  const YlTransportCall *call,
                  gboolean *unauthorized,
                  GCancellable *cancellable,
                  GError **error)
{
  YlSimLink *link = YL_SIM_LINK (transport);
  YlSimWorld *world = link->world;
  g_auto (Answer) answer = { 0 };
  g_autoptr (GBytes) body = NULL;

  if (!exchange (link, call, &answer, error))
    return NULL;
  if (yl_sim_chance (world, world->cut_short))
    body = truncate_bytes (world, answer.body);
  if (body == NULL)
    body = g_bytes_ref (answer.body);
  link->bytes_in += g_bytes_get_size (body);
  link->bytes_out += call->body == NULL ? 0 : g_bytes_get_size (call->body);
  if (unauthorized != NULL)
    *unauthorized = answer.status == 401;
  yl_sim_note (world, "  node %u %s: %u, %" G_GSIZE_FORMAT " bytes", world->calling, call->path, answer.status,
               g_bytes_get_size (body));
  return yl_transport_judge (link->url, call, answer.status, answer.type, body, error) ? g_steal_pointer (&body) : NULL;
}

static const char *
get_url (YlTransport *transport)
{
  return YL_SIM_LINK (transport)->url;
}

static GMainContext *
get_context (YlTransport *transport)
{
  return YL_SIM_LINK (transport)->context;
}

static void
get_bytes (YlTransport *transport, gsize *in, gsize *out)
{
  *in = YL_SIM_LINK (transport)->bytes_in;
  *out = YL_SIM_LINK (transport)->bytes_out;
}

static void
transport_init (YlTransportInterface *iface)
{
  iface->call = yl_sim_link_call;
  iface->get_url = get_url;
  iface->get_context = get_context;
  iface->get_bytes = get_bytes;
}

static YlTransport *
open_link (const char *url, const guint8 *fingerprint, gpointer data, GError **error)
{
  YlSimLink *link = g_object_new (YL_TYPE_SIM_LINK, NULL);

  link->world = data;
  link->url = g_strdup (url);
  if (sscanf (url, YL_SIM_RELAY_URL, &link->to) != 1)
    link->to = 0;
  return YL_TRANSPORT (link);
}

void
yl_sim_link_install (YlSimWorld *world)
{
  yl_transport_set_opener (open_link, world);
}
