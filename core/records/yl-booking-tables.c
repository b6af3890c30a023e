/* Promises: insert-only facts about who is to work where and when, and what was derived from them. */
#include "yl-booking.h"
#include "yl-tables.h"

#define CLAIM_REF { "claim", YL_KIND_REF, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .of = "claim", .zh = "约定", .en = "Promise" }
#define ORDER_REF { "order", YL_KIND_REF, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .of = "order", .zh = "订单", .en = "Order" }
#define WORKER_REF { "worker", YL_KIND_REF, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .of = "worker", .zh = "阿姨", .en = "Worker" }

static const YlField claim_fields[] = {
  ORDER_REF,
  { "slot", YL_KIND_TEXT, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .max = 40, .zh = "名额", .en = "Slot" },
  WORKER_REF,
  { "start", YL_KIND_INSTANT, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .zh = "开始", .en = "Start" },
  { "end", YL_KIND_INSTANT, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .zh = "结束", .en = "End" },
  /* The worker's home store at that time: its confirming node decides. */
  { "site", YL_KIND_REF, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .of = "site", .zh = "阿姨门店", .en = "Worker's store" },
  { "by_site", YL_KIND_REF, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .of = "site", .zh = "约定门店", .en = "Promising store" },
  { "forced", YL_KIND_TEXT, YL_OPEN, YL_FIELD_FIXED, .max = 200, .zh = "强行约定时违反的规则", .en = "Rules overridden" },
  { "reason", YL_KIND_NOTE, YL_SEALED_NOTES, YL_FIELD_FIXED, .max = 400, .zh = "理由", .en = "Reason" },
  { NULL },
};
const YlTable yl_claim_table = {
  .name = "claim", .flags = YL_TABLE_INSERT_ONLY, .person = "worker", .zh = "约定", .en = "Promise",
  .fields = claim_fields, .check = yl_claim_check,
};

static const YlField confirmation_fields[] = {
  CLAIM_REF,
  { "site", YL_KIND_REF, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .of = "site", .zh = "阿姨门店", .en = "Worker's store" },
  { "epoch", YL_KIND_INTEGER, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .max = 1000000, .zh = "届次", .en = "Epoch" },
  { NULL },
};
const YlTable yl_confirmation_table = {
  .name = "confirmation", .flags = YL_TABLE_INSERT_ONLY, .right = YL_RIGHT_CONFIRMER, .zh = "确认", .en = "Confirmation",
  .fields = confirmation_fields,
};

static const YlField withdrawal_fields[] = {
  CLAIM_REF,
  { "cause", YL_KIND_CODE, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .of = "withdrawal_cause", .zh = "原因", .en = "Cause" },
  { "note", YL_KIND_NOTE, YL_SEALED_NOTES, YL_FIELD_FIXED, .max = 400, .zh = "说明", .en = "Note" },
  { NULL },
};
const YlTable yl_withdrawal_table = {
  .name = "withdrawal", .flags = YL_TABLE_INSERT_ONLY, .person = "claim.worker", .zh = "撤回", .en = "Withdrawal",
  .fields = withdrawal_fields,
};

static const YlField evidence_fields[] = {
  CLAIM_REF,
  { "kind", YL_KIND_CODE, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .of = "evidence_kind", .zh = "凭据", .en = "Evidence" },
  { "at", YL_KIND_INSTANT, YL_OPEN, YL_FIELD_FIXED, .zh = "时间", .en = "At" },
  { NULL },
};
const YlTable yl_evidence_table = {
  .name = "evidence", .flags = YL_TABLE_INSERT_ONLY, .zh = "上门凭据", .en = "Visit evidence", .fields = evidence_fields,
};

static const YlField ruling_fields[] = {
  CLAIM_REF,
  { "verdict", YL_KIND_CODE, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .of = "verdict", .zh = "裁定", .en = "Verdict" },
  { "note", YL_KIND_NOTE, YL_SEALED_NOTES, YL_FIELD_FIXED, .max = 400, .zh = "说明", .en = "Note" },
  { NULL },
};
const YlTable yl_ruling_table = {
  .name = "ruling", .flags = YL_TABLE_INSERT_ONLY, .right = YL_RIGHT_HEAD_OFFICE, .person = "claim.worker", .zh = "总部裁定",
  .en = "Ruling", .fields = ruling_fields,
};

static const YlField attempt_fields[] = {
  ORDER_REF,
  WORKER_REF,
  { "claim", YL_KIND_REF, YL_OPEN, YL_FIELD_FIXED, .of = "claim", .zh = "约定", .en = "Promise" },
  { "stage", YL_KIND_CODE, YL_OPEN, YL_FIELD_FIXED, .of = "match_stage", .zh = "哪一级", .en = "Stage" },
  { "outcome", YL_KIND_CODE, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .of = "attempt_outcome", .zh = "结果", .en = "Outcome" },
  { "cause", YL_KIND_CODE, YL_OPEN, YL_FIELD_FIXED, .of = "withdrawal_cause", .zh = "原因", .en = "Cause" },
  { "at", YL_KIND_INSTANT, YL_OPEN, YL_FIELD_FIXED, .zh = "时间", .en = "At" },
  { "reason", YL_KIND_NOTE, YL_SEALED_NOTES, YL_FIELD_FIXED, .max = 400, .zh = "说明", .en = "Reason" },
  { NULL },
};
const YlTable yl_attempt_table = {
  .name = "attempt", .flags = YL_TABLE_INSERT_ONLY, .person = "worker", .zh = "推荐记录", .en = "Attempt", .fields = attempt_fields,
};

static const YlField dropout_fields[] = {
  CLAIM_REF,
  ORDER_REF,
  WORKER_REF,
  { "cause", YL_KIND_CODE, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .of = "withdrawal_cause", .zh = "原因", .en = "Cause" },
  { "at", YL_KIND_INSTANT, YL_OPEN, YL_FIELD_FIXED, .zh = "时间", .en = "At" },
  { "notice_minutes", YL_KIND_INTEGER, YL_OPEN, YL_FIELD_FIXED, .min = -100000000, .max = 100000000, .zh = "提前多久(分钟)", .en = "Notice (minutes)" },
  { "reason", YL_KIND_NOTE, YL_SEALED_NOTES, YL_FIELD_FIXED, .max = 400, .zh = "说明", .en = "Reason" },
  { NULL },
};
const YlTable yl_dropout_table = {
  .name = "dropout", .flags = YL_TABLE_INSERT_ONLY, .person = "worker", .zh = "爽约", .en = "Dropout", .fields = dropout_fields,
};

static const YlField booking_fields[] = {
  ORDER_REF,
  WORKER_REF,
  { "start", YL_KIND_INSTANT, YL_OPEN, .zh = "开始", .en = "Start" },
  { "end", YL_KIND_INSTANT, YL_OPEN, .zh = "结束", .en = "End" },
  { "state", YL_KIND_CODE, YL_OPEN, .of = "booking_state", .zh = "状态", .en = "State" },
  { "cause", YL_KIND_CODE, YL_OPEN, .of = "order_cause", .zh = "原因", .en = "Cause" },
  { "winner", YL_KIND_REF, YL_OPEN, .of = "claim", .zh = "让给", .en = "Gave way to" },
  { NULL },
};
const YlTable yl_booking_table = {
  .name = "booking", .flags = YL_TABLE_DERIVED, .zh = "约定状态", .en = "Booking", .fields = booking_fields,
};
