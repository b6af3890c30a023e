#include "matching/yl-match-wage.h"

#define DAYS_PER_MONTH 26
#define HOURS_PER_DAY 8
/* Above any wage; small enough to be turned into months and per cents within 64 bits. */
#define MAX_WAGE_FEN (G_GINT64_CONSTANT (1) << 40)

YlWageUnit
yl_wage_unit_from_code (const char *code)
{
  if (code == NULL)
    return YL_WAGE_NO_UNIT;
  if (g_str_equal (code, "hour"))
    return YL_WAGE_PER_HOUR;
  if (g_str_equal (code, "day"))
    return YL_WAGE_PER_DAY;
  if (g_str_equal (code, "month26") || g_str_equal (code, "month"))
    return YL_WAGE_PER_MONTH;
  return YL_WAGE_OTHER_UNIT;
}

gint64
yl_wage_per_month (gint64 wage, YlWageUnit unit)
{
  gint64 safe = MIN (wage, MAX_WAGE_FEN);

  if (wage < 0)
    return YL_NO_WAGE;
  switch (unit)
    {
    case YL_WAGE_PER_HOUR:
      return safe * HOURS_PER_DAY * DAYS_PER_MONTH;
    case YL_WAGE_PER_DAY:
      return safe * DAYS_PER_MONTH;
    case YL_WAGE_PER_MONTH:
      return safe;
    case YL_WAGE_NO_UNIT:
    case YL_WAGE_OTHER_UNIT:
      break;
    }
  return YL_NO_WAGE;
}
