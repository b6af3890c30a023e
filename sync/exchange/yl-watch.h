#pragma once

#include "exchange/yl-wire.h"

G_BEGIN_DECLS

/*
 * What a store remembers of its hub so that a dishonest or damaged one is seen: the frontier at which they last agreed, behind which the
 * hub may never fall. What is found is a trouble of the store (store/yl-trouble.h), named in its sync log.
 */

/** yl_watch_agreement: both have the entries @names and no others, at @time by the hub's clock (UTC ms); nothing is wrong between them
 * but, perhaps, this PC's clock. */
gboolean yl_watch_agreement (YlStore *store, const char *hub, GArray *names, gint64 time, GError **error);
/** yl_watch_through: until when, by the hub's clock, head office surely has all that was written here (UTC ms); 0: never yet. */
gint64 yl_watch_through (YlStore *store);
/** yl_watch_others: before what a relay or a stick brought is taken in: what the hub itself had written before they last agreed, and did not
 * hand out then, it has held back. */
gboolean yl_watch_others (YlStore *store, const YlSegment *segment, GError **error);
/** yl_watch_clear: nothing is wrong any more with what @peer sends, hub or relay. */
gboolean yl_watch_clear (YlStore *store, const char *peer, GError **error);
/** yl_watch_frontier: compares what the hub has (@covered, see yl_log_coverage()) with what it had then: one that lacks some of it was put
 * back from an old copy, and is filled again like any copy that is behind. */
gboolean yl_watch_frontier (YlStore *store, const char *hub, GArray *covered, GError **error);
/** yl_watch_impostor: who answers at the company's hub address cannot show that it is the hub: why. */
void yl_watch_impostor (YlStore *store, const char *url, const GError *fault);
/** yl_watch_sender: at a hub: what the node that writes as @writer pushed could not be taken in: @fault; or it could: NULL. */
void yl_watch_sender (YlStore *store, const char *writer, const GError *fault);
/** yl_watch_fault: what a segment of the hub failed with: YL_ERROR_MISSING (it holds back what others have seen) or YL_ERROR_INVALID (it is
 * not what was signed). Other errors are none of the hub's. */
void yl_watch_fault (YlStore *store, const char *hub, const GError *fault);

G_END_DECLS
