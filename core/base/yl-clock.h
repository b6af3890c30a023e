#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A hybrid logical clock reading packs UTC milliseconds and a 16-bit counter: ms << 16 | counter. */
#define YL_HLC(ms, counter) (((gint64) (ms) << 16) | (counter))
#define YL_HLC_MS(hlc) ((hlc) >> 16)
#define YL_HLC_COUNTER(hlc) ((int) (0xffff & (hlc)))

#define YL_CLOCK_MIN_MS G_GINT64_CONSTANT (1577836800000) /* 2020-01-01 */
#define YL_CLOCK_MAX_MS G_GINT64_CONSTANT (4102444800000) /* 2100-01-01 */
#define YL_CLOCK_MAX_LEAD_MS G_GINT64_CONSTANT (600000)   /* how far the clock follows others: 10 minutes */

/** YlNowFunc: UTC milliseconds. Tests put their own clock in. */
typedef gint64 (*YlNowFunc) (gpointer data);

/** yl_clock_now: the machine's UTC milliseconds, clamped to 2020-2100. */
gint64 yl_clock_now (void);

/** yl_hlc_next: a reading later than @last (packed) and not before @now_ms. */
gint64 yl_hlc_next (gint64 last, gint64 now_ms);

/** yl_hlc_follow: @last after having seen @other, following at most YL_CLOCK_MAX_LEAD_MS past @now_ms. */
gint64 yl_hlc_follow (gint64 last, gint64 other, gint64 now_ms);

/* Civil time of the company: all chains served are in Asia/Shanghai (UTC+8, no daylight saving since 1991). */
#define YL_ZONE_OFFSET_MS G_GINT64_CONSTANT (28800000)
#define YL_DAY_MS G_GINT64_CONSTANT (86400000)
#define YL_MINUTE_MS G_GINT64_CONSTANT (60000)

/**
 * yl_instant_parse: reads `2026-12-01T09:00[:SS][Z|+08:00]` (a blank may stand for T); no zone = the company's.
 * Sets @ms to UTC milliseconds. Errors: YL_ERROR_INVALID.
 */
gboolean yl_instant_parse (const char *text, gint64 *ms, GError **error);
/** yl_instant_format: `2026-12-01T09:00:00+08:00`, company time. */
char *yl_instant_format (gint64 ms);

/** yl_date_parse: reads `2026-12-01` into days since 1970-01-01. Errors: YL_ERROR_INVALID. */
gboolean yl_date_parse (const char *text, gint64 *day, GError **error);
char *yl_date_format (gint64 day);
/** yl_date_of: the company's civil day (days since 1970-01-01) at instant @ms. */
gint64 yl_date_of (gint64 ms);
/** yl_date_start: the instant at which civil day @day begins. */
gint64 yl_date_start (gint64 day);
/** yl_date_weekday: 0 = Monday … 6 = Sunday. */
int yl_date_weekday (gint64 day);

G_END_DECLS
