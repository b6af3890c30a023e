#pragma once

#include "exchange/yl-wire.h"

G_BEGIN_DECLS

/*
 * Head, little-endian: "YLSG", version u8, flags u8, runs u16, entries u32, frames length u32, grant length u32.
 * Then the runs, the grant, and the frames: length u32, run u16, flags u8, signature if signed, message without `prev`.
 */
#define YL_WIRE_MAGIC "YLSG"
#define YL_WIRE_HEAD_BYTES 20
#define YL_WIRE_RUN_BYTES (YL_WRITER_CHARS / 2 + 8 + 8 + YL_ENTRY_ID_BYTES)
#define YL_WIRE_FRAME_BYTES 7
#define YL_WIRE_FLAG_MORE 1
#define YL_WIRE_FLAG_ZSTD 2
#define YL_WIRE_FRAME_SIGNED 1

#define YL_WIRE_BODY_START "\n\n{"
#define YL_WIRE_PREV_START "\"prev\":\""
#define YL_WIRE_PREV_END "\","
#define YL_WIRE_PREV_CHARS (strlen (YL_WIRE_PREV_START) + 2 * YL_ENTRY_ID_BYTES + strlen (YL_WIRE_PREV_END))

/** YlWireRun: one writer's entries in a segment; of one that forked, one branch's. */
typedef struct
{
  char writer[YL_WRITER_CHARS + 1];
  gint64 first;  /* sequence of its first entry here */
  gint64 strand; /* on the sending side */
  guint n_entries;
  guint8 before[8];                  /* first bytes of the id of the entry before the first */
  guint8 last_id[YL_ENTRY_ID_BYTES]; /* announced id of its last entry here */
  guint8 id[YL_ENTRY_ID_BYTES];      /* while rebuilding: of the entry before */
  gboolean leaves;                   /* while rebuilding: it leaves another run of this segment */
} YlWireRun;

/** yl_segment_append: takes @incoming, whatever the caps, as the entry that @place names. */
void yl_segment_append (YlSegment *segment, const YlWireEntry *place, YlIncoming *incoming);

G_END_DECLS
