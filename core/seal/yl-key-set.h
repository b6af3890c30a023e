#pragma once

#include "log/yl-log-door.h"

G_BEGIN_DECLS

/*
 * Which keys two copies both have, told by a sum that costs the same however many there are: so each can see that the other, or it
 * itself, has lost some.
 */
#define YL_KEY_SUM_BYTES 16

/** yl_key_set_sum: of the ids of all keys that are here and that this copy has given to, or has from, the node enrolled as @node: modulo
 * 2^128, big endian. Both sides have the same unless one lost keys, or forgot whom it gave them. */
gboolean yl_key_set_sum (YlStore *store, const char *node, guint8 *sum, GError **error);
/** yl_key_set_subtract: @a less @b, modulo 2^128. */
void yl_key_set_subtract (const guint8 *a, const guint8 *b, guint8 *difference);

/** yl_key_set_find_lost: looks through all values for keys that are neither here nor known to be missing; they are wanted from now on.
 * @n_lost: how many; where there are some the sync log says so. Not inside a transaction. */
gboolean yl_key_set_find_lost (YlStore *store, guint *n_lost, GError **error);

G_END_DECLS
