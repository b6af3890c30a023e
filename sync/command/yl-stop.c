#include "yl-stop.h"

#include <glib-unix.h>

static gboolean
stop_cb (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_CONTINUE;
}

void
yl_run_until_stopped (GMainLoop *loop)
{
  guint interrupted = g_unix_signal_add (SIGINT, stop_cb, loop);
  guint terminated = g_unix_signal_add (SIGTERM, stop_cb, loop);

  g_main_loop_run (loop);
  g_source_remove (interrupted);
  g_source_remove (terminated);
}
