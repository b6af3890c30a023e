#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** YlCode: one value of a code list, with what people call it in Chinese and English. @also: other words for it, split by blanks. */
typedef struct
{
  const char *code;
  const char *zh;
  const char *en;
  const char *also;
} YlCode;

/** yl_codes: the list of that name, ended by a code without name; NULL if there is none. */
const YlCode *yl_codes (const char *list);
/** yl_code_find: by code, label in either language (case folded) or another word for it; NULL if none fits. */
const YlCode *yl_code_find (const char *list, const char *text);
/** yl_code_label: what to show for @code in the language of the locale; the code itself where unknown. */
const char *yl_code_label (const char *list, const char *code);
/** yl_label: @zh where the locale's language is Chinese, else @en. */
const char *yl_label (const char *zh, const char *en);

G_END_DECLS
