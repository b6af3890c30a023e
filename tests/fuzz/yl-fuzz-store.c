#include "yl-fuzz-store.h"

#include <glib/gstdio.h>

#include "trust/yl-company.h"

static char *folder;
static YlStore *store;

static void
remove_folder (void)
{
  g_autoptr (GDir) files = NULL;
  const char *name;

  g_clear_object (&store);
  files = g_dir_open (folder, 0, NULL);
  while (files != NULL && (name = g_dir_read_name (files)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

YlStore *
yl_fuzz_store (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *file = NULL;
  YlFounding founding = { "示例家政", "HQ", "http://127.0.0.1:1" };

  if (store != NULL)
    return store;
  folder = g_dir_make_tmp ("yuelai-fuzz-XXXXXX", &error);
  g_assert_no_error (error);
  file = g_build_filename (folder, "store", NULL);
  store = yl_store_found (file, &founding, &error);
  g_assert_no_error (error);
  atexit (remove_folder);
  return store;
}

const char *
yl_fuzz_file (void)
{
  static char *file;

  yl_fuzz_store ();
  if (file == NULL)
    file = g_build_filename (folder, "case", NULL);
  return file;
}
