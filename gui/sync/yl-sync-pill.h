#pragma once

#include <adwaita.h>

#include "yl-session.h"

G_BEGIN_DECLS

#define YL_TYPE_SYNC_PILL (yl_sync_pill_get_type ())
/** YlSyncPill: the state of the sync in the header: a button with what waits, what came, and `send now`. */
G_DECLARE_FINAL_TYPE (YlSyncPill, yl_sync_pill, YL, SYNC_PILL, AdwBin)

void yl_sync_pill_set_session (YlSyncPill *pill, YlSession *session);
/** yl_sync_pill_set_needs_you: how many things only a person can decide. */
void yl_sync_pill_set_needs_you (YlSyncPill *pill, guint count);
/** yl_sync_pill_set_compact: only the sign and how many wait, where the header is narrow. */
void yl_sync_pill_set_compact (YlSyncPill *pill, gboolean compact);

G_END_DECLS
