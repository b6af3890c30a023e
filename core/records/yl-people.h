#pragma once

#include "merge/yl-alias.h"
#include "change/yl-change.h"

G_BEGIN_DECLS

/*
 * Acts on records that may be one person: workers and customers. Merging writes an alias and rewrites nothing: orders,
 * promises, skills and history of both are shown under the survivor, and taking the alias back shows two people as before.
 */

/** yl_alias_check: two different records of the kind. */
gboolean yl_alias_check (YlStore *store, const YlRecord *before, YlRecord *after, GError **error);

/**
 * yl_people_merge: @from is the same person as @to, and is shown as @to from now on. @undo: receives what takes it back, or NULL.
 * Errors: YL_ERROR_REFUSED when they are one person already.
 */
gboolean yl_people_merge (YlStore *store,
                          const char *table,
                          const char *from,
                          const char *to,
                          YlUndo **undo,
                          GError **error);
/** yl_people_unmerge: takes @id out of the records it was merged with. Errors: YL_ERROR_NOT_FOUND when there are none. */
gboolean yl_people_unmerge (YlStore *store, const char *table, const char *id, GError **error);
/** yl_people_tell_apart: they are two people, and nobody asks again. */
gboolean yl_people_tell_apart (YlStore *store,
                               const char *table,
                               const char *first,
                               const char *second,
                               GError **error);

G_END_DECLS
