#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/** YlClash: a promise that gave way to another for the same hour of the same worker. */
typedef struct
{
  char *claim; /* the one that gave way */
  char *order;
  char *order_no;
  char *worker_no;
  char *worker_name; /* NULL where this node lacks the key */
  char *site;        /* who had promised her: record ids */
  char *winner_site;
  char *winner_order_no;
  gboolean by_ruling; /* head office said so, not the order of the promises */
  gboolean winner_confirmed;
  gint64 start;
  gint64 end;
} YlClash;
void yl_clash_free (YlClash *clash);

/** yl_clash_list: clashes whose hour is still ahead, by start (element-type YlClash). */
GPtrArray *yl_clash_list (YlStore *store, GError **error);

G_END_DECLS
