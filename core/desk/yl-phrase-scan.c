/* Words and numbers in what people type about times. */
#include "yl-phrase-scan.h"

#include <string.h>

char *
yl_scan_normalize (const char *text)
{
  g_autofree char *narrow = g_utf8_normalize (text, -1, G_NORMALIZE_ALL_COMPOSE);

  return narrow == NULL ? g_strdup ("") : g_utf8_strdown (narrow, -1);
}

void
yl_scan_skip (YlScan *scan)
{
  static const char separators[] = " \t\n,;.、,。;";

  while (*scan->at != '\0')
    {
      g_autofree char *character = g_strndup (scan->at, g_utf8_next_char (scan->at) - scan->at);
      if (strstr (separators, character) == NULL)
        return;
      scan->at = g_utf8_next_char (scan->at);
    }
}

gboolean
yl_scan_take (YlScan *scan, const char *word)
{
  gsize length = strlen (word);

  if (strncmp (scan->at, word, length) != 0)
    return FALSE;
  if (g_ascii_isalpha (word[length - 1]) && g_ascii_isalpha (scan->at[length]))
    return FALSE;
  scan->at += length;
  return TRUE;
}

gboolean
yl_scan_take_any (YlScan *scan, const YlScanWord *words, int *value)
{
  for (const YlScanWord *word = words; word->text != NULL; word++)
    if (yl_scan_take (scan, word->text))
      {
        *value = word->value;
        return TRUE;
      }
  return FALSE;
}

static gboolean
take_numeral (YlScan *scan, int *value)
{
  static const YlScanWord numerals[] = {
    { "一", 1 }, { "二", 2 }, { "两", 2 }, { "三", 3 }, { "四", 4 }, { "五", 5 },
    { "六", 6 }, { "七", 7 }, { "八", 8 }, { "九", 9 }, { NULL },
  };

  return yl_scan_take_any (scan, numerals, value);
}

gboolean
yl_scan_take_number (YlScan *scan, int *value, int *width)
{
  int tens = 1;
  int units = 0;

  for (*width = 0, *value = 0; *width < 4 && g_ascii_isdigit (*scan->at); (*width)++, scan->at++)
    *value = *value * 10 + (*scan->at - '0');
  if (*width > 0)
    return !g_ascii_isdigit (*scan->at);

  gboolean has_tens = take_numeral (scan, &tens);
  if (!yl_scan_take (scan, "十"))
    {
      *value = tens;
      return has_tens;
    }
  take_numeral (scan, &units);
  *value = tens * 10 + units;
  return TRUE;
}
