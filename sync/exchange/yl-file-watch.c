#include "exchange/yl-file-watch.h"

#define LOOK_SECONDS 2
#define BURST_MS 20

struct _YlFileWatch
{
  GFileMonitor *monitor; /* NULL where the file system has none */
  GSource *look;
  GSourceFunc func;
  gpointer data;
};

static void
changed_cb (GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event, gpointer data)
{
  YlFileWatch *watch = data;

  watch->func (watch->data);
}

static gboolean
look_cb (gpointer data)
{
  YlFileWatch *watch = data;

  watch->func (watch->data);
  return G_SOURCE_CONTINUE;
}

/* SQLite writes every commit into the file beside the store first. */
static GFileMonitor *
watch_log (const char *store_file, GMainContext *context)
{
  g_autofree char *path = g_strconcat (store_file, "-wal", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GFileMonitor *monitor;

  g_main_context_push_thread_default (context);
  monitor = g_file_monitor_file (file, G_FILE_MONITOR_NONE, NULL, NULL);
  g_main_context_pop_thread_default (context);
  if (monitor != NULL)
    g_file_monitor_set_rate_limit (monitor, BURST_MS);
  return monitor;
}

YlFileWatch *
yl_file_watch_new (const char *store_file, GMainContext *context, GSourceFunc func, gpointer data)
{
  YlFileWatch *watch = g_new0 (YlFileWatch, 1);

  watch->func = func;
  watch->data = data;
  watch->monitor = watch_log (store_file, context);
  if (watch->monitor != NULL)
    g_signal_connect (watch->monitor, "changed", G_CALLBACK (changed_cb), watch);
  watch->look = g_timeout_source_new_seconds (LOOK_SECONDS);
  g_source_set_callback (watch->look, look_cb, watch, NULL);
  g_source_attach (watch->look, context);
  return watch;
}

void
yl_file_watch_free (YlFileWatch *watch)
{
  if (watch->monitor != NULL)
    {
      g_signal_handlers_disconnect_by_data (watch->monitor, watch);
      g_file_monitor_cancel (watch->monitor);
      g_object_unref (watch->monitor);
    }
  g_source_destroy (watch->look);
  g_source_unref (watch->look);
  g_free (watch);
}
