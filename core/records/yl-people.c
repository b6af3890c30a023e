#include "yl-people.h"

#include <string.h>

#include "base/yl-i18n.h"
#include "base/yl-id.h"
#include "store/yl-store-private.h"

static gboolean
exists (YlStore *store, const char *table, const char *id)
{
  g_autofree char *found = yl_store_find_exact (store, table, id, NULL);

  return found != NULL;
}

gboolean
yl_alias_check (YlStore *store, const YlRecord *before, YlRecord *after, GError **error)
{
  const char *kind = yl_record_get_text (after, "kind");
  const char *from = yl_record_get_text (after, "from_id");
  const char *to = yl_record_get_text (after, "to_id");

  if (kind != NULL && yl_alias_is_person (kind) && g_strcmp0 (from, to) != 0 && exists (store, kind, from)
      && exists (store, kind, to))
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID, "%s",
               _ ("only two different workers, or two different customers, can be one person"));
  return FALSE;
}

static gboolean
check_table (const char *table, GError **error)
{
  if (yl_alias_is_person (table))
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("a %s is no person: only workers and customers can be merged"),
               table);
  return FALSE;
}

static YlChange *
begin_about (YlStore *store, const char *what, const char *table, const char *first, const char *second, GError **error)
{
  YlChange *change = yl_change_begin (store, what, error);
  g_autofree char *first_number = yl_store_number (store, table, first);
  g_autofree char *second_number = second != NULL ? yl_store_number (store, table, second) : NULL;

  if (change == NULL)
    return NULL;
  yl_change_name (change, first_number);
  yl_change_name (change, second_number);
  return change;
}

static gboolean
insert_alias (YlChange *change, const char *table, const char *from, const char *to, GError **error)
{
  g_autoptr (YlRecord) alias = yl_record_new (yl_table_find ("alias"), NULL);

  yl_record_set_text (alias, "kind", table);
  yl_record_set_text (alias, "from_id", from);
  yl_record_set_text (alias, "to_id", to);
  yl_record_set_text (alias, "by_site", yl_store_get_site (yl_change_get_store (change)));
  return yl_change_insert (change, alias, error);
}

gboolean
yl_people_merge (YlStore *store, const char *table, const char *from, const char *to, YlUndo **undo, GError **error)
{
  g_autofree char *from_id = check_table (table, error) ? yl_store_find_id (store, table, from, error) : NULL;
  g_autofree char *to_id = from_id != NULL ? yl_store_find_id (store, table, to, error) : NULL;
  g_autoptr (YlChange) change = NULL;

  if (to_id == NULL)
    return FALSE;
  if (g_str_equal (from_id, to_id))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("%s and %s are one person already"), from, to);
      return FALSE;
    }
  change = begin_about (store, "merge", table, from_id, to_id, error);
  if (change == NULL || !insert_alias (change, table, from_id, to_id, error) || !yl_change_commit (change, error))
    return FALSE;
  if (undo != NULL)
    *undo = yl_change_take_undo (change);
  return TRUE;
}

static GPtrArray *
aliases_of (YlStore *store, const char *table, const char *id, GError **error)
{
  g_autoptr (GPtrArray) aliases = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (YlRows) rows = yl_database_query (
      store->database, error, "SELECT id FROM alias WHERE kind = ?1 AND (from_id = ?2 OR to_id = ?2) ORDER BY id", "tt",
      table, id);

  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    g_ptr_array_add (aliases, g_strdup (yl_rows_text (rows, 0)));
  return yl_rows_ended (rows) ? g_steal_pointer (&aliases) : NULL;
}

gboolean
yl_people_unmerge (YlStore *store, const char *table, const char *id, GError **error)
{
  g_autofree char *exact = check_table (table, error) ? yl_store_find_exact (store, table, id, error) : NULL;
  g_autoptr (GPtrArray) aliases = exact != NULL ? aliases_of (store, table, exact, error) : NULL;
  g_autoptr (YlChange) change = NULL;

  if (aliases == NULL)
    return FALSE;
  if (aliases->len == 0)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_NOT_FOUND, _ ("%s was not merged with anybody"), id);
      return FALSE;
    }
  change = begin_about (store, "unmerge", table, exact, NULL, error);
  if (change == NULL)
    return FALSE;
  for (guint i = 0; i < aliases->len; i++)
    if (!yl_change_delete (change, "alias", aliases->pdata[i], error))
      return FALSE;
  return yl_change_commit (change, error);
}

gboolean
yl_people_tell_apart (YlStore *store, const char *table, const char *first, const char *second, GError **error)
{
  g_autofree char *one = check_table (table, error) ? yl_store_find_exact (store, table, first, error) : NULL;
  g_autofree char *two = one != NULL ? yl_store_find_exact (store, table, second, error) : NULL;
  g_autoptr (YlChange) change = NULL;
  g_autoptr (YlRecord) pair = NULL;
  g_autofree char *id = NULL;
  const char *low, *high;

  if (two == NULL)
    return FALSE;
  low = strcmp (one, two) < 0 ? one : two;
  high = low == one ? two : one;
  id = yl_id_derive ("different", low, high, NULL);
  if (exists (store, "different", id))
    return TRUE;
  change = begin_about (store, "tell apart", table, low, high, error);
  if (change == NULL)
    return FALSE;
  pair = yl_record_new (yl_table_find ("different"), id);
  yl_record_set_text (pair, "kind", table);
  yl_record_set_text (pair, "first", low);
  yl_record_set_text (pair, "second", high);
  return yl_change_insert (change, pair, error) && yl_change_commit (change, error);
}
