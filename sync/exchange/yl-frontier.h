#pragma once

#include <json-glib/json-glib.h>

#include "log/yl-entry.h"
#include "log/yl-varint.h"

G_BEGIN_DECLS

/*
 * A frontier says how far a copy has got: the last entry of every writer, and of every branch of one that forked, in the order
 * of names (GArray of YlEntryName).
 * On the wire each is `writer:seq:id8`.
 */
#define YL_FRONTIER_MAX 4096

GArray *yl_frontier_new (void);
gboolean yl_frontier_equal (GArray *a, GArray *b);

/** yl_frontier_append: binary: varint number, each: writer (8), varint sequence, first 8 bytes of the id. */
void yl_frontier_append (GByteArray *out, GArray *frontier);
/** yl_frontier_read: what that writes, strictly ascending, at most YL_FRONTIER_MAX; NULL for anything else. */
GArray *yl_frontier_read (YlVarintReader *reader);
/** yl_frontier_digest: the first 16 bytes of BLAKE2b-256 of the binary form. */
void yl_frontier_digest (GArray *frontier, guint8 *digest);

char *yl_entry_name_format (const YlEntryName *name);
/** yl_entry_name_parse: exactly what yl_entry_name_format() writes. */
gboolean yl_entry_name_parse (const char *text, YlEntryName *name);

JsonArray *yl_frontier_to_json (GArray *frontier);
/** yl_frontier_from_json: Errors: YL_ERROR_INVALID (form, order). */
GArray *yl_frontier_from_json (JsonArray *array, GError **error);

G_END_DECLS
