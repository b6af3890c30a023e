#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/** YlWaitingItem: an own change that no receipt covers yet. */
typedef struct
{
  char *what; /* in people's words, with its short numbers */
  gint64 at;  /* UTC ms */
} YlWaitingItem;
void yl_waiting_item_free (YlWaitingItem *item);

/** yl_waiting_count: change sets, and photos and papers, that head office has given no receipt for. */
guint yl_waiting_count (YlStore *store);
/** yl_waiting_list: oldest first, at most @limit (element-type YlWaitingItem). */
GPtrArray *yl_waiting_list (YlStore *store, guint limit, GError **error);

/** yl_what_words: the sentence of a change set (`book DCYA0001 CYB0004`) in the language of the locale. */
char *yl_what_words (const char *what);

G_END_DECLS
