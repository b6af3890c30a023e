#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/** YlClashReason: what decided between two promises, the strongest that applies. */
typedef enum
{
  YL_CLASH_SERVED,    /* the other visit took place */
  YL_CLASH_RULED,     /* head office said so */
  YL_CLASH_CONFIRMED, /* her store confirmed the other one */
  YL_CLASH_NEWER,     /* both were confirmed, the other by the PC that confirms now */
  YL_CLASH_EARLIER,   /* the other one was made earlier */
} YlClashReason;

/** YlClashSide: one of two promises for the same hour of the same worker. */
typedef struct
{
  char *claim; /* record ids */
  char *order;
  char *order_no;
  char *site;         /* who had promised her */
  char *actor;        /* staff code */
  gint64 promised_at; /* UTC ms, by the writer's clock */
  gint64 start;
  gint64 end;
} YlClashSide;

/** YlClash: a promise that gave way. */
typedef struct
{
  char *worker; /* record id */
  char *worker_no;
  char *worker_name; /* NULL where this node lacks the key */
  YlClashSide lost;
  YlClashSide won;
  YlClashReason reason;
  char *order_state; /* what became of the order that lost its worker: matching, proposed … */
  gboolean is_own;   /* this store's order lost its worker: it finds a substitute */
} YlClash;
void yl_clash_free (YlClash *clash);

/** yl_clash_reason_words: the reason as a sentence, in the language of the locale. */
const char *yl_clash_reason_words (YlClashReason reason);

/** yl_clash_list: clashes whose hour is still ahead, by start (element-type YlClash). */
GPtrArray *yl_clash_list (YlStore *store, GError **error);

G_END_DECLS
