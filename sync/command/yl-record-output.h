#pragma once

#include "yl-output.h"

G_BEGIN_DECLS

/** yl_record_print: a record with its sets and derived state, a line for each value. @state: where sets and derived state are
 * read, the store itself or its past (yl-past.h); @store: where the numbers of what it refers to are. */
gboolean yl_record_print (YlOutput *output,
                          gboolean json,
                          YlStore *store,
                          YlStore *state,
                          const YlRecord *record,
                          GError **error);
/** yl_record_print_row: the same in one line. */
gboolean yl_record_print_row (YlOutput *output, gboolean json, YlStore *store, const YlRecord *record, GError **error);

G_END_DECLS
