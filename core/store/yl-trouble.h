#pragma once

#include "yl-store.h"

G_BEGIN_DECLS

/*
 * Troubles: what somebody should know, and may have to do, about this copy, another PC or the hub. Kept in this file only. Where one
 * comes up the sync log says so too (its kind is the trouble's name).
 */
typedef enum
{
  YL_TROUBLE_FORK,     /* subject: writer. Its file was copied and both copies wrote on */
  YL_TROUBLE_RESTORED, /* subject: old pen. This file was put back from a backup and writes on with a new pen */
  YL_TROUBLE_CLONED,   /* subject: old pen. This file was copied here and writes on with a new pen */
  YL_TROUBLE_REVOKED,  /* subject: node. Head office has shut this PC out */
  YL_TROUBLE_REVIEW,   /* subject: node. A revoked PC's work waits in the review tray; at head office */
  YL_TROUBLE_REWIND,   /* subject: hub's node. The hub has less than it gave receipts for */
  YL_TROUBLE_WITHHELD, /* subject: hub's node, or a relay's. It does not hand out what others have seen */
  YL_TROUBLE_FORGED, /* subject: who sent it: hub's node, relay's, or at a hub another. What was sent is not what was signed */
  YL_TROUBLE_HISTORY,  /* subject: hub's node. What lies behind a checkpoint does not fit it */
  YL_TROUBLE_IMPOSTOR, /* subject: the hub's address. Who answers there is not the hub */
  YL_TROUBLE_OVERSTEP, /* subject: node, or a writer that is none's. It wrote what it has no right to */
  YL_TROUBLE_CLOCK,    /* subject: this file's node. Its clock and the hub's differ; detail: minutes it is ahead */
  YL_N_TROUBLES,
} YlTroubleKind;

typedef struct
{
  YlTroubleKind kind;
  char *subject;
  char *detail;  /* names, never particulars; what it is differs by kind */
  gint64 at;     /* UTC ms */
  gboolean over; /* no longer so; kept to be read */
} YlTrouble;
void yl_trouble_free (YlTrouble *trouble);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlTrouble, yl_trouble_free)

/** yl_trouble_name: `fork`, `restored` … */
const char *yl_trouble_name (YlTroubleKind kind);
/** yl_trouble_describe: a sentence for people: what is so, of which PC, and what to do. */
char *yl_trouble_describe (YlStore *store, const YlTrouble *trouble);
/** yl_trouble_waits: whether somebody has to do something about it. */
gboolean yl_trouble_waits (const YlTrouble *trouble);

/** yl_trouble_raise: says that it is so; at the first time also in the sync log. Joins the open transaction, if any. */
gboolean yl_trouble_raise (YlStore *store, YlTroubleKind kind, const char *subject, const char *detail, GError **error);
/** yl_trouble_end: says that it is no longer so; no error where it never was. */
gboolean yl_trouble_end (YlStore *store, YlTroubleKind kind, const char *subject, GError **error);
/** yl_trouble_find: one that is so now, or NULL. */
YlTrouble *yl_trouble_find (YlStore *store, YlTroubleKind kind, const char *subject);

/** yl_store_troubles: all that are so now, oldest first (element-type YlTrouble). */
GPtrArray *yl_store_troubles (YlStore *store, GError **error);

G_END_DECLS
