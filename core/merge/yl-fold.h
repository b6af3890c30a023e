#pragma once

#include "yl-merge.h"

G_BEGIN_DECLS

/* What both doors share: an entry whose form and place in its writer's chain are right becomes part of the state. */

typedef struct
{
  const YlEntry *entry;
  gint64 w;                 /* its strand */
  const YlVector *seen;     /* without itself */
  const char *refused;      /* its ops do not count, and why; NULL: they do */
  GHashTable *local_before; /* op -> YlValue * row before (absent: none); NULL: a remote entry */
} YlFolding;

/* yl_fold_entry: writes entry, op index, writer, authority facts and merge state. @n: its local number. */
gboolean yl_fold_entry (YlStore *store, const YlFolding *folding, gint64 *n, GError **error);
/* yl_fold_index_ops: notes which records the entry names. */
gboolean yl_fold_index_ops (YlStore *store, gint64 n, const YlEntry *entry, GError **error);
/* yl_fold_ops: the merge part alone, for rebuilding. */
gboolean yl_fold_ops (YlStore *store, gint64 n, const YlFolding *folding, GError **error);

/* yl_fold_frontier: what the next entry of a writer will have seen: everything folded here. */
YlVector *yl_fold_frontier (YlStore *store, GError **error);
/* yl_fold_seen_of: the vector of an entry, itself included. */
YlVector *yl_fold_seen_of (YlStore *store, gint64 w, gint64 seq, GError **error);
/* yl_fold_seen_before: the vector of entry @n, without itself. */
YlVector *yl_fold_seen_before (YlStore *store, gint64 n, GError **error);
/* yl_fold_seen_by: what @entry had seen: the join of its writer's entry before, which is on strand @before (0: none), and of all it
 * names. Errors: YL_ERROR_MISSING; YL_ERROR_INVALID where it claims another position of the authority chain. */
YlVector *yl_fold_seen_by (YlStore *store, const YlEntry *entry, gint64 before, GError **error);
/* yl_fold_pack_seen: as the row of the entry holds it. */
gboolean yl_fold_pack_seen (YlStore *store, const YlFolding *folding, YlValue *packed, GError **error);
/* yl_fold_facts: what an entry of the authority says becomes part of the authority chain. */
gboolean yl_fold_facts (YlStore *store, const YlEntry *entry, gint64 w, GError **error);
/* yl_log_message_pack: the message as the row of the entry holds it. */
GBytes *yl_log_message_pack (YlStore *store, const YlEntry *entry, GError **error);

/* The clock: the last reading given out, by an own entry, or followed, which is written down. */
gint64 yl_fold_clock (YlStore *store);
gboolean yl_fold_set_clock (YlStore *store, gint64 hlc, GError **error);

/**
 * yl_right_check: may this writer and actor do this? A function of the entry and of the part of the authority chain that it
 * had seen, so every node gives the same verdict whatever arrived first.
 * @w: its strand. Returns: NULL if all is allowed, else the sentence that says why not.
 */
char *yl_right_check (YlStore *store, const YlEntry *entry, gint64 w, const YlVector *seen);
/** yl_right_tell: tells people of an entry from elsewhere that yl_right_check() refused. */
gboolean yl_right_tell (YlStore *store, const YlEntry *entry, gint64 w, const YlVector *seen, GError **error);
/* yl_right_forget: drops what was kept of the last check, after the authority chain changed otherwise than by growing. */
void yl_right_forget (YlStore *store);

G_END_DECLS
