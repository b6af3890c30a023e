#pragma once

#include <glib.h>

/* Sentences people see: English in the code, Chinese in po/zh_CN.po. For .c files only. */
#define _(sentence) g_dgettext (GETTEXT_PACKAGE, sentence)
#define N_(sentence) (sentence)
