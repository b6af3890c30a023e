#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/* Whose particulars a row holds, and what is known of a person beside the rows. */

/** yl_person_column: the column of @table that leads to the person; NULL where the row itself is one. */
const char *yl_person_column (const YlTable *table);
/** yl_person_of: the person whose keys seal a row. @value: what yl_person_column() holds in it, or NULL. Falls back to the record
 * itself: a key is needed all the same. */
char *yl_person_of (YlStore *store, const YlTable *table, const char *id, const char *value);

/** yl_person_find: a person by record id or short number. @table: set to the table she is in. Errors: YL_ERROR_NOT_FOUND. */
char *yl_person_find (YlStore *store, const char *id_or_number, const YlTable **table, GError **error);
/** yl_person_exists: whether any table of persons has a record of that id. */
gboolean yl_person_exists (YlStore *store, const char *person);
/** yl_person_any_erased: FALSE where nobody was, so that nothing need be looked up. */
gboolean yl_person_any_erased (YlStore *store);
/** yl_person_is_erased: her keys were destroyed here and never come back. */
gboolean yl_person_is_erased (YlStore *store, const char *person);
/** yl_person_number: the short number people know her by, or her id. */
char *yl_person_number (YlStore *store, const char *person);

G_END_DECLS
