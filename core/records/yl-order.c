#include "yl-order.h"

gboolean
yl_order_check (YlStore *store, const YlRecord *before, YlRecord *after, GError **error)
{
  return TRUE;
}
