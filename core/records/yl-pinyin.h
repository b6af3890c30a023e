#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * yl_pinyin_of_name: how a name is read, in small letters without tones: `zeng li`. A character that is read otherwise in
 * surnames than elsewhere gives both readings: `zeng li / ceng li`, so that a search finds either.
 */
char *yl_pinyin_of_name (const char *name);

G_END_DECLS
