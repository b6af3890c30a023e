#include "yl-person.h"

#include <string.h>

#include "base/yl-i18n.h"
#include "store/yl-store-private.h"

/* Tables whose records are persons; what other tables hold of somebody is under one of these. */
static const char *const person_tables[] = { "worker", "customer", "household", "staff" };

static char *
first_step (const char *path)
{
  return g_strndup (path, strcspn (path, "."));
}

const char *
yl_person_column (const YlTable *table)
{
  g_autofree char *column = NULL;

  if (table->person == NULL || g_str_equal (table->person, "id"))
    return NULL;
  column = first_step (table->person);
  return table->fields[yl_table_field (table, column)].name;
}

char *
yl_person_of (YlStore *store, const YlTable *table, const char *id, const char *value)
{
  const char *dot = table->person != NULL ? strchr (table->person, '.') : NULL;
  const char *column = yl_person_column (table);

  if (column == NULL || value == NULL)
    return g_strdup (id);
  if (dot != NULL)
    {
      const YlField *field = &table->fields[yl_table_field (table, column)];
      g_autofree char *sql = g_strdup_printf ("SELECT %s FROM [%s] WHERE id = ?", dot + 1, field->of);
      char *person = yl_database_text (store->database, NULL, sql, "t", value);

      if (person != NULL)
        return person;
    }
  return g_strdup (value);
}

static gboolean
is_in (YlStore *store, const char *table, const char *id)
{
  g_autofree char *sql = g_strdup_printf ("SELECT 1 FROM [%s] WHERE id = ?", table);
  gint64 found;

  return yl_database_integer (store->database, &found, 0, NULL, sql, "t", id) && found != 0;
}

char *
yl_person_find (YlStore *store, const char *id_or_number, const YlTable **table, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (person_tables); i++)
    {
      char *id = yl_store_find_id (store, person_tables[i], id_or_number, NULL);

      if (id == NULL)
        continue;
      *table = yl_table_find (person_tables[i]);
      return id;
    }
  g_set_error (error, YL_ERROR, YL_ERROR_NOT_FOUND,
               _ ("there is no worker, customer, household or member of staff %s: see `list worker`"), id_or_number);
  return NULL;
}

gboolean
yl_person_exists (YlStore *store, const char *person)
{
  for (guint i = 0; i < G_N_ELEMENTS (person_tables); i++)
    if (is_in (store, person_tables[i], person))
      return TRUE;
  return FALSE;
}

static gboolean
load_erased (YlStore *store)
{
  g_autoptr (YlRows) rows = NULL;

  if (store->erased != NULL)
    return TRUE;
  rows = yl_database_query (store->database, NULL, "SELECT person FROM erased_person", NULL);
  store->erased = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  while (rows != NULL && yl_rows_next (rows, NULL))
    g_hash_table_add (store->erased, g_strdup (yl_rows_text (rows, 0)));
  if (rows == NULL || !yl_rows_ended (rows))
    g_clear_pointer (&store->erased, g_hash_table_unref);
  return store->erased != NULL;
}

gboolean
yl_person_any_erased (YlStore *store)
{
  return !load_erased (store) || g_hash_table_size (store->erased) > 0;
}

gboolean
yl_person_is_erased (YlStore *store, const char *person)
{
  return !load_erased (store) || g_hash_table_contains (store->erased, person);
}

char *
yl_person_number (YlStore *store, const char *person)
{
  for (guint i = 0; i < G_N_ELEMENTS (person_tables); i++)
    if (is_in (store, person_tables[i], person))
      return yl_store_number (store, person_tables[i], person);
  return g_strdup (person);
}
