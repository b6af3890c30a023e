/* lock: what protects the keys of a store. */
#include "base/yl-i18n.h"
#include "seal/yl-lock.h"
#include "yl-invocation.h"
#include "yl-output.h"

static gboolean
read_kind (YlInvocation *invocation, YlLockKind *kind, GError **error)
{
  gboolean passphrase = yl_invocation_has (invocation, "passphrase");
  gboolean keyring = yl_invocation_has (invocation, "keyring");
  gboolean key_file = invocation->key_file != NULL;

  if (passphrase + keyring + key_file != 1)
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID,
                           _ ("lock needs one of --passphrase, --keyring and --key-file FILE"));
      return FALSE;
    }
  *kind = passphrase ? YL_LOCK_PASSPHRASE : keyring ? YL_LOCK_KEYRING : YL_LOCK_KEY_FILE;
  return TRUE;
}

gboolean
yl_command_lock (YlInvocation *invocation, GError **error)
{
  g_autoptr (YlStore) store = NULL;
  g_autofree char *line = NULL;
  YlLockKind kind;

  if (!read_kind (invocation, &kind, error))
    return FALSE;
  store = yl_invocation_open (invocation, error);
  if (store == NULL || !yl_lock_change (store, kind, invocation->key_file, error))
    return FALSE;
  line = g_strdup_printf (_ ("keys protected by %s"), yl_lock_describe (kind));
  return yl_output_result (invocation->json, error, line, "protection", yl_lock_kind_name (kind), NULL);
}
