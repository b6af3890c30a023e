/* Households and customers: where the work is done, and who asks and pays for it. */
#include "yl-customer.h"
#include "yl-tables.h"

static const YlField household_fields[] = {
  { "household_no", YL_KIND_TEXT, YL_OPEN, YL_FIELD_NUMBER | YL_FIELD_UNIQUE, .max = 16, .zh = "家庭编号", .en = "Household number" },
  { "site", YL_KIND_REF, YL_OPEN, YL_FIELD_FIXED, .of = "site", .zh = "登记门店", .en = "Registering store" },
  { "district", YL_KIND_CODE, YL_OPEN, .of = "district", .zh = "区", .en = "District" },
  { "community", YL_KIND_TEXT, YL_OPEN, .max = 40, .zh = "小区", .en = "Community" },
  /* Open, so that every store can match: rounded by the check to a cell of about a kilometre. */
  { "lat", YL_KIND_DEGREES, YL_OPEN, .with = "lat", .min = -90000000, .max = 90000000, .zh = "纬度", .en = "Latitude" },
  { "lon", YL_KIND_DEGREES, YL_OPEN, .with = "lat", .min = -180000000, .max = 180000000, .zh = "经度", .en = "Longitude" },
  { "building", YL_KIND_TEXT, YL_SEALED_ADDRESS, .max = 40, .zh = "楼号", .en = "Building" },
  { "unit", YL_KIND_TEXT, YL_SEALED_ADDRESS, .max = 40, .zh = "单元房号", .en = "Unit" },
  { "address", YL_KIND_TEXT, YL_SEALED_ADDRESS, .max = 120, .zh = "地址", .en = "Address" },
  { "home_area", YL_KIND_INTEGER, YL_OPEN, .max = 5000, .zh = "面积(平米)", .en = "Area (m²)" },
  { "rooms", YL_KIND_INTEGER, YL_OPEN, .max = 50, .zh = "房间数", .en = "Rooms" },
  { "members", YL_KIND_NOTE, YL_SEALED_NOTES, .max = 400, .zh = "家庭成员", .en = "Members" },
  { "children", YL_KIND_NOTE, YL_SEALED_NOTES, .max = 200, .zh = "孩子", .en = "Children" },
  { "elders", YL_KIND_NOTE, YL_SEALED_NOTES, .max = 200, .zh = "老人", .en = "Elders" },
  { "pets", YL_KIND_NOTE, YL_SEALED_NOTES, .max = 200, .zh = "宠物", .en = "Pets" },
  { "preferences", YL_KIND_NOTE, YL_SEALED_NOTES, .max = 400, .zh = "偏好", .en = "Preferences" },
  { "rest_days", YL_KIND_CODE, YL_OPEN, .of = "rest_days", .zh = "休息", .en = "Rest days" },
  { "note", YL_KIND_NOTE, YL_SEALED_NOTES, .max = 1000, .zh = "备注", .en = "Note" },
  { NULL },
};

static const YlSet household_sets[] = {
  { "taboos", "household_taboo", "household", "code", .zh = "禁忌", .en = "Taboos" },
  { NULL },
};

const YlTable yl_household_table = {
  .name = "household",
  .person = "id",
  .number_prefix = "H",
  .zh = "家庭",
  .en = "Household",
  .fields = household_fields,
  .sets = household_sets,
  .check = yl_household_check,
};

static const YlField household_taboo_fields[] = {
  { "household", YL_KIND_REF, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .of = "household", .zh = "家庭", .en = "Household" },
  { "code", YL_KIND_CODE, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .of = "taboo", .zh = "禁忌", .en = "Taboo" },
  { NULL },
};

const YlTable yl_household_taboo_table = {
  .name = "household_taboo",
  .flags = YL_TABLE_ELEMENT,
  .zh = "禁忌",
  .en = "Taboo",
  .fields = household_taboo_fields,
};

static const YlField customer_fields[] = {
  { "customer_no", YL_KIND_TEXT, YL_OPEN, YL_FIELD_NUMBER | YL_FIELD_UNIQUE, .max = 16, .zh = "客户编号", .en = "Customer number" },
  { "site", YL_KIND_REF, YL_OPEN, YL_FIELD_FIXED, .of = "site", .zh = "登记门店", .en = "Registering store" },
  { "household", YL_KIND_REF, YL_OPEN, .of = "household", .zh = "家庭", .en = "Household" },
  { "name", YL_KIND_TEXT, YL_SEALED_CONTACT, YL_FIELD_REQUIRED, .min = 1, .max = 20, .zh = "姓名", .en = "Name" },
  { "phone", YL_KIND_PHONE, YL_SEALED_CONTACT, YL_FIELD_UNIQUE, .zh = "手机号", .en = "Phone" },
  { "wechat", YL_KIND_TEXT, YL_SEALED_CONTACT, YL_FIELD_UNIQUE, .max = 40, .zh = "微信", .en = "WeChat" },
  { "sex", YL_KIND_INTEGER, YL_OPEN, .of = "sex", .max = 9, .zh = "性别", .en = "Sex" },
  { "id_no", YL_KIND_ID_NUMBER, YL_SEALED_IDENTITY, YL_FIELD_UNIQUE, .zh = "身份证号", .en = "ID number" },
  { "lead_source", YL_KIND_CODE, YL_OPEN, .of = "lead_source", .zh = "来源渠道", .en = "Lead source" },
  { "campaign", YL_KIND_TEXT, YL_OPEN, .max = 40, .zh = "活动", .en = "Campaign" },
  { "referrer", YL_KIND_REF, YL_OPEN, .of = "customer", .zh = "介绍人", .en = "Referrer" },
  { "lead_level", YL_KIND_CODE, YL_OPEN, .of = "lead_level", .zh = "等级", .en = "Lead level" },
  { "owner", YL_KIND_REF, YL_OPEN, .of = "staff", .zh = "归属人", .en = "Owner" },
  { "store", YL_KIND_REF, YL_OPEN, .of = "site", .zh = "归属门店", .en = "Store" },
  { "in_public_pool", YL_KIND_BOOLEAN, YL_OPEN, .with = "in_public_pool", .max = 1, .zh = "在公海", .en = "In public pool" },
  { "pool_since", YL_KIND_INSTANT, YL_OPEN, .with = "in_public_pool", .zh = "进公海时间", .en = "In pool since" },
  { "pool_reason", YL_KIND_CODE, YL_OPEN, .of = "pool_reason", .with = "in_public_pool", .zh = "进公海原因", .en = "Pool reason" },
  { "claim_count", YL_KIND_INTEGER, YL_OPEN, .max = 100000, .zh = "领取次数", .en = "Claims" },
  { "last_follow_up", YL_KIND_INSTANT, YL_OPEN, .zh = "最近跟进", .en = "Last follow-up" },
  { "last_activity", YL_KIND_INSTANT, YL_OPEN, .zh = "最近动态", .en = "Last activity" },
  { "frozen", YL_KIND_BOOLEAN, YL_OPEN, .max = 1, .zh = "冻结", .en = "Frozen" },
  { "bound_worker", YL_KIND_REF, YL_OPEN, .of = "worker", .with = "bound_worker", .zh = "大管家", .en = "Butler" },
  { "bound_at", YL_KIND_INSTANT, YL_OPEN, .with = "bound_worker", .zh = "绑定时间", .en = "Bound at" },
  { "bound_channel", YL_KIND_CODE, YL_OPEN, .of = "lead_source", .with = "bound_worker", .zh = "绑定渠道", .en = "Bound through" },
  { "note", YL_KIND_NOTE, YL_SEALED_NOTES, .max = 1000, .zh = "备注", .en = "Note" },
  { NULL },
};

const YlTable yl_customer_table = {
  .name = "customer",
  .person = "id",
  .number_prefix = "K",
  .zh = "客户",
  .en = "Customer",
  .fields = customer_fields,
  .check = yl_customer_check,
};
