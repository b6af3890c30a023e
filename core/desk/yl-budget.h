#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gint64 from;      /* fen; 0 when only a limit was said */
  gint64 to;        /* fen */
  const char *unit; /* a wage_unit code */
} YlBudget;

/**
 * yl_budget_read: what people say they pay: `40-60 元/小时`, `5200`, `每月8000`, `1.2万/月`, `50 per hour`.
 * @unit: the wage_unit of the service, where nobody names one. Errors: YL_ERROR_INVALID.
 */
gboolean yl_budget_read (const char *text, const char *unit, YlBudget *budget, GError **error);

/** yl_budget_unit_for: how work of that job_type is usually paid. */
const char *yl_budget_unit_for (const char *job_type);

G_END_DECLS
