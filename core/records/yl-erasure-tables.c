/* Facts about keys, which are themselves outside of the log: new epochs, erased persons, and who carried an erasure out. */
#include "yl-tables.h"

#define PERSON { "person", YL_KIND_TEXT, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .max = 36, .zh = "当事人", .en = "Person" }
/* Sealed under the first key of the epoch, so that the key travels with the entry as any other does. */
#define MARK(name, class, zh_label, en_label) \
  { name, YL_KIND_TEXT, class, YL_FIELD_FIXED, .max = 1, .zh = zh_label, .en = en_label }

static const YlField rotation_fields[] = {
  PERSON,
  { "epoch", YL_KIND_INTEGER, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .min = 1, .max = 1000000, .zh = "届次", .en = "Epoch" },
  { "cause", YL_KIND_CODE, YL_OPEN, YL_FIELD_FIXED, .of = "rotation_cause", .zh = "原因", .en = "Cause" },
  MARK ("contact", YL_SEALED_CONTACT, "联系方式", "Contact"),
  MARK ("address", YL_SEALED_ADDRESS, "地址", "Address"),
  MARK ("identity", YL_SEALED_IDENTITY, "身份", "Identity"),
  MARK ("finance", YL_SEALED_FINANCE, "财务", "Finance"),
  MARK ("notes", YL_SEALED_NOTES, "备注", "Notes"),
  { NULL },
};

const YlTable yl_rotation_table = {
  .name = "rotation", .flags = YL_TABLE_INSERT_ONLY, .right = YL_RIGHT_HEAD_OFFICE, .person = "person", .zh = "换钥匙",
  .en = "Rotation", .fields = rotation_fields,
};

static const YlField erasure_fields[] = {
  PERSON,
  { "kind", YL_KIND_CODE, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .of = "person_kind", .zh = "类别", .en = "Kind" },
  { "cause", YL_KIND_CODE, YL_OPEN, YL_FIELD_FIXED, .of = "erasure_cause", .zh = "原因", .en = "Cause" },
  { NULL },
};

const YlTable yl_erasure_table = {
  .name = "erasure", .flags = YL_TABLE_INSERT_ONLY, .right = YL_RIGHT_HEAD_OFFICE, .zh = "彻底删除", .en = "Erasure",
  .fields = erasure_fields,
};

static const YlField erasure_done_fields[] = {
  { "erasure", YL_KIND_REF, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .of = "erasure", .zh = "彻底删除", .en = "Erasure" },
  { "node", YL_KIND_REF, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .of = "node", .zh = "电脑", .en = "PC" },
  { NULL },
};

const YlTable yl_erasure_done_table = {
  .name = "erasure_done", .flags = YL_TABLE_INSERT_ONLY, .right = YL_RIGHT_OWN_NODE, .zh = "已执行删除", .en = "Erasure done",
  .fields = erasure_done_fields,
};
