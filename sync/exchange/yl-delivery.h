#pragma once

#include "exchange/yl-sync-wire.h"

G_BEGIN_DECLS

/** yl_delivery_collect: the next segment for a copy that has @coverage (yl_log_coverage()): what it lacks of this store's log, in
 * causal order, cut after a signed entry; `more` when that is not all. Possibly empty. */
YlSegment *yl_delivery_collect (YlStore *store, GArray *coverage, GError **error);

/** yl_delivery_names: names of entries that have all of the segment before them (element-type YlEntryName). */
GArray *yl_delivery_names (YlSegment *segment);

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
  GArray *names; /* yl_delivery_names() */
  gboolean more;
} YlTaken;
void yl_taken_clear (YlTaken *taken);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (YlTaken, yl_taken_clear)

/** yl_delivery_take: takes a segment in, all of its entries or none, then the keys that came along.
 * Errors: YL_ERROR_INVALID, YL_ERROR_MISSING, YL_ERROR_NEWER, YL_ERROR_CORRUPT. */
gboolean yl_delivery_take (YlStore *store, GBytes *bytes, YlTaken *taken, GError **error);
/** yl_delivery_read, yl_delivery_accept: the same in two steps. */
YlSegment *yl_delivery_read (YlStore *store, GBytes *bytes, GError **error);
gboolean yl_delivery_accept (YlStore *store, YlSegment *segment, YlTaken *taken, GError **error);

/** YlMoment: frontier and state hash of one moment, whatever other processes write. */
typedef struct
{
  GArray *names;
  GArray *coverage; /* the same as numbers */
  guint8 frontier[YL_FRONTIER_DIGEST_BYTES];
  guint8 hash[YL_STATE_HASH_BYTES];
} YlMoment;
void yl_moment_clear (YlMoment *moment);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (YlMoment, yl_moment_clear)
gboolean yl_delivery_moment (YlStore *store, YlMoment *moment, GError **error);

/** yl_delivery_settle: brings the outbox into the log; on head office's own store, which is where all others send to, that is
 * also the receipt. */
gboolean yl_delivery_settle (YlStore *store, GError **error);

G_END_DECLS
