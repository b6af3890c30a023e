#pragma once

#include "yl-log-door.h"

G_BEGIN_DECLS

/*
 * Pruning: a store lets go of the change sets that a checkpoint covers. Their names, times and what they had seen stay, so that what
 * comes after them is folded and verified as before; head office keeps all.
 */

/**
 * yl_prune_to: drops the messages that @frontier covers, within an open transaction. @n: how many. Errors: YL_ERROR_REFUSED at head office,
 * where own change sets behind it have no receipt yet, or where this copy has not got that far.
 */
gboolean yl_prune_to (YlStore *store, GArray *frontier, guint *n, GError **error);
/** yl_prune_size: bytes of the file, and of the messages that @frontier covers. */
gboolean yl_prune_size (YlStore *store, GArray *frontier, gint64 *file, gint64 *messages, GError **error);

G_END_DECLS
