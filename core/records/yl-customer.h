#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/** yl_household_check: rounds lat and lon to a cell of about a kilometre (1/100 degree). */
gboolean yl_household_check (YlStore *store, const YlRecord *before, YlRecord *after, GError **error);
/** yl_customer_check: at least one of phone and WeChat. */
gboolean yl_customer_check (YlStore *store, const YlRecord *before, YlRecord *after, GError **error);

G_END_DECLS
