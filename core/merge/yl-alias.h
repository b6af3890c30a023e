#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/*
 * Records that are one person (core/records/yl-people.h). What reads for people follows the alias; what keeps the log and
 * the merge state does not.
 */

/** yl_alias_is_person: records of this table can be merged. */
gboolean yl_alias_is_person (const char *table);
/** yl_alias_survivor: the record as which the person is shown: @id itself where it was merged into none. */
char *yl_alias_survivor (YlStore *store, const char *id);
/** yl_alias_all: every record of the person, deleted ones too: the survivor, then the others by id (element-type char *). */
GPtrArray *yl_alias_all (YlStore *store, const char *id, GError **error);

/* For queries: all records of the person whose survivor is @parameter. */
#define YL_ALIAS_GROUP(parameter) \
  "(SELECT " parameter " UNION ALL SELECT m.id FROM merged m WHERE m.survivor = " parameter ")"
/* For queries: the survivor of the record in @column. */
#define YL_ALIAS_SURVIVOR(column) "ifnull((SELECT m.survivor FROM merged m WHERE m.id = " column "), " column ")"

G_END_DECLS
