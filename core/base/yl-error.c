#include "yl-error.h"

GQuark
yl_error_quark (void)
{
  return g_quark_from_static_string ("yl-error-quark");
}
