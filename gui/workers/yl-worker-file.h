#pragma once

#include <adwaita.h>

#include "yl-session.h"

G_BEGIN_DECLS

#define YL_TYPE_WORKER_FILE (yl_worker_file_get_type ())
/** YlWorkerFile: one worker: who she is, what she can, her papers, her week. */
G_DECLARE_FINAL_TYPE (YlWorkerFile, yl_worker_file, YL, WORKER_FILE, AdwBin)

void yl_worker_file_set_session (YlWorkerFile *file, YlSession *session);
/** yl_worker_file_show: @around: an instant (UTC ms) of the week to show; 0: this week. */
void yl_worker_file_show (YlWorkerFile *file, const char *worker, gint64 around);
/** yl_worker_file_refresh: shows the same worker as she is now. */
void yl_worker_file_refresh (YlWorkerFile *file);

G_END_DECLS
