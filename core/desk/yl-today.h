#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/* What needs a person of this store today. Kinds in the order of the harm of waiting; the first two weigh the same. */
typedef enum
{
  YL_TODAY_DROPOUT,   /* somebody waits at a door: the worker does not come */
  YL_TODAY_OVERRULED, /* the promise gave way to an earlier one of another store */
  YL_TODAY_ASKED,     /* another store promised our worker: this PC confirms or refuses */
  YL_TODAY_UNFILLED,  /* back in matching, nobody found, or a promise taken back */
  YL_TODAY_NEW,       /* a new demand nobody has worked on */
  YL_TODAY_WAITING,   /* our promise of another store's worker waits for that store */
} YlTodayKind;

typedef struct
{
  YlTodayKind kind;
  char *order; /* record ids; NULL where not part of it */
  char *claim;
  char *worker;
  char *order_no;
  char *service_type;
  char *customer_name; /* NULL where this node lacks the key */
  char *worker_no;
  char *worker_name;
  char *other_site; /* name of the other store */
  char *cause;      /* order_cause code */
  gint64 due;       /* UTC ms: when somebody is needed; 0 where unknown */
  gint64 until;     /* end of that visit; 0 where unknown */
  gint64 since;     /* UTC ms */
} YlTodayItem;
void yl_today_item_free (YlTodayItem *item);

/** yl_today_list: this store's items, the most harmful to leave first (element-type YlTodayItem). Head office sees every store's. */
GPtrArray *yl_today_list (YlStore *store, GError **error);

typedef struct
{
  guint new_orders;
  guint promised;
  guint chain_help; /* promises of other stores' workers among them */
} YlTodaySummary;
/** yl_today_summarize: what this store did since midnight. */
gboolean yl_today_summarize (YlStore *store, YlTodaySummary *summary, GError **error);

G_END_DECLS
