#pragma once

#include "yl-table.h"

G_BEGIN_DECLS

/* yl_field_refuse: one sentence: which field, what was typed, what would fit. Returns FALSE. */
gboolean yl_field_refuse (const YlField *field, const char *text, const char *expected, GError **error);
/* yl_field_fits: whether a value is exactly what yl_field_parse() would make of its text, as far as a quick look tells: FALSE
 * says nothing. */
gboolean yl_field_fits (const YlField *field, const YlValue *value);

G_END_DECLS
