#pragma once

#include "yl-store.h"

G_BEGIN_DECLS

/*
 * Pieces of something large on its way here: kept until all are there, so that a fetch that broke off goes on where it was. One thing at a
 * time; never sent on.
 */

/** yl_store_put_piece: @what: names the thing; beginning another drops the pieces of the one before. */
gboolean yl_store_put_piece (YlStore *store, const char *what, guint number, GBytes *bytes, GError **error);
/** yl_store_get_piece: NULL without an error where it is not here. */
GBytes *yl_store_get_piece (YlStore *store, const char *what, guint number, GError **error);
gboolean yl_store_drop_pieces (YlStore *store, GError **error);

G_END_DECLS
