#pragma once

#include "yl-database.h"

G_BEGIN_DECLS

/** The file format's mark in the SQLite header: "YUEL". */
#define YL_STORE_MARK 0x5955454c

/** Key in meta that says that the state must be folded anew, because tables and columns were added. */
#define YL_MIGRATION_REBUILD "rebuild"

/** yl_migration_version: how many numbered SQL files this program knows, extensions of the catalogue included: its schema
 * version. */
int yl_migration_version (void);

/**
 * yl_migration_run: checks that the file is ours, then brings it to yl_migration_version(), one transaction per file of data/sql.
 * @create: the file is new and empty. Errors: YL_ERROR_CORRUPT (another program's file), YL_ERROR_NEWER.
 */
gboolean yl_migration_run (YlDatabase *database, gboolean create, GError **error);

G_END_DECLS
