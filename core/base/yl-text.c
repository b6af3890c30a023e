#include "yl-text.h"

#include <string.h>

#define EXCERPT_CHARACTERS 40

static gunichar
half_width (gunichar c)
{
  if (c >= 0xff01 && c <= 0xff5e)
    return c - 0xfee0;
  if (c == 0x3000 || c == 0x00a0)
    return ' ';
  return c == 0xffe5 ? 0x00a5 : c;
}

char *
yl_text_to_half_width (const char *text)
{
  GString *narrow = g_string_sized_new (strlen (text) + 1);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    g_string_append_unichar (narrow, half_width (g_utf8_get_char (p)));
  return g_strstrip (g_string_free (narrow, FALSE));
}

char *
yl_text_squeeze (const char *text)
{
  GString *squeezed = g_string_sized_new (strlen (text) + 1);
  gboolean blank = FALSE;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == ' ' || c == '\t' || c == 0x3000 || c == 0x00a0)
        {
          blank = TRUE;
          continue;
        }
      if (blank && squeezed->len > 0)
        g_string_append_c (squeezed, ' ');
      blank = FALSE;
      g_string_append_unichar (squeezed, c);
    }
  return g_string_free (squeezed, FALSE);
}

char *
yl_text_remove (const char *text, const char *unwanted)
{
  GString *kept = g_string_sized_new (strlen (text) + 1);

  for (const char *p = text; *p != '\0'; p++)
    if (strchr (unwanted, *p) == NULL)
      g_string_append_c (kept, *p);
  return g_string_free (kept, FALSE);
}

char *
yl_text_excerpt (const char *text)
{
  if (g_utf8_strlen (text, -1) <= EXCERPT_CHARACTERS)
    return g_strdup (text);
  return g_strndup (text, g_utf8_offset_to_pointer (text, EXCERPT_CHARACTERS) - text);
}

guint
yl_text_distance (const char *a, const char *b)
{
  guint row[64];
  gsize length = strlen (b);

  if (length >= G_N_ELEMENTS (row))
    return G_MAXUINT;
  for (guint j = 0; j <= length; j++)
    row[j] = j;
  for (guint i = 1; a[i - 1] != '\0'; i++)
    {
      guint diagonal = row[0];

      row[0] = i;
      for (guint j = 1; j <= length; j++)
        {
          guint above = row[j];

          row[j] = MIN (MIN (row[j], row[j - 1]) + 1, diagonal + (a[i - 1] != b[j - 1]));
          diagonal = above;
        }
    }
  return row[length];
}

GPtrArray *
yl_text_split_list (const char *text)
{
  g_auto (GStrv) parts = NULL;
  g_autoptr (GString) list = g_string_new (text);
  GPtrArray *elements = g_ptr_array_new_with_free_func (g_free);

  g_string_replace (list, "、", ",", 0);
  g_string_replace (list, "，", ",", 0);
  g_string_replace (list, "；", ",", 0);
  g_string_replace (list, ";", ",", 0);
  parts = g_strsplit (list->str, ",", -1);
  for (char **part = parts; *part != NULL; part++)
    if (*g_strstrip (*part) != '\0')
      g_ptr_array_add (elements, g_strdup (*part));
  return elements;
}
