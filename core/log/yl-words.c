#include "yl-words.h"

#include <string.h>

#include "yl-words-resources.h"

#define RESOURCE "/org/yuelai/words/words-" G_STRINGIFY (YL_WORDS_VERSION) ".txt"

typedef struct
{
  GStrv words;
  guint n_words;
  GHashTable *numbers; /* word -> its number */
} Words;

static Words *
load (void)
{
  g_autoptr (GBytes) text =
      g_resource_lookup_data (yl_words_get_resource (), RESOURCE, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  Words *words = g_new0 (Words, 1);

  words->words = g_strsplit (g_bytes_get_data (text, NULL), "\n", -1);
  words->n_words = g_strv_length (words->words) - 1;
  words->numbers = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < words->n_words; i++)
    g_hash_table_insert (words->numbers, words->words[i], GUINT_TO_POINTER (i));
  return words;
}

static const Words *
get (void)
{
  static gsize loaded = 0;

  if (g_once_init_enter (&loaded))
    g_once_init_leave (&loaded, (gsize) load ());
  return (const Words *) loaded;
}

int
yl_words_find (const char *text, gsize length)
{
  char word[64];
  gpointer number;

  if (length >= sizeof word || memchr (text, '\0', length) != NULL)
    return -1;
  memcpy (word, text, length);
  word[length] = '\0';
  return g_hash_table_lookup_extended (get ()->numbers, word, NULL, &number) ? GPOINTER_TO_INT (number) : -1;
}

const char *
yl_words_get (guint64 number)
{
  return number < get ()->n_words ? get ()->words[number] : NULL;
}
