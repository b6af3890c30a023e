#include "yl-duplicate.h"

#include <string.h>

#include "merge/yl-alias.h"
#include "store/yl-store-private.h"

void
yl_duplicate_free (YlDuplicate *duplicate)
{
  g_free (duplicate->kind);
  g_free (duplicate->first);
  g_free (duplicate->second);
  g_free (duplicate->reason);
  g_free (duplicate);
}

/* Both still there, not one person already, not told apart, and one of them of this store. By the surest reason first. */
#define OPEN_PAIRS                                                                                                   \
  "SELECT DISTINCT d.kind, " YL_ALIAS_SURVIVOR ("d.first") " AS a, " YL_ALIAS_SURVIVOR (                             \
      "d.second") " AS b, d.reason"                                                                                  \
                  " FROM duplicate d WHERE a <> b"                                                                   \
                  " AND NOT EXISTS (SELECT 1 FROM different x WHERE x.first = d.first AND x.second = d.second)"      \
                  " AND NOT EXISTS (SELECT 1 FROM different x WHERE x.first = min (a, b) AND x.second = max (a, b))" \
                  " AND (d.kind = 'worker' AND EXISTS (SELECT 1 FROM worker w WHERE w.id IN (a, b)"                  \
                  "   AND (?1 IS NULL OR w.home_store = ?1 OR w.site = ?1))"                                         \
                  "  OR d.kind = 'customer' AND EXISTS (SELECT 1 FROM customer c WHERE c.id IN (a, b)"               \
                  "   AND (?1 IS NULL OR c.store = ?1 OR c.site = ?1)))"                                             \
                  " ORDER BY d.reason = 'name_birth', d.reason, d.kind, a, b"

GPtrArray *
yl_duplicate_list (YlStore *store, GError **error)
{
  const char *site = yl_store_is_head_office (store) ? NULL : yl_store_get_site (store);
  g_autoptr (GPtrArray) pairs = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_duplicate_free);
  g_autoptr (GHashTable) listed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (YlRows) rows = yl_database_query (store->database, error, OPEN_PAIRS, "t", site);

  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    {
      const char *a = yl_rows_text (rows, 1), *b = yl_rows_text (rows, 2);
      gboolean ordered = strcmp (a, b) < 0;
      YlDuplicate *pair;

      if (!g_hash_table_add (listed, g_strjoin (" ", ordered ? a : b, ordered ? b : a, NULL)))
        continue;
      pair = g_new0 (YlDuplicate, 1);
      pair->kind = g_strdup (yl_rows_text (rows, 0));
      pair->first = g_strdup (ordered ? a : b);
      pair->second = g_strdup (ordered ? b : a);
      pair->reason = g_strdup (yl_rows_text (rows, 3));
      g_ptr_array_add (pairs, pair);
    }
  return yl_rows_ended (rows) ? g_steal_pointer (&pairs) : NULL;
}
