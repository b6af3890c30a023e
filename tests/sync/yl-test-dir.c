#include "yl-test-dir.h"

#include <ftw.h>
#include <stdio.h>

char *
yl_test_dir_new (void)
{
  GError *error = NULL;
  char *dir = g_dir_make_tmp ("yuelai-test-XXXXXX", &error);

  g_assert_no_error (error);
  return dir;
}

static int
remove_one (const char *path, const struct stat *info, int kind, struct FTW *place)
{
  return remove (path);
}

void
yl_test_dir_free (char *dir)
{
  nftw (dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
  g_free (dir);
}

static int
run (const char *dir, const char *const *argv, const char *input, char **output)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_autoptr (GSubprocess) process = NULL;
  GError *error = NULL;

  g_subprocess_launcher_set_cwd (launcher, dir);
  process = g_subprocess_launcher_spawnv (launcher, argv, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, input != NULL ? input : "", NULL, output, NULL, &error);
  g_assert_no_error (error);
  return g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process) : -1;
}

char *
yl_test_run (const char *dir, const char *const *argv, const char *input)
{
  char *output = NULL;
  int status = run (dir, argv, input, &output);

  if (status != 0)
    g_test_message ("%s %s: exit %d: %s", argv[0], argv[1], status, output);
  g_assert_cmpint (status, ==, 0);
  return output;
}

int
yl_test_run_status (const char *dir, const char *const *argv, const char *input)
{
  g_autofree char *output = NULL;

  return run (dir, argv, input, &output);
}

char *
yl_test_write (const char *dir, const char *name, const char *text)
{
  char *path = g_build_filename (dir, name, NULL);
  GError *error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  return path;
}

char *
yl_test_read (const char *dir, const char *name)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  char *text = NULL;
  GError *error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}
