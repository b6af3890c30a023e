#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/** YlRefusedItem: a change set that does not count, and why. */
typedef struct
{
  char *what;   /* in people's words, with its short numbers */
  char *writer; /* 16 hex digits */
  gint64 seq;
  char *actor; /* staff code */
  gint64 at;   /* UTC ms, by the writer's clock */
  char *reason;
} YlRefusedItem;
void yl_refused_item_free (YlRefusedItem *item);

/** yl_refused_list: newest first, at most @limit (element-type YlRefusedItem). */
GPtrArray *yl_refused_list (YlStore *store, guint limit, GError **error);

G_END_DECLS
