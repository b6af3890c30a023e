#pragma once

#include "exchange/yl-wire.h"

G_BEGIN_DECLS

/*
 * "YLSG", version u8, flags u8; then varints: runs, entries, length of the frames, length of the grant; the runs; the grant; the frames.
 * A run: writer, sequence of its first entry here (varint), the first 8 bytes of the ids of the entry before and of its last entry here.
 */
#define YL_WIRE_MAGIC "YLSG"
#define YL_WIRE_FLAG_MORE 1
#define YL_WIRE_FLAG_ZSTD 2
#define YL_WIRE_ID8_BYTES 8

/** YlWireRun: one writer's entries in a segment, each following the one before; of one that forked, one branch's. */
typedef struct
{
  char writer[YL_WRITER_CHARS + 1];
  gint64 first; /* sequence of its first entry here */
  guint n_entries;
  guint8 before[YL_WIRE_ID8_BYTES]; /* of the entry before the first; zeros where there is none */
  guint8 last[YL_WIRE_ID8_BYTES];   /* of its last entry here */
  guint8 id[YL_ENTRY_ID_BYTES];     /* of the entry written or read last */
  gboolean leaves;                  /* while reading: it leaves another run of this segment */
} YlWireRun;

/** YlWireClock: what a frame's numbers are told apart from. */
typedef struct
{
  gint64 ms;
  gint64 authority;
} YlWireClock;

G_END_DECLS
