#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/** yl_derive_people: works out table `merged` where @touched (`table:id`) bears on it. @moved: receives the ids of records that
 * are shown as another record than before (element-type char *, freed by the array). */
gboolean yl_derive_people (YlStore *store, GHashTable *touched, GPtrArray *moved, GError **error);
/** yl_derive_all_people: works it out whatever was touched. */
gboolean yl_derive_all_people (YlStore *store, GPtrArray *moved, GError **error);

G_END_DECLS
