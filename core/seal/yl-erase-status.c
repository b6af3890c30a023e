#include "merge/yl-alias.h"
#include "yl-erase.h"
#include "merge/yl-person.h"
#include "store/yl-store-private.h"

/* Which PCs have carried an erasure out. */

void
yl_erasure_free (YlErasure *erasure)
{
  g_free (erasure->person);
  g_free (erasure->number);
  g_free (erasure->kind);
  g_free (erasure->cause);
  g_ptr_array_unref (erasure->done);
  g_ptr_array_unref (erasure->not_yet);
  g_ptr_array_unref (erasure->gone);
  g_free (erasure);
}

/* A PC counts only by what it wrote itself. */
#define NODES                                                                                           \
  "SELECT site.code || '-' || node.letter, EXISTS (SELECT 1 FROM erasure_done AS d WHERE d.erasure = ?" \
  " AND d.node = node.id), EXISTS (SELECT 1 FROM revocation AS r WHERE r.node = node.id)"               \
  " FROM node JOIN site ON site.id = node.site ORDER BY 1"

static gboolean
read_nodes (YlStore *store, const char *id, YlErasure *erasure, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (store->database, error, NODES, "t", id);

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    {
      const char *label = yl_rows_text (rows, 0);
      gboolean done = yl_rows_integer (rows, 1) != 0;

      g_ptr_array_add (done ? erasure->done : erasure->not_yet, g_strdup (label));
      if (!done && yl_rows_integer (rows, 2) != 0)
        g_ptr_array_add (erasure->gone, g_strdup (label));
    }
  return yl_rows_ended (rows);
}

static gboolean
read_time (YlStore *store, const char *id, gint64 *at, GError **error)
{
  gint64 hlc;

  if (!yl_database_integer (store->database, &hlc, 0, error,
                            "SELECT min(e.hlc) FROM op JOIN entry AS e USING (n) WHERE op.t ="
                            " (SELECT t FROM table_name WHERE name = 'erasure') AND op.id = yl_id (?)",
                            "t", id))
    return FALSE;
  *at = YL_HLC_MS (hlc);
  return TRUE;
}

static YlErasure *
read_erasure (YlStore *store, YlRows *rows, GError **error)
{
  YlErasure *erasure = g_new0 (YlErasure, 1);
  const char *id = yl_rows_text (rows, 0);

  erasure->person = g_strdup (yl_rows_text (rows, 1));
  erasure->kind = g_strdup (yl_rows_text (rows, 2));
  erasure->cause = g_strdup (yl_rows_text (rows, 3));
  erasure->number = yl_person_number (store, erasure->person);
  erasure->done = g_ptr_array_new_with_free_func (g_free);
  erasure->not_yet = g_ptr_array_new_with_free_func (g_free);
  erasure->gone = g_ptr_array_new_with_free_func (g_free);
  if (read_time (store, id, &erasure->at, error) && read_nodes (store, id, erasure, error))
    return erasure;
  yl_erasure_free (erasure);
  return NULL;
}

static gboolean
is_of (YlStore *store, const char *person, const char *wanted)
{
  g_autofree char *survivor = yl_alias_survivor (store, person);

  return wanted == NULL || g_strcmp0 (survivor, wanted) == 0 || g_strcmp0 (person, wanted) == 0;
}

GPtrArray *
yl_erase_status (YlStore *store, const char *person, GError **error)
{
  g_autoptr (GPtrArray) erasures = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_erasure_free);
  const YlTable *table;
  g_autofree char *wanted = person != NULL ? yl_person_find (store, person, &table, error) : NULL;
  g_autoptr (YlRows) rows = NULL;

  if (person != NULL && wanted == NULL)
    return NULL;
  rows = yl_database_query (store->database, error,
                            "SELECT id, person, kind, cause FROM erasure WHERE person IS NOT NULL ORDER BY id", NULL);
  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    {
      YlErasure *erasure;

      if (!is_of (store, yl_rows_text (rows, 1), wanted))
        continue;
      erasure = read_erasure (store, rows, error);
      if (erasure == NULL)
        return NULL;
      g_ptr_array_add (erasures, erasure);
    }
  return yl_rows_ended (rows) ? g_steal_pointer (&erasures) : NULL;
}
