/* Head office's own records: the authority chain. Only the company's authority key writes them. */
#include "yl-staff.h"
#include "yl-tables.h"

static const YlField company_fields[] = {
  { "code", YL_KIND_TEXT, YL_OPEN, YL_FIELD_REQUIRED, .max = 8, .zh = "公司代码", .en = "Company code" },
  { "name", YL_KIND_TEXT, YL_OPEN, YL_FIELD_REQUIRED, .max = 60, .zh = "公司名称", .en = "Company name" },
  { "hub_url", YL_KIND_TEXT, YL_OPEN, .max = 200, .zh = "总部地址", .en = "Hub address" },
  { "authority", YL_KIND_TEXT, YL_OPEN, YL_FIELD_FIXED, .max = 64, .zh = "公司公钥", .en = "Authority key" },
  { NULL },
};

const YlTable yl_company_table = {
  .name = "company",
  .right = YL_RIGHT_AUTHORITY,
  .zh = "公司",
  .en = "Company",
  .fields = company_fields,
};

static const YlField site_fields[] = {
  { "code", YL_KIND_TEXT, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED | YL_FIELD_UNIQUE | YL_FIELD_NUMBER, .max = 8, .zh = "门店代码", .en = "Store code" },
  { "name", YL_KIND_TEXT, YL_OPEN, YL_FIELD_REQUIRED, .max = 40, .zh = "门店名称", .en = "Store name" },
  { "kind", YL_KIND_CODE, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .of = "site_kind", .zh = "类型", .en = "Kind" },
  { "district", YL_KIND_CODE, YL_OPEN, .of = "district", .zh = "区", .en = "District" },
  { "lat", YL_KIND_DEGREES, YL_OPEN, .with = "lat", .min = -90000000, .max = 90000000, .zh = "纬度", .en = "Latitude" },
  { "lon", YL_KIND_DEGREES, YL_OPEN, .with = "lat", .min = -180000000, .max = 180000000, .zh = "经度", .en = "Longitude" },
  { "phone", YL_KIND_TEXT, YL_OPEN, .max = 20, .zh = "门店电话", .en = "Store phone" },
  { "confirming_node", YL_KIND_REF, YL_OPEN, .of = "node", .with = "confirming_node", .zh = "确认电脑", .en = "Confirming PC" },
  { "confirming_epoch", YL_KIND_INTEGER, YL_OPEN, .with = "confirming_node", .max = 1000000, .zh = "确认届次", .en = "Confirming epoch" },
  { NULL },
};

const YlTable yl_site_table = {
  .name = "site",
  .right = YL_RIGHT_AUTHORITY,
  .zh = "门店",
  .en = "Store",
  .fields = site_fields,
};

static const YlField staff_fields[] = {
  { "code", YL_KIND_TEXT, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED | YL_FIELD_UNIQUE | YL_FIELD_NUMBER, .max = 16, .zh = "员工编号", .en = "Staff code" },
  { "site", YL_KIND_REF, YL_OPEN, YL_FIELD_REQUIRED, .of = "site", .zh = "门店", .en = "Store" },
  { "role", YL_KIND_CODE, YL_OPEN, YL_FIELD_REQUIRED, .of = "role", .zh = "角色", .en = "Role" },
  { "name", YL_KIND_TEXT, YL_SEALED_CONTACT, .max = 20, .zh = "姓名", .en = "Name" },
  { "phone", YL_KIND_PHONE, YL_SEALED_CONTACT, .zh = "手机号", .en = "Phone" },
  { "active", YL_KIND_BOOLEAN, YL_OPEN, .max = 1, .zh = "在职", .en = "Active" },
  { NULL },
};

const YlTable yl_staff_table = {
  .name = "staff",
  .right = YL_RIGHT_AUTHORITY,
  .person = "id",
  .zh = "员工",
  .en = "Staff",
  .fields = staff_fields,
  .check = yl_staff_check,
};

static const YlField node_fields[] = {
  { "site", YL_KIND_REF, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .of = "site", .zh = "门店", .en = "Store" },
  { "name", YL_KIND_TEXT, YL_OPEN, .max = 40, .zh = "电脑名称", .en = "PC name" },
  { "letter", YL_KIND_TEXT, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .max = 3, .zh = "编号字母", .en = "Number letter" },
  { "writer", YL_KIND_TEXT, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED | YL_FIELD_UNIQUE, .max = 16, .zh = "写入者", .en = "Writer" },
  { "sign_key", YL_KIND_TEXT, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .max = 64, .zh = "签名公钥", .en = "Signing key" },
  { "box_key", YL_KIND_TEXT, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .max = 64, .zh = "收件公钥", .en = "Box key" },
  { NULL },
};

const YlTable yl_node_table = {
  .name = "node",
  .right = YL_RIGHT_AUTHORITY,
  .zh = "电脑",
  .en = "PC",
  .fields = node_fields,
};
