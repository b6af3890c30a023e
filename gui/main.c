/* The program yuelai: the desk of a store. */
#include <libintl.h>
#include <locale.h>

#include "yl-application.h"

/* Translations lie beside an uninstalled program's build, else where they were installed. */
static void
set_language (void)
{
  const char *override = g_getenv ("YUELAI_LOCALE_DIR");
  const char *directory = override != NULL ? override : YL_LOCALE_DIR;

  if (override == NULL && g_file_test (YL_BUILD_LOCALE_DIR, G_FILE_TEST_IS_DIR))
    directory = YL_BUILD_LOCALE_DIR;
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, directory);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}

int
main (int argc, char **argv)
{
  g_autoptr (YlApplication) application = NULL;

  set_language ();
  application = yl_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
