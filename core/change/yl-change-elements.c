#include "base/yl-id.h"
#include "merge/yl-alias.h"
#include "yl-change.h"
#include "store/yl-store-private.h"

/* Sets of codes: one row per element, so that two people adding different ones never clash, and adding wins over removing. */

static char *
element_id (const YlSet *set, const char *owner, const char *code)
{
  return yl_id_derive (set->table, owner, code, NULL);
}

static gboolean
write_fixed (const YlSet *set, YlRecord *record, GError **error)
{
  const YlTable *table = yl_record_get_table (record);
  int field = set->fixed_column != NULL ? yl_table_field (table, set->fixed_column) : -1;

  return field < 0
         || yl_field_parse (&table->fields[field], NULL, set->fixed_value, yl_record_value (record, (guint) field),
                            error);
}

static gboolean
put_element (YlChange *change, const YlSet *set, const char *owner, const YlElement *element, GError **error)
{
  g_autofree char *id = element_id (set, owner, element->code);
  g_autofree char *found = yl_store_find_id (yl_change_get_store (change), set->table, id, NULL);
  g_autoptr (YlRecord) record = NULL;

  if (found != NULL)
    record = yl_store_get (yl_change_get_store (change), set->table, id, error);
  else
    record = yl_record_new (yl_table_find (set->table), id);
  if (record == NULL)
    return FALSE;
  yl_record_set_text (record, set->owner, owner);
  yl_record_set_text (record, set->code, element->code);
  if (set->level != NULL && element->level > 0)
    yl_record_set_integer (record, set->level, element->level);
  else if (set->level != NULL)
    yl_record_set_null (record, set->level);
  if (found != NULL)
    return yl_change_update (change, record, error);
  return write_fixed (set, record, error) && yl_change_insert (change, record, error);
}

static gboolean
is_wanted (const GArray *wanted, const char *code)
{
  for (guint i = 0; i < wanted->len; i++)
    if (g_str_equal (g_array_index (wanted, YlElement, i).code, code))
      return TRUE;
  return FALSE;
}

/* Every record of the person may hold the element; @keep: but not this one's. */
static gboolean
remove_element (YlChange *change,
                const YlSet *set,
                const char *owner,
                const char *code,
                const char *keep,
                GError **error)
{
  YlStore *store = yl_change_get_store (change);
  g_autoptr (GPtrArray) owners = yl_alias_all (store, owner, error);

  for (guint i = 0; owners != NULL && i < owners->len; i++)
    {
      g_autofree char *id = element_id (set, owners->pdata[i], code);
      g_autofree char *found = yl_store_find_exact (store, set->table, id, NULL);

      if (found != NULL && g_strcmp0 (owners->pdata[i], keep) != 0 && !yl_change_delete (change, set->table, id, error))
        return FALSE;
    }
  return owners != NULL;
}

static gboolean
remove_others (YlChange *change, const YlSet *set, const char *owner, const GArray *wanted, GError **error)
{
  g_autofree char *list = yl_store_get_set (yl_change_get_store (change), set, owner, error);
  g_auto (GStrv) present = list != NULL ? g_strsplit (list, ",", -1) : NULL;

  if (list == NULL)
    return FALSE;
  for (char **element = present; *element != NULL; element++)
    {
      g_auto (GStrv) parts = g_strsplit (*element, ":", 2);

      if (parts[0] != NULL && !is_wanted (wanted, parts[0])
          && !remove_element (change, set, owner, parts[0], NULL, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
yl_change_set_elements (YlChange *change, const YlSet *set, const char *owner, const char *list, GError **error)
{
  g_autoptr (GArray) wanted = yl_set_parse (set, yl_change_get_store (change), list, error);

  if (wanted == NULL || !remove_others (change, set, owner, wanted, error))
    return FALSE;
  for (guint i = 0; i < wanted->len; i++)
    {
      const YlElement *element = &g_array_index (wanted, YlElement, i);

      /* Shown is the highest level among her records, so only one may say. */
      if (!put_element (change, set, owner, element, error)
          || (set->level != NULL && !remove_element (change, set, owner, element->code, owner, error)))
        return FALSE;
    }
  return TRUE;
}
