#pragma once

#include "change/yl-change.h"

G_BEGIN_DECLS

/**
 * yl_order_check: the schedule is whole for its kind (one_off: start, minutes; recurring: weekdays, start_time, minutes,
 * from_date, until_date; live_in: from_date, months), budget_from <= budget_to with a unit, a wish for a sex only with
 * intimate care. Fills schedule (from what is given), store, place (from the household), headcount.
 */
gboolean yl_order_check (YlStore *store, const YlRecord *before, YlRecord *after, GError **error);

/** YlVisit: one interval an order needs a worker for, UTC ms, end after start. */
typedef struct
{
  gint64 start;
  gint64 end;
} YlVisit;

#define YL_ORDER_MAX_VISITS 400

/**
 * yl_order_visits: every date of the schedule as an interval, in order, at most YL_ORDER_MAX_VISITS: one visit of a one-off
 * order, each weekday of a recurring one, the whole term of a live-in placement (from 00:00 of the first day).
 * Returns: (element-type YlVisit)
 */
GArray *yl_order_visits (const YlRecord *order);

/** yl_order_add_event: appends an event (cancel, stock, reopen, complete …) as a change set of its own.
 * Errors: YL_ERROR_REFUSED where the order's state does not allow it. */
gboolean yl_order_add_event (YlStore *store,
                             const char *order,
                             const char *kind,
                             const char *cause,
                             const char *note,
                             GError **error);

G_END_DECLS
