/* Orders (订单): what a household asks for, its schedule and requirements, and the events its state derives from. */
#include "yl-order.h"
#include "yl-tables.h"

static const YlField order_fields[] = {
  { "order_no", YL_KIND_TEXT, YL_OPEN, YL_FIELD_NUMBER | YL_FIELD_UNIQUE, .max = 20, .zh = "订单号", .en = "Order number" },
  { "site", YL_KIND_REF, YL_OPEN, YL_FIELD_FIXED, .of = "site", .zh = "登记门店", .en = "Registering store" },
  { "store", YL_KIND_REF, YL_OPEN, .of = "site", .zh = "负责门店", .en = "Store in charge" },
  { "customer", YL_KIND_REF, YL_OPEN, YL_FIELD_FIXED, .of = "customer", .zh = "客户", .en = "Customer" },
  { "household", YL_KIND_REF, YL_OPEN, .of = "household", .zh = "家庭", .en = "Household" },
  { "service_type", YL_KIND_CODE, YL_OPEN, YL_FIELD_REQUIRED, .of = "job_type", .zh = "服务", .en = "Service" },
  { "service_mode", YL_KIND_CODE, YL_OPEN, .of = "service_mode", .zh = "服务方式", .en = "Service mode" },
  { "schedule", YL_KIND_CODE, YL_OPEN, YL_FIELD_REQUIRED, .of = "schedule", .with = "schedule", .zh = "时间类型", .en = "Schedule" },
  { "start", YL_KIND_INSTANT, YL_OPEN, .with = "schedule", .zh = "开始", .en = "Start" },
  { "minutes", YL_KIND_MINUTES, YL_OPEN, .with = "schedule", .min = 15, .max = 1440, .zh = "时长(分钟)", .en = "Minutes" },
  { "weekdays", YL_KIND_CODES, YL_OPEN, .of = "weekday", .with = "schedule", .zh = "星期", .en = "Weekdays" },
  { "start_time", YL_KIND_MINUTES, YL_OPEN, .with = "schedule", .max = 1439, .zh = "每次开始(当天第几分钟)", .en = "Time of day (minute)" },
  { "from_date", YL_KIND_DATE, YL_OPEN, .with = "schedule", .zh = "从", .en = "From" },
  { "until_date", YL_KIND_DATE, YL_OPEN, .with = "schedule", .zh = "到", .en = "Until" },
  { "months", YL_KIND_INTEGER, YL_OPEN, .with = "schedule", .min = 1, .max = 60, .zh = "月数", .en = "Months" },
  { "rest_days", YL_KIND_CODE, YL_OPEN, .of = "rest_days", .with = "schedule", .zh = "休息", .en = "Rest days" },
  { "flexibility", YL_KIND_INTEGER, YL_OPEN, .max = 60, .zh = "可前后几天", .en = "Flexible by days" },
  { "district", YL_KIND_CODE, YL_OPEN, .of = "district", .zh = "区", .en = "District" },
  { "lat", YL_KIND_DEGREES, YL_OPEN, .with = "lat", .min = -90000000, .max = 90000000, .zh = "纬度", .en = "Latitude" },
  { "lon", YL_KIND_DEGREES, YL_OPEN, .with = "lat", .min = -180000000, .max = 180000000, .zh = "经度", .en = "Longitude" },
  { "budget_from", YL_KIND_MONEY, YL_OPEN, .with = "budget_from", .max = 100000000, .zh = "预算从", .en = "Budget from" },
  { "budget_to", YL_KIND_MONEY, YL_OPEN, .with = "budget_from", .max = 100000000, .zh = "预算到", .en = "Budget to" },
  { "budget_unit", YL_KIND_CODE, YL_OPEN, .of = "wage_unit", .with = "budget_from", .zh = "预算单位", .en = "Budget unit" },
  { "headcount", YL_KIND_INTEGER, YL_OPEN, .min = 1, .max = 20, .zh = "人数", .en = "Headcount" },
  { "gender", YL_KIND_INTEGER, YL_OPEN, .of = "sex", .max = 2, .zh = "性别要求", .en = "Sex of worker" },
  { "intimate_care", YL_KIND_BOOLEAN, YL_OPEN, .max = 1, .zh = "贴身照料", .en = "Intimate care" },
  { "trial_days", YL_KIND_INTEGER, YL_OPEN, .with = "trial_days", .max = 30, .zh = "试工天数", .en = "Trial days" },
  { "trial_pay", YL_KIND_MONEY, YL_OPEN, .with = "trial_days", .max = 10000000, .zh = "试工日薪", .en = "Trial pay per day" },
  { "urgency", YL_KIND_CODE, YL_OPEN, .of = "urgency", .zh = "急不急", .en = "Urgency" },
  { "need_health", YL_KIND_BOOLEAN, YL_OPEN, .max = 1, .zh = "要健康证", .en = "Health certificate needed" },
  { "need_insurance", YL_KIND_BOOLEAN, YL_OPEN, .max = 1, .zh = "要保险", .en = "Insurance needed" },
  { "need_background", YL_KIND_BOOLEAN, YL_OPEN, .max = 1, .zh = "要背调", .en = "Background check needed" },
  { "source_store", YL_KIND_REF, YL_OPEN, .of = "site", .zh = "来源门店", .en = "Source store" },
  { "source_staff", YL_KIND_REF, YL_OPEN, .of = "staff", .zh = "来源员工", .en = "Source staff" },
  { "broker_store", YL_KIND_REF, YL_OPEN, .of = "site", .zh = "经办门店", .en = "Broker store" },
  { "broker_staff", YL_KIND_REF, YL_OPEN, .of = "staff", .zh = "经办员工", .en = "Broker staff" },
  { "signing_store", YL_KIND_REF, YL_OPEN, .of = "site", .zh = "签约门店", .en = "Signing store" },
  { "signing_staff", YL_KIND_REF, YL_OPEN, .of = "staff", .zh = "签约员工", .en = "Signing staff" },
  { "lead_source", YL_KIND_CODE, YL_OPEN, .of = "lead_source", .zh = "来源渠道", .en = "Lead source" },
  { "lost_reason", YL_KIND_CODE, YL_OPEN, .of = "lost_reason", .zh = "流失原因", .en = "Lost for" },
  { "note", YL_KIND_NOTE, YL_SEALED_NOTES, .max = 1000, .zh = "备注", .en = "Note" },
  { NULL },
};

static const YlSet order_sets[] = {
  { "skills", "order_skill", "order", "code", "level", .fixed_column = "wish", .fixed_value = "0", .zh = "必备技能", .en = "Skills needed" },
  { "wished_skills", "order_skill", "order", "code", "level", .fixed_column = "wish", .fixed_value = "1", .zh = "最好会", .en = "Skills wished" },
  { "certificates", "order_certificate", "order", "code", .zh = "必备证书", .en = "Certificates needed" },
  { "languages", "order_language", "order", "code", "level", .zh = "语言", .en = "Languages" },
  { "preferred", "order_worker", "order", "worker", .fixed_column = "wish", .fixed_value = "preferred", .zh = "指定阿姨", .en = "Preferred workers" },
  { "excluded", "order_worker", "order", "worker", .fixed_column = "wish", .fixed_value = "excluded", .zh = "不要的阿姨", .en = "Excluded workers" },
  { NULL },
};

const YlTable yl_order_table = {
  .name = "order",
  .person = "customer",
  .number_prefix = "D",
  .zh = "订单",
  .en = "Order",
  .fields = order_fields,
  .sets = order_sets,
  .check = yl_order_check,
};

#define ELEMENT_OWNER { "order", YL_KIND_REF, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .of = "order", .zh = "订单", .en = "Order" }
#define ELEMENT_CODE(list) \
  { "code", YL_KIND_CODE, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .of = (list), .zh = "代码", .en = "Code" }
#define ELEMENT_LEVEL { "level", YL_KIND_INTEGER, YL_OPEN, .min = 1, .max = 3, .zh = "级别", .en = "Level" }

static const YlField order_skill_fields[] = {
  ELEMENT_OWNER,
  ELEMENT_CODE ("skill"),
  ELEMENT_LEVEL,
  { "wish", YL_KIND_BOOLEAN, YL_OPEN, YL_FIELD_FIXED, .max = 1, .zh = "可放宽", .en = "Wish only" },
  { NULL },
};
static const YlField order_certificate_fields[] = { ELEMENT_OWNER, ELEMENT_CODE ("certificate_type"), { NULL } };
static const YlField order_language_fields[] = { ELEMENT_OWNER, ELEMENT_CODE ("language"), ELEMENT_LEVEL, { NULL } };
static const YlField order_worker_fields[] = {
  ELEMENT_OWNER,
  { "worker", YL_KIND_REF, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .of = "worker", .zh = "阿姨", .en = "Worker" },
  { "wish", YL_KIND_CODE, YL_OPEN, YL_FIELD_FIXED, .of = "worker_wish", .zh = "指定或排除", .en = "Wish" },
  { "reason", YL_KIND_NOTE, YL_SEALED_NOTES, .max = 400, .zh = "原因", .en = "Reason" },
  { NULL },
};

const YlTable yl_order_skill_table = { .name = "order_skill", .flags = YL_TABLE_ELEMENT, .zh = "技能", .en = "Skill", .fields = order_skill_fields };
const YlTable yl_order_certificate_table = { .name = "order_certificate", .flags = YL_TABLE_ELEMENT, .zh = "证书", .en = "Certificate", .fields = order_certificate_fields };
const YlTable yl_order_language_table = { .name = "order_language", .flags = YL_TABLE_ELEMENT, .zh = "语言", .en = "Language", .fields = order_language_fields };
const YlTable yl_order_worker_table = { .name = "order_worker", .flags = YL_TABLE_ELEMENT, .person = "worker", .zh = "指定阿姨", .en = "Worker wish", .fields = order_worker_fields };

static const YlField order_event_fields[] = {
  { "order", YL_KIND_REF, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .of = "order", .zh = "订单", .en = "Order" },
  { "kind", YL_KIND_CODE, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .of = "order_event", .zh = "事件", .en = "Event" },
  { "at", YL_KIND_INSTANT, YL_OPEN, YL_FIELD_FIXED, .zh = "时间", .en = "At" },
  { "cause", YL_KIND_CODE, YL_OPEN, YL_FIELD_FIXED, .of = "lost_reason", .zh = "原因", .en = "Cause" },
  { "note", YL_KIND_NOTE, YL_SEALED_NOTES, YL_FIELD_FIXED, .max = 400, .zh = "说明", .en = "Note" },
  { NULL },
};

const YlTable yl_order_event_table = {
  .name = "order_event",
  .flags = YL_TABLE_INSERT_ONLY,
  .person = "order.customer",
  .zh = "订单事件",
  .en = "Order event",
  .fields = order_event_fields,
};

static const YlField order_state_fields[] = {
  { "state", YL_KIND_CODE, YL_OPEN, .of = "order_state", .zh = "状态", .en = "State" },
  { "cause", YL_KIND_CODE, YL_OPEN, .of = "order_cause", .zh = "原因", .en = "Cause" },
  { "cause_by", YL_KIND_TEXT, YL_OPEN, .zh = "由谁引起", .en = "Caused by" },
  { "since", YL_KIND_INSTANT, YL_OPEN, .zh = "从", .en = "Since" },
  { "disputed", YL_KIND_BOOLEAN, YL_OPEN, .max = 1, .zh = "有两个说法", .en = "Disputed" },
  { NULL },
};

const YlTable yl_order_state_table = {
  .name = "order_state",
  .flags = YL_TABLE_DERIVED,
  .zh = "订单状态",
  .en = "Order state",
  .fields = order_state_fields,
};
