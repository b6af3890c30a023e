/* Compiled into every C test: a keyring of the process with one fixed secret, so that stores need no login to be made and keep no
 * cache. */
#include <string.h>

#include "seal/yl-lock.h"
#include "seal/yl-plain-cache.h"

static gboolean
is_there (void)
{
  return TRUE;
}

static gboolean
make (const char *name, const char *label, guint8 *secret, GError **error)
{
  memset (secret, 'k', YL_LOCK_SECRET_BYTES);
  return TRUE;
}

static gboolean
find (const char *name, guint8 *secret, GError **error)
{
  return make (name, NULL, secret, error);
}

static gboolean
forget (const char *name, GError **error)
{
  return TRUE;
}

static const YlKeyring keyring = { is_there, make, find, forget };

__attribute__ ((constructor)) static void
use_keyring (void)
{
  yl_lock_set_keyring (&keyring);
  yl_plain_cache_set_folder ("");
}
