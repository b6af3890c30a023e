#pragma once

#include "yl-phrase-scan.h"

G_BEGIN_DECLS

/* The parts of a phrase about times, before anybody decides what they mean together. */

#define YL_UNSAID (-1)

typedef enum
{
  YL_PART_NONE,
  YL_PART_NIGHT, /* 凌晨 */
  YL_PART_MORNING,
  YL_PART_NOON,
  YL_PART_AFTERNOON,
  YL_PART_EVENING,
} YlPartOfDay;

/* What was said so far; YL_UNSAID where nothing was. */
typedef struct
{
  gint64 today;
  int now_time; /* minute of today */
  gint64 day;
  YlPartOfDay part;
  int time;
  int end_time;
  int minutes;
  gboolean recurring;
  guint weekdays;
  gint64 until;
  int term_days;
  int months;
  gboolean live_in;
} YlSaid;

/** yl_said_read_part: passes one part that stands here (a day, a clock time, a length, …) and notes it; FALSE if none does. */
gboolean yl_said_read_part (YlSaid *said, YlScan *scan);

G_END_DECLS
