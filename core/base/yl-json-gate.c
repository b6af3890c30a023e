#include "yl-json-gate.h"

#include <string.h>

#include "yl-error.h"

/* Names of all objects open at one moment; more is refused. Bounds the work of comparing them. */
#define MAX_OPEN_NAMES 1024

typedef struct
{
  const guint8 *start;
  const guint8 *at;
  const guint8 *end;
  const guint8 *names[MAX_OPEN_NAMES]; /* first byte after the opening quote */
  guint n_names;
  guint depth;
} Gate;

static gboolean read_value (Gate *gate);

static void
skip_blanks (Gate *gate)
{
  while (gate->at < gate->end && (*gate->at == ' ' || *gate->at == '\t' || *gate->at == '\n' || *gate->at == '\r'))
    gate->at++;
}

static gboolean
take (Gate *gate, char byte)
{
  if (gate->at == gate->end || *gate->at != (guint8) byte)
    return FALSE;
  gate->at++;
  return TRUE;
}

static gboolean
take_word (Gate *gate, const char *word)
{
  gsize length = strlen (word);

  if ((gsize) (gate->end - gate->at) < length || memcmp (gate->at, word, length) != 0)
    return FALSE;
  gate->at += length;
  return TRUE;
}

static int
hex_value (const guint8 *digits)
{
  int value = 0;

  for (int i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value ((char) digits[i]);

      if (digit < 0)
        return -1;
      value = value << 4 | digit;
    }
  return value;
}

/* One character of a string that has been checked, unescaped; surrogate halves come singly, which compares as well. */
static gunichar
next_character (const guint8 **at)
{
  static const char escapes[] = "\"\\/bfnrt";
  static const char meanings[] = "\"\\/\b\f\n\r\t";
  gunichar character;

  if (**at != '\\')
    {
      character = g_utf8_get_char ((const char *) *at);
      *at = (const guint8 *) g_utf8_next_char ((const char *) *at);
      return character;
    }
  if ((*at)[1] == 'u')
    {
      character = (gunichar) hex_value (*at + 2);
      *at += 6;
      if (character >= 0xd800 && character < 0xdc00)
        {
          character = 0x10000 + ((character - 0xd800) << 10) + ((gunichar) hex_value (*at + 2) - 0xdc00);
          *at += 6;
        }
      return character;
    }
  character = (gunichar) meanings[strchr (escapes, (*at)[1]) - escapes];
  *at += 2;
  return character;
}

static gboolean
same_name (const guint8 *a, const guint8 *b)
{
  /* Up to the first escape bytes tell as well. */
  while (*a == *b && *a != '"' && *a != '\\')
    a++, b++;
  if (*a != '\\' && *b != '\\')
    return *a == *b;
  while (*a != '"' && *b != '"')
    if (next_character (&a) != next_character (&b))
      return FALSE;
  return *a == *b;
}

static gboolean
read_unicode_escape (Gate *gate)
{
  int first, second;

  if (gate->end - gate->at < 4)
    return FALSE;
  first = hex_value (gate->at);
  if (first <= 0 || (first >= 0xdc00 && first < 0xe000))
    return FALSE;
  gate->at += 4;
  if (first < 0xd800 || first >= 0xdc00)
    return TRUE;
  if (gate->end - gate->at < 6 || gate->at[0] != '\\' || gate->at[1] != 'u')
    return FALSE;
  second = hex_value (gate->at + 2);
  gate->at += 6;
  return second >= 0xdc00 && second < 0xe000;
}

static gboolean
read_escape (Gate *gate)
{
  guint8 kind;

  if (gate->at == gate->end)
    return FALSE;
  kind = *gate->at++;
  return kind == 'u' ? read_unicode_escape (gate) : kind != '\0' && strchr ("\"\\/bfnrt", kind) != NULL;
}

/* UTF-8 as a whole was checked before, so bytes above 0x7f pass. */
static gboolean
read_string (Gate *gate)
{
  if (!take (gate, '"'))
    return FALSE;
  while (gate->at < gate->end)
    {
      guint8 byte = *gate->at++;

      if (byte == '"')
        return TRUE;
      if (byte < 0x20 || (byte == '\\' && !read_escape (gate)))
        return FALSE;
    }
  return FALSE;
}

static gboolean
read_integer (Gate *gate)
{
  gboolean negative = take (gate, '-');
  guint64 limit = negative ? (guint64) G_MAXINT64 + 1 : G_MAXINT64;
  guint64 value = 0;
  const guint8 *first = gate->at;

  while (gate->at < gate->end && g_ascii_isdigit (*gate->at))
    {
      guint digit = *gate->at++ - '0';

      if (value > (limit - digit) / 10)
        return FALSE;
      value = value * 10 + digit;
    }
  if (gate->at == first || (*first == '0' && gate->at - first > 1))
    return FALSE;
  return gate->at == gate->end || strchr (".eE", *gate->at) == NULL || *gate->at == '\0';
}

static gboolean
read_name (Gate *gate, guint first_name)
{
  const guint8 *name = gate->at + 1;

  if (gate->n_names == MAX_OPEN_NAMES || !read_string (gate))
    return FALSE;
  for (guint i = first_name; i < gate->n_names; i++)
    if (same_name (gate->names[i], name))
      return FALSE;
  gate->names[gate->n_names++] = name;
  return TRUE;
}

static gboolean
read_members (Gate *gate)
{
  guint first_name = gate->n_names;

  skip_blanks (gate);
  if (take (gate, '}'))
    return TRUE;
  do
    {
      skip_blanks (gate);
      if (!read_name (gate, first_name))
        return FALSE;
      skip_blanks (gate);
      if (!take (gate, ':') || !read_value (gate))
        return FALSE;
      skip_blanks (gate);
    }
  while (take (gate, ','));
  gate->n_names = first_name;
  return take (gate, '}');
}

static gboolean
read_elements (Gate *gate)
{
  skip_blanks (gate);
  if (take (gate, ']'))
    return TRUE;
  do
    {
      if (!read_value (gate))
        return FALSE;
      skip_blanks (gate);
    }
  while (take (gate, ','));
  return take (gate, ']');
}

static gboolean
read_nested (Gate *gate)
{
  gboolean ok;

  if (gate->depth == YL_JSON_MAX_DEPTH)
    return FALSE;
  gate->depth++;
  ok = *gate->at++ == '{' ? read_members (gate) : read_elements (gate);
  gate->depth--;
  return ok;
}

static gboolean
read_value (Gate *gate)
{
  skip_blanks (gate);
  if (gate->at == gate->end)
    return FALSE;
  switch (*gate->at)
    {
    case '{':
    case '[':
      return read_nested (gate);
    case '"':
      return read_string (gate);
    case 't':
      return take_word (gate, "true");
    case 'f':
      return take_word (gate, "false");
    case 'n':
      return take_word (gate, "null");
    default:
      return read_integer (gate);
    }
}

gboolean
yl_json_gate (const char *text, gsize length, GError **error)
{
  Gate gate;
  const char *bad = text;

  gate.start = gate.at = (const guint8 *) text;
  gate.end = gate.start + length;
  gate.n_names = 0;
  gate.depth = 0;
  if (g_utf8_validate_len (text, length, &bad))
    {
      if (read_value (&gate))
        {
          skip_blanks (&gate);
          if (gate.at == gate.end)
            return TRUE;
        }
      bad = (const char *) gate.at;
    }
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID, "not acceptable JSON at byte %" G_GSIZE_FORMAT, (gsize) (bad - text));
  return FALSE;
}
