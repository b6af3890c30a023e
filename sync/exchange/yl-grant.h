#pragma once

#include "exchange/yl-wire.h"

G_BEGIN_DECLS

/*
 * A grant: keys sealed to one node's X25519 key and signed by the node that gives them (docs/formats.md, "Grant"). Grants
 * travel beside the log, never in it.
 */

/** yl_grant_make: those of the keys in @ids (YL_KEY_ID_BYTES each) that this file holds and node @to may have, @n_keys of them,
 * possibly none; which it may not have, and why, is named. Errors: YL_ERROR_NOT_FOUND for an unknown node. */
GBytes *yl_grant_make (YlStore *store, const char *to, GBytes *ids, guint *n_keys, GError **error);
/** yl_grant_attach: puts those of the keys @ids that this file holds and @to may have into @segment. @n_keys may be NULL. */
gboolean yl_grant_attach (YlStore *store,
                          YlSegment *segment,
                          const char *to,
                          GBytes *ids,
                          guint *n_keys,
                          GError **error);
/** yl_grant_take: verifies a grant for this file's node and adds its keys, @n_keys of them new and of use. Errors: YL_ERROR_INVALID. */
gboolean yl_grant_take (YlStore *store, GBytes *grant, guint *n_keys, GError **error);

G_END_DECLS
