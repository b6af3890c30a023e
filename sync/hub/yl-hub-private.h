#pragma once

#include <libsoup/soup.h>

#include "exchange/yl-join.h"
#include "exchange/yl-session.h"
#include "hub/yl-hub.h"

G_BEGIN_DECLS

typedef struct _YlHubWait YlHubWait;

struct _YlHub
{
  GObject parent_instance;
  YlStore *store;
  SoupServer *server;
  char *url;
  GHashTable *challenges; /* hub nonce in hex -> YlHubChallenge */
  GHashTable *sessions;   /* token -> YlHubSession */
  GPtrArray *waits;       /* of YlHubWait: long polls under way */
  GBytes *wanted;         /* ids of keys this file lacks; NULL until asked for */
  guint look_id;          /* looks for commits of other processes while somebody waits */
};

/** YlHubChallenge: given out, not answered yet; good for one answer. */
typedef struct
{
  gint64 expires; /* monotonic, as in all of these */
  YlChallenge session;
  YlJoinChallenge join;
} YlHubChallenge;

typedef struct
{
  gint64 expires;
  char writer[YL_WRITER_CHARS + 1];
} YlHubSession;

/** YlHubCall: one request, its body read. */
typedef struct
{
  SoupServerMessage *message;
  const char *writer; /* whose session, or NULL */
  GBytes *body;
} YlHubCall;

/** YlHubFunc: answers a call with a body. NULL without an error: it keeps the message and answers later. */
typedef GBytes *(*YlHubFunc) (YlHub *hub, const YlHubCall *call, GError **error);

/* yl-hub-session.c */
GBytes *yl_hub_session_challenge (YlHub *hub, const YlHubCall *call, GError **error);
GBytes *yl_hub_session_open (YlHub *hub, const YlHubCall *call, GError **error);
/** yl_hub_session_writer: whose session @token is, or NULL. */
const char *yl_hub_session_writer (YlHub *hub, const char *token);
/** yl_hub_keep_challenge: takes @challenge until it is answered. Errors: YL_ERROR_REFUSED (too many). */
gboolean yl_hub_keep_challenge (YlHub *hub, const guint8 *nonce, YlHubChallenge *challenge, GError **error);
/** yl_hub_take_challenge: the one with that nonce, which is then used up. Errors: YL_ERROR_REFUSED. */
YlHubChallenge *yl_hub_take_challenge (YlHub *hub, const guint8 *nonce, GError **error);

/* yl-hub-exchange.c */
GBytes *yl_hub_fetch (YlHub *hub, const YlHubCall *call, GError **error);
GBytes *yl_hub_push (YlHub *hub, const YlHubCall *call, GError **error);
GBytes *yl_hub_grants (YlHub *hub, const YlHubCall *call, GError **error);
GBytes *yl_hub_state (YlHub *hub, const YlHubCall *call, GError **error);

/* yl-hub-frontier.c */
GBytes *yl_hub_frontier (YlHub *hub, const YlHubCall *call, GError **error);
/** yl_hub_news: answers the long polls that have waited for what there now is. */
void yl_hub_news (YlHub *hub);
void yl_hub_wait_free (YlHubWait *wait);

/* yl-hub-join.c */
GBytes *yl_hub_join_challenge (YlHub *hub, const YlHubCall *call, GError **error);
GBytes *yl_hub_join (YlHub *hub, const YlHubCall *call, GError **error);

/* yl-hub.c */
void yl_hub_answer (SoupServerMessage *message, const char *type, GBytes *body);
void yl_hub_refuse (YlHub *hub, SoupServerMessage *message, const GError *error);

G_END_DECLS
