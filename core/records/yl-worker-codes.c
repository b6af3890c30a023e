/* Code lists of workers, skills and places. The order is the order in which people see them. */
#include "yl-code-lists.h"

static const YlCode sex[] = {
  { "0", "未知", "Unknown", "不详" },
  { "1", "男", "Male", "先生 男士" },
  { "2", "女", "Female", "女士" },
  { "9", "未说明", "Not stated" },
  { NULL },
};

static const YlCode job_type[] = {
  { "maternity", "月嫂", "Maternity nurse", "母婴护理" },
  { "childcare_live_in", "住家育儿嫂", "Live-in nanny", "育儿嫂" },
  { "childcare_day", "白班育儿嫂", "Day nanny" },
  { "housekeeper_live_in", "住家保姆", "Live-in housekeeper", "保姆" },
  { "housekeeper_day", "白班保姆", "Day housekeeper" },
  { "cleaning", "保洁", "Cleaning", "打扫" },
  { "hourly", "小时工", "Hourly help", "钟点工" },
  { "elder_care", "住家护老", "Live-in elder care", "护老 养老护理 老人陪护" },
  { "hospital", "医院陪护", "Hospital care", "护工" },
  { "tutor", "家教", "Tutor" },
  { "companion", "陪伴师", "Companion", "陪伴" },
  { "pets", "养宠", "Pet care", "宠物" },
  { "organising", "整理收纳", "Organising", "收纳 整理" },
  { NULL },
};

static const YlCode service_mode[] = {
  { "live_in", "住家", "Live-in", "住家服务" },
  { "day", "白班", "Day work", "日间" },
  { "hourly", "钟点", "By the hour", "小时工 钟点工" },
  { "other", "其他", "Other" },
  { NULL },
};

static const YlCode skill[] = {
  { "postnatal", "产后护理", "Postnatal care" },
  { "newborn", "母婴", "Mother and newborn care", "新生儿护理 新生儿" },
  { "special_infant", "特殊婴儿", "Special-needs infants", "早产儿" },
  { "twins", "双胎护理", "Twins", "双胞胎" },
  { "infant", "育婴", "Infant care", "育儿" },
  { "early_education", "早教", "Early education" },
  { "baby_food", "辅食", "Baby food" },
  { "child_massage", "小儿推拿", "Child massage" },
  { "lactation", "催乳", "Lactation", "通乳" },
  { "confinement_meals", "月子餐", "Confinement meals" },
  { "nutrition", "营养", "Nutrition" },
  { "medical", "医疗背景", "Medical background" },
  { "rehabilitation", "理疗康复", "Physiotherapy", "康复" },
  { "elder_care", "养老护理", "Elder care", "护老" },
  { "dementia", "失智照护", "Dementia care" },
  { "chinese_cooking", "中餐", "Chinese cooking", "做饭" },
  { "western_cooking", "西餐", "Western cooking" },
  { "wheat_food", "面食", "Noodles and dumplings" },
  { "deep_cleaning", "深度保洁", "Deep cleaning", "大扫除" },
  { "ironing", "熨烫", "Ironing" },
  { "organising", "收纳", "Organising", "整理收纳" },
  { "foreign_language", "外语", "Foreign language" },
  { "driving", "驾驶", "Driving", "开车" },
  { "handicraft", "手艺", "Handicraft" },
  { "pets", "养宠", "Pet care" },
  { NULL },
};

static const YlCode language[] = {
  { "mandarin", "普通话", "Mandarin", "国语" },
  { "english", "英语", "English" },
  { "japanese", "日语", "Japanese" },
  { "korean", "韩语", "Korean", "朝鲜语" },
  { "french", "法语", "French" },
  { "russian", "俄语", "Russian" },
  { "cantonese", "粤语", "Cantonese", "广东话" },
  { "beijing", "北京话", "Beijing dialect" },
  { "northeastern", "东北话", "Northeastern dialect" },
  { "hebei", "河北话", "Hebei dialect" },
  { "shandong", "山东话", "Shandong dialect" },
  { "henan", "河南话", "Henan dialect" },
  { "shanxi", "山西话", "Shanxi dialect", "晋语" },
  { "shaanxi", "陕西话", "Shaanxi dialect" },
  { "sichuan", "四川话", "Sichuan dialect", "重庆话" },
  { "hubei", "湖北话", "Hubei dialect" },
  { "hunan", "湖南话", "Hunan dialect", "湘语" },
  { "anhui", "安徽话", "Anhui dialect" },
  { "gansu", "甘肃话", "Gansu dialect" },
  { "shanghai", "上海话", "Shanghainese", "吴语" },
  { "minnan", "闽南话", "Hokkien", "闽南语" },
  { "hakka", "客家话", "Hakka" },
  { NULL },
};

/* GB/T 2260: the districts of Beijing. */
static const YlCode district[] = {
  { "110101", "东城区", "Dongcheng", "东城" },
  { "110102", "西城区", "Xicheng", "西城" },
  { "110105", "朝阳区", "Chaoyang", "朝阳" },
  { "110106", "丰台区", "Fengtai", "丰台" },
  { "110107", "石景山区", "Shijingshan", "石景山" },
  { "110108", "海淀区", "Haidian", "海淀" },
  { "110109", "门头沟区", "Mentougou", "门头沟" },
  { "110111", "房山区", "Fangshan", "房山" },
  { "110112", "通州区", "Tongzhou", "通州" },
  { "110113", "顺义区", "Shunyi", "顺义" },
  { "110114", "昌平区", "Changping", "昌平" },
  { "110115", "大兴区", "Daxing", "大兴" },
  { "110116", "怀柔区", "Huairou", "怀柔" },
  { "110117", "平谷区", "Pinggu", "平谷" },
  { "110118", "密云区", "Miyun", "密云" },
  { "110119", "延庆区", "Yanqing", "延庆" },
  { NULL },
};

static const YlCode education[] = {
  { "none", "未上学", "No schooling", "文盲" },
  { "primary", "小学", "Primary school" },
  { "middle", "初中", "Middle school" },
  { "secondary", "中专", "Secondary specialised school" },
  { "vocational", "职高", "Vocational high school", "技校" },
  { "high", "高中", "High school" },
  { "college", "大专", "College", "专科" },
  { "bachelor", "本科", "Bachelor", "大学" },
  { "graduate", "研究生", "Graduate school", "硕士 博士" },
  { NULL },
};

static const YlCode maternity_grade[] = {
  { "junior", "初级", "Junior" },
  { "silver", "银牌", "Silver" },
  { "gold", "金牌", "Gold" },
  { "platinum", "铂金", "Platinum" },
  { "diamond", "钻石", "Diamond" },
  { "crown", "皇冠", "Crown" },
  { NULL },
};

static const YlCode wage_unit[] = {
  { "hour", "每小时", "Per hour", "小时 元/小时 时薪" },
  { "day", "每天", "Per day", "天 日 元/天 日薪" },
  { "month26", "每26天", "Per 26 days", "26天 元/26天" },
  { "month", "每月", "Per month", "月 元/月 月薪" },
  { NULL },
};

static const YlCode accept_state[] = {
  { "accepting", "可接单", "Accepting", "接单中 接单" },
  { "not_accepting", "暂不接单", "Not accepting", "不接单" },
  { "signed", "已签约", "Signed" },
  { "on_service", "在户", "On duty", "上户 已上户" },
  { "left", "已离职", "Left", "离职" },
  { NULL },
};

static const YlCode shareable[] = {
  { "none", "仅本店", "Own store only", "不共享" },
  { "chain", "全连锁", "Whole chain", "连锁" },
  { "partners", "含合作公司", "Partner companies too", "合作公司" },
  { NULL },
};

static const YlCode blacklist_reason[] = {
  { "fraud", "欺诈", "Fraud" },
  { "complaint", "投诉", "Complaints" },
  { "quality", "服务质量", "Poor quality" },
  { "breach", "违约", "Breach of contract" },
  { "other", "其他", "Other" },
  { NULL },
};

static const YlCode health_result[] = { { "pass", "合格", "Passed", "正常" },
                                        { "fail", "不合格", "Failed" },
                                        { NULL } };

static const YlCode background_status[] = {
  { "clear", "无异常", "Clear", "通过 正常" },
  { "pending", "查询中", "Pending" },
  { "flagged", "有异常", "Flagged", "异常" },
  { NULL },
};

static const YlCode insurance_status[] = {
  { "pending", "待投保", "To be bought" },
  { "processing", "办理中", "In progress" },
  { "active", "生效中", "In force", "有效" },
  { "expired", "已过期", "Expired", "过期" },
  { "cancelled", "已取消", "Cancelled" },
  { "surrendered", "已退保", "Surrendered" },
  { NULL },
};

static const YlCode credit_colour[] = { { "green", "绿", "Green", "绿色 绿码" },
                                        { "yellow", "黄", "Yellow", "黄色" },
                                        { "red", "红", "Red", "红色" },
                                        { NULL } };

static const YlCode worker_source[] = {
  { "referral", "熟人介绍", "Referral", "介绍" },
  { "paid_lead", "付费线索", "Paid lead" },
  { "community", "社群", "Community group" },
  { "walk_in", "自己上门", "Walk-in", "上门" },
  { "shared_order", "共享订单", "Shared order" },
  { "self_registration", "自主登记", "Self-registration" },
  { "sales", "招募专员", "Recruiter" },
  { "other", "其他", "Other" },
  { NULL },
};

static const YlCode worker_stage[] = {
  { "experienced_certified", "有经验有证", "Experienced and certified" },
  { "experienced", "有经验无证", "Experienced", "有经验" },
  { "certified", "有证无经验", "Certified", "有证" },
  { "beginner", "新人", "Beginner" },
  { "not_looking", "暂不找工作", "Not looking" },
  { NULL },
};

static const YlCode certificate_type[] = {
  { "maternity_nurse", "母婴护理证", "Maternity nurse", "月嫂证" },
  { "childcare", "育婴员证", "Childcare", "育婴证 育婴师证 高级育婴证" },
  { "elder_care", "养老护理员证", "Elder care", "护老证" },
  { "housekeeping", "家政服务员证", "Housekeeping", "家政证" },
  { "nutrition", "营养师证", "Nutrition" },
  { "lactation", "催乳师证", "Lactation" },
  { "massage", "小儿推拿证", "Child massage" },
  { "early_education", "早教证", "Early education", "早教师证" },
  { "nursing", "护士证", "Nursing", "护士资格证" },
  { "first_aid", "急救证", "First aid" },
  { "cooking", "厨师证", "Cooking" },
  { "driving", "驾驶证", "Driving licence", "驾照" },
  { "teaching", "教师资格证", "Teaching" },
  { "organising", "整理收纳师证", "Organising" },
  { NULL },
};

static const YlCode availability_state[] = {
  { "available", "有空", "Available", "空闲" },
  { "unavailable", "没空", "Not available", "不可用" },
  { "leave", "请假", "Leave", "休假" },
  { NULL },
};

static const YlCode block_side[] = { { "customer", "客户提出", "Customer", "客户" },
                                     { "worker", "阿姨提出", "Worker", "阿姨" },
                                     { NULL } };

const YlCodeList yl_worker_code_lists[] = {
  { "sex", sex },
  { "job_type", job_type },
  { "service_mode", service_mode },
  { "skill", skill },
  { "language", language },
  { "district", district },
  { "education", education },
  { "maternity_grade", maternity_grade },
  { "wage_unit", wage_unit },
  { "accept_state", accept_state },
  { "shareable", shareable },
  { "blacklist_reason", blacklist_reason },
  { "health_result", health_result },
  { "background_status", background_status },
  { "insurance_status", insurance_status },
  { "credit_colour", credit_colour },
  { "worker_source", worker_source },
  { "worker_stage", worker_stage },
  { "certificate_type", certificate_type },
  { "availability_state", availability_state },
  { "block_side", block_side },
  { NULL },
};
