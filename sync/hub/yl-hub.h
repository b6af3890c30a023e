#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

#define YL_TYPE_HUB (yl_hub_get_type ())
/** YlHub: serves the exchange of one store file: calls in, answers out, over HTTP(S) once it listens. Runs in the caller's main context. */
G_DECLARE_FINAL_TYPE (YlHub, yl_hub, YL, HUB, GObject)
YlHub *yl_hub_new (YlStore *store);
/** yl_hub_new_relay: in a store that is not head office's: takes in and passes on, gives no receipts, and serves no PC that was shut out. */
YlHub *yl_hub_new_relay (YlStore *store);
/** yl_hub_listen: @address: HOST:PORT, port 0 picks one, or unix:PATH. HTTPS when the company's hub URL says so. Errors: YL_ERROR_INVALID, YL_ERROR_FAILED. */
gboolean yl_hub_listen (YlHub *hub, const char *address, GError **error);
/** yl_hub_get_url: where it listens, once it does. */
const char *yl_hub_get_url (YlHub *hub);
/** yl_hub_stop: listens no more and forgets who waits for news; sessions stay. */
void yl_hub_stop (YlHub *hub);

/* What any carrier of calls needs; the HTTP server is one (yl-hub-server.c). */

/** YlHubRequest: @path: after /v1/. @post: whether there is a body. @token: of a session, or NULL. */
typedef struct
{
  const char *path;
  gboolean post;
  const char *token;
  const char *credentials; /* of an auditor: name and token in base64, as HTTP's Basic scheme has them; or NULL */
  GBytes *body;
} YlHubRequest;

/** YlHubReply: the answer to a call: a status as HTTP numbers them, the body and its content type; all borrowed. */
typedef void (*YlHubReply) (guint status, const char *type, GBytes *body, gpointer data);

/** yl_hub_body_max: bytes that the body of a request may have. */
gsize yl_hub_body_max (const char *path, gboolean post);
/** yl_hub_admits: whether a request is worth reading its body; if not, @reply has been called with the reason. */
gboolean yl_hub_admits (YlHub *hub, const YlHubRequest *request, YlHubReply reply, gpointer data);
/**
 * yl_hub_call: answers @request through @reply, exactly once. FALSE: not yet, because the caller waits for news; the answer comes from the
 * hub's main context or within another call, unless yl_hub_hang_up() is called with the same @data first.
 */
gboolean yl_hub_call (YlHub *hub, const YlHubRequest *request, YlHubReply reply, gpointer data);
void yl_hub_hang_up (YlHub *hub, gpointer data);

G_END_DECLS
