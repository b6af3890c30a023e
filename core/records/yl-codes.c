#include "yl-codes.h"

#include "yl-code-lists.h"

#include <locale.h>
#include <string.h>

const YlCode *
yl_codes (const char *list)
{
  static const YlCodeList *const all[] = { yl_worker_code_lists, yl_order_code_lists, yl_people_code_lists,
                                           yl_attachment_code_lists };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    for (const YlCodeList *candidate = all[i]; candidate->name != NULL; candidate++)
      if (strcmp (candidate->name, list) == 0)
        return candidate->codes;
  return NULL;
}

static gboolean
has_word (const char *words, const char *text)
{
  gsize length = strlen (text);

  if (length == 0)
    return FALSE;
  for (const char *word = words; word != NULL && *word != '\0';)
    {
      gsize word_length = strcspn (word, " ");

      if (word_length == length && strncmp (word, text, length) == 0)
        return TRUE;
      word += word_length;
      word += strspn (word, " ");
    }
  return FALSE;
}

const YlCode *
yl_code_find (const char *list, const char *text)
{
  const YlCode *codes = yl_codes (list);

  if (codes == NULL)
    return NULL;
  /* A code wins over another code's label: "other" is what it says. */
  for (const YlCode *code = codes; code->code != NULL; code++)
    if (strcmp (code->code, text) == 0)
      return code;
  for (const YlCode *code = codes; code->code != NULL; code++)
    if (strcmp (code->zh, text) == 0 || g_ascii_strcasecmp (code->en, text) == 0
        || g_ascii_strcasecmp (code->code, text) == 0 || has_word (code->also, text))
      return code;
  return NULL;
}

const char *
yl_code_label (const char *list, const char *code)
{
  const YlCode *codes = yl_codes (list);

  for (; codes != NULL && codes->code != NULL; codes++)
    if (strcmp (codes->code, code) == 0)
      return yl_label (codes->zh, codes->en);
  return code;
}

const char *
yl_label (const char *zh, const char *en)
{
  const char *const *languages = g_get_language_names ();

  /* gettext translates nothing in the C locale, whatever LANGUAGE says: one screen, one language. */
  if (strcmp (setlocale (LC_MESSAGES, NULL), "C") == 0)
    return en;
  return g_str_has_prefix (languages[0], "zh") ? zh : en;
}
