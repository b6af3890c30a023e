/* backup, backup verified, prune: what head office keeps off its machine, and what stores may therefore let go. */

#include <inttypes.h>

#include "base/yl-i18n.h"
#include "checkpoint/yl-checkpoint-horizon.h"
#include "log/yl-merge-log.h"
#include "store/yl-backup.h"
#include "yl-invocation.h"
#include "yl-output.h"

gboolean
yl_command_backup (YlInvocation *invocation, GError **error)
{
  const char *file = yl_invocation_argument (invocation, 0);
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  g_autofree char *line = g_strdup_printf (_ ("the whole file, checked, is in %s"), file);

  return store != NULL && yl_merge_log_append (store, error) && yl_store_backup (store, file, error)
         && yl_output_result (invocation->json, error, line, "file", file, NULL);
}

gboolean
yl_command_backup_verified (YlInvocation *invocation, GError **error)
{
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  gint64 number = store != NULL ? yl_horizon_verified (store, yl_invocation_argument (invocation, 0), error) : 0;
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, number);
  g_autofree char *line = g_strdup_printf (_ ("stores may now drop change sets behind checkpoint %" PRId64), number);

  return number > 0 && yl_output_result (invocation->json, error, line, "checkpoint", text, NULL);
}

gboolean
yl_command_prune (YlInvocation *invocation, GError **error)
{
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  g_autoptr (YlPeer) peer = NULL;
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;
  guint n = 0;

  if (store == NULL)
    return FALSE;
  if (yl_store_is_head_office (store))
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_REFUSED,
                           _ ("head office keeps the whole history: others are served from it"));
      return FALSE;
    }
  peer = yl_peer_new (store, yl_invocation_option (invocation, "peer"), error);
  if (peer == NULL || !yl_merge_log_append (store, error) || !yl_checkpoint_prune (store, peer, &n, error))
    return FALSE;
  text = g_strdup_printf ("%u", n);
  line = g_strdup_printf (_ ("%u old change sets dropped; head office has them"), n);
  return yl_output_result (invocation->json, error, line, "dropped", text, NULL);
}
