#include "keyring/yl-keyring.h"

#include <libsecret/secret.h>
#include <sodium.h>
#include <string.h>

#include "base/yl-i18n.h"
#include "seal/yl-lock.h"

#define HEX_CHARS (2 * YL_LOCK_SECRET_BYTES)

static const SecretSchema schema = {
  .name = "org.yuelai.Yuelai.Store",
  .flags = SECRET_SCHEMA_NONE,
  .attributes = { { "protection", SECRET_SCHEMA_ATTRIBUTE_STRING } },
};

static gboolean
is_open (SecretService *service, SecretCollection *collection)
{
  GList *collections = collection != NULL ? g_list_append (NULL, collection) : NULL;
  gboolean open = collection != NULL
                  && (!secret_collection_get_locked (collection)
                      || secret_service_unlock_sync (service, collections, NULL, NULL, NULL) == 1);

  g_list_free (collections);
  return open;
}

/* A session bus with a Secret Service on it, running or to be started, whose default collection opens. */
static gboolean
is_there (void)
{
  g_autoptr (SecretService) service = NULL;
  g_autoptr (SecretCollection) collection = NULL;

  if (g_getenv ("DBUS_SESSION_BUS_ADDRESS") == NULL)
    return FALSE;
  service = secret_service_get_sync (SECRET_SERVICE_NONE, NULL, NULL);
  if (service == NULL)
    return FALSE;
  collection =
      secret_collection_for_alias_sync (service, SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE, NULL, NULL);
  return is_open (service, collection);
}

static void
set_refused (const char *why, GError **error)
{
  g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("the login's keyring does not open: %s"), why);
}

static gboolean
make (const char *name, const char *label, guint8 *secret, GError **error)
{
  g_autoptr (GError) local = NULL;
  char text[HEX_CHARS + 1];
  gboolean ok;

  randombytes_buf (secret, YL_LOCK_SECRET_BYTES);
  sodium_bin2hex (text, sizeof text, secret, YL_LOCK_SECRET_BYTES);
  ok = secret_password_store_sync (&schema, SECRET_COLLECTION_DEFAULT, label, text, NULL, &local, "protection", name,
                                   NULL);
  sodium_memzero (text, sizeof text);
  if (!ok)
    set_refused (local->message, error);
  return ok;
}

static gboolean
find (const char *name, guint8 *secret, GError **error)
{
  g_autoptr (GError) local = NULL;
  char *text = secret_password_lookup_nonpageable_sync (&schema, NULL, &local, "protection", name, NULL);
  gsize length = 0;
  gboolean ok = text != NULL && strlen (text) == HEX_CHARS
                && sodium_hex2bin (secret, YL_LOCK_SECRET_BYTES, text, HEX_CHARS, NULL, &length, NULL) == 0
                && length == YL_LOCK_SECRET_BYTES;

  secret_password_free (text);
  if (!ok)
    set_refused (local != NULL ? local->message : _ ("it holds no key for this store"), error);
  return ok;
}

static gboolean
forget (const char *name, GError **error)
{
  return secret_password_clear_sync (&schema, NULL, error, "protection", name, NULL);
}

void
yl_keyring_use (void)
{
  static const YlKeyring keyring = { is_there, make, find, forget };

  yl_lock_set_keyring (&keyring);
}
