#pragma once

#include "yl-entry.h"

G_BEGIN_DECLS

/*
 * An entry as it is stored and sent (docs/formats.md, "Packed entry"): what cannot be worked out from its place in the log. Not in it are
 * `prev`, `format`, `scope`, `writer`, `seq`, `hlc`, `merged`, `authority` and `actor`, which stand beside it.
 */

/** yl_entry_pack: what yl_entry_unpack() makes the same message of, to the byte. */
GBytes *yl_entry_pack (const YlEntry *entry);

/**
 * yl_entry_unpack: fills @entry, in which everything that stands beside is set, and its message and id.
 * Errors: YL_ERROR_INVALID, YL_ERROR_NEWER (words or a form of a newer version).
 */
gboolean yl_entry_unpack (YlEntry *entry, gconstpointer data, gsize length, GError **error);

G_END_DECLS
