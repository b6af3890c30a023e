#pragma once

#include "matching/yl-match-columns.h"
#include "store/yl-database.h"

G_BEGIN_DECLS

/** The states in which a promise holds its hours: it stands as far as this copy knows. For SQL. */
#define YL_MATCH_STANDING "('tentative', 'confirmed', 'served')"

/** yl_match_load_all: every worker. @columns: new. */
gboolean yl_match_load_all (YlMatchColumns *columns, YlDatabase *database, GError **error);
/** yl_match_load_worker: one worker anew; removes her where the store has her no more. */
gboolean yl_match_load_worker (YlMatchColumns *columns, YlDatabase *database, const char *id, GError **error);

G_END_DECLS
