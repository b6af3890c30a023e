#pragma once

#include "records/yl-order.h"
#include "yl-demo-data.h"
#include "yl-demo-random.h"
#include "yl-demo.h"

G_BEGIN_DECLS

/* For how many days the chain has been at work, and from which on it took orders. */
#define YL_DEMO_DAYS 180
#define YL_DEMO_ORDER_DAYS 150

/** YlDemoWorker: what the orders need to know of a worker. */
typedef struct
{
  char *id;
  guint store; /* index in yl_demo_stores */
  guint job;   /* index in yl_demo_jobs */
  gboolean accepting;
  GArray *busy; /* (element-type YlVisit) */
} YlDemoWorker;

/** YlDemoCustomer: what the orders need to know of a customer. */
typedef struct
{
  char *id;
  guint store;
} YlDemoCustomer;

/** YlDemo: one run of the generator. */
typedef struct
{
  YlStore *store;
  YlDemoSize size;
  YlDemoRandom random;
  gint64 today; /* days since 1970-01-01 */
  gint64 end;   /* UTC ms: where it stops */
  gint64 clock; /* UTC ms: the instant the chain has reached */
  char *sites[YL_DEMO_N_STORES];
  GArray *workers;        /* (element-type YlDemoWorker) */
  GArray *customers;      /* (element-type YlDemoCustomer) */
  GHashTable *id_numbers; /* given out so far */
  guint phones;           /* how many were given out so far */

  /* The open change set. */
  YlChange *change;
  guint ops;
  guint bytes;
} YlDemo;

/** yl_demo_insert: writes a record, opening and committing change sets as they fill up; @what names them. */
gboolean yl_demo_insert (YlDemo *demo, const char *what, YlRecord *record, GError **error);
/** yl_demo_set_elements: gives the record just inserted a set. */
gboolean yl_demo_set_elements (YlDemo *demo, const YlRecord *owner, const char *set, const char *list, GError **error);
/** yl_demo_flush: commits what is open. */
gboolean yl_demo_flush (YlDemo *demo, GError **error);

/** yl_demo_advance: lets the chain's clock go on to @instant; a change set never spans two days. */
gboolean yl_demo_advance (YlDemo *demo, gint64 instant, GError **error);

/** yl_demo_phone: a number nobody got before in this run. */
char *yl_demo_phone (YlDemo *demo);
char *yl_demo_name (YlDemo *demo, gboolean female);
/** yl_demo_pick_store: stores of the inner city are larger. */
guint yl_demo_pick_store (YlDemo *demo);
/** yl_demo_pick_community: a quarter near a store: of its district. */
const YlDemoCommunity *yl_demo_pick_community (YlDemo *demo, guint store);
/** yl_demo_set_place: somewhere within a kilometre of a quarter's middle. */
void yl_demo_set_place (YlDemo *demo, YlRecord *record, const YlDemoCommunity *community);
/** yl_demo_pick_job: by the share of workers or of orders. */
guint yl_demo_pick_job (YlDemo *demo, gboolean for_order);
/** yl_demo_set_date: sets a date column to a day since 1970-01-01. */
void yl_demo_set_date (YlRecord *record, const char *column, gint64 day);

gboolean yl_demo_make_workers (YlDemo *demo, GError **error);
gboolean yl_demo_make_customers (YlDemo *demo, GError **error);
gboolean yl_demo_make_orders (YlDemo *demo, GError **error);

G_END_DECLS
