#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A temporary folder and the stock programs a test runs in it. */

char *yl_test_dir_new (void);
/** yl_test_dir_free: removes the folder with all it holds. */
void yl_test_dir_free (char *dir);

/** yl_test_run: runs @argv in @dir with @input (or NULL) and fails the test unless it exits with 0. Returns its output. */
char *yl_test_run (const char *dir, const char *const *argv, const char *input);
/** yl_test_run_status: the same with any exit status, which it returns; the output is dropped. */
int yl_test_run_status (const char *dir, const char *const *argv, const char *input);

/** yl_test_write: puts @text into a file of @dir. Returns its path. */
char *yl_test_write (const char *dir, const char *name, const char *text);
char *yl_test_read (const char *dir, const char *name);

typedef char YlTestDir;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlTestDir, yl_test_dir_free)

G_END_DECLS
