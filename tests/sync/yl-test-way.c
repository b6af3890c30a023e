#include "yl-test-way.h"

#include "exchange/yl-transport.h"

/** Reply: what the hub answered. */
typedef struct
{
  guint status;
  char *type;
  GBytes *body;
} Reply;

static void
reply_clear (Reply *reply)
{
  g_free (reply->type);
  g_clear_pointer (&reply->body, g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reply, reply_clear)

static void
reply_cb (guint status, const char *type, GBytes *body, gpointer data)
{
  Reply *reply = data;

  reply->status = status;
  reply->type = g_strdup (type);
  reply->body = g_bytes_ref (body);
}

static void
call_hub (const YlTestWay *way, const char *path, const char *token, GBytes *body, Reply *reply)
{
  YlHubRequest request = { .path = path, .post = body != NULL, .token = token, .body = body };

  if (yl_hub_admits (way->hub, &request, reply_cb, reply))
    g_assert_true (yl_hub_call (way->hub, &request, reply_cb, reply));
}

guint
yl_test_way_call (const YlTestWay *way, const char *path, const char *token, GBytes *body, GBytes **answer)
{
  g_auto (Reply) reply = { 0 };

  call_hub (way, path, token, body, &reply);
  if (answer != NULL)
    *answer = g_steal_pointer (&reply.body);
  return reply.status;
}

#define TEST_TYPE_LINK (test_link_get_type ())
G_DECLARE_FINAL_TYPE (TestLink, test_link, TEST, LINK, GObject)

struct _TestLink
{
  GObject parent_instance;
  const YlTestWay *way; /* borrowed */
};

static void transport_init (YlTransportInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (TestLink,
                               test_link,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (YL_TYPE_TRANSPORT, transport_init))

static void
test_link_class_init (TestLinkClass *klass)
{
}

static void
test_link_init (TestLink *link)
{
}

static GBytes *
test_link_call (YlTransport *transport,
                const YlTransportCall *call,
                gboolean *unauthorized,
                GCancellable *cancellable,
                GError **error)
{
  const YlTestWay *way = TEST_LINK (transport)->way;
  g_autoptr (GBytes) asked = call->body != NULL && way->ask != NULL
                                 ? way->ask (call->path, call->token, call->body, way->data)
                             : call->body != NULL ? g_bytes_ref (call->body)
                                                  : NULL;
  g_auto (Reply) reply = { 0 };
  g_autoptr (GBytes) answer = NULL;

  call_hub (way, call->path, call->token, asked, &reply);
  answer = reply.status == 200 && way->answer != NULL ? way->answer (call->path, reply.body, way->data)
                                                      : g_bytes_ref (reply.body);
  if (unauthorized != NULL)
    *unauthorized = reply.status == 401;
  return yl_transport_judge (way->url, call, reply.status, reply.type, answer, error) ? g_steal_pointer (&answer)
                                                                                      : NULL;
}

static const char *
test_link_get_url (YlTransport *transport)
{
  return TEST_LINK (transport)->way->url;
}

static void
test_link_get_bytes (YlTransport *transport, gsize *in, gsize *out)
{
  *in = *out = 0;
}

static gboolean
test_link_get_certificate (YlTransport *transport, guint8 *fingerprint)
{
  const YlTestWay *way = TEST_LINK (transport)->way;

  return way->certificate != NULL && way->certificate (fingerprint, way->data);
}

static void
transport_init (YlTransportInterface *iface)
{
  iface->call = test_link_call;
  iface->get_url = test_link_get_url;
  iface->get_bytes = test_link_get_bytes;
  iface->get_certificate = test_link_get_certificate;
}

static YlTransport *
open_cb (const char *url, const guint8 *fingerprint, gpointer data, GError **error)
{
  TestLink *link = g_object_new (TEST_TYPE_LINK, NULL);

  link->way = data;
  return YL_TRANSPORT (link);
}

void
yl_test_way_use (const YlTestWay *way)
{
  yl_transport_set_opener (way != NULL ? open_cb : NULL, (gpointer) way);
}

YlTestChain *
yl_test_way_chain (YlTestWay *way, YlStore **one, YlStore **two)
{
  YlTestChain *chain = yl_test_chain_new ("http", 2);

  *one = yl_test_chain_join (chain, 1, "one");
  *two = yl_test_chain_join (chain, 2, "two");
  yl_test_sync (*one);
  yl_test_sync (*two);
  yl_test_sync (*one);
  yl_test_chain_stop (chain);
  way->url = yl_test_chain_url (chain);
  way->hub = yl_hub_new (yl_test_chain_head_office (chain));
  yl_test_way_use (way);
  return chain;
}

void
yl_test_way_end (YlTestWay *way, YlTestChain *chain)
{
  yl_test_way_use (NULL);
  g_clear_object (&way->hub);
  yl_test_chain_free (chain);
}
