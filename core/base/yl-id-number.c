#include "yl-id-number.h"

#include "yl-clock.h"

#include <string.h>

#define OLD_LENGTH 15
#define CHECKED_DIGITS 17

char
yl_id_number_check_character (const char *digits)
{
  static const int weights[CHECKED_DIGITS] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
  int sum = 0;

  for (int i = 0; i < CHECKED_DIGITS; i++)
    sum += (digits[i] - '0') * weights[i];
  return "10X98765432"[sum % 11];
}

/* The first two digits name a province (GB/T 2260). */
static gboolean
is_province (const char *number)
{
  static const char provinces[] = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 "
                                  "61 62 63 64 65 71 81 82 83 91 ";
  const char code[] = { number[0], number[1], ' ', '\0' };

  return strstr (provinces, code) != NULL;
}

static gboolean
parse_birth_day (const char *number, gint64 *day)
{
  g_autofree char *date = g_strdup_printf ("%.4s-%.2s-%.2s", number + 6, number + 10, number + 12);

  return yl_date_parse (date, day, NULL);
}

/* 15 digits: the century is left out of the birth date and there is no check character. */
static char *
upgrade (const char *old)
{
  g_autofree char *digits = g_strdup_printf ("%.6s19%s", old, old + 6);

  return g_strdup_printf ("%s%c", digits, yl_id_number_check_character (digits));
}

char *
yl_id_number_parse (const char *text)
{
  g_autofree char *number = g_ascii_strup (text, -1);
  gsize digits = strspn (number, "0123456789");
  gint64 birth_day;

  if (digits == OLD_LENGTH && number[digits] == '\0')
    {
      char *upgraded = upgrade (number);

      g_free (number);
      number = upgraded;
    }
  else if (strlen (number) != YL_ID_NUMBER_LENGTH || digits < CHECKED_DIGITS)
    return NULL;
  if (number[CHECKED_DIGITS] != yl_id_number_check_character (number) || !is_province (number)
      || !parse_birth_day (number, &birth_day))
    return NULL;
  return g_steal_pointer (&number);
}

gint64
yl_id_number_birth_day (const char *number)
{
  gint64 day = 0;

  if (!parse_birth_day (number, &day))
    g_assert_not_reached ();
  return day;
}

int
yl_id_number_sex (const char *number)
{
  return (number[16] - '0') % 2 == 1 ? 1 : 2;
}
