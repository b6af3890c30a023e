/* Code lists of households, customers, orders, promises and the company. */
#include "yl-code-lists.h"

static const YlCode rest_days[] = {
  { "none", "无休", "None", "不休" },
  { "single", "单休", "One day a week" },
  { "double", "双休", "Two days a week" },
  { "adjusted", "调休", "Days off in lieu" },
  { NULL },
};

static const YlCode taboo[] = {
  { "pork", "不吃猪肉", "No pork", "清真" },
  { "beef", "不吃牛肉", "No beef" },
  { "vegetarian", "素食", "Vegetarian", "吃素" },
  { "no_spicy", "不吃辣", "Nothing spicy" },
  { "no_garlic", "不吃葱蒜", "No onion or garlic" },
  { "seafood_allergy", "海鲜过敏", "Seafood allergy" },
  { "nut_allergy", "坚果过敏", "Nut allergy" },
  { "no_smoking", "禁烟", "No smoking" },
  { "no_perfume", "不用香水", "No perfume" },
  { "no_photos", "不得拍照", "No photographs" },
  { NULL },
};

static const YlCode lead_source[] = {
  { "walk_in", "到店", "Walk-in", "上门" },
  { "phone", "电话咨询", "Phone call", "电话" },
  { "referral", "老客户介绍", "Customer referral", "转介绍 介绍" },
  { "worker_referral", "阿姨介绍", "Worker referral" },
  { "repeat", "老客户复购", "Returning customer", "复购" },
  { "wechat_account", "公众号", "WeChat account", "微信公众号" },
  { "wechat_group", "微信群", "WeChat group", "业主群" },
  { "mini_program", "小程序", "Mini program" },
  { "web", "官网", "Web site", "网站" },
  { "meituan", "美团", "Meituan" },
  { "dianping", "大众点评", "Dianping" },
  { "58", "58同城", "58.com" },
  { "douyin", "抖音", "Douyin" },
  { "xiaohongshu", "小红书", "Xiaohongshu" },
  { "baidu", "百度", "Baidu" },
  { "gaode", "高德地图", "Amap" },
  { "jd", "京东", "JD.com" },
  { "taobao", "淘宝", "Taobao", "天猫" },
  { "hospital", "医院合作", "Hospital", "医院" },
  { "community", "小区活动", "Community event", "社区活动" },
  { "partner", "合作公司", "Partner company" },
  { "other", "其他", "Other" },
  { NULL },
};

static const YlCode lead_level[] = {
  { "a", "A 一周内签约", "A: signs within a week" },
  { "b", "B 一月内签约", "B: signs within a month" },
  { "c", "C 有意向", "C: interested" },
  { "d", "D 暂无需求", "D: no need now" },
  { "o", "O 已签约", "O: customer" },
  { "x", "X 无效", "X: not valid" },
  { NULL },
};

static const YlCode pool_reason[] = {
  { "no_follow_up", "长期未跟进", "Not followed up" },
  { "owner_left", "归属人离职", "Owner left" },
  { "gave_up", "主动放弃", "Given up" },
  { "no_contact", "联系不上", "Cannot be reached" },
  { "import", "批量导入", "Imported" },
  { "other", "其他", "Other" },
  { NULL },
};

static const YlCode schedule[] = {
  { "one_off", "一次", "One-off", "单次" },
  { "recurring", "定期", "Recurring", "长期 每周" },
  { "live_in", "住家", "Live-in" },
  { NULL },
};

static const YlCode weekday[] = {
  { "mo", "周一", "Monday", "星期一 一 1" },
  { "tu", "周二", "Tuesday", "星期二 二 2" },
  { "we", "周三", "Wednesday", "星期三 三 3" },
  { "th", "周四", "Thursday", "星期四 四 4" },
  { "fr", "周五", "Friday", "星期五 五 5" },
  { "sa", "周六", "Saturday", "星期六 六 6" },
  { "su", "周日", "Sunday", "周天 星期日 星期天 日 天 7" },
  { NULL },
};

static const YlCode urgency[] = {
  { "normal", "不急", "Normal", "一般" },
  { "soon", "尽快", "Soon" },
  { "urgent", "加急", "Urgent", "紧急 急" },
  { NULL },
};

static const YlCode lost_reason[] = {
  { "price", "价格", "Price", "价格高" },
  { "no_fit", "没有合适阿姨", "No fitting worker" },
  { "too_slow", "等太久", "Took too long" },
  { "competitor", "选了别家", "Went elsewhere" },
  { "self", "自己解决", "Solved otherwise", "家人照顾" },
  { "no_contact", "联系不上", "Cannot be reached" },
  { "changed_plan", "计划有变", "Plans changed", "不需要了" },
  { "distrust", "不信任", "No trust" },
  { "duplicate", "重复", "Duplicate" },
  { "other", "其他", "Other" },
  { NULL },
};

static const YlCode worker_wish[] = { { "preferred", "指定", "Preferred" },
                                      { "excluded", "不要", "Excluded", "排除" },
                                      { NULL } };

static const YlCode order_event[] = {
  { "submit", "确认需求", "Submitted" }, { "cancel", "取消", "Cancelled" },   { "stock", "转存量单", "Put into stock" },
  { "reopen", "重新匹配", "Reopened" },  { "complete", "完成", "Completed" }, { NULL },
};

static const YlCode order_state[] = {
  { "draft", "草稿", "Draft" },           { "intake", "待完善", "Intake" },
  { "matching", "匹配中", "Matching" },   { "proposed", "已约定", "Promised" },
  { "stock", "存量单", "Stock order" },   { "cancelled", "已取消", "Cancelled" },
  { "completed", "已完成", "Completed" }, { NULL },
};

static const YlCode order_cause[] = {
  { "new", "新需求", "New demand" },
  { "dropout", "阿姨爽约", "Worker dropped out" },
  { "overruled", "让位给另一门店", "Gave way to another store" },
  { "withdrawn", "约定撤回", "Promise taken back" },
  { "no_fit", "没有合适阿姨", "No fitting worker" },
  { "reopened", "重新匹配", "Reopened" },
  { NULL },
};

static const YlCode withdrawal_cause[] = {
  { "mistake", "录错了", "Mistake" },
  { "customer_changed", "客户改主意", "Customer changed her mind" },
  { "worker_withdrew", "阿姨不来了", "Worker withdrew" },
  { "dropout", "爽约", "Dropout" },
  { "no_show", "没有到", "No-show", "未到" },
  { "sick", "生病", "Sick" },
  { "later_claim", "改约", "Later promise" },
  { "other", "其他", "Other" },
  { NULL },
};

static const YlCode evidence_kind[] = { { "served", "已上门", "Served" },
                                        { "settled", "已结算", "Settled" },
                                        { NULL } };

static const YlCode verdict[] = { { "holds", "成立", "Holds" }, { "gives_way", "让位", "Gives way" }, { NULL } };

static const YlCode match_stage[] = {
  { "own", "本店", "Own store" },
  { "chain", "连锁门店", "Chain" },
  { "partner", "合作公司", "Partner companies" },
  { NULL },
};

static const YlCode attempt_outcome[] = {
  { "promised", "已约定", "Promised" }, { "refused", "未接受", "Refused" },   { "dropped", "爽约", "Dropped out" },
  { "overruled", "让位", "Overruled" }, { "withdrawn", "撤回", "Withdrawn" }, { NULL },
};

static const YlCode booking_state[] = {
  { "tentative", "待确认", "Tentative" },
  { "confirmed", "已约定", "Confirmed" },
  { "served", "已上门", "Served" },
  { "withdrawn", "已撤回", "Withdrawn" },
  { "dropped", "爽约", "Dropped out" },
  { "overruled", "让位", "Overruled" },
  { NULL },
};

static const YlCode site_kind[] = { { "head_office", "总部", "Head office" }, { "store", "门店", "Store" }, { NULL } };

static const YlCode person_kind[] = { { "worker", "阿姨", "Worker" },
                                      { "customer", "客户", "Customer" },
                                      { "household", "家庭", "Household" },
                                      { "staff", "员工", "Staff" },
                                      { NULL } };

static const YlCode erasure_cause[] = { { "asked", "本人要求", "The person asked" },
                                        { "withdrawn", "撤回同意", "Consent withdrawn" },
                                        { "ended", "目的已达到或期满", "Purpose ended" },
                                        { "mistake", "录入有误", "Entered by mistake" },
                                        { NULL } };

static const YlCode rotation_cause[] = { { "revoked", "电脑或门店停用", "PC or store turned out" },
                                         { "lost", "电脑丢失", "PC lost" },
                                         { "precaution", "例行更换", "Precaution" },
                                         { NULL } };

static const YlCode role[] = {
  { "head_office", "总部", "Head office" },
  { "manager", "店长", "Store manager" },
  { "clerk", "门店员工", "Clerk" },
  { "field_manager", "片区经理", "Field manager" },
  { "finance", "财务", "Finance" },
  { "auditor", "审计", "Auditor" },
  { NULL },
};

const YlCodeList yl_order_code_lists[] = {
  { "rest_days", rest_days },
  { "taboo", taboo },
  { "lead_source", lead_source },
  { "lead_level", lead_level },
  { "pool_reason", pool_reason },
  { "schedule", schedule },
  { "weekday", weekday },
  { "urgency", urgency },
  { "lost_reason", lost_reason },
  { "worker_wish", worker_wish },
  { "order_event", order_event },
  { "order_state", order_state },
  { "order_cause", order_cause },
  { "withdrawal_cause", withdrawal_cause },
  { "evidence_kind", evidence_kind },
  { "verdict", verdict },
  { "match_stage", match_stage },
  { "attempt_outcome", attempt_outcome },
  { "booking_state", booking_state },
  { "site_kind", site_kind },
  { "role", role },
  { "person_kind", person_kind },
  { "erasure_cause", erasure_cause },
  { "rotation_cause", rotation_cause },
  { NULL },
};
