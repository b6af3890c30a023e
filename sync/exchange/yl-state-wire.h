#pragma once

#include "merge/yl-repair.h"
#include "merge/yl-state-sums.h"

G_BEGIN_DECLS

/*
 * The state hash taken apart on the wire (docs/formats.md, "State compared"): sums of buckets, and of the records of a few buckets.
 */
#define YL_STATE_TABLES_MAX 256
#define YL_STATE_BODY_MAX (2 * 1024 * 1024)
/* Buckets that one call may ask about: what a hub looks into for one caller. */
#define YL_STATE_ASKED_MAX 32

/** yl_state_wire_buckets: @sums as yl_state_bucket_sums() gives them. */
GBytes *yl_state_wire_buckets (GPtrArray *sums);
/** yl_state_wire_read_buckets: ascending, none twice, none zero (element-type YlBucketSum). Errors: YL_ERROR_INVALID. */
GPtrArray *yl_state_wire_read_buckets (GBytes *bytes, GError **error);

/** yl_state_wire_question: which buckets' records are asked for; their sums are not sent. */
GBytes *yl_state_wire_question (GPtrArray *buckets);
/** yl_state_wire_read_question: (element-type YlBucketSum), sums zero. Errors: YL_ERROR_INVALID. */
GPtrArray *yl_state_wire_read_question (GBytes *bytes, GError **error);

/** YlBucketRecords: the records of one bucket. */
typedef struct
{
  char *table;
  guint bucket;
  GArray *sums; /* of YlRecordSum, ascending by id */
} YlBucketRecords;
void yl_bucket_records_free (YlBucketRecords *records);

/** YlStateAnswer: what the hub has, after it checked the buckets against its own log, and what it had to repair. */
typedef struct
{
  GPtrArray *faults;  /* of YlFault, without numbers */
  GPtrArray *buckets; /* of YlBucketRecords */
} YlStateAnswer;
void yl_state_answer_free (YlStateAnswer *answer);
YlStateAnswer *yl_state_answer_new (void);
GBytes *yl_state_wire_records (const YlStateAnswer *answer);
/** yl_state_wire_read_records: Errors: YL_ERROR_INVALID. */
YlStateAnswer *yl_state_wire_read_records (GBytes *bytes, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlStateAnswer, yl_state_answer_free)

G_END_DECLS
