#include "yl-staff.h"

gboolean
yl_staff_check (YlStore *store, const YlRecord *before, YlRecord *after, GError **error)
{
  if (before == NULL && yl_record_is_null (after, "active"))
    yl_record_set_integer (after, "active", 1);
  return TRUE;
}
