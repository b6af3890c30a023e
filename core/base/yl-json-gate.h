#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define YL_JSON_MAX_DEPTH 32

/**
 * yl_json_gate: the one gate for JSON from outside, before json-glib reads it (which is unsafe on hostile input).
 * Accepts exactly RFC 8259 text in UTF-8, depth <= 32, no duplicate names in an object (compared after unescaping),
 * no \u0000, numbers that are integers within int64. One pass, no allocation.
 * Errors: YL_ERROR_INVALID, naming the byte offset.
 */
gboolean yl_json_gate (const char *text, gsize length, GError **error);

G_END_DECLS
