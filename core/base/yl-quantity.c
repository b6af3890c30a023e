#include "yl-quantity.h"

#include "yl-text.h"

#include <string.h>

gboolean
yl_integer_parse (const char *text, gint64 *integer)
{
  /* "+5" is fine for people, though not for the strict reader below. */
  return g_ascii_string_to_signed (text[0] == '+' && text[1] != '-' ? text + 1 : text, 10, G_MININT64, G_MAXINT64,
                                   integer, NULL);
}

/* A decimal number times 10^@places; digits beyond @places must be zeros unless @round. */
static gboolean
parse_scaled (const char *text, guint places, gboolean round, gint64 *scaled)
{
  gboolean negative = text[0] == '-';
  const char *p = text + (text[0] == '-' || text[0] == '+');
  guint digits = 0, fraction = 0;
  gint64 value = 0;

  for (gboolean after_point = FALSE; *p != '\0'; p++)
    {
      if (*p == '.' && !after_point)
        {
          after_point = TRUE;
          continue;
        }
      if (!g_ascii_isdigit (*p) || ++digits > 17)
        return FALSE;
      if (after_point && ++fraction > places)
        {
          if (!round && *p != '0')
            return FALSE;
          value += round && fraction == places + 1 && *p >= '5';
          continue;
        }
      value = value * 10 + (*p - '0');
    }
  if (digits == 0)
    return FALSE;
  for (; fraction < places; fraction++)
    if (__builtin_mul_overflow (value, 10, &value))
      return FALSE;
  *scaled = negative ? -value : value;
  return TRUE;
}

static gboolean
strip_suffix (char *text, const char *suffix)
{
  if (!g_str_has_suffix (text, suffix))
    return FALSE;
  text[strlen (text) - strlen (suffix)] = '\0';
  g_strchomp (text);
  return TRUE;
}

/* `6,800`: groups of three after the first comma. */
static gboolean
has_good_groups (const char *text)
{
  for (const char *comma = strchr (text, ','); comma != NULL; comma = strchr (comma + 1, ','))
    if (comma == text || strspn (comma + 1, "0123456789") != 3)
      return FALSE;
  return TRUE;
}

gboolean
yl_money_parse (const char *text, gint64 *fen)
{
  g_autofree char *number = g_strdup (text);
  g_autofree char *plain = NULL;
  gboolean yuan = strip_suffix (number, "元") || strip_suffix (number, "圆");

  if (g_str_has_prefix (number, "¥"))
    {
      memmove (number, number + strlen ("¥"), strlen (number + strlen ("¥")) + 1);
      g_strchug (number);
      yuan = TRUE;
    }
  if (!yuan)
    return yl_integer_parse (number, fen);
  if (!has_good_groups (number))
    return FALSE;
  plain = yl_text_remove (number, ",");
  return parse_scaled (plain, 2, FALSE, fen);
}

/* `1:30` */
static gboolean
parse_clock (const char *text, gint64 *minutes)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", 2);
  guint64 h, m;

  if (g_strv_length (parts) != 2 || strlen (parts[1]) != 2
      || !g_ascii_string_to_unsigned (parts[0], 10, 0, 9999, &h, NULL)
      || !g_ascii_string_to_unsigned (parts[1], 10, 0, 59, &m, NULL))
    return FALSE;
  *minutes = (gint64) (h * 60 + m);
  return TRUE;
}

gboolean
yl_minutes_parse (const char *text, gint64 *minutes)
{
  static const char *const minute_words[] = { "分钟", "分", "minutes", "min" };
  static const char *const hour_words[] = { "小时", "时", "hours", "h" };
  g_autofree char *rest = g_strdup (text);
  gint64 scaled = 0, extra = 0;
  const char *hours = NULL;
  gsize word = 0;

  if (strchr (rest, ':') != NULL)
    return parse_clock (rest, minutes);
  for (guint i = 0; i < G_N_ELEMENTS (minute_words); i++)
    if (strip_suffix (rest, minute_words[i]))
      break;
  for (guint i = 0; i < G_N_ELEMENTS (hour_words) && hours == NULL; i++)
    {
      hours = strstr (rest, hour_words[i]);
      word = strlen (hour_words[i]);
    }
  if (hours == NULL)
    return yl_integer_parse (rest, minutes);
  if (hours[word] != '\0' && (!yl_integer_parse (hours + word, &extra) || extra < 0))
    return FALSE;
  rest[hours - rest] = '\0';
  /* Hundredths of an hour are enough for 0.25 and 1.5. */
  if (!parse_scaled (g_strchomp (rest), 2, FALSE, &scaled) || scaled < 0 || scaled * 60 % 100 != 0)
    return FALSE;
  *minutes = scaled * 60 / 100 + extra;
  return TRUE;
}

gboolean
yl_degrees_parse (const char *text, gint64 *millionths)
{
  return parse_scaled (text, 6, TRUE, millionths);
}

char *
yl_degrees_format (gint64 millionths)
{
  guint64 size = millionths < 0 ? -(guint64) millionths : (guint64) millionths;
  g_autofree char *text = g_strdup_printf ("%s%" G_GUINT64_FORMAT ".%06d", millionths < 0 ? "-" : "", size / 1000000,
                                           (int) (size % 1000000));
  gsize length = strlen (text);

  while (text[length - 1] == '0')
    length--;
  if (text[length - 1] == '.')
    length--;
  return g_strndup (text, length);
}
