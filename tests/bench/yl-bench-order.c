#include "yl-bench-order.h"

#define COLUMNS                                                            \
  "id TEXT NOT NULL PRIMARY KEY, store TEXT, customer TEXT, service TEXT," \
  " worker TEXT, start TEXT, minutes TEXT, price TEXT, status TEXT, "

#define OPEN_FIELDS                                                            \
  { "store", YL_KIND_TEXT, .max = 64, .zh = "门店", .en = "Store" },           \
      { "customer", YL_KIND_TEXT, .max = 64, .zh = "客户", .en = "Customer" }, \
      { "service", YL_KIND_TEXT, .max = 64, .zh = "服务", .en = "Service" },   \
      { "worker", YL_KIND_TEXT, .max = 64, .zh = "家政员", .en = "Worker" },   \
      { "start", YL_KIND_TEXT, .max = 64, .zh = "开始", .en = "Start" },       \
      { "minutes", YL_KIND_TEXT, .max = 64, .zh = "分钟", .en = "Minutes" },   \
      { "price", YL_KIND_TEXT, .max = 64, .zh = "价格", .en = "Price" },       \
  {                                                                            \
    "status", YL_KIND_TEXT, .max = 64, .zh = "状态", .en = "Status"            \
  }

static const YlField order_fields[] = {
  OPEN_FIELDS,
  { "note", YL_KIND_TEXT, .max = 200, .zh = "备注", .en = "Note" },
  { NULL },
};

static const YlField sealed_fields[] = {
  OPEN_FIELDS,
  { "note", YL_KIND_NOTE, YL_SEALED_NOTES, .max = 200, .zh = "备注", .en = "Note" },
  { NULL },
};

static const YlTable order_table = {
  .name = "bench_order",
  .right = YL_RIGHT_ANY_SITE,
  .zh = "测试订单",
  .en = "Bench order",
  .fields = order_fields,
};

static const YlTable sealed_table = {
  .name = "bench_order_sealed",
  .right = YL_RIGHT_ANY_SITE,
  .person = "customer",
  .zh = "密封测试订单",
  .en = "Sealed bench order",
  .fields = sealed_fields,
};

static const YlTable *const tables[] = { &order_table, &sealed_table, NULL };

const YlCatalogueExtension yl_bench_orders = {
  tables,
  "CREATE TABLE bench_order (" COLUMNS "note TEXT) STRICT, WITHOUT ROWID;"
  "CREATE TABLE bench_order_sealed (" COLUMNS "note BLOB) STRICT, WITHOUT ROWID;",
};
