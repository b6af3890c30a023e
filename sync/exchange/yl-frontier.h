#pragma once

#include <json-glib/json-glib.h>

#include "store/yl-entry.h"

G_BEGIN_DECLS

/*
 * A frontier says how far a copy has got: the last entry of every writer, sorted by writer (GArray of YlEntryName).
 * On the wire each is `writer:seq:id8`.
 */
#define YL_FRONTIER_MAX 4096

GArray *yl_frontier_new (void);
/** yl_frontier_find: the position of @writer, or NULL. */
const YlEntryName *yl_frontier_find (GArray *frontier, const char *writer);
/** yl_frontier_covers: whether a copy with this frontier has entry @seq of @writer. */
gboolean yl_frontier_covers (GArray *frontier, const char *writer, gint64 seq);
/** yl_frontier_contains: whether a copy with this frontier lacks nothing that one with @other has. */
gboolean yl_frontier_contains (GArray *frontier, GArray *other);
gboolean yl_frontier_equal (GArray *a, GArray *b);

char *yl_entry_name_format (const YlEntryName *name);
/** yl_entry_name_parse: exactly what yl_entry_name_format() writes. */
gboolean yl_entry_name_parse (const char *text, YlEntryName *name);

JsonArray *yl_frontier_to_json (GArray *frontier);
/** yl_frontier_from_json: Errors: YL_ERROR_INVALID (form, order). */
GArray *yl_frontier_from_json (JsonArray *array, GError **error);

G_END_DECLS
