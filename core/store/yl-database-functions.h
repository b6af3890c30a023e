#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/*
 * yl_database_add_functions: what the store's SQL can call:
 * yl_id (text) is the 16 bytes of a record id, yl_uuid (blob) its text; yl_sum_add (a, b) adds two 128-bit sums.
 * All three give NULL for what has not that form.
 */
int yl_database_add_functions (sqlite3 *handle);

G_END_DECLS
