#pragma once

#include "merge/yl-fold.h"

G_BEGIN_DECLS

/*
 * Pens. A PC writes with the key it was enrolled with until its store file is put back from a backup or copied; then it goes on with a
 * new pen: a new writer whose first entry holds one record of table node_pen: its key, the entry of the old pen it follows, and the old
 * pen's signature. Rights go by PC, whatever the pen. In sessions, receipts and grants a PC is always who it was enrolled as.
 */

/** yl_pen_node: the PC whose pen @writer is, by the strand @w of one of its entries; NULL if it is none that a PC endorsed. */
char *yl_pen_node (YlStore *store, const char *writer, gint64 w);
/** yl_pen_is_first: whether @entry is the first of a further pen. */
gboolean yl_pen_is_first (const YlEntry *entry);
/** yl_pen_endorsed: the PC that a further pen's first entry is endorsed for. Errors: YL_ERROR_INVALID. */
char *yl_pen_endorsed (YlStore *store, const YlEntry *entry, const YlVector *seen, GError **error);
/** yl_pen_remember: at the folding of such an entry. */
gboolean yl_pen_remember (YlStore *store, const YlFolding *folding, GError **error);

/** yl_pen_judge_fork: tells people that @writer has forked, naming the ends of its branches, until all but one of those are followed by a
 * new pen. */
gboolean yl_pen_judge_fork (YlStore *store, const char *writer, GError **error);

/** yl_pen_renew: this file writes with a new pen from now on. What was written with the old one and never logged is written again with the
 * new one: the other copy of the file may have logged it otherwise. Errors: as yl_change_begin(). */
gboolean yl_pen_renew (YlStore *store, GError **error);
/** yl_pen_statement: what the old pen signs. */
char *yl_pen_statement (const char *scope, const char *node, const char *sign_key, const char *follows);

G_END_DECLS
