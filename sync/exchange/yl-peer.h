#pragma once

#include "exchange/yl-transport.h"
#include "exchange/yl-sync-wire.h"

G_BEGIN_DECLS

/*
 * YlPeer: the calls a store makes to a hub (docs/formats.md, "Session", lists them). Blocking; a session is opened at the first call and
 * again when the hub has forgotten it. Errors: those of yl_transport_call(); YL_ERROR_REFUSED when the hub does not know this PC;
 * YL_ERROR_INVALID for an answer that does not hold what it must.
 */
typedef struct _YlPeer YlPeer;
/** yl_peer_new: @url NULL: the company's hub. */
YlPeer *yl_peer_new (YlStore *store, const char *url, GError **error);
/** yl_peer_new_relay: a PC of another store, which passes on what it is given; any that is enrolled and not shut out. */
YlPeer *yl_peer_new_relay (YlStore *store, const char *url, GError **error);
/** yl_peer_is_relay: what it says of receipts, and of what this PC may have, is not head office's word. */
gboolean yl_peer_is_relay (YlPeer *peer);
void yl_peer_free (YlPeer *peer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlPeer, yl_peer_free)

/** YlPosition: what the hub knows that this file has, and what of it the hub has, as coverages (yl_log_coverage()). Both may be less
 * than the truth. Kept from one exchange to the next. */
typedef struct
{
  GArray *mine;
  GArray *theirs;
  gint64 keys_compared; /* monotonic: when it was last seen that both have the same keys; 0: never */
} YlPosition;
YlPosition *yl_peer_get_position (YlPeer *peer);

YlTransport *yl_peer_get_transport (YlPeer *peer);
/** yl_peer_set_cancellable: ends calls with G_IO_ERROR_CANCELLED; NULL for none. */
void yl_peer_set_cancellable (YlPeer *peer, GCancellable *cancellable);
/** yl_peer_has_session: whether the hub has opened a session: it knows this PC, and this PC it. */
gboolean yl_peer_has_session (YlPeer *peer);
/** yl_peer_was_rubbish: whether the last call failed because what came is no answer of a hub. */
gboolean yl_peer_was_rubbish (YlPeer *peer);
/** yl_peer_get_hub: writer id of the hub, known after the first call. */
const char *yl_peer_get_hub (YlPeer *peer);

/** yl_peer_open: sees that there is a session, so that it is known who the hub is. */
gboolean yl_peer_open (YlPeer *peer, GError **error);
/** yl_peer_sync: the one call of an exchange. */
YlSyncAnswer *yl_peer_sync (YlPeer *peer, const YlSyncCall *call, GError **error);
/** yl_peer_keys: a grant with those of the keys in @ids (YL_KEY_ID_BYTES each) that the hub holds. */
GBytes *yl_peer_keys (YlPeer *peer, GBytes *ids, GError **error);
#define YL_PEER_KEYS_MAX YL_SYNC_IDS_MAX

/** yl_peer_call: any other call whose body (NULL: none) and answer are of one type. */
GBytes *yl_peer_call (YlPeer *peer, const char *path, GBytes *body, const char *type, gsize answer_max, GError **error);

/* Settings of the store that tell the hub from an impostor: its certificate, and its key until the authority chain is here. */
#define YL_SETTING_FINGERPRINT "hub.fingerprint"
#define YL_SETTING_HUB_KEY "hub.key"

G_END_DECLS
