#pragma once

#include "base/yl-error.h"

G_BEGIN_DECLS

/** YL_RELAY_PORT: where an open window relays unless it is told otherwise; a hub has 8470, and both may run on one PC. */
#define YL_RELAY_PORT 8471
#define YL_RELAY_PORT_MIN 1024
#define YL_RELAY_PORT_MAX 65535

/**
 * yl_relay_address_read: what somebody typed as the address of a PC that relays: HOST, HOST:PORT or a URL of them, in full-width signs as well.
 * @https: whether it is HTTPS where that is not said. Returns: (transfer full): a URL for yl_sync_run_with(). Errors: YL_ERROR_INVALID.
 */
char *yl_relay_address_read (const char *text, gboolean https, GError **error);

G_END_DECLS
