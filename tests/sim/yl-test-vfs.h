#pragma once

#include "yl-test-disk.h"

G_BEGIN_DECLS

/** yl_test_vfs_install: every SQLite file of this process is from now on on a YlTestDisk. Write-ahead logs work; one thread. */
void yl_test_vfs_install (void);

G_END_DECLS
