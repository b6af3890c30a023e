#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define YL_NO_WAGE ((gint64) -1)

/** YlWageUnit: what a wage is paid for. Hours, days of 8 hours and months of 26 days convert into each other. */
typedef enum
{
  YL_WAGE_NO_UNIT,
  YL_WAGE_PER_HOUR,
  YL_WAGE_PER_DAY,
  YL_WAGE_PER_MONTH, /* `month26` and `month`: both 26 working days */
  YL_WAGE_OTHER_UNIT,
} YlWageUnit;

/** yl_wage_unit_from_code: `hour`, `day`, `month26`, `month`. */
YlWageUnit yl_wage_unit_from_code (const char *code);
/** yl_wage_per_month: fen for 26 days of 8 hours; -1 where the unit does not convert. */
gint64 yl_wage_per_month (gint64 wage, YlWageUnit unit);

G_END_DECLS
