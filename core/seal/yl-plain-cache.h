#pragma once

#include "yl-plain.h"

G_BEGIN_DECLS

/*
 * The plain side saved between two openings, sealed under a key that follows from the store key (docs/formats.md, "Cache of the
 * plain side"). It lives in the cache folder of the login, never beside the store, so that no backup takes it along. It only
 * saves time: whatever is wrong with it, it is passed over and the plain side filled anew.
 */

/* Rows written that make saving worth while: reading so few costs less than a file. */
#define YL_PLAIN_WORTH_SAVING 256

/** yl_plain_cache_set_folder: for this process, before any store is opened; "" saves nothing. Without it: the login's cache folder. */
void yl_plain_cache_set_folder (const char *folder);
/** yl_plain_cache_load: takes the saved plain side in and brings it up to date. FALSE: there is none that fits. */
gboolean yl_plain_cache_load (YlStore *store);
/** yl_plain_cache_save: saves it if at least @n_rows were written since the last time. Not inside a transaction. */
void yl_plain_cache_save (YlStore *store, guint n_rows);
void yl_plain_cache_remove (YlStore *store);

G_END_DECLS
