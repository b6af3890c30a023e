#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The words of yl-phrase.c: a cursor over normalised text (full-width forms narrowed, letters lower). */
typedef struct
{
  const char *at;
} YlScan;

/** YlScanWord: a word and what it stands for; a list ends with a word without text. */
typedef struct
{
  const char *text;
  int value;
} YlScanWord;

char *yl_scan_normalize (const char *text);
/** yl_scan_skip: passes blanks and punctuation that only separates. */
void yl_scan_skip (YlScan *scan);
/** yl_scan_take: passes @word if it stands here. A word of letters must end here, so that `mon` is not read in `months`. */
gboolean yl_scan_take (YlScan *scan, const char *word);
/** yl_scan_take_any: passes the first of @words that stands here; longer words come before their beginnings. */
gboolean yl_scan_take_any (YlScan *scan, const YlScanWord *words, int *value);
/** yl_scan_take_number: `12`, `十二`, `两`; at most four digits. @width: digits passed, 0 for Chinese numerals. */
gboolean yl_scan_take_number (YlScan *scan, int *value, int *width);

G_END_DECLS
