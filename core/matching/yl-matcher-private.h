#pragma once

#include "matching/yl-match.h"

G_BEGIN_DECLS

/** yl_matcher_get_store: borrowed. */
YlStore *yl_matcher_get_store (YlMatcher *matcher);

G_END_DECLS
