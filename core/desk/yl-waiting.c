#include "yl-waiting.h"

#include <string.h>

#include "base/yl-i18n.h"
#include "log/yl-log-door.h"
#include "seal/yl-chunk.h"

/* The verbs change sets begin with. Translators: what a clerk did, as a short note. */
static const struct
{
  const char *verb;
  const char *words;
} verbs[] = {
  { "take demand", N_ ("New demand") },
  { "book", N_ ("Promise") },
  { "confirm erasure", N_ ("Erasing confirmed") },
  { "confirm", N_ ("Confirmation") },
  { "agree", N_ ("In step with head office") },
  { "dropout", N_ ("Dropout") },
  { "withdraw", N_ ("Promise taken back") },
  { "rule", N_ ("Ruling") },
  { "visit", N_ ("Visit noted") },
  { "resolve", N_ ("Decided what is true") },
  { "undo", N_ ("Undone") },
  { "restore", N_ ("Old value put back") },
  { "merge", N_ ("Made one person") },
  { "unmerge", N_ ("Made two people again") },
  { "tell apart", N_ ("Found to be two people") },
  { "compare people", N_ ("Looked for duplicates") },
  { "import", N_ ("Import") },
  { "add", N_ ("Added") },
  { "edit", N_ ("Changed") },
  { "set", N_ ("Changed") },
  { "attach", N_ ("Photo or paper added") },
  { "remove attachment", N_ ("Photo or paper removed") },
  { "remove", N_ ("Removed") },
  { "order event", N_ ("Order changed") },
  { "accept", N_ ("Work of a shut out PC accepted") },
  { "drop", N_ ("Work of a shut out PC dropped") },
  { "erase", N_ ("Person erased") },
  { "rotate keys", N_ ("Keys renewed") },
  { "found company", N_ ("Company founded") },
  { "enrol PC", N_ ("PC enrolled") },
  { "shut out PC", N_ ("PC shut out") },
  { "shut out staff", N_ ("Member of staff shut out") },
};

void
yl_waiting_item_free (YlWaitingItem *item)
{
  g_free (item->what);
  g_free (item);
}

/* Short numbers hold capitals or digits; what remains is the verb, table names, and names of entries, which have colons. */
static char *
codes_in (const char *what)
{
  g_auto (GStrv) words = g_strsplit (what, " ", -1);
  g_autoptr (GString) codes = g_string_new (NULL);

  for (guint i = 0; words[i] != NULL; i++)
    if (strchr (words[i], ':') == NULL && strpbrk (words[i], "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != NULL)
      g_string_append_printf (codes, " %s", words[i]);
  return g_string_free (g_steal_pointer (&codes), FALSE);
}

char *
yl_what_words (const char *what)
{
  g_autofree char *codes = codes_in (what);

  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    {
      gsize length = strlen (verbs[i].verb);
      if (strncmp (what, verbs[i].verb, length) == 0 && (what[length] == '\0' || what[length] == ' '))
        return g_strconcat (_ (verbs[i].words), codes, NULL);
    }
  return g_strdup (what);
}

guint
yl_waiting_count (YlStore *store)
{
  return yl_log_n_waiting (store) + yl_chunk_n_unsent (store);
}

GPtrArray *
yl_waiting_list (YlStore *store, guint limit, GError **error)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_waiting_item_free);
  g_autoptr (GPtrArray) entries = yl_log_waiting (store, error);

  if (entries == NULL)
    return NULL;
  for (guint i = 0; i < MIN (entries->len, limit); i++)
    {
      const YlEntryRow *entry = entries->pdata[i];
      g_autoptr (GBytes) message = yl_log_message (store, entry->n, error);
      if (message == NULL)
        return NULL;
      const char *text = g_bytes_get_data (message, NULL);
      const char *end = memchr (text, '\n', g_bytes_get_size (message));
      g_autofree char *what = g_strndup (text, end == NULL ? g_bytes_get_size (message) : (gsize) (end - text));
      YlWaitingItem *item = g_new0 (YlWaitingItem, 1);
      item->what = yl_what_words (what);
      item->at = YL_HLC_MS (entry->hlc);
      g_ptr_array_add (items, item);
    }
  return g_steal_pointer (&items);
}
