#include "yl-locale.h"

#include <libintl.h>
#include <locale.h>
#include <string.h>

static gboolean
runs_from_build_tree (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *build = g_path_get_dirname (YL_BUILD_LOCALE_DIR);

  return program != NULL && g_str_has_prefix (program, build) && G_IS_DIR_SEPARATOR (program[strlen (build)]);
}

void
yl_locale_init (void)
{
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, runs_from_build_tree () ? YL_BUILD_LOCALE_DIR : YL_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}
