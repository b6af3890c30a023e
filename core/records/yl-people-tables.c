/* Records that are one person: aliases, pairs that may be one, pairs that are not. Ids and codes only, nothing sealed. */
#include "yl-code-lists.h"
#include "yl-people.h"
#include "yl-tables.h"

static const YlCode person_kind[] = {
  { "worker", "阿姨", "Worker" },
  { "customer", "客户", "Customer" },
  { NULL },
};

static const YlCode duplicate_reason[] = {
  { "id_no", "身份证号相同", "Same ID number" },
  { "phone", "手机号相同", "Same phone" },
  { "name_birth", "姓名和生日相同", "Same name and birthday" },
  { NULL },
};

const YlCodeList yl_people_code_lists[] = {
  { "person_kind", person_kind },
  { "duplicate_reason", duplicate_reason },
  { NULL },
};

#define KIND { "kind", YL_KIND_CODE, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .of = "person_kind", .zh = "类别", .en = "Kind" }
#define PERSON(name, zh_label, en_label) \
  { name, YL_KIND_TEXT, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .min = 36, .max = 36, .zh = zh_label, .en = en_label }

static const YlField alias_fields[] = {
  KIND,
  PERSON ("from_id", "并入的记录", "Merged record"),
  PERSON ("to_id", "保留的记录", "Kept record"),
  { "by_site", YL_KIND_REF, YL_OPEN, YL_FIELD_FIXED, .of = "site", .zh = "操作门店", .en = "By store" },
  { NULL },
};
const YlTable yl_alias_table = {
  .name = "alias", .zh = "同一人", .en = "Same person", .fields = alias_fields, .check = yl_alias_check,
};

static const YlField duplicate_fields[] = {
  KIND,
  PERSON ("first", "第一条记录", "First record"),
  PERSON ("second", "第二条记录", "Second record"),
  { "reason", YL_KIND_CODE, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .of = "duplicate_reason", .zh = "依据", .en = "Reason" },
  { NULL },
};
const YlTable yl_duplicate_table = {
  .name = "duplicate", .right = YL_RIGHT_HEAD_OFFICE, .zh = "疑似重复", .en = "Possible duplicate", .fields = duplicate_fields,
};

static const YlField different_fields[] = {
  KIND,
  PERSON ("first", "第一条记录", "First record"),
  PERSON ("second", "第二条记录", "Second record"),
  { NULL },
};
const YlTable yl_different_table = {
  .name = "different", .flags = YL_TABLE_INSERT_ONLY, .zh = "不是同一人", .en = "Not the same person", .fields = different_fields,
};

static const YlField reopened_fields[] = {
  { "record_table", YL_KIND_TEXT, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .max = 64, .zh = "表", .en = "Table" },
  { "record", YL_KIND_TEXT, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .max = 36, .zh = "记录", .en = "Record" },
  { "field", YL_KIND_TEXT, YL_OPEN, YL_FIELD_FIXED, .max = 64, .zh = "字段", .en = "Field" },
  { "writer", YL_KIND_TEXT, YL_OPEN, .max = 16, .with = "writer", .zh = "谁决定的", .en = "Decided by" },
  { "seq", YL_KIND_INTEGER, YL_OPEN, .with = "writer", .max = G_MAXINT64, .zh = "决定的序号", .en = "Decision" },
  { NULL },
};
const YlTable yl_reopened_table = {
  .name = "reopened", .zh = "重新决定", .en = "To be decided again", .fields = reopened_fields,
};

static const YlField merged_fields[] = {
  { "kind", YL_KIND_CODE, YL_OPEN, .of = "person_kind", .zh = "类别", .en = "Kind" },
  { "survivor", YL_KIND_TEXT, YL_OPEN, .max = 36, .zh = "保留的记录", .en = "Kept record" },
  { NULL },
};
const YlTable yl_merged_table = {
  .name = "merged", .flags = YL_TABLE_DERIVED, .zh = "已并入", .en = "Merged", .fields = merged_fields,
};
