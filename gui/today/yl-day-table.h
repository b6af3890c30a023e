#pragma once

#include <adwaita.h>

#include "desk/yl-agenda.h"

G_BEGIN_DECLS

#define YL_TYPE_DAY_TABLE (yl_day_table_get_type ())
/** YlDayTable: today's visits, one line a worker. Clicking a worker opens her file, a visit its order. */
G_DECLARE_FINAL_TYPE (YlDayTable, yl_day_table, YL, DAY_TABLE, AdwBin)

/** yl_day_table_set_agenda: @agenda: (element-type YlAgendaRow), borrowed for the call. @midnight: of the day shown, @now: UTC ms. */
void yl_day_table_set_agenda (YlDayTable *table, GPtrArray *agenda, gint64 midnight, gint64 now);

G_END_DECLS
