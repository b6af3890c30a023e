#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Words that packed entries have numbers for: names of tables and columns, codes, parts of sentences (data/words). The list only ever
 * grows at its end, so a number means the same word in every version.
 */
#define YL_WORDS_VERSION 1

/** yl_words_find: the number of a word, or -1. */
int yl_words_find (const char *text, gsize length);
/** yl_words_get: NULL for a number of a newer version. */
const char *yl_words_get (guint64 number);

G_END_DECLS
