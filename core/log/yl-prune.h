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

/** YlPruneLimits: when a store prunes by itself; 0: not for that reason. */
typedef struct
{
  gint64 mib;  /* its file holds so many MiB */
  gint64 days; /* its oldest change set is so many days old */
} YlPruneLimits;
#define YL_PRUNE_MIB 2048 /* where nothing was set */
void yl_prune_get_limits (YlStore *store, YlPruneLimits *limits);
gboolean yl_prune_set_limits (YlStore *store, const YlPruneLimits *limits, GError **error);
/** yl_prune_is_due: never at head office. */
gboolean yl_prune_is_due (YlStore *store, gboolean *due, GError **error);
/** yl_prune_shrink: gives back the room that pruning left in the file, a part at a time; outside a transaction. */
gboolean yl_prune_shrink (YlStore *store, GError **error);

G_END_DECLS
