#include "yl-pinyin.h"

#include <string.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#define MAX_UNITS 512

static UTransliterator *
open_transliterator (const char *rules)
{
  UChar id[64];
  UErrorCode status = U_ZERO_ERROR;
  UTransliterator *opened;

  u_uastrcpy (id, rules);
  opened = utrans_openU (id, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
  if (U_FAILURE (status))
    g_error ("ICU lacks the transliteration %s: %s", rules, u_errorName (status));
  return opened;
}

static char *
transliterate (UTransliterator *transliterator, const char *name)
{
  UChar units[MAX_UNITS];
  char reading[MAX_UNITS * 3];
  UErrorCode status = U_ZERO_ERROR;
  int32_t length, limit, reading_length;

  u_strFromUTF8 (units, MAX_UNITS, &length, name, -1, &status);
  limit = length;
  utrans_transUChars (transliterator, units, &length, MAX_UNITS, 0, &limit, &status);
  u_strToUTF8 (reading, sizeof reading, &reading_length, units, length, &status);
  /* Too long for a name: it has no reading, and is found by its characters. */
  return U_FAILURE (status) || status == U_STRING_NOT_TERMINATED_WARNING ? g_strdup ("") : g_strdup (reading);
}

char *
yl_pinyin_of_name (const char *name)
{
  static UTransliterator *as_name, *as_word;
  static gsize opened;
  g_autofree char *surname_first = NULL;
  g_autofree char *plain = NULL;

  if (g_once_init_enter (&opened))
    {
      as_name = open_transliterator ("Han-Latin/Names; Latin-ASCII; Lower");
      as_word = open_transliterator ("Han-Latin; Latin-ASCII; Lower");
      g_once_init_leave (&opened, 1);
    }
  surname_first = transliterate (as_name, name);
  plain = transliterate (as_word, name);
  if (strcmp (surname_first, plain) == 0)
    return g_steal_pointer (&surname_first);
  return g_strconcat (surname_first, " / ", plain, NULL);
}
