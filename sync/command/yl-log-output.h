#pragma once

#include "log/yl-log-door.h"
#include "yl-output.h"

G_BEGIN_DECLS

/** yl_log_output_row: one change set of the log, a line, or with @json an object. */
gboolean yl_log_output_row (YlOutput *output, YlStore *store, const YlEntryRow *row, gboolean json, GError **error);

G_END_DECLS
