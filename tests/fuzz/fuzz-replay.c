/* Runs a fuzz target over every file of its corpus: what the fuzzers ever found stays found. */
#include <gio/gio.h>

#include "yl-fuzz.h"

static guint
replay (const char *dir)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) files = g_dir_open (dir, 0, &error);
  const char *name;
  guint n = 0;

  g_assert_no_error (error);
  while ((name = g_dir_read_name (files)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);
      g_autofree char *data = NULL;
      gsize length;

      g_assert_true (g_file_get_contents (path, &data, &length, NULL));
      g_test_message ("%s", name);
      LLVMFuzzerTestOneInput ((const guint8 *) data, length);
      n++;
    }
  return n;
}

static void
test_corpus (gconstpointer dir)
{
  LLVMFuzzerTestOneInput ((const guint8 *) "", 0);
  g_assert_cmpuint (replay (dir), >, 10);
}

int
main (int argc, char **argv)
{
  g_autofree char *path = NULL;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  path = g_strconcat ("/fuzz/", g_path_get_basename (argv[1]), NULL);
  g_test_add_data_func (path, argv[1], test_corpus);
  return g_test_run ();
}
