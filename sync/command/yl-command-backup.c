/* backup, backup verified, prune: what head office keeps off its machine, and what stores may therefore let go. */

#include <inttypes.h>

#include "base/yl-i18n.h"
#include "checkpoint/yl-checkpoint-horizon.h"
#include "log/yl-merge-log.h"
#include "log/yl-prune.h"
#include "store/yl-backup.h"
#include "yl-invocation.h"
#include "yl-output.h"

#define LIMIT_MAX 1000000

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

static gboolean
read_limit (YlInvocation *invocation, const char *option, gint64 *limit, GError **error)
{
  const char *text = yl_invocation_option (invocation, option);

  if (text == NULL || g_ascii_string_to_signed (text, 10, 0, LIMIT_MAX, limit, NULL))
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("--%s takes a number from 0 to %d, not “%s”"), option, LIMIT_MAX,
               text);
  return FALSE;
}

static gboolean
set_limits (YlInvocation *invocation, YlStore *store, GError **error)
{
  YlPruneLimits limits;
  g_autofree char *mib = NULL;
  g_autofree char *days = NULL;
  g_autofree char *line = NULL;

  yl_prune_get_limits (store, &limits);
  if (!read_limit (invocation, "over", &limits.mib, error) || !read_limit (invocation, "older", &limits.days, error)
      || !yl_prune_set_limits (store, &limits, error))
    return FALSE;
  mib = g_strdup_printf ("%" PRId64, limits.mib);
  days = g_strdup_printf ("%" PRId64, limits.days);
  line = g_strdup_printf (_ ("drops old change sets by itself over %s MiB or after %s days (0: never)"), mib, days);
  return yl_output_result (invocation->json, error, line, "over", mib, "older", days, NULL);
}

static gboolean
prune_now (YlInvocation *invocation, YlStore *store, GError **error)
{
  g_autoptr (YlPeer) peer = yl_peer_new (store, yl_invocation_option (invocation, "peer"), error);
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;
  guint n = 0;

  if (peer == NULL || !yl_merge_log_append (store, error) || !yl_checkpoint_prune (store, peer, &n, error))
    return FALSE;
  text = g_strdup_printf ("%u", n);
  line = g_strdup_printf (_ ("%u old change sets dropped; head office has them"), n);
  return yl_output_result (invocation->json, error, line, "dropped", text, NULL);
}

gboolean
yl_command_prune (YlInvocation *invocation, GError **error)
{
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);

  if (store == NULL)
    return FALSE;
  if (yl_store_is_head_office (store))
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_REFUSED,
                           _ ("head office keeps the whole history: others are served from it"));
      return FALSE;
    }
  if (yl_invocation_option (invocation, "over") != NULL || yl_invocation_option (invocation, "older") != NULL)
    return set_limits (invocation, store, error);
  return prune_now (invocation, store, error);
}
