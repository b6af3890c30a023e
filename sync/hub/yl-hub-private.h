#pragma once

#include "checkpoint/yl-checkpoint-pack.h"
#include "exchange/yl-join.h"
#include "exchange/yl-session.h"
#include "hub/yl-hub.h"
#include "store/yl-repair.h"

G_BEGIN_DECLS

/* Statuses of answers, numbered as in HTTP. */
#define YL_HUB_OK 200
#define YL_HUB_INVALID 400
#define YL_HUB_UNAUTHORIZED 401
#define YL_HUB_REFUSED 403
#define YL_HUB_NOT_FOUND 404
#define YL_HUB_MISSING 409
#define YL_HUB_TOO_LARGE 413
#define YL_HUB_FAULT 500

typedef struct _YlHubServer YlHubServer;
typedef struct _YlHubWait YlHubWait;

struct _YlHub
{
  GObject parent_instance;
  YlStore *store;
  YlHubServer *server;    /* NULL while it does not listen */
  GMainContext *context;  /* where it runs */
  GHashTable *challenges; /* hub nonce in hex -> YlHubChallenge */
  GHashTable *sessions;   /* token -> YlHubSession */
  GPtrArray *waits;       /* of YlHubWait: long polls under way */
  YlCheckpointPack *pack; /* the last checkpoint, ready to be sent; NULL until asked for */
  GSource *scrub;         /* looks through the state while it listens */
  YlScrub scrubbed;       /* how far */
  GSource *look;          /* looks for commits of other processes while somebody waits */
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

/** YlHubCall: one request that was let in. */
typedef struct
{
  const char *writer; /* whose session, or NULL */
  GBytes *body;       /* empty where there is none */
  YlHubReply reply;   /* for those that answer later */
  gpointer data;
} YlHubCall;

/** YlHubFunc: answers a call with a body. NULL without an error: it keeps the reply and answers later. */
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

/* yl-hub-checkpoint.c */
GBytes *yl_hub_skeleton (YlHub *hub, const YlHubCall *call, GError **error);
GBytes *yl_hub_checkpoint (YlHub *hub, const YlHubCall *call, GError **error);

/* yl-hub-state.c */
GBytes *yl_hub_state_buckets (YlHub *hub, const YlHubCall *call, GError **error);
GBytes *yl_hub_state_records (YlHub *hub, const YlHubCall *call, GError **error);
/** yl_hub_scrub: from now on looks through its own state, a piece a second. */
void yl_hub_scrub (YlHub *hub);

/* yl-hub-frontier.c */
GBytes *yl_hub_frontier (YlHub *hub, const YlHubCall *call, GError **error);
/** yl_hub_news: answers the long polls that have waited for what there now is. */
void yl_hub_news (YlHub *hub);
void yl_hub_wait_free (YlHubWait *wait);
void yl_hub_stop_waits (YlHub *hub);

/* yl-hub-join.c */
GBytes *yl_hub_join_challenge (YlHub *hub, const YlHubCall *call, GError **error);
GBytes *yl_hub_join (YlHub *hub, const YlHubCall *call, GError **error);

/* yl-hub-git.c */
GBytes *yl_hub_git_refs (YlHub *hub, const YlHubCall *call, GError **error);
GBytes *yl_hub_git_pack (YlHub *hub, const YlHubCall *call, GError **error);
GBytes *yl_hub_git_signers (YlHub *hub, const YlHubCall *call, GError **error);
/** yl_hub_git_knows: whether @credentials (name:token in base64) are an auditor's. */
gboolean yl_hub_git_knows (YlHub *hub, const char *credentials);

/* yl-hub-server.c */
void yl_hub_server_free (YlHubServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlHubServer, yl_hub_server_free)

G_END_DECLS
