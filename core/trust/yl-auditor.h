#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/*
 * Auditors: who may read the merge log from the hub with stock git. A name and a token; the file keeps a digest of the
 * token only. Local to head office's own file, as the hub is.
 */

/** yl_auditor_add: @name: 1 to 40 letters, digits, `-` or `_`. Returns: the token, shown once.
 * Errors: YL_ERROR_INVALID, YL_ERROR_REFUSED (not head office; the name is taken). */
char *yl_auditor_add (YlStore *store, const char *name, GError **error);
/** yl_auditor_remove: Errors: YL_ERROR_NOT_FOUND. */
gboolean yl_auditor_remove (YlStore *store, const char *name, GError **error);

typedef struct
{
  char *name;
  gint64 since; /* UTC ms */
} YlAuditor;
void yl_auditor_free (YlAuditor *auditor);
/** yl_auditor_list: by name (element-type YlAuditor). */
GPtrArray *yl_auditor_list (YlStore *store, GError **error);

/** yl_auditor_knows: whether @token is the one that was given out for @name. */
gboolean yl_auditor_knows (YlStore *store, const char *name, const char *token);

G_END_DECLS
