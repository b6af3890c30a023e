#pragma once

#include "log/yl-log-door.h"

G_BEGIN_DECLS

/*
 * Keys that are not to leave head office's copy for now, because persons may have been erased of whom it does not know: all of them where
 * its file was put back, until it is again as far as it was; and those of persons that another PC says were erased, until their erasures
 * are here. Who asks is given the rest, and told nothing of these.
 */

/** yl_key_hold_all: this file was put back or copied, on head office's PC: until entry @sent of @writer is here again (0: nobody knows how
 * far it was), or else until it has been in touch with every PC that is not shut out. Inside a transaction. */
gboolean yl_key_hold_all (YlStore *store, const char *writer, gint64 sent, GError **error);
/** yl_key_hold_claim: the node enrolled as @node says that @persons (of @n YL_ID_BYTES each) were erased. */
gboolean yl_key_hold_claim (YlStore *store, const char *node, const guint8 *persons, guint n, GError **error);
/** yl_key_hold_heard: all that the node enrolled as @node has is here too. @wrong: it said that somebody was erased, and there is no such
 * entry. */
gboolean yl_key_hold_heard (YlStore *store, const char *node, gboolean *wrong, GError **error);

/** yl_key_hold_is_on: whether no key may leave. */
gboolean yl_key_hold_is_on (YlStore *store, gboolean *on, GError **error);
/** yl_key_hold_concerns: whether no key of that person may. What cannot be read counts as yes. */
gboolean yl_key_hold_concerns (YlStore *store, const char *person);

/** yl_key_hold_erased: who was erased as this copy knows, YL_ID_BYTES each, those last ordered first, at most @max; NULL without an error for
 * nobody. */
GByteArray *yl_key_hold_erased (YlStore *store, guint max, GError **error);

G_END_DECLS
