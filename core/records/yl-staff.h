#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/** yl_staff_check: whoever is entered works here until somebody says otherwise. */
gboolean yl_staff_check (YlStore *store, const YlRecord *before, YlRecord *after, GError **error);

G_END_DECLS
