/* The program yuelai: the desk of a store. */
#include "base/yl-locale.h"
#include "keyring/yl-keyring.h"
#include "trust/yl-marker.h"
#include "welcome/yl-passphrase-choice.h"
#include "yl-application.h"

int
main (int argc, char **argv)
{
  g_autoptr (YlApplication) application = NULL;

  yl_locale_init ();
  yl_marker_use (yl_marker_user_place ());
  yl_keyring_use ();
  yl_passphrase_use ();
  application = yl_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
