#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

#define YL_TYPE_HUB (yl_hub_get_type ())
/** YlHub: serves the exchange of one store file over HTTP(S) (libsoup). Runs in the caller's main context. */
G_DECLARE_FINAL_TYPE (YlHub, yl_hub, YL, HUB, GObject)
YlHub *yl_hub_new (YlStore *store);
/** yl_hub_listen: @address: HOST:PORT, port 0 picks one. HTTPS when the company's hub URL says so. Errors: YL_ERROR_INVALID, YL_ERROR_FAILED. */
gboolean yl_hub_listen (YlHub *hub, const char *address, GError **error);
/** yl_hub_get_url: where it listens, once it does. */
const char *yl_hub_get_url (YlHub *hub);
void yl_hub_stop (YlHub *hub);

G_END_DECLS
