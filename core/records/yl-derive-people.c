#include "yl-derive-people.h"

#include <string.h>

#include "store/yl-store-private.h"
#include "yl-people-rule.h"

/* Few people are ever merged: all of them are worked out at once. */

static void
edge_clear (gpointer data)
{
  YlAliasEdge *edge = data;

  g_free (edge->from);
  g_free (edge->to);
}

static GArray *
read_edges (YlStore *store, const char *kind, GError **error)
{
  g_autoptr (GArray) edges = g_array_new (FALSE, FALSE, sizeof (YlAliasEdge));
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error,
                         "SELECT from_id, to_id FROM alias"
                         " WHERE kind = ? AND from_id IS NOT NULL AND to_id IS NOT NULL ORDER BY id",
                         "t", kind);

  g_array_set_clear_func (edges, edge_clear);
  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    {
      YlAliasEdge edge = { g_strdup (yl_rows_text (rows, 0)), g_strdup (yl_rows_text (rows, 1)) };

      g_array_append_val (edges, edge);
    }
  return yl_rows_ended (rows) ? g_steal_pointer (&edges) : NULL;
}

static GHashTable *
read_living (YlStore *store, const char *kind, GError **error)
{
  g_autoptr (GHashTable) living = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *sql = g_strdup_printf ("SELECT id FROM [%s] WHERE id IN"
                                          " (SELECT from_id FROM alias UNION ALL SELECT to_id FROM alias)",
                                          kind);
  g_autoptr (YlRows) rows = yl_database_query (store->database, error, sql, NULL);

  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    g_hash_table_add (living, g_strdup (yl_rows_text (rows, 0)));
  return yl_rows_ended (rows) ? g_steal_pointer (&living) : NULL;
}

static GHashTable *
read_merged (YlStore *store, const char *kind, GError **error)
{
  g_autoptr (GHashTable) merged = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error, "SELECT id, survivor FROM merged WHERE kind = ?", "t", kind);

  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    g_hash_table_insert (merged, g_strdup (yl_rows_text (rows, 0)), g_strdup (yl_rows_text (rows, 1)));
  return yl_rows_ended (rows) ? g_steal_pointer (&merged) : NULL;
}

/* Ids in @a whose survivor @b does not name alike. */
static void
add_moved (GHashTable *a, GHashTable *b, GPtrArray *moved)
{
  GHashTableIter iter;
  gpointer id, survivor;

  g_hash_table_iter_init (&iter, a);
  while (g_hash_table_iter_next (&iter, &id, &survivor))
    if (g_strcmp0 (g_hash_table_lookup (b, id), survivor) != 0)
      {
        g_ptr_array_add (moved, g_strdup (id));
        g_ptr_array_add (moved, g_strdup (survivor));
      }
}

static gboolean
write_merged (YlStore *store, const char *kind, GHashTable *survivors, GError **error)
{
  GHashTableIter iter;
  gpointer id, survivor;

  if (!yl_database_run (store->database, error, "DELETE FROM merged WHERE kind = ?", "t", kind))
    return FALSE;
  g_hash_table_iter_init (&iter, survivors);
  while (g_hash_table_iter_next (&iter, &id, &survivor))
    if (!yl_database_run (store->database, error, "INSERT OR REPLACE INTO merged (id, kind, survivor) VALUES (?, ?, ?)",
                          "ttt", id, kind, survivor))
      return FALSE;
  return TRUE;
}

static gboolean
derive_kind (YlStore *store, const char *kind, GPtrArray *moved, GError **error)
{
  g_autoptr (GArray) edges = read_edges (store, kind, error);
  g_autoptr (GHashTable) living = edges != NULL ? read_living (store, kind, error) : NULL;
  g_autoptr (GHashTable) before = living != NULL ? read_merged (store, kind, error) : NULL;
  g_autoptr (GHashTable) after = NULL;

  if (before == NULL)
    return FALSE;
  after = yl_people_decide (edges, living);
  add_moved (before, after, moved);
  add_moved (after, before, moved);
  return write_merged (store, kind, after, error);
}

gboolean
yl_derive_all_people (YlStore *store, GPtrArray *moved, GError **error)
{
  return derive_kind (store, "customer", moved, error) && derive_kind (store, "worker", moved, error);
}

/* An alias, or a record that one names and that may have come or gone. */
static gboolean
bears_on (YlStore *store, const char *key)
{
  const char *colon = strchr (key, ':');
  gint64 named = 0;

  if (g_str_has_prefix (key, "alias:"))
    return TRUE;
  if (!g_str_has_prefix (key, "worker:") && !g_str_has_prefix (key, "customer:"))
    return FALSE;
  return yl_database_integer (store->database, &named, 0, NULL,
                              "SELECT 1 FROM alias WHERE from_id = ?1 OR to_id = ?1 LIMIT 1", "t", colon + 1)
         && named != 0;
}

gboolean
yl_derive_people (YlStore *store, GHashTable *touched, GPtrArray *moved, GError **error)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, touched);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (bears_on (store, key))
      return yl_derive_all_people (store, moved, error);
  return TRUE;
}
