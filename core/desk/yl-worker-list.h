#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

typedef enum
{
  YL_WORKERS_OWN,   /* home store is this store */
  YL_WORKERS_CHAIN, /* every store's */
} YlWorkerFilter;

/** YlWorkerItem: one worker as lists show her. */
typedef struct
{
  char *worker; /* record id */
  char *worker_no;
  char *name;       /* NULL where this node lacks the key */
  gboolean erased;  /* her particulars were erased for good */
  char *home_store; /* record id */
  char *job_types;  /* comma list of codes */
  char *accept_state;
  char *wage_unit;
  gint64 wage;   /* fen, 0 unknown */
  gint64 rating; /* 1/100 star */
  gint64 rating_count;
  gint64 busy_until; /* UTC ms: end of the visit she is on now; 0 = on none */
} YlWorkerItem;
void yl_worker_item_free (YlWorkerItem *item);

/**
 * yl_worker_list: by worker number, at most @limit (element-type YlWorkerItem).
 * @search: part of a number or name, beginning of the pinyin, end of a phone number; NULL or "" for all.
 * @job: a job_type code, or NULL.
 */
GPtrArray *yl_worker_list (YlStore *store,
                           YlWorkerFilter filter,
                           const char *search,
                           const char *job,
                           guint limit,
                           GError **error);

G_END_DECLS
