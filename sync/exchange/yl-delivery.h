#pragma once

#include "exchange/yl-wire.h"

G_BEGIN_DECLS

/** yl_delivery_collect: the next segment for a copy that has got as far as @frontier: what it lacks of this store's log, in
 * causal order, cut after a signed entry; `more` when that is not all. Possibly empty.
 * Errors: YL_ERROR_MISSING (a writer has forked, and @frontier does not say where: yl_log_ladder()). */
YlSegment *yl_delivery_collect (YlStore *store, GArray *frontier, GError **error);

/** yl_delivery_collect_after: the same for a copy that has @coverage (yl_log_coverage()), from the entry after local number @after,
 * which is moved to the last entry taken, so that the next call goes on from there. */
YlSegment *yl_delivery_collect_after (YlStore *store, GArray *coverage, gint64 *after, GError **error);

/** yl_delivery_keys: ids of the keys that the segment's sealed values use, YL_KEY_ID_BYTES each. */
GBytes *yl_delivery_keys (YlSegment *segment);

/** YlTaken: what a segment brought. */
typedef struct
{
  guint n_entries; /* of them new here */
  guint n_keys;
  gboolean more;
} YlTaken;

/** yl_delivery_take: takes a segment in, all of its entries or none, then the keys that came along.
 * Errors: YL_ERROR_INVALID, YL_ERROR_MISSING, YL_ERROR_NEWER, YL_ERROR_CORRUPT. */
gboolean yl_delivery_take (YlStore *store, GBytes *bytes, YlTaken *taken, GError **error);
/** yl_delivery_read, yl_delivery_accept: the same in two steps. */
YlSegment *yl_delivery_read (YlStore *store, GBytes *bytes, GError **error);
gboolean yl_delivery_accept (YlStore *store, const YlSegment *segment, YlTaken *taken, GError **error);

/** yl_delivery_state: frontier and state hash of one moment, whatever other processes write. */
gboolean yl_delivery_state (YlStore *store, GArray **frontier, char **hash, GError **error);

/** yl_delivery_settle: brings the outbox into the log; on head office's own store, which is where all others send to, that is
 * also the receipt. */
gboolean yl_delivery_settle (YlStore *store, GError **error);

G_END_DECLS
