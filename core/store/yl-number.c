#include "yl-number.h"

#include <string.h>

#include "base/yl-i18n.h"
#include "yl-store-private.h"

/* The highest number of that prefix in the table, for the first one after a fresh start from the log. */
static gboolean
highest_number (YlStore *store,
                const char *table,
                const char *column,
                const char *prefix,
                gint64 *value,
                GError **error)
{
  g_autofree char *sql =
      g_strdup_printf ("SELECT max(CAST(substr([%s], ?1) AS INTEGER)) FROM [%s] WHERE substr([%s], 1, ?2) = ?3"
                       " AND substr([%s], ?1) GLOB '[0-9]*'",
                       column, table, column, column);
  gint64 length = (gint64) strlen (prefix);

  return yl_database_integer (store->database, value, 0, error, sql, "iit", length + 1, length, prefix);
}

static gboolean
next_number (YlStore *store, const char *table, const char *column, const char *prefix, gint64 *value, GError **error)
{
  if (!yl_database_integer (store->database, value, -1, error, "SELECT value FROM counter WHERE prefix = ?", "t",
                            prefix))
    return FALSE;
  if (*value < 0 && !highest_number (store, table, column, prefix, value, error))
    return FALSE;
  *value += 1;
  return yl_database_run (store->database, error, "INSERT OR REPLACE INTO counter (prefix, value) VALUES (?, ?)", "ti",
                          prefix, *value);
}

#define LETTERS 3

/* A further pen of a PC has letters of its own behind the PC's, since a copy of the file may give out the same numbers. No PC has as many
 * letters. Made from the writer id: they must not clash although nobody can be asked. */
static char *
pen_letters (YlStore *store)
{
  char letters[LETTERS + 1] = "";
  guint64 number = g_ascii_strtoull (store->writer, NULL, 16);

  if (g_str_equal (store->writer, store->identity))
    return g_strdup (letters);
  for (guint i = 0; i < LETTERS; i++, number /= 26)
    letters[i] = (char) ('A' + number % 26);
  return g_strdup (letters);
}

gboolean
yl_number_fill (YlStore *store, YlRecord *record, GError **error)
{
  const YlTable *table = yl_record_get_table (record);
  g_autofree char *label = NULL;
  g_autofree char *letters = NULL;
  g_autofree char *prefix = NULL;
  g_autofree char *number = NULL;
  const YlField *field = table->fields;
  gint64 value;

  while (field->name != NULL && (field->flags & YL_FIELD_NUMBER) == 0)
    field++;
  if (field->name == NULL || table->number_prefix == NULL || !yl_record_is_null (record, field->name))
    return TRUE;
  label = yl_database_text (
      store->database, error,
      "SELECT site.code || node.letter FROM node JOIN site ON site.id = node.site WHERE node.id = ?", "t", store->node);
  if (label == NULL)
    {
      if (error == NULL || *error == NULL)
        g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, "%s",
                     _ ("this PC is not enrolled yet: run `sync` while the hub can be reached"));
      return FALSE;
    }
  letters = pen_letters (store);
  prefix = g_strconcat (table->number_prefix, label, letters, NULL);
  if (!next_number (store, table->name, field->name, prefix, &value, error))
    return FALSE;
  number = g_strdup_printf ("%s%04" G_GINT64_FORMAT, prefix, value);
  yl_record_set_text (record, field->name, number);
  return TRUE;
}
