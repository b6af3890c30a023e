#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/*
 * Rotation: a new epoch of a person's keys. What is written from then on is sealed under keys that whoever was turned out never gets; what
 * was written before stays readable to whoever had the old ones, and nothing can call those back.
 */

/** yl_rotate_reach: persons whose keys the node that writes as @writer has or may have (element-type char *). */
GPtrArray *yl_rotate_reach (YlStore *store, const char *writer, GError **error);
/** yl_rotate_keys: begins a new epoch for each of @persons (of char *), many in one change set. Those erased are left out.
 * @cause: a code of `rotation_cause`. @n_rotated: how many. Errors: YL_ERROR_REFUSED (not head office). */
gboolean yl_rotate_keys (YlStore *store, GPtrArray *persons, const char *cause, guint *n_rotated, GError **error);

G_END_DECLS
