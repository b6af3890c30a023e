#pragma once

#include "exchange/yl-sync.h"
#include "hub/yl-relay.h"
#include "matching/yl-match.h"
#include "store/yl-store.h"

G_BEGIN_DECLS

#define YL_TYPE_SESSION (yl_session_get_type ())
/**
 * YlSession: the open store and what the pages share of it: the matcher and the live sync.
 * Signals: `changed (YlSession *, gboolean from_elsewhere)`: records changed, by an act in this window or elsewhere;
 * `sync-changed (YlSession *)`: the state of the sync did.
 */
G_DECLARE_FINAL_TYPE (YlSession, yl_session, YL, SESSION, GObject)

/** yl_session_open: opens the store file and starts its sync. Errors: as yl_store_open(). */
YlSession *yl_session_open (const char *file, GError **error);
/** yl_session_close: ends the threads of the sync and of the relay. */
void yl_session_close (YlSession *session);

YlStore *yl_session_get_store (YlSession *session);
YlSync *yl_session_get_sync (YlSession *session);
/** yl_session_refresh: takes note at once of what came in through a connection of its own. */
void yl_session_refresh (YlSession *session);
/** yl_session_get_relay: lets the PCs of other stores exchange with this one, where somebody wanted that. */
YlRelay *yl_session_get_relay (YlSession *session);
/** yl_session_set_relaying: starts or stops it at @port, now and whenever this file is opened on this PC. */
gboolean yl_session_set_relaying (YlSession *session, gboolean on, guint port, GError **error);
/** yl_session_relay_port: the one it was told last. */
guint yl_session_relay_port (YlSession *session);
/** yl_session_get_matcher: made at the first call. */
YlMatcher *yl_session_get_matcher (YlSession *session, GError **error);
gint64 yl_session_now (YlSession *session);
/** yl_session_is_own_site: @site is this PC's store. */
gboolean yl_session_is_own_site (YlSession *session, const char *site);
/** yl_session_site_name: what people call a store; "" for NULL. Owned by the session. */
const char *yl_session_site_name (YlSession *session, const char *site);
/** yl_session_own_site_name: this store's name, or what stands for it while the enrolment is on its way. */
const char *yl_session_own_site_name (YlSession *session);

G_END_DECLS
