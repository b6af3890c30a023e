#pragma once

#include "yl-log-door.h"

G_BEGIN_DECLS

/*
 * What lies behind the checkpoint with which this copy began: its change sets come in later, the first ones first, each verified as any
 * other. They change nothing of the state, which is the checkpoint's; once all are here the copy can do without it.
 */

/** YlBehind: how far that is. */
typedef struct
{
  gint64 n_here;   /* change sets behind the checkpoint that are here */
  gint64 n_all;    /* 0: this copy stands on no checkpoint */
  gint64 after;    /* place in head office's order of the last one taken in */
  gboolean wanted; /* the rest is to be fetched: it was not dropped on purpose */
} YlBehind;
gboolean yl_behind_read (YlStore *store, YlBehind *behind, GError **error);

/** yl_behind_want: from now on, or no longer; what came stays. Joins the open transaction, if any. */
gboolean yl_behind_want (YlStore *store, gboolean wanted, GError **error);

typedef enum
{
  YL_BEHIND_HERE,    /* its message is */
  YL_BEHIND_NAMED,   /* the checkpoint covers it: it may be known by name, or not at all */
  YL_BEHIND_DROPPED, /* all but its message is here, at a place of this file's own order */
  YL_BEHIND_BEYOND,  /* it is not behind the checkpoint */
} YlBehindKind;
/** yl_behind_look: what is here of an entry. @n: its number here, or 0. */
gboolean yl_behind_look (YlStore *store, const YlEntry *entry, YlBehindKind *kind, gint64 *n, GError **error);

/** yl_behind_take: puts an entry at its @place, within an open transaction, after all it has seen. Its signature, or that of the one which
 * covers it, is verified by the caller. Errors: YL_ERROR_INVALID (not the one that the checkpoint names), YL_ERROR_MISSING. */
gboolean yl_behind_take (YlStore *store, const YlEntry *entry, gint64 place, GError **error);
/** yl_behind_end_run: its writer's entries up to @place are covered by the commit @oid. Errors: YL_ERROR_INVALID (another commit than
 * the checkpoint names). */
gboolean yl_behind_end_run (YlStore *store, gint64 place, const guint8 *oid, const guint8 *signature, GError **error);
/** yl_behind_reach: all up to @place of head office's order are here; 0: none. */
gboolean yl_behind_reach (YlStore *store, gint64 place, GError **error);

/** yl_behind_adopt: all are here: from now on this copy stands on its log alone. In an open transaction. Errors: YL_ERROR_MISSING. */
gboolean yl_behind_adopt (YlStore *store, GError **error);

G_END_DECLS
