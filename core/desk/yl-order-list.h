#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

typedef enum
{
  YL_ORDERS_OPEN, /* somebody is still to be found */
  YL_ORDERS_PROMISED,
  YL_ORDERS_ALL,
} YlOrderFilter;

/** YlOrderItem: one order as lists show it. */
typedef struct
{
  YlRecord *order;     /* number, service and schedule columns only */
  char *customer_name; /* NULL where this node lacks the key */
  gboolean customer_erased;
  char *community;
  char *store; /* record id of the store in charge */
  char *state; /* order_state code */
  char *cause; /* order_cause code, or NULL */
  gint64 since;
} YlOrderItem;
void yl_order_item_free (YlOrderItem *item);

/**
 * yl_order_list: newest first, at most @limit (element-type YlOrderItem).
 * @search: part of a number, a customer's name, a community or the end of a phone number; NULL or "" for all.
 * Stores see their own; head office every store's.
 */
GPtrArray *yl_order_list (YlStore *store, YlOrderFilter filter, const char *search, guint limit, GError **error);

/** YlPromiseItem: a promise of an order, standing or not. */
typedef struct
{
  char *claim;
  char *worker;
  char *worker_no;
  char *worker_name; /* NULL where this node lacks the key */
  char *home_store;
  char *state;       /* booking_state code */
  char *winner_site; /* record id of the store it gave way to, or NULL */
  gint64 start;
  gint64 end;
} YlPromiseItem;
void yl_promise_item_free (YlPromiseItem *item);
/** yl_order_promises: by start; of one visit the standing one first (element-type YlPromiseItem). */
GPtrArray *yl_order_promises (YlStore *store, const char *order, GError **error);

G_END_DECLS
