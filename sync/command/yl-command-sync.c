/* sync, hub: the exchange, from both ends. */
#include <glib-unix.h>

#include "base/yl-i18n.h"
#include "exchange/yl-sync.h"
#include "hub/yl-hub.h"
#include "log/yl-merge-log.h"
#include "merge/yl-repair.h"
#include "yl-invocation.h"
#include "yl-output.h"

/* So long a sync looks through its own state first: small copies as a whole, large ones a part each time. */
#define SELF_CHECK_MS 200

/* Nonsense from the other side is no mistake of the command line, so it must not end as one. */
static gboolean
run_sync (YlStore *store, const char *peer, YlSyncReport *report, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (yl_sync_run (store, peer, report, &local_error))
    return TRUE;
  if (g_error_matches (local_error, YL_ERROR, YL_ERROR_INVALID))
    local_error->code = YL_ERROR_FAILED;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
check_url (const char *url, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  const char *scheme = uri != NULL ? g_uri_get_scheme (uri) : "";

  if (g_str_equal (scheme, "http") || g_str_equal (scheme, "https"))
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("%s is not a hub's address such as http://127.0.0.1:8470"), url);
  return FALSE;
}

gboolean
yl_command_sync (YlInvocation *invocation, GError **error)
{
  const char *peer = yl_invocation_option (invocation, "peer");
  g_autoptr (YlStore) store = NULL;
  g_autoptr (YlOutput) output = yl_output_new ();
  YlSyncReport report = { 0 };

  if (peer != NULL && !check_url (peer, error))
    return FALSE;
  store = yl_invocation_open (invocation, error);
  if (store == NULL || !yl_store_self_check (store, SELF_CHECK_MS, error) || !run_sync (store, peer, &report, error))
    return FALSE;
  if (!invocation->json)
    {
      yl_output_line (output, _ ("received %u, sent %u change sets; %s"), report.received, report.sent,
                      report.same_state ? _ ("both copies agree") : _ ("the other copy was already further on"));
      return yl_output_flush (output, error);
    }
  yl_output_begin_object (output, NULL);
  yl_output_integer (output, "received", report.received);
  yl_output_integer (output, "sent", report.sent);
  yl_output_integer (output, "keys", report.keys);
  yl_output_integer (output, "chunks", report.chunks);
  yl_output_integer (output, "bytes_in", report.bytes_in);
  yl_output_integer (output, "bytes_out", report.bytes_out);
  yl_output_boolean (output, "same_state", report.same_state);
  yl_output_end_object (output);
  return yl_output_flush (output, error);
}

static gboolean
stop_cb (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_CONTINUE;
}

gboolean
yl_command_hub (YlInvocation *invocation, GError **error)
{
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  g_autoptr (YlHub) hub = store != NULL ? yl_hub_new (store) : NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autofree char *line = NULL;
  guint sources[2];

  if (hub == NULL || !yl_log_keys_take_stock (store, error)
      || !yl_hub_listen (hub, yl_invocation_option (invocation, "listen"), error))
    return FALSE;
  sources[0] = g_unix_signal_add (SIGINT, stop_cb, loop);
  sources[1] = g_unix_signal_add (SIGTERM, stop_cb, loop);
  line = g_strdup_printf ("listening on %s", yl_hub_get_url (hub));
  if (yl_output_result (invocation->json, error, line, "url", yl_hub_get_url (hub), NULL))
    g_main_loop_run (loop);
  g_source_remove (sources[0]);
  g_source_remove (sources[1]);
  yl_hub_stop (hub);
  return error == NULL || *error == NULL;
}
