#pragma once

#include "merge/yl-merge-state.h"

G_BEGIN_DECLS

/*
 * What a copy stands on that does not have all of the log: the checkpoint whose entries it dropped, or never had. Repair and rebuild
 * fold on top of it. Core does not know how checkpoints are kept; who does says so once.
 */

typedef struct
{
  /* The standing versions of a record; @id NULL: of all records of all tables. */
  gboolean (*visit_state) (YlStore *store,
                           const char *table,
                           const char *id,
                           YlMergeVersionFunc func,
                           gpointer data,
                           GError **error);
  /* The facts of the authority chain. */
  gboolean (*visit_facts) (YlStore *store, YlMergeVersionFunc func, gpointer data, GError **error);
} YlBaseReader;

/** yl_base_set_reader: borrowed for the life of the program. */
void yl_base_set_reader (const YlBaseReader *reader);

/** yl_base_exists: whether this copy stands on a checkpoint. */
gboolean yl_base_exists (YlStore *store, gboolean *exists, GError **error);
/** yl_base_install: makes the state of a record, or of all (@table and @id NULL) with the facts, what the checkpoint says; in an open
 * transaction. Errors: YL_ERROR_MISSING where this program cannot read checkpoints. */
gboolean yl_base_install (YlStore *store, const char *table, const char *id, GError **error);
/** yl_base_install_into: all of it, from @store's checkpoint into another store that is empty (yl-replay.h). */
gboolean yl_base_install_into (YlStore *store, YlStore *into, GError **error);

G_END_DECLS
