#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/* The state hash taken apart, so that two copies that differ find out where: table, bucket, record. */

#define YL_SUM_BYTES 16
#define YL_BUCKETS 256

/** yl_state_bucket: of a record id. */
guint yl_state_bucket (const char *id);

/** YlBucketSum: the stored sum of one bucket of a table. */
typedef struct
{
  char *table;
  guint bucket;
  guint8 sum[YL_SUM_BYTES];
} YlBucketSum;
void yl_bucket_sum_free (YlBucketSum *sum);

/** YlRecordSum: the sum of one record's standing versions, from its row and merge state as they are. */
typedef struct
{
  char id[37];
  guint8 sum[YL_SUM_BYTES];
} YlRecordSum;

/** yl_state_bucket_sums: those that are not zero, ascending by table (bytes) and bucket (element-type YlBucketSum). */
GPtrArray *yl_state_bucket_sums (YlStore *store, GError **error);
/** yl_state_record_sums: all records of a bucket, ascending by id (element-type YlRecordSum). Errors: YL_ERROR_CORRUPT where one
 * cannot be read: repair the bucket first. */
GArray *yl_state_record_sums (YlStore *store, const char *table, guint bucket, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlBucketSum, yl_bucket_sum_free)

G_END_DECLS
