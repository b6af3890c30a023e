#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  YL_VALUE_NULL,
  YL_VALUE_INTEGER,
  YL_VALUE_TEXT,
  YL_VALUE_BLOB, /* only in wire form: a sealed value */
} YlValueType;

/**
 * YlValue: one typed value of a column. @bytes (text without its NUL, or blob) belongs to the value.
 */
typedef struct
{
  YlValueType type;
  gint64 integer;
  char *bytes;
  gsize length;
} YlValue;

#define YL_VALUE_INIT ((YlValue){ YL_VALUE_NULL, 0, NULL, 0 })

void yl_value_clear (YlValue *value);
void yl_value_set_integer (YlValue *value, gint64 integer);
void yl_value_set_text (YlValue *value, const char *text);
void yl_value_set_bytes (YlValue *value, YlValueType type, gconstpointer bytes, gsize length);
void yl_value_copy (YlValue *to, const YlValue *from);
gboolean yl_value_equal (const YlValue *a, const YlValue *b);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (YlValue, yl_value_clear)

G_END_DECLS
