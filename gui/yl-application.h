#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define YL_APPLICATION_ID "org.yuelai.Yuelai"

#define YL_TYPE_APPLICATION (yl_application_get_type ())
/** YlApplication: one window per process; `--store FILE`, else $YUELAI_STORE, else the file that was open last. */
G_DECLARE_FINAL_TYPE (YlApplication, yl_application, YL, APPLICATION, AdwApplication)

YlApplication *yl_application_new (void);

/** yl_application_remember_file: the store file to open next time. */
void yl_application_remember_file (const char *file);

G_END_DECLS
