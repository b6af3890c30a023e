#pragma once

#include "store/yl-record.h"

G_BEGIN_DECLS

/*
 * Times the way people say them on the phone: `明天上午9点 3小时`, `12月2日 9:00-12:00`, `每周一三五 9-12点 4周`,
 * `12月5日起住家2个月`, `tomorrow 9am 3h`, `every mon wed 14:00-16:00`, `from 5 dec live-in 2 months`.
 */
typedef enum
{
  YL_PHRASE_ONE_OFF,   /* start, minutes */
  YL_PHRASE_RECURRING, /* weekdays, start_time, minutes, from_day, until_day */
  YL_PHRASE_LIVE_IN,   /* from_day, months */
} YlPhraseKind;

typedef struct
{
  YlPhraseKind kind;
  gint64 start;     /* UTC ms */
  int minutes;      /* of one visit */
  guint weekdays;   /* bit 0 = Monday … bit 6 = Sunday */
  int start_time;   /* minute of the day */
  gint64 from_day;  /* days since 1970-01-01 */
  gint64 until_day; /* the last day, inclusive */
  int months;
} YlPhrase;

#define YL_PHRASE_WEEKS 4 /* how long a recurring order runs when nobody says */

/**
 * yl_phrase_read: @now: UTC ms; what is said is understood from there: a weekday is the next one, a date without a
 * year the next such date. 1 to 6 o'clock without a part of the day is the afternoon.
 * Errors: YL_ERROR_INVALID with a sentence for the clerk: what could not be read, or what is still missing.
 */
gboolean yl_phrase_read (const char *text, gint64 now, YlPhrase *phrase, GError **error);

/** yl_phrase_fill: writes the schedule columns of an order. */
void yl_phrase_fill (const YlPhrase *phrase, YlRecord *order);

G_END_DECLS
