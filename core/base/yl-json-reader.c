#include "yl-json-reader.h"

#include <string.h>

void
yl_json_reader_init (YlJsonReader *reader, const char *text)
{
  reader->at = text;
  reader->unescaped = NULL;
}

void
yl_json_reader_clear (YlJsonReader *reader)
{
  if (reader->unescaped != NULL)
    g_string_free (g_steal_pointer (&reader->unescaped), TRUE);
}

char
yl_json_next (YlJsonReader *reader)
{
  while (*reader->at == ' ' || *reader->at == '\t' || *reader->at == '\n' || *reader->at == '\r')
    reader->at++;
  return *reader->at;
}

static gboolean
take (YlJsonReader *reader, char byte)
{
  if (yl_json_next (reader) != byte)
    return FALSE;
  reader->at++;
  return TRUE;
}

gboolean
yl_json_begin (YlJsonReader *reader, char bracket)
{
  return take (reader, bracket);
}

/* A comma can stand only between two of them: the gate saw to that. */
gboolean
yl_json_more (YlJsonReader *reader, char bracket)
{
  if (take (reader, bracket))
    return FALSE;
  take (reader, ',');
  return TRUE;
}

static gunichar
read_code (const char *digits)
{
  gunichar code = 0;

  for (int i = 0; i < 4; i++)
    code = code << 4 | (gunichar) g_ascii_xdigit_value (digits[i]);
  return code;
}

static void
unescape_one (YlJsonReader *reader)
{
  static const char escapes[] = "\"\\/bfnrt";
  static const char meanings[] = "\"\\/\b\f\n\r\t";
  gunichar code;

  reader->at++;
  if (*reader->at != 'u')
    {
      g_string_append_c (reader->unescaped, meanings[strchr (escapes, *reader->at) - escapes]);
      reader->at++;
      return;
    }
  code = read_code (reader->at + 1);
  reader->at += 5;
  if (code >= 0xd800 && code < 0xdc00)
    {
      code = 0x10000 + ((code - 0xd800) << 10) + (read_code (reader->at + 2) - 0xdc00);
      reader->at += 6;
    }
  g_string_append_unichar (reader->unescaped, code);
}

static void
unescape (YlJsonReader *reader, const char *start, YlJsonString *string)
{
  if (reader->unescaped == NULL)
    reader->unescaped = g_string_new (NULL);
  g_string_truncate (reader->unescaped, 0);
  for (reader->at = start; *reader->at != '"';)
    {
      gsize plain = strcspn (reader->at, "\\\"");

      g_string_append_len (reader->unescaped, reader->at, (gssize) plain);
      reader->at += plain;
      if (*reader->at == '\\')
        unescape_one (reader);
    }
  string->text = reader->unescaped->str;
  string->length = reader->unescaped->len;
}

gboolean
yl_json_string (YlJsonReader *reader, YlJsonString *string)
{
  const char *start;

  if (!take (reader, '"'))
    return FALSE;
  start = reader->at;
  while (*reader->at != '"' && *reader->at != '\\')
    reader->at++;
  string->text = start;
  string->length = (gsize) (reader->at - start);
  if (*reader->at == '\\')
    unescape (reader, start, string);
  reader->at++;
  return TRUE;
}

void
yl_json_name (YlJsonReader *reader, YlJsonString *name)
{
  yl_json_string (reader, name);
  take (reader, ':');
}

gboolean
yl_json_integer (YlJsonReader *reader, gint64 *integer)
{
  gboolean negative = take (reader, '-');
  guint64 value = 0;

  if (!g_ascii_isdigit (yl_json_next (reader)))
    return FALSE;
  for (; g_ascii_isdigit (*reader->at); reader->at++)
    value = value * 10 + (guint64) (*reader->at - '0');
  *integer = (gint64) (negative ? -value : value);
  return TRUE;
}

static gboolean
take_word (YlJsonReader *reader, const char *word)
{
  yl_json_next (reader);
  if (strncmp (reader->at, word, strlen (word)) != 0)
    return FALSE;
  reader->at += strlen (word);
  return TRUE;
}

gboolean
yl_json_null (YlJsonReader *reader)
{
  return take_word (reader, "null");
}

gboolean
yl_json_string_is (const YlJsonString *string, const char *text)
{
  return strlen (text) == string->length && memcmp (string->text, text, string->length) == 0;
}

/* Brackets are balanced, so counting them is enough. */
void
yl_json_skip (YlJsonReader *reader)
{
  YlJsonString string;
  guint depth = 0;

  do
    {
      char next = yl_json_next (reader);

      if (next == '"')
        {
          yl_json_string (reader, &string);
          continue;
        }
      if (next == '{' || next == '[')
        depth++;
      else if (next == '}' || next == ']')
        depth--;
      reader->at += next == '{' || next == '[' || next == '}' || next == ']' || next == ',' || next == ':'
                        ? 1
                        : strcspn (reader->at, "{}[],: \t\r\n\"");
    }
  while (depth > 0);
}
