#pragma once

#include "log/yl-merge-log.h"

G_BEGIN_DECLS

/*
 * A segment: change sets as they cross the wire (docs/formats.md, "Segment"): packed entries, and beside each what
 * the receiver cannot work out.
 */
#define YL_WIRE_VERSION 1
#define YL_WIRE_FRAMES_MAX (2 * 1024 * 1024) /* frames, decompressed: a run may end in an entry of 1 MiB */
#define YL_WIRE_ENTRIES_MAX 1024
#define YL_WIRE_OPS_MAX 5000                /* of all entries: what a receiver has to do at once */
#define YL_WIRE_RUNS_MAX 1024               /* writers in one segment */
#define YL_WIRE_GRANT_MAX (2 * 1024 * 1024) /* room for a key in every sealed value of a full segment */
#define YL_WIRE_RATIO_MAX 100               /* frames that shrink further travel uncompressed */
#define YL_WIRE_BODY_MAX (YL_WIRE_FRAMES_MAX + YL_WIRE_GRANT_MAX + 256 * 1024)

typedef struct
{
  GPtrArray *entries; /* of YlIncoming, causal order, each writer's sequence without gaps */
  GPtrArray *packed;  /* of GBytes: the same packed, in a segment that is being filled */
  gsize size;         /* room their frames take at most */
  guint n_ops;        /* of all of them */
  GBytes *grant;      /* sealed keys that travel along, or NULL */
  gboolean more;      /* the sender has more that the receiver lacks */
} YlSegment;

YlSegment *yl_segment_new (void);
void yl_segment_free (YlSegment *segment);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlSegment, yl_segment_free)

/** yl_segment_add: takes @incoming if there is room for it; FALSE when a cap is reached. */
gboolean yl_segment_add (YlSegment *segment, YlIncoming *incoming);
/** yl_segment_cut: keeps the first @n_entries. */
void yl_segment_cut (YlSegment *segment, guint n_entries);

/** yl_segment_encode: the bytes that travel. */
GBytes *yl_segment_encode (YlSegment *segment);

/** YlPreviousFunc: the whole id of the entry @name, which the receiver has. Errors: YL_ERROR_MISSING. */
typedef gboolean (*YlPreviousFunc) (const YlEntryName *name, guint8 *id, gpointer data, GError **error);

/**
 * yl_segment_decode: checks every size before using it, and that each writer's rebuilt run ends in the announced id.
 * @scope: the company's, which does not travel. Errors: YL_ERROR_INVALID, YL_ERROR_NEWER, those of @previous.
 */
YlSegment *yl_segment_decode (GBytes *bytes, const char *scope, YlPreviousFunc previous, gpointer data, GError **error);

G_END_DECLS
