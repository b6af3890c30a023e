/* Workers (阿姨): the data standard's fields, each marked open or sealed. Open is only what matching needs without a key. */
#include "yl-tables.h"
#include "yl-worker.h"

static const YlField worker_fields[] = {
  { "worker_no", YL_KIND_TEXT, YL_OPEN, YL_FIELD_NUMBER | YL_FIELD_UNIQUE, .max = 16, .zh = "工号", .en = "Worker number" },
  { "site", YL_KIND_REF, YL_OPEN, YL_FIELD_FIXED, .of = "site", .zh = "登记门店", .en = "Registering store" },
  { "home_store", YL_KIND_REF, YL_OPEN, .of = "site", .zh = "归属门店", .en = "Home store" },
  { "holder", YL_KIND_REF, YL_OPEN, .of = "staff", .zh = "归属人", .en = "Holder" },
  { "name", YL_KIND_TEXT, YL_SEALED_CONTACT, YL_FIELD_REQUIRED, .with = "name", .min = 2, .max = 20, .zh = "姓名", .en = "Name" },
  { "name_pinyin", YL_KIND_TEXT, YL_SEALED_CONTACT, YL_FIELD_FILLED, .with = "name", .max = 80, .zh = "拼音", .en = "Pinyin" },
  { "id_no", YL_KIND_ID_NUMBER, YL_SEALED_IDENTITY, YL_FIELD_UNIQUE, .with = "id_no", .zh = "身份证号", .en = "ID number" },
  { "sex", YL_KIND_INTEGER, YL_OPEN, .of = "sex", .max = 9, .zh = "性别", .en = "Sex" },
  { "birth_date", YL_KIND_DATE, YL_SEALED_IDENTITY, .with = "id_no", .zh = "出生日期", .en = "Birth date" },
  { "adult", YL_KIND_BOOLEAN, YL_OPEN, YL_FIELD_FILLED, .with = "id_no", .max = 1, .zh = "年龄合规", .en = "Of legal age" },
  { "phone", YL_KIND_PHONE, YL_SEALED_CONTACT, YL_FIELD_UNIQUE, .zh = "手机号", .en = "Phone" },
  { "wechat", YL_KIND_TEXT, YL_SEALED_CONTACT, .max = 40, .zh = "微信", .en = "WeChat" },
  { "emergency_name", YL_KIND_TEXT, YL_SEALED_CONTACT, .max = 20, .zh = "紧急联系人", .en = "Emergency contact" },
  { "emergency_phone", YL_KIND_PHONE, YL_SEALED_CONTACT, .zh = "紧急联系电话", .en = "Emergency phone" },
  { "native_place", YL_KIND_TEXT, YL_SEALED_IDENTITY, .max = 40, .zh = "籍贯", .en = "Native place" },
  { "ethnic", YL_KIND_TEXT, YL_SEALED_IDENTITY, .max = 20, .zh = "民族", .en = "Ethnic group" },
  { "religion", YL_KIND_TEXT, YL_SEALED_IDENTITY, .max = 20, .zh = "宗教", .en = "Religion" },
  { "marital", YL_KIND_TEXT, YL_SEALED_IDENTITY, .max = 20, .zh = "婚姻", .en = "Marital status" },
  { "education", YL_KIND_CODE, YL_OPEN, .of = "education", .zh = "学历", .en = "Education" },
  { "height", YL_KIND_TEXT, YL_SEALED_IDENTITY, .max = 3, .zh = "身高", .en = "Height" },
  { "weight", YL_KIND_TEXT, YL_SEALED_IDENTITY, .max = 3, .zh = "体重", .en = "Weight" },
  { "extra", YL_KIND_NOTE, YL_SEALED_NOTES, .max = 400, .zh = "其他", .en = "Extra" },
  { "lat", YL_KIND_DEGREES, YL_OPEN, .with = "lat", .min = -90000000, .max = 90000000, .zh = "纬度", .en = "Latitude" },
  { "lon", YL_KIND_DEGREES, YL_OPEN, .with = "lat", .min = -180000000, .max = 180000000, .zh = "经度", .en = "Longitude" },
  { "address", YL_KIND_TEXT, YL_SEALED_ADDRESS, .max = 120, .zh = "住址", .en = "Address" },
  { "maternity_grade", YL_KIND_CODE, YL_OPEN, .of = "maternity_grade", .zh = "月嫂档位", .en = "Maternity grade" },
  { "experience_years", YL_KIND_INTEGER, YL_OPEN, .max = 60, .zh = "工作年限", .en = "Years of experience" },
  { "work_history", YL_KIND_NOTE, YL_SEALED_NOTES, .max = 4000, .zh = "履历", .en = "Work history" },
  { "health_exam", YL_KIND_DATE, YL_OPEN, .with = "health_exam", .zh = "体检日期", .en = "Health exam" },
  { "health_expires", YL_KIND_DATE, YL_OPEN, .with = "health_exam", .zh = "健康证到期", .en = "Health certificate until" },
  { "health_result", YL_KIND_CODE, YL_OPEN, .of = "health_result", .with = "health_exam", .zh = "体检结果", .en = "Health result" },
  { "background_date", YL_KIND_DATE, YL_OPEN, .with = "background_date", .zh = "背调日期", .en = "Background check date" },
  { "background_status", YL_KIND_CODE, YL_OPEN, .of = "background_status", .with = "background_date", .zh = "背调结果", .en = "Background check" },
  { "background_report", YL_KIND_TEXT, YL_SEALED_IDENTITY, .max = 60, .with = "background_date", .zh = "背调报告号", .en = "Background report" },
  { "insurance_from", YL_KIND_DATE, YL_OPEN, .with = "insurance_from", .zh = "保险起", .en = "Insured from" },
  { "insurance_to", YL_KIND_DATE, YL_OPEN, .with = "insurance_from", .zh = "保险止", .en = "Insured to" },
  { "insurance_status", YL_KIND_CODE, YL_OPEN, .of = "insurance_status", .with = "insurance_from", .zh = "保险状态", .en = "Insurance status" },
  { "insurance_policy", YL_KIND_TEXT, YL_SEALED_FINANCE, .max = 60, .with = "insurance_from", .zh = "保单号", .en = "Policy number" },
  { "credit_no", YL_KIND_TEXT, YL_SEALED_IDENTITY, .max = 40, .zh = "上门服务证号", .en = "Service card number" },
  { "credit_colour", YL_KIND_CODE, YL_OPEN, .of = "credit_colour", .zh = "信用证颜色", .en = "Service card colour" },
  { "credit_checked", YL_KIND_DATE, YL_OPEN, .zh = "信用查询日期", .en = "Service card checked" },
  { "intro", YL_KIND_NOTE, YL_SEALED_NOTES, .max = 1000, .zh = "自我介绍", .en = "Introduction" },
  { "photos", YL_KIND_NOTE, YL_SEALED_IDENTITY, .max = 1000, .zh = "照片", .en = "Photos" },
  { "video", YL_KIND_TEXT, YL_SEALED_IDENTITY, .max = 100, .zh = "视频", .en = "Video" },
  { "bank_holder", YL_KIND_TEXT, YL_SEALED_FINANCE, .max = 20, .with = "bank_holder", .zh = "工资卡户名", .en = "Account holder" },
  { "bank_name", YL_KIND_TEXT, YL_SEALED_FINANCE, .max = 40, .with = "bank_holder", .zh = "开户行", .en = "Bank" },
  { "bank_account", YL_KIND_TEXT, YL_SEALED_FINANCE, .max = 30, .with = "bank_holder", .zh = "工资卡号", .en = "Account number" },
  { "expected_wage", YL_KIND_MONEY, YL_OPEN, .with = "expected_wage", .max = 100000000, .zh = "期望薪资", .en = "Expected wage" },
  { "wage_unit", YL_KIND_CODE, YL_OPEN, .of = "wage_unit", .with = "expected_wage", .zh = "薪资单位", .en = "Wage unit" },
  { "max_travel", YL_KIND_MINUTES, YL_OPEN, .max = 600, .zh = "最远路程", .en = "Longest travel" },
  { "accept_state", YL_KIND_CODE, YL_OPEN, .of = "accept_state", .zh = "接单状态", .en = "Accepting" },
  { "shareable", YL_KIND_CODE, YL_OPEN, .of = "shareable", .zh = "可共享范围", .en = "Shareable with" },
  { "share_consent", YL_KIND_DATE, YL_OPEN, .zh = "共享同意日期", .en = "Consent to share" },
  { "blacklist_reason", YL_KIND_CODE, YL_OPEN, .of = "blacklist_reason", .zh = "黑名单", .en = "Blacklisted for" },
  { "blacklist_note", YL_KIND_NOTE, YL_SEALED_NOTES, .max = 1000, .zh = "黑名单说明", .en = "Blacklist note" },
  { "debt", YL_KIND_MONEY, YL_OPEN, .max = 100000000, .zh = "欠款", .en = "Debt" },
  { "rating", YL_KIND_INTEGER, YL_OPEN, .with = "rating", .max = 500, .zh = "评分(百分之一星)", .en = "Rating (1/100 star)" },
  { "rating_count", YL_KIND_INTEGER, YL_OPEN, .with = "rating", .max = 1000000, .zh = "评价数", .en = "Reviews" },
  { "dropout_count", YL_KIND_INTEGER, YL_OPEN, .max = 100000, .zh = "以往爽约", .en = "Earlier dropouts" },
  { "complaint_tags", YL_KIND_NOTE, YL_SEALED_NOTES, .max = 400, .zh = "投诉标签", .en = "Complaint tags" },
  { "source", YL_KIND_CODE, YL_OPEN, .of = "worker_source", .zh = "来源", .en = "Source" },
  { "stage", YL_KIND_CODE, YL_OPEN, .of = "worker_stage", .zh = "阶段", .en = "Stage" },
  { "note", YL_KIND_NOTE, YL_SEALED_NOTES, .max = 1000, .zh = "备注", .en = "Note" },
  { NULL },
};

static const YlSet worker_sets[] = {
  { "job_types", "worker_job", "worker", "code", .zh = "工种", .en = "Job types" },
  { "service_mode", "worker_mode", "worker", "code", .zh = "服务方式", .en = "Service modes" },
  { "skills", "worker_skill", "worker", "code", "level", .zh = "技能", .en = "Skills" },
  { "languages", "worker_language", "worker", "code", "level", .zh = "语言", .en = "Languages" },
  { "service_area", "worker_area", "worker", "code", .zh = "服务区域", .en = "Service area" },
  { NULL },
};

const YlTable yl_worker_table = {
  .name = "worker",
  .right = YL_RIGHT_ANY_SITE,
  .person = "id",
  .number_prefix = "",
  .zh = "阿姨",
  .en = "Worker",
  .fields = worker_fields,
  .sets = worker_sets,
  .check = yl_worker_check,
};

#define ELEMENT_OWNER { "worker", YL_KIND_REF, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .of = "worker", .zh = "阿姨", .en = "Worker" }
#define ELEMENT_CODE(list) \
  { "code", YL_KIND_CODE, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .of = (list), .zh = "代码", .en = "Code" }
#define ELEMENT_LEVEL { "level", YL_KIND_INTEGER, YL_OPEN, .min = 1, .max = 3, .zh = "级别", .en = "Level" }

static const YlField worker_job_fields[] = { ELEMENT_OWNER, ELEMENT_CODE ("job_type"), { NULL } };
static const YlField worker_mode_fields[] = { ELEMENT_OWNER, ELEMENT_CODE ("service_mode"), { NULL } };
static const YlField worker_language_fields[] = { ELEMENT_OWNER, ELEMENT_CODE ("language"), ELEMENT_LEVEL, { NULL } };
static const YlField worker_area_fields[] = { ELEMENT_OWNER, ELEMENT_CODE ("district"), { NULL } };
static const YlField worker_skill_fields[] = {
  ELEMENT_OWNER,
  ELEMENT_CODE ("skill"),
  ELEMENT_LEVEL,
  { "years", YL_KIND_INTEGER, YL_OPEN, .max = 60, .zh = "年限", .en = "Years" },
  { NULL },
};

const YlTable yl_worker_job_table = { .name = "worker_job", .flags = YL_TABLE_ELEMENT, .zh = "工种", .en = "Job type", .fields = worker_job_fields };
const YlTable yl_worker_mode_table = { .name = "worker_mode", .flags = YL_TABLE_ELEMENT, .zh = "服务方式", .en = "Service mode", .fields = worker_mode_fields };
const YlTable yl_worker_skill_table = { .name = "worker_skill", .flags = YL_TABLE_ELEMENT, .zh = "技能", .en = "Skill", .fields = worker_skill_fields };
const YlTable yl_worker_language_table = { .name = "worker_language", .flags = YL_TABLE_ELEMENT, .zh = "语言", .en = "Language", .fields = worker_language_fields };
const YlTable yl_worker_area_table = { .name = "worker_area", .flags = YL_TABLE_ELEMENT, .zh = "服务区域", .en = "Service area", .fields = worker_area_fields };

static const YlField certificate_fields[] = {
  { "worker", YL_KIND_REF, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .of = "worker", .zh = "阿姨", .en = "Worker" },
  { "type", YL_KIND_CODE, YL_OPEN, YL_FIELD_REQUIRED, .of = "certificate_type", .zh = "证书类型", .en = "Type" },
  { "number", YL_KIND_TEXT, YL_SEALED_IDENTITY, .max = 60, .zh = "证书编号", .en = "Number" },
  { "issuer", YL_KIND_TEXT, YL_SEALED_NOTES, .max = 60, .zh = "发证机构", .en = "Issuer" },
  { "issued", YL_KIND_DATE, YL_OPEN, .with = "issued", .zh = "发证日期", .en = "Issued" },
  { "expires", YL_KIND_DATE, YL_OPEN, .with = "issued", .zh = "到期", .en = "Expires" },
  { "file", YL_KIND_TEXT, YL_OPEN, .max = 64, .zh = "文件", .en = "File" },
  { NULL },
};

const YlTable yl_certificate_table = {
  .name = "certificate",
  .person = "worker",
  .zh = "证书",
  .en = "Certificate",
  .fields = certificate_fields,
  .check = yl_certificate_check,
};

static const YlField availability_fields[] = {
  { "worker", YL_KIND_REF, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .of = "worker", .zh = "阿姨", .en = "Worker" },
  { "start", YL_KIND_INSTANT, YL_OPEN, YL_FIELD_REQUIRED, .with = "start", .zh = "从", .en = "From" },
  { "end", YL_KIND_INSTANT, YL_OPEN, YL_FIELD_REQUIRED, .with = "start", .zh = "到", .en = "To" },
  { "state", YL_KIND_CODE, YL_OPEN, YL_FIELD_REQUIRED, .of = "availability_state", .zh = "档期", .en = "State" },
  { "note", YL_KIND_NOTE, YL_SEALED_NOTES, .max = 200, .zh = "备注", .en = "Note" },
  { NULL },
};

const YlTable yl_availability_table = {
  .name = "availability",
  .person = "worker",
  .zh = "档期",
  .en = "Availability",
  .fields = availability_fields,
  .check = yl_availability_check,
};

static const YlField worker_block_fields[] = {
  { "worker", YL_KIND_REF, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .of = "worker", .zh = "阿姨", .en = "Worker" },
  { "household", YL_KIND_REF, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .of = "household", .zh = "家庭", .en = "Household" },
  { "side", YL_KIND_CODE, YL_OPEN, YL_FIELD_REQUIRED, .of = "block_side", .zh = "谁提出", .en = "Asked by" },
  { "reason", YL_KIND_NOTE, YL_SEALED_NOTES, .max = 400, .zh = "原因", .en = "Reason" },
  { NULL },
};

const YlTable yl_worker_block_table = {
  .name = "worker_block",
  .person = "worker",
  .zh = "互不安排",
  .en = "Block",
  .fields = worker_block_fields,
};
