#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/** YlSyncReport: what one exchange did. */
typedef struct
{
  guint received;    /* change sets taken in */
  guint sent;        /* change sets a signed receipt now covers */
  guint handed_over; /* change sets that a relay took along, anybody's; own ones go on waiting */
  guint keys;        /* keys received */
  guint chunks;      /* parts of attachments that head office now has */
  gsize bytes_in;    /* on the wire, bodies only */
  gsize bytes_out;
  gboolean same_state; /* the state hash was compared and is equal */
} YlSyncReport;

/**
 * yl_sync_run: one whole exchange with the hub (or @peer_url): append the log, prove who we are, fetch, push until a receipt
 * covers everything, grants both ways, compare state hashes, confirm what is due. Blocking.
 * Errors: YL_ERROR_OFFLINE (cannot be reached, times out), YL_ERROR_INVALID (the other side answers rubbish),
 * YL_ERROR_REFUSED (it does not know us), YL_ERROR_CORRUPT. What was taken in before the error stays.
 */
gboolean yl_sync_run (YlStore *store, const char *peer_url, YlSyncReport *report, GError **error);

/**
 * yl_sync_run_with: the same with the PC of another store that relays (yl_hub_new_relay()) at @url, for when head office cannot be reached.
 * Both prove to be PCs of the company that nobody has shut out. No receipts: what is handed over goes on waiting.
 */
gboolean yl_sync_run_with (YlStore *store, const char *url, YlSyncReport *report, GError **error);

/**
 * yl_sync_history: brings what lies behind the checkpoint with which this copy began, or which it dropped, and sees that it gives the
 * checkpoint. No error where nothing lacks. Blocking. Errors: as yl_sync_run().
 */
gboolean yl_sync_history (YlStore *store, const char *peer_url, GError **error);

typedef enum
{
  YL_SYNC_SYNCED,
  YL_SYNC_SENDING,
  YL_SYNC_OFFLINE,
  YL_SYNC_ALONE, /* head office's own copy or a store with no hub: nothing to be in step with */
} YlSyncState;

#define YL_TYPE_SYNC (yl_sync_get_type ())
/**
 * YlSync: keeps a store file in step with its hub while a window is open: a thread with its own connection to the file
 * sends what is committed at once, long-polls for news, and retries by itself (2 s, doubling to 60 s) while offline.
 * Signal `changed (YlSync *)` in the main context of the caller: state or figures changed; the owner then calls yl_store_refresh().
 */
G_DECLARE_FINAL_TYPE (YlSync, yl_sync, YL, SYNC, GObject)
YlSync *yl_sync_new (const char *store_file);
void yl_sync_start (YlSync *sync);
/** yl_sync_stop: ends the thread; what was not sent stays waiting. */
void yl_sync_stop (YlSync *sync);
/** yl_sync_now: try at once (F5, or right after a commit). */
void yl_sync_now (YlSync *sync);
YlSyncState yl_sync_get_state (YlSync *sync);
gint64 yl_sync_get_since (YlSync *sync); /* UTC ms: last agreement, or start of being offline */
guint yl_sync_get_waiting (YlSync *sync);
char *yl_sync_get_error (YlSync *sync); /* one sentence, or NULL */

G_END_DECLS
