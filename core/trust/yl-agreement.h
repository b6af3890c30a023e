#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/*
 * Agreements: at the end of an exchange a store and head office's hub have the same change sets, so many of them. The hub's log only
 * grows: of two agreements with it the one with more change sets, or as many, has all of the other's, whichever PCs they were with. Now and
 * then each PC writes into the log how many there were at its last one. By that a PC whose entries the hub keeps from everybody else sees it:
 * somebody agreed with the hub on as many change sets as it did itself, or more, and has not seen its entries. No clock is believed, and a PC
 * that is not in touch says nothing.
 */

/** yl_agreement_note: this copy and the hub of the node @hub have the same change sets at @at by the hub's clock (UTC ms). */
gboolean yl_agreement_note (YlStore *store, const char *hub, gint64 at, GError **error);
/** yl_agreement_tell: writes the last agreement, which was with @hub at @at, into the log, if a day has gone by since it last did so and this
 * PC has written since. */
gboolean yl_agreement_tell (YlStore *store, const char *hub, gint64 at, GError **error);
/** yl_agreement_stands: whether somebody's last word is still that the hub kept this PC's entries from it. */
gboolean yl_agreement_stands (YlStore *store);

/* For the door: looks at the agreements of other PCs among the touched records, in the open transaction. */
gboolean yl_agreement_follow (YlStore *store, GError **error);

G_END_DECLS
