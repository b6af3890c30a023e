#include "yl-customer.h"

gboolean
yl_household_check (YlStore *store, const YlRecord *before, YlRecord *after, GError **error)
{
  return TRUE;
}

gboolean
yl_customer_check (YlStore *store, const YlRecord *before, YlRecord *after, GError **error)
{
  return TRUE;
}
