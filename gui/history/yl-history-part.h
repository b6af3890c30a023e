#pragma once

#include <adwaita.h>

#include "yl-session.h"

G_BEGIN_DECLS

#define YL_TYPE_HISTORY_PART (yl_history_part_get_type ())
/** YlHistoryPart: what was written to a record, newest first, read when it is opened; each old value can be put back. */
G_DECLARE_FINAL_TYPE (YlHistoryPart, yl_history_part, YL, HISTORY_PART, AdwBin)

/** yl_history_part_show: of another record it closes. */
void yl_history_part_show (YlHistoryPart *part, YlSession *session, const char *table, const char *id);

G_END_DECLS
