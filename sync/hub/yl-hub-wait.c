/* News without asking all the time: the call of a copy that has got as far as the hub is answered when there is more. */
#include "hub/yl-hub-private.h"

#include "exchange/yl-transport.h"

/** YlHubWait: one such call. */
struct _YlHubWait
{
  YlHub *hub; /* borrowed; owns the wait */
  YlHubReply reply;
  gpointer data;
  char writer[YL_WRITER_CHARS + 1];
  GArray *coverage; /* what the caller has */
  GSource *timeout;
};

void
yl_hub_wait_free (YlHubWait *wait)
{
  g_source_destroy (wait->timeout);
  g_source_unref (wait->timeout);
  g_array_unref (wait->coverage);
  g_free (wait);
}

/* Answers @wait if there is something for it, or @anyway. */
static void
answer (YlHubWait *wait, gboolean anyway)
{
  YlHub *hub = wait->hub;
  YlHubReply reply = wait->reply;
  gpointer data = wait->data;
  gboolean empty = TRUE;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = yl_hub_sync_answer (hub, wait->writer, wait->coverage, &empty, &error);

  if (body == NULL)
    g_debug ("a waiting call stays unanswered: %s", error->message);
  if (body == NULL || (empty && !anyway))
    return;
  g_ptr_array_remove_fast (hub->waits, wait);
  reply (YL_HUB_OK, YL_MEDIA_SYNC, body, data);
}

static gboolean
timeout_cb (gpointer data)
{
  answer (data, TRUE);
  return G_SOURCE_CONTINUE;
}

static gboolean
find_wait (YlHub *hub, gpointer data, guint *at)
{
  for (*at = 0; *at < hub->waits->len; (*at)++)
    if (((YlHubWait *) hub->waits->pdata[*at])->data == data)
      return TRUE;
  return FALSE;
}

gboolean
yl_hub_is_waiting (YlHub *hub, gpointer data)
{
  guint at;

  return find_wait (hub, data, &at);
}

void
yl_hub_hang_up (YlHub *hub, gpointer data)
{
  guint at;

  if (find_wait (hub, data, &at))
    g_ptr_array_remove_index_fast (hub->waits, at);
}

void
yl_hub_stop_waits (YlHub *hub)
{
  g_ptr_array_set_size (hub->waits, 0);
  g_clear_pointer (&hub->watch, yl_file_watch_free);
}

void
yl_hub_news (YlHub *hub)
{
  for (guint i = hub->waits->len; i > 0; i--)
    answer (hub->waits->pdata[i - 1], FALSE);
}

/* Other processes of head office write into the same file. */
static gboolean
look_cb (gpointer data)
{
  YlHub *hub = data;
  gint64 before = yl_store_get_last_entry (hub->store);

  if (hub->waits->len > 0 && yl_store_refresh (hub->store, NULL) && yl_store_get_last_entry (hub->store) > before)
    yl_hub_news (hub);
  return G_SOURCE_CONTINUE;
}

void
yl_hub_wait (YlHub *hub, const YlHubCall *call, GArray *coverage, guint seconds)
{
  YlHubWait *wait = g_new0 (YlHubWait, 1);

  wait->hub = hub;
  wait->reply = call->reply;
  wait->data = call->data;
  g_strlcpy (wait->writer, call->writer, sizeof wait->writer);
  wait->coverage = coverage;
  wait->timeout = g_timeout_source_new (seconds * 1000);
  g_source_set_callback (wait->timeout, timeout_cb, wait, NULL);
  g_source_attach (wait->timeout, hub->context);
  g_ptr_array_add (hub->waits, wait);
  if (hub->watch == NULL)
    hub->watch = yl_file_watch_new (yl_store_get_file (hub->store), hub->context, look_cb, hub);
}
