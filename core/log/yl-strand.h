#pragma once

#include "merge/yl-merge.h"

G_BEGIN_DECLS

/*
 * Strands. All entries of a writer make one strand, unless it forked: wrote two entries after the same one, because its file was
 * copied or because it cheats. Then every further branch is a strand of its own that begins after the entry it left. Merging
 * knows only strands, so that branches are treated as two writers would be, the same for any order of arrival: which branch
 * continues the strand and which begins one differs from file to file and shows nowhere.
 */

/** YlStrandPlace: where an entry stands, or would stand, in this file. */
typedef struct
{
  gint64 w;      /* its strand; 0: none yet, yl_strand_branch() makes it */
  gint64 before; /* the strand of the writer's entry before; 0 for a first entry */
  gint64 n;      /* its local number; 0: it is not here */
} YlStrandPlace;

/** yl_strand_place: finds an entry's place by its own name and that of the entry it follows. Errors: YL_ERROR_MISSING (the entry
 * before is not here), YL_ERROR_INVALID (a first entry that follows another). */
gboolean yl_strand_place (YlStore *store, const YlEntry *entry, YlStrandPlace *place, GError **error);
/** yl_strand_branch: begins a strand with @entry, which leaves @parent. */
gboolean yl_strand_branch (YlStore *store, const YlEntry *entry, gint64 parent, gint64 *w, GError **error);

/** yl_strand_origin: the strand that @w left (0: none), and the sequence of @w's first entry. */
gboolean yl_strand_origin (YlStore *store, gint64 w, gint64 *parent, gint64 *first, GError **error);
/** yl_strand_raise: adds entry @seq of strand @w and all its writer's entries before it. */
gboolean yl_strand_raise (YlStore *store, YlVector *vector, gint64 w, gint64 seq, GError **error);
/** yl_strand_reach: the highest sequence of @writer in @vector, whichever its strand. */
gboolean yl_strand_reach (YlStore *store, const YlVector *vector, const char *writer, gint64 *seq, GError **error);

G_END_DECLS
