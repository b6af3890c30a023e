#pragma once

#include "checkpoint/yl-checkpoint-pack.h"
#include "exchange/yl-file-watch.h"
#include "exchange/yl-join.h"
#include "exchange/yl-session.h"
#include "hub/yl-hub.h"
#include "merge/yl-repair.h"

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
typedef struct _YlHubMemory YlHubMemory;
typedef struct _YlHubWait YlHubWait;

struct _YlHub
{
  GObject parent_instance;
  YlStore *store;
  gboolean relay;                           /* it is not head office's */
  guint8 certificate[YL_FINGERPRINT_BYTES]; /* that it shows; zeros for none */
  YlHubServer *server;                      /* NULL while it does not listen */
  GMainContext *context;                    /* where it runs */
  GHashTable *challenges;                   /* hub nonce in hex -> YlHubChallenge */
  GHashTable *sessions;                     /* token -> YlHubSession */
  YlHubMemory *memory;                      /* frontiers it knows by their digests */
  GPtrArray *waits;                         /* of YlHubWait: long polls under way */
  YlCheckpointPack *pack;                   /* the last checkpoint, ready to be sent; NULL until asked for */
  gint64 tended;                            /* monotonic: when it was last asked whether a checkpoint is due */
  GSource *scrub;                           /* looks through the state while it listens */
  YlScrub scrubbed;                         /* how far */
  gint64 stock_after;                       /* monotonic: not before is it looked again for keys that were lost */
  YlFileWatch *watch;                       /* notices commits of other processes while somebody waits */
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

/* yl-hub-sync.c */
GBytes *yl_hub_sync (YlHub *hub, const YlHubCall *call, GError **error);
GBytes *yl_hub_grants (YlHub *hub, const YlHubCall *call, GError **error);

/* yl-hub-memory.c: what frontiers mean whose digests callers may name instead of them: the hub's own, and those of copies that it
 * gave a part of what they lack. */
YlHubMemory *yl_hub_memory_new (void);
void yl_hub_memory_free (YlHubMemory *memory);
/** yl_hub_memory_find: a coverage, or NULL. Returns: (transfer none). */
GArray *yl_hub_memory_find (YlHubMemory *memory, const guint8 *digest);
void yl_hub_memory_add (YlHubMemory *memory, const guint8 *digest, GArray *coverage);

/* yl-hub-attachment.c */
GBytes *yl_hub_chunk_put (YlHub *hub, const YlHubCall *call, GError **error);
GBytes *yl_hub_chunk_get (YlHub *hub, const YlHubCall *call, GError **error);

/* yl-hub-checkpoint.c */
/** yl_hub_tend_checkpoints: makes one when it is time; called again and again. */
void yl_hub_tend_checkpoints (YlHub *hub);
GBytes *yl_hub_horizon (YlHub *hub, const YlHubCall *call, GError **error);
GBytes *yl_hub_run (YlHub *hub, const YlHubCall *call, GError **error);
GBytes *yl_hub_history (YlHub *hub, const YlHubCall *call, GError **error);
GBytes *yl_hub_skeleton (YlHub *hub, const YlHubCall *call, GError **error);
GBytes *yl_hub_checkpoint (YlHub *hub, const YlHubCall *call, GError **error);

/* yl-hub-state.c */
GBytes *yl_hub_state_buckets (YlHub *hub, const YlHubCall *call, GError **error);
GBytes *yl_hub_state_records (YlHub *hub, const YlHubCall *call, GError **error);
/** yl_hub_scrub: from now on looks through its own state, a piece a second. */
void yl_hub_scrub (YlHub *hub);

/* yl-hub-wait.c: calls of those who have got as far as the hub and wait for news. */
/** yl_hub_wait: takes @coverage and answers @call when there is more than it, or after @seconds. */
void yl_hub_wait (YlHub *hub, const YlHubCall *call, GArray *coverage, guint seconds);
/** yl_hub_news: answers those who wait, if there is something for them. */
void yl_hub_news (YlHub *hub);
/** yl_hub_is_waiting: whether the call with @data is to be answered later. */
gboolean yl_hub_is_waiting (YlHub *hub, gpointer data);
void yl_hub_wait_free (YlHubWait *wait);
void yl_hub_stop_waits (YlHub *hub);
/** yl_hub_sync_answer: what a copy with @coverage, of the node that writes as @writer, is answered; @coverage is then what it has.
 * @empty: there is nothing for it. */
GBytes *yl_hub_sync_answer (YlHub *hub, const char *writer, GArray *coverage, gboolean *empty, GError **error);

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
