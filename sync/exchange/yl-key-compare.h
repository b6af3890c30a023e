#pragma once

#include "exchange/yl-sync-wire.h"

G_BEGIN_DECLS

/*
 * At the end of an exchange: whether head office and this copy have lost keys that both had. What the sums of the two differ by is
 * remembered: ledgers of who was given which key may differ for good, while whoever loses a key changes the difference.
 */

/** yl_key_compare: whether the difference to @theirs is what it was (@same). If not, this copy has looked for what it lost,
 * @n_lost keys, and wants them. */
gboolean yl_key_compare (YlStore *store,
                         const char *hub,
                         const guint8 *theirs,
                         gboolean *same,
                         guint *n_lost,
                         GError **error);
/** yl_key_compare_settle: both sides have looked, and what could be given back was: what still differs is from now on as it should be. */
gboolean yl_key_compare_settle (YlStore *store, const char *hub, const guint8 *theirs, GError **error);

G_END_DECLS
