#include "yl-alias.h"

#include "store/yl-store-private.h"

gboolean
yl_alias_is_person (const char *table)
{
  return g_str_equal (table, "worker") || g_str_equal (table, "customer");
}

char *
yl_alias_survivor (YlStore *store, const char *id)
{
  char *survivor = yl_database_text (store->database, NULL, "SELECT survivor FROM merged WHERE id = ?", "t", id);

  return survivor != NULL ? survivor : g_strdup (id);
}

GPtrArray *
yl_alias_all (YlStore *store, const char *id, GError **error)
{
  g_autofree char *survivor = yl_alias_survivor (store, id);
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error, "SELECT id FROM merged WHERE survivor = ? ORDER BY id", "t", survivor);

  if (rows == NULL)
    return NULL;
  g_ptr_array_add (all, g_steal_pointer (&survivor));
  while (yl_rows_next (rows, error))
    g_ptr_array_add (all, g_strdup (yl_rows_text (rows, 0)));
  return yl_rows_ended (rows) ? g_steal_pointer (&all) : NULL;
}
