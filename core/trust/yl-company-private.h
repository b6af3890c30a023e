#pragma once

#include "yl-company.h"

G_BEGIN_DECLS

gboolean yl_company_check_founding (const YlFounding *founding, GError **error);
/* Writes the first entry of the authority chain: company, head office, its first staff member and this PC. */
gboolean yl_company_found (YlStore *store, const YlFounding *founding, const guint8 *node_seed, GError **error);

G_END_DECLS
