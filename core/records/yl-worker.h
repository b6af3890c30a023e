#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/** yl_worker_check: sex and birth date agree with the ID number, 18-65 at entry, wage with its unit, no block by a blank. */
gboolean yl_worker_check (YlStore *store, const YlRecord *before, YlRecord *after, GError **error);
/** yl_availability_check: start < end; leave must not cover a promised hour. */
gboolean yl_availability_check (YlStore *store, const YlRecord *before, YlRecord *after, GError **error);
/** yl_certificate_check: not issued after it expires. */
gboolean yl_certificate_check (YlStore *store, const YlRecord *before, YlRecord *after, GError **error);

/** yl_worker_masked_name: 王** ; what people see before they may see more. Never NULL. */
char *yl_worker_masked_name (const char *name);

G_END_DECLS
