#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/*
 * YlHubGuard: how long and how many. A caller has to send its headers and its body, and to take its answer, within a time that any real link
 * leaves room for; and nobody opens connections without end. libsoup itself waits for ever.
 */
typedef struct _YlHubGuard YlHubGuard;
/** yl_hub_guard_new: watches over @server, in the caller's main context. */
YlHubGuard *yl_hub_guard_new (SoupServer *server);
/** yl_hub_guard_forget: its connection is somebody else's now, or closed. */
void yl_hub_guard_forget (YlHubGuard *guard, SoupServerMessage *message);
/** yl_hub_guard_free: after the server was disconnected. */
void yl_hub_guard_free (YlHubGuard *guard);

G_END_DECLS
