#pragma once

#include "yl-store.h"

G_BEGIN_DECLS

/* yl_number_fill: gives a new record its short number where it has none: the table's prefix, the site's code, this PC's letter and a
 * counter, so that two PCs never make the same one offline. */
gboolean yl_number_fill (YlStore *store, YlRecord *record, GError **error);

G_END_DECLS
