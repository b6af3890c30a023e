#pragma once

#include "log/yl-log-door.h"

G_BEGIN_DECLS

/*
 * What a store remembers of its hub so that a dishonest or damaged one is seen: the frontier at which they last agreed, behind which the
 * hub may never fall. What is found is a trouble of the store (store/yl-trouble.h), named in its sync log.
 */

/** yl_watch_agreement: both have the entries @names and no others; nothing is wrong between them. */
gboolean yl_watch_agreement (YlStore *store, const char *hub, GArray *names, GError **error);
/** yl_watch_clear: nothing is wrong any more with what @peer sends, hub or relay. */
gboolean yl_watch_clear (YlStore *store, const char *peer, GError **error);
/** yl_watch_frontier: compares what the hub has (@covered, see yl_log_coverage()) with what it had then: one that lacks some of it was put
 * back from an old copy, and is filled again like any copy that is behind. */
gboolean yl_watch_frontier (YlStore *store, const char *hub, GArray *covered, GError **error);
/** yl_watch_fault: what a segment of the hub failed with: YL_ERROR_MISSING (it holds back what others have seen) or YL_ERROR_INVALID (it is
 * not what was signed). Other errors are none of the hub's. */
void yl_watch_fault (YlStore *store, const char *hub, const GError *fault);

G_END_DECLS
