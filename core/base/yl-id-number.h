#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Chinese ID numbers (GB 11643-1999): 6 digits of area, 8 of birth, 3 of order (odd = male), 1 check character. */
#define YL_ID_NUMBER_LENGTH 18

/** yl_id_number_check_character: for the first 17 digits, ISO 7064 MOD 11-2. */
char yl_id_number_check_character (const char *digits);

/**
 * yl_id_number_parse: the canonical 18 characters for @text (half-width, no blanks). An old number of 15 digits gets its
 * century and check character. NULL when length, province, birth date or check character is wrong.
 */
char *yl_id_number_parse (const char *text);

/* Of a canonical number. */
/** yl_id_number_birth_day: days since 1970-01-01. */
gint64 yl_id_number_birth_day (const char *number);
/** yl_id_number_sex: 1 male, 2 female (GB/T 2261.1). */
int yl_id_number_sex (const char *number);

G_END_DECLS
