#include "yl-worker.h"

gboolean
yl_worker_check (YlStore *store, const YlRecord *before, YlRecord *after, GError **error)
{
  return TRUE;
}

gboolean
yl_availability_check (YlStore *store, const YlRecord *before, YlRecord *after, GError **error)
{
  return TRUE;
}
