#include "yl-field-private.h"

#include <string.h>

#include "records/yl-codes.h"

/* The quick look at a value: most are in their stored form already and need not be written out and read again. */

/* Characters that no reading changes: printable ASCII, Chinese characters. */
static gboolean
is_plain_character (gunichar c)
{
  return (c > ' ' && c < 0x7f) || (c >= 0x4e00 && c <= 0x9fff);
}

/* Single blanks between plain characters. @length: in characters. */
static gboolean
is_plain_text (const YlValue *value, gint64 *length)
{
  const char *end = value->bytes + value->length;
  gboolean blank = TRUE;

  if (!g_utf8_validate_len (value->bytes, value->length, NULL))
    return FALSE;
  *length = 0;
  for (const char *p = value->bytes; p < end; p = g_utf8_next_char (p), ++*length)
    {
      gunichar c = g_utf8_get_char (p);

      if (c == ' ' ? blank : !is_plain_character (c))
        return FALSE;
      blank = c == ' ';
    }
  return !blank;
}

static gboolean
is_code (const YlField *field, const YlValue *value)
{
  for (const YlCode *code = yl_codes (field->of); code != NULL && code->code != NULL; code++)
    if (strcmp (code->code, value->bytes) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
fits_text (const YlField *field, const YlValue *value)
{
  gint64 length;

  switch ((int) field->kind)
    {
    case YL_KIND_TEXT:
      return is_plain_text (value, &length) && length >= field->min && (field->max == 0 || length <= field->max);
    case YL_KIND_NOTE:
      return is_plain_text (value, &length) && (field->max == 0 || length <= field->max);
    case YL_KIND_CODE:
      return is_code (field, value);
    default:
      return FALSE;
    }
}

static gboolean
fits_integer (const YlField *field, gint64 integer)
{
  switch ((int) field->kind)
    {
    case YL_KIND_INTEGER:
      if (field->of != NULL)
        return FALSE;
      G_GNUC_FALLTHROUGH;
    case YL_KIND_MONEY:
    case YL_KIND_MINUTES:
    case YL_KIND_DEGREES:
      return integer >= field->min && (field->max == 0 || integer <= field->max);
    case YL_KIND_BOOLEAN:
      return integer == 0 || integer == 1;
    default:
      return FALSE;
    }
}

gboolean
yl_field_fits (const YlField *field, const YlValue *value)
{
  if (value->type == YL_VALUE_INTEGER)
    return fits_integer (field, value->integer);
  return value->type == YL_VALUE_TEXT && fits_text (field, value);
}
