/* sync: the exchange, once or for as long as it is watched. */
#include "base/yl-i18n.h"
#include "exchange/yl-sync.h"
#include "merge/yl-repair.h"
#include "yl-invocation.h"
#include "yl-log-output.h"
#include "yl-stop.h"

/* How many of its own records a sync looks through first: small copies as a whole, large ones a part each time. */
#define SELF_CHECK_RECORDS 10000
#define BATCH 1000

static gboolean
sync_with_hub (YlInvocation *invocation, YlStore *store, YlSyncReport *report, GError **error)
{
  const char *peer = yl_invocation_option (invocation, "peer");

  return yl_sync_run (store, peer, report, error)
         && (!yl_invocation_has (invocation, "history") || yl_sync_history (store, peer, error));
}

/* Nonsense from the other side is no mistake of the command line, so it must not end as one. */
static gboolean
run_sync (YlInvocation *invocation, YlStore *store, YlSyncReport *report, GError **error)
{
  const char *relay = yl_invocation_option (invocation, "with");
  g_autoptr (GError) local_error = NULL;

  if (relay != NULL ? yl_sync_run_with (store, relay, report, &local_error)
                    : sync_with_hub (invocation, store, report, &local_error))
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

static gboolean
print_report (YlInvocation *invocation, const YlSyncReport *report, GError **error)
{
  g_autoptr (YlOutput) output = yl_output_new ();

  if (!invocation->json && yl_invocation_has (invocation, "with"))
    {
      yl_output_line (output,
                      _ ("received %u, handed over %u change sets; what is not at head office yet goes on waiting"),
                      report->received, report->handed_over);
      return yl_output_flush (output, error);
    }
  if (!invocation->json)
    {
      yl_output_line (output, _ ("received %u, sent %u change sets; %s"), report->received, report->sent,
                      report->same_state ? _ ("both copies agree") : _ ("the other copy was already further on"));
      return yl_output_flush (output, error);
    }
  yl_output_begin_object (output, NULL);
  yl_output_integer (output, "received", report->received);
  yl_output_integer (output, "sent", report->sent);
  yl_output_integer (output, "handed_over", report->handed_over);
  yl_output_integer (output, "keys", report->keys);
  yl_output_integer (output, "chunks", report->chunks);
  yl_output_integer (output, "bytes_in", report->bytes_in);
  yl_output_integer (output, "bytes_out", report->bytes_out);
  yl_output_boolean (output, "same_state", report->same_state);
  yl_output_end_object (output);
  return yl_output_flush (output, error);
}

/* Watching: the live sync that an open window has. */

typedef struct
{
  YlStore *store;
  gboolean json;
  GMainLoop *loop;
  gint64 last;   /* local number of the last change set looked at */
  char *said;    /* how things stood when that was last said; NULL: not yet */
  GError *error; /* what ended the watch */
} Watch;

static void
watch_clear (Watch *watch)
{
  g_main_loop_unref (watch->loop);
  g_free (watch->said);
  g_clear_error (&watch->error);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Watch, watch_clear)

static const char *
state_word (YlSyncState state)
{
  switch (state)
    {
    case YL_SYNC_SYNCED:
      return "synced";
    case YL_SYNC_SENDING:
      return "sending";
    case YL_SYNC_OFFLINE:
      return "offline";
    case YL_SYNC_ALONE:
      break;
    }
  return "alone";
}

static YlOutput *
new_line (const Watch *watch)
{
  YlOutput *output = yl_output_new ();

  if (watch->json)
    yl_output_keep_to_one_line (output);
  return output;
}

static gboolean
say_state (Watch *watch, YlSync *sync, GError **error)
{
  const char *word = state_word (yl_sync_get_state (sync));
  g_autofree char *reason = yl_sync_get_error (sync);
  g_autofree char *line = reason == NULL ? g_strdup (word) : g_strdup_printf ("%s: %s", word, reason);
  g_autoptr (YlOutput) output = new_line (watch);

  if (g_strcmp0 (line, watch->said) == 0)
    return TRUE;
  if (watch->json)
    {
      yl_output_begin_object (output, NULL);
      yl_output_text (output, "state", word);
      yl_output_text (output, "reason", reason);
      yl_output_end_object (output);
    }
  else
    yl_output_line (output, "%s", line);
  g_free (watch->said);
  watch->said = g_steal_pointer (&line);
  return yl_output_flush (output, error);
}

/* One line, or with --json one object, for each change set that others wrote. */
static gboolean
say_rows (Watch *watch, GPtrArray *rows, GError **error)
{
  const char *own = yl_store_get_writer (watch->store);

  for (guint i = 0; i < rows->len; i++)
    {
      const YlEntryRow *row = rows->pdata[i];
      g_autoptr (YlOutput) output = new_line (watch);

      watch->last = row->n;
      if (!g_str_equal (row->writer, own)
          && (!yl_log_output_row (output, watch->store, row, watch->json, error) || !yl_output_flush (output, error)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
say_news (Watch *watch, GError **error)
{
  guint n;

  if (!yl_store_refresh (watch->store, error))
    return FALSE;
  do
    {
      g_autoptr (GPtrArray) rows = yl_log_since (watch->store, watch->last, BATCH, error);

      if (rows == NULL || !say_rows (watch, rows, error))
        return FALSE;
      n = rows->len;
    }
  while (n == BATCH);
  return TRUE;
}

static void
changed_cb (YlSync *sync, gpointer data)
{
  Watch *watch = data;

  if (watch->error == NULL && (!say_news (watch, &watch->error) || !say_state (watch, sync, &watch->error)))
    g_main_loop_quit (watch->loop);
}

static gboolean
watch_hub (YlInvocation *invocation, YlStore *store, GError **error)
{
  g_autoptr (YlSync) sync = yl_sync_new (yl_store_get_file (store));
  g_auto (Watch) watch = { .store = store,
                           .json = invocation->json,
                           .loop = g_main_loop_new (NULL, FALSE),
                           .last = yl_store_get_last_entry (store) };

  g_signal_connect (sync, "changed", G_CALLBACK (changed_cb), &watch);
  yl_sync_start (sync);
  yl_run_until_stopped (watch.loop);
  yl_sync_stop (sync);
  g_signal_handlers_disconnect_by_data (sync, &watch);
  if (watch.error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&watch.error));
  return FALSE;
}

static gboolean
check_options (YlInvocation *invocation, GError **error)
{
  const char *peer = yl_invocation_option (invocation, "peer");
  const char *relay = yl_invocation_option (invocation, "with");

  if ((peer != NULL) + (relay != NULL) + yl_invocation_has (invocation, "watch") > 1)
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID,
                           _ ("--peer, --with and --watch do not go together; give one of them"));
      return FALSE;
    }
  return (peer == NULL || check_url (peer, error)) && (relay == NULL || check_url (relay, error));
}

gboolean
yl_command_sync (YlInvocation *invocation, GError **error)
{
  g_autoptr (YlStore) store = NULL;
  YlSyncReport report = { 0 };

  if (!check_options (invocation, error))
    return FALSE;
  store = yl_invocation_open (invocation, error);
  if (store == NULL || !yl_store_self_check (store, SELF_CHECK_RECORDS, error))
    return FALSE;
  if (yl_invocation_has (invocation, "watch"))
    return watch_hub (invocation, store, error);
  return run_sync (invocation, store, &report, error) && print_report (invocation, &report, error);
}
