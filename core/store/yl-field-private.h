#pragma once

#include "yl-table.h"

G_BEGIN_DECLS

/* yl_field_refuse: one sentence: which field, what was typed, what would fit. Returns FALSE. */
gboolean yl_field_refuse (const YlField *field, const char *text, const char *expected, GError **error);

G_END_DECLS
