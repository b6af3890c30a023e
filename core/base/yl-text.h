#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** yl_text_to_half_width: full-width letters, digits, signs and blanks as ASCII, blanks around it gone. @text is UTF-8. */
char *yl_text_to_half_width (const char *text);

/** yl_text_squeeze: blanks (full-width ones too) around it gone, every run of blanks inside it one blank. */
char *yl_text_squeeze (const char *text);

/** yl_text_remove: @text without any of the ASCII characters of @unwanted. */
char *yl_text_remove (const char *text, const char *unwanted);

/** yl_text_excerpt: the first 40 characters, for sentences that quote what somebody typed. */
char *yl_text_excerpt (const char *text);

/** yl_text_distance: how many letters must be changed, added or dropped to make one short name the other (Levenshtein). */
guint yl_text_distance (const char *a, const char *b);

/** yl_text_split_list: the parts of a list typed with commas, semicolons or their Chinese forms, empty ones left out.
 * Returns: (element-type utf8) owned by the caller. */
GPtrArray *yl_text_split_list (const char *text);

G_END_DECLS
