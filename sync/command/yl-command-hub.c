/* hub: the other end of the exchange. */
#include "base/yl-i18n.h"
#include "hub/yl-hub.h"
#include "log/yl-log-door.h"
#include "yl-invocation.h"
#include "yl-output.h"
#include "yl-stop.h"

gboolean
yl_command_hub (YlInvocation *invocation, GError **error)
{
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  gboolean relay = yl_invocation_has (invocation, "relay");
  g_autoptr (YlHub) hub = store == NULL ? NULL : relay ? yl_hub_new_relay (store) : yl_hub_new (store);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autofree char *line = NULL;

  /* Where the file was put back, others see that in its new pen, before they agree with it on anything. */
  if (hub == NULL || !yl_log_keys_take_stock (store, error) || (!relay && !yl_log_renew_pen (store, error))
      || !yl_hub_listen (hub, yl_invocation_option (invocation, "listen"), error))
    return FALSE;
  line = g_strdup_printf ("listening on %s", yl_hub_get_url (hub));
  if (!yl_output_result (invocation->json, error, line, "url", yl_hub_get_url (hub), NULL))
    return FALSE;
  yl_run_until_stopped (loop);
  yl_hub_stop (hub);
  return TRUE;
}
