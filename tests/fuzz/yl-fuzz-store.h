#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/** yl_fuzz_store: head office of a small company, made at the first call, in a folder that goes with the process. */
YlStore *yl_fuzz_store (void);
/** yl_fuzz_file: a name for a file beside it; the same at every call. */
const char *yl_fuzz_file (void);

G_END_DECLS
