#pragma once

#include "desk/yl-phrase.h"
#include "store/yl-table.h"

G_BEGIN_DECLS

/* How times, money and names look on screen. All instants are UTC ms; `now` decides what is today. The caller frees. */

char *yl_format_clock (gint64 ms);                           /* 09:00 */
char *yl_format_day (gint64 day, gint64 now);                /* today, tomorrow, Wed 2 Dec */
char *yl_format_span (gint64 start, gint64 end, gint64 now); /* tomorrow 09:00–12:00 */
char *yl_format_past (gint64 ms, gint64 now);                /* 10:31, yesterday 10:31, 3 days ago */
char *yl_format_left (gint64 ms, gint64 now);                /* 1 h 12 min left, 20 min late */
char *yl_format_duration (int minutes);                      /* 3 h, 1 h 30 min */
/** yl_format_schedule: when an order needs somebody, in one line; "" where it does not say yet. */
char *yl_format_schedule (const YlRecord *order, gint64 now);
char *yl_format_phrase (const YlPhrase *phrase, gint64 now);

/** yl_format_wage: `40–60 元/小时`; @to 0: one figure; NULL where nothing is known. @unit: a wage_unit code. */
char *yl_format_wage (gint64 from_fen, gint64 to_fen, const char *unit);
char *yl_format_distance (gint64 metres);                   /* 1.8 km */
char *yl_format_phone (const char *phone, gboolean masked); /* 139 0013 9001, 139 **** 9001 */
/** yl_format_masked: @words of a value of @field, which may be NULL: phone and ID numbers by their last digits only. */
char *yl_format_masked (const YlField *field, const char *words);
/** yl_format_person: a name: whole or masked (@is_own: of this store), or that the person's particulars were erased. */
char *yl_format_person (const char *name, gboolean is_own, gboolean erased);
char *yl_format_rating (gint64 hundredths, gint64 count); /* ★4.8 (57); "" without reviews */
/** yl_format_count: a number for a badge: "" for 0. */
char *yl_format_count (guint count);

G_END_DECLS
