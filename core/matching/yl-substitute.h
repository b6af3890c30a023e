#pragma once

#include "matching/yl-match.h"

G_BEGIN_DECLS

/**
 * yl_substitute_after_dropout: what to do when a worker cancels or does not come, in one step: yl_booking_dropout(), then
 * who could take over the visits now open, best first. The dropout stands even where the search fails.
 * @claim, @cause, @reason: as for yl_booking_dropout(). @limit: as for yl_matcher_match().
 */
YlMatchResult *yl_substitute_after_dropout (YlMatcher *matcher,
                                            const char *claim,
                                            const char *cause,
                                            const char *reason,
                                            guint limit,
                                            GError **error);

G_END_DECLS
