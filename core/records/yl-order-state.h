#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/**
 * yl_order_state_derive: works out order_state from the order, its events and its bookings.
 *
 * Fixed precedence, no clock: cancelled, completed, proposed (every slot has a standing promise), stock, matching; an
 * order without a customer is still in intake. An event counts until a `reopen` that had seen it. Cancelled or completed
 * while promises stand is `disputed`: both are shown. The cause is what last took a promise away from an open slot.
 */
gboolean yl_order_state_derive (YlStore *store, const char *order, GError **error);

G_END_DECLS
