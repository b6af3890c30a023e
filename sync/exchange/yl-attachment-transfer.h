#pragma once

#include "exchange/yl-peer.h"

G_BEGIN_DECLS

/* Chunks of attachments to and from head office, one call each: a cut transfer goes on with the next one that lacks. */

/** yl_attachment_push: sends every chunk for which head office has given no receipt. @n_sent: how many got one. Chunks that head office
 * refuses (its quota is used up) stay waiting; the sync log says why. */
gboolean yl_attachment_push (YlStore *store, YlPeer *peer, guint *n_sent, GError **error);

/** yl_attachment_fetch: brings the chunks of an attachment that are not here; each is checked against the manifest before it is kept.
 * Errors: YL_ERROR_OFFLINE; YL_ERROR_NOT_FOUND: head office does not have all of it yet; YL_ERROR_INVALID: what came is not it. */
gboolean yl_attachment_fetch (YlStore *store, YlPeer *peer, const char *attachment, GError **error);

G_END_DECLS
