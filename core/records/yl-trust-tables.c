/* Who may be believed: further pens of PCs, PCs and staff that were shut out, and what PCs and head office agreed on. */
#include "yl-tables.h"

#define NAMES_MAX 16000 /* an entry name for each pen and branch of a PC, or of all PCs of a store */

static const YlField node_pen_fields[] = {
  { "node", YL_KIND_REF, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .of = "node", .zh = "电脑", .en = "PC" },
  { "writer", YL_KIND_TEXT, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .max = 16, .zh = "写入者", .en = "Writer" },
  { "sign_key", YL_KIND_TEXT, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .max = 64, .zh = "签名公钥", .en = "Signing key" },
  { "follows", YL_KIND_TEXT, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .max = 60, .zh = "接续记录", .en = "Follows" },
  { "signature", YL_KIND_TEXT, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .max = 128, .zh = "签名", .en = "Signature" },
  { NULL },
};

const YlTable yl_node_pen_table = {
  .name = "node_pen",
  .flags = YL_TABLE_INSERT_ONLY,
  .right = YL_RIGHT_PEN,
  .zh = "电脑的新笔",
  .en = "Pen of a PC",
  .fields = node_pen_fields,
};

static const YlField revocation_fields[] = {
  { "node", YL_KIND_REF, YL_OPEN, YL_FIELD_FIXED, .of = "node", .zh = "电脑", .en = "PC" },
  { "staff", YL_KIND_REF, YL_OPEN, YL_FIELD_FIXED, .of = "staff", .zh = "员工", .en = "Staff" },
  { "accepted", YL_KIND_TEXT, YL_OPEN, YL_FIELD_FIXED, .max = NAMES_MAX, .zh = "认可到", .en = "Accepted up to" },
  { "lost", YL_KIND_BOOLEAN, YL_OPEN, YL_FIELD_FIXED, .max = 1, .zh = "遗失", .en = "Lost" },
  { NULL },
};

const YlTable yl_revocation_table = {
  .name = "revocation",
  .flags = YL_TABLE_INSERT_ONLY,
  .right = YL_RIGHT_AUTHORITY,
  .zh = "停用",
  .en = "Revocation",
  .fields = revocation_fields,
};

static const YlField review_fields[] = {
  { "entry", YL_KIND_TEXT, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .max = 60, .zh = "变更", .en = "Entry" },
  { "decision", YL_KIND_TEXT, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .max = 8, .zh = "决定", .en = "Decision" },
  { NULL },
};

const YlTable yl_review_table = {
  .name = "review",
  .flags = YL_TABLE_INSERT_ONLY,
  .right = YL_RIGHT_HEAD_OFFICE,
  .zh = "待审处理",
  .en = "Review of a change set",
  .fields = review_fields,
};

static const YlField agreement_fields[] = {
  { "node", YL_KIND_REF, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .of = "node", .zh = "电脑", .en = "PC" },
  { "hub", YL_KIND_TEXT, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .max = 16, .zh = "总部电脑", .en = "Hub" },
  { "entries", YL_KIND_INTEGER, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .max = G_MAXINT64, .zh = "变更数", .en = "Change sets" },
  { "at", YL_KIND_INSTANT, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .zh = "时间", .en = "At" },
  { NULL },
};

const YlTable yl_agreement_table = {
  .name = "agreement",
  .flags = YL_TABLE_INSERT_ONLY,
  .right = YL_RIGHT_OWN_NODE,
  .zh = "与总部对齐",
  .en = "Agreement with head office",
  .fields = agreement_fields,
};
