#pragma once

#include "yl-store.h"

G_BEGIN_DECLS

/** yl_store_backup: a copy of the file as it is at one moment, in one file of its own; what is sealed in it stays sealed. Errors:
 * YL_ERROR_REFUSED where @file exists, YL_ERROR_FULL. Nothing is left of it on an error. */
gboolean yl_store_backup (YlStore *store, const char *file, GError **error);

/** YlBackupFacts: what a backup holds, read without opening it as a store. */
typedef struct
{
  char *scope;
  GStrv checkpoints; /* names of their refs */
} YlBackupFacts;
void yl_backup_facts_clear (YlBackupFacts *facts);
/** yl_backup_read: after SQLite's integrity check. Errors: YL_ERROR_CORRUPT, YL_ERROR_NOT_FOUND. */
gboolean yl_backup_read (const char *file, YlBackupFacts *facts, GError **error);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (YlBackupFacts, yl_backup_facts_clear)

G_END_DECLS
