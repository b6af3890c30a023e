#include "yl-error.h"

G_DEFINE_QUARK (yl - error - quark, yl_error)
