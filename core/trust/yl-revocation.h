#pragma once

#include "merge/yl-fold.h"

G_BEGIN_DECLS

/*
 * Revocations. Head office shuts out a PC, or a member of staff, by naming the last entries it accepts of them (of every branch of every
 * pen). Whatever is not among those or before them does not count, on any node, whatever it claims to have seen; so what counts follows
 * from the set of entries. Where a revocation arrives after entries it refuses were folded, their records are folded anew.
 */

/** yl_revocation_check: why an entry of PC @node does not count, or NULL. @staff: record id of its actor; @w: its strand. */
char *yl_revocation_check (YlStore *store,
                           const YlEntry *entry,
                           const char *node,
                           const char *staff,
                           gint64 w,
                           const YlVector *seen);
/** yl_revocation_fold: at the folding of an entry of the authority, number @n, once its facts are known. */
gboolean yl_revocation_fold (YlStore *store, gint64 n, const YlEntry *entry, GError **error);

/** yl_revocation_refused: local numbers of all entries that revocations refuse, in order (element-type gint64). */
GArray *yl_revocation_refused (YlStore *store, GError **error);
/** yl_revocation_of: the record id of the revocation of a PC, or NULL. */
char *yl_revocation_of (YlStore *store, const char *node);

G_END_DECLS
