/* Photos, scans and signed papers that belong to a record: here what is in the log, the manifest; the content lies in chunks beside it. */
#include "yl-attachment.h"
#include "yl-code-lists.h"
#include "yl-tables.h"

static const YlCode attachment_kind[] = {
  { "photo", "照片", "Photo" },
  { "scan", "证件扫描", "Scan" },
  { "contract", "签署的合同", "Signed contract" },
  { NULL },
};

const YlCodeList yl_attachment_code_lists[] = {
  { "attachment_kind", attachment_kind },
  { NULL },
};

/* Content key, media type and name: one of the three is set, by kind, so that each kind has the class of what it shows. */
#define HEAD(name, class, zh_label, en_label) { name, YL_KIND_NOTE, class, YL_FIELD_FIXED, .max = 320, .zh = zh_label, .en = en_label }

static const YlField attachment_fields[] = {
  { "owner_table", YL_KIND_TEXT, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .max = 64, .zh = "所属表", .en = "Owner table" },
  { "owner", YL_KIND_TEXT, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .max = 36, .zh = "所属记录", .en = "Owner" },
  { "person", YL_KIND_TEXT, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .max = 36, .zh = "当事人", .en = "Person" },
  { "kind", YL_KIND_CODE, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .of = "attachment_kind", .zh = "类别", .en = "Kind" },
  { "size", YL_KIND_INTEGER, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .min = 1, .max = YL_ATTACHMENT_MAX_BYTES, .zh = "字节数",
    .en = "Bytes" },
  { "manifest", YL_KIND_TEXT, YL_OPEN, YL_FIELD_REQUIRED | YL_FIELD_FIXED, .max = 3500, .zh = "清单", .en = "Manifest" },
  HEAD ("photo", YL_SEALED_CONTACT, "照片", "Photo"),
  HEAD ("scan", YL_SEALED_IDENTITY, "扫描件", "Scan"),
  HEAD ("contract", YL_SEALED_FINANCE, "合同", "Contract"),
  { NULL },
};

const YlTable yl_attachment_table = {
  .name = "attachment", .person = "person", .zh = "附件", .en = "Attachment", .fields = attachment_fields,
};
