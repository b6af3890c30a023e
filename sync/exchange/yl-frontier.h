#pragma once

#include <json-glib/json-glib.h>

#include "store/yl-entry.h"

G_BEGIN_DECLS

/*
 * A frontier says how far a copy has got: the last entry of every writer, and of every branch of one that forked, in the order
 * of names (GArray of YlEntryName).
 * On the wire each is `writer:seq:id8`.
 */
#define YL_FRONTIER_MAX 4096

GArray *yl_frontier_new (void);
gboolean yl_frontier_equal (GArray *a, GArray *b);

char *yl_entry_name_format (const YlEntryName *name);
/** yl_entry_name_parse: exactly what yl_entry_name_format() writes. */
gboolean yl_entry_name_parse (const char *text, YlEntryName *name);

JsonArray *yl_frontier_to_json (GArray *frontier);
/** yl_frontier_from_json: Errors: YL_ERROR_INVALID (form, order). */
GArray *yl_frontier_from_json (JsonArray *array, GError **error);

G_END_DECLS
