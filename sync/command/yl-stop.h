#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** yl_run_until_stopped: runs @loop until it is quit, or somebody interrupts or terminates the program. */
void yl_run_until_stopped (GMainLoop *loop);

G_END_DECLS
