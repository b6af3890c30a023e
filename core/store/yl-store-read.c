#include <string.h>

#include "base/yl-id.h"
#include "merge/yl-alias.h"
#include "yl-catalogue.h"
#include "yl-store-private.h"
#include "base/yl-i18n.h"

/* Reading rows and records. */

const char *
yl_table_select (const YlTable *table)
{
  return yl_table_index (table)->select;
}

const char *
yl_table_upsert (const YlTable *table)
{
  return yl_table_index (table)->upsert;
}

const YlTable *
yl_table_require (const char *name, GError **error)
{
  const YlTable *table = yl_table_find (name);

  return table != NULL ? table : yl_table_lookup (name, error);
}

YlValueType
yl_field_wire_type (const YlField *field)
{
  if (field->disclosure != YL_OPEN)
    return YL_VALUE_BLOB;
  switch (field->kind)
    {
    case YL_KIND_INTEGER:
    case YL_KIND_MONEY:
    case YL_KIND_MINUTES:
    case YL_KIND_INSTANT:
    case YL_KIND_BOOLEAN:
    case YL_KIND_DEGREES:
      return YL_VALUE_INTEGER;
    default:
      return YL_VALUE_TEXT;
    }
}

YlValue *
yl_row_pack (const YlValue *borrowed, guint n_values)
{
  gsize size = n_values * sizeof (YlValue);
  YlValue *row;
  char *at;

  for (guint i = 0; i < n_values; i++)
    size += borrowed[i].bytes != NULL ? borrowed[i].length + 1 : 0;
  row = g_malloc (size);
  at = (char *) (row + n_values);
  for (guint i = 0; i < n_values; i++)
    {
      row[i] = borrowed[i];
      if (borrowed[i].bytes == NULL)
        continue;
      row[i].bytes = memcpy (at, borrowed[i].bytes, borrowed[i].length);
      at[borrowed[i].length] = '\0';
      at += borrowed[i].length + 1;
    }
  return row;
}

YlValue *
yl_store_read_row (YlStore *store, const YlTable *table, const char *id, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (store->database, error, yl_table_select (table), "t", id);
  guint n_fields = yl_table_n_fields (table);
  YlValue *borrowed = g_newa (YlValue, n_fields);

  if (rows == NULL || !yl_rows_next (rows, error))
    return NULL;
  for (guint i = 0; i < n_fields; i++)
    yl_rows_borrow (rows, (int) i, &borrowed[i]);
  return yl_row_pack (borrowed, n_fields);
}

YlValue *
yl_store_require_row (YlStore *store, const YlTable *table, const char *id, GError **error)
{
  g_autoptr (GError) local = NULL;
  YlValue *row = yl_store_read_row (store, table, id, &local);

  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  else if (row == NULL)
    g_set_error (error, YL_ERROR, YL_ERROR_NOT_FOUND, _ ("there is no %s %s: see `list %s`"), table->name, id,
                 table->name);
  return row;
}

static const YlField *
number_field (const YlTable *table)
{
  for (const YlField *field = table->fields; field->name != NULL; field++)
    if ((field->flags & YL_FIELD_NUMBER) != 0)
      return field;
  return NULL;
}

char *
yl_store_find_exact (YlStore *store, const char *table_name, const char *id_or_number, GError **error)
{
  const YlTable *table = yl_table_require (table_name, error);
  g_autofree char *by_id = NULL;
  g_autofree char *by_number = NULL;
  g_autofree char *sql = NULL;
  const YlField *number;
  g_autoptr (GError) local = NULL;

  if (table == NULL)
    return NULL;
  sql = g_strdup_printf ("SELECT id FROM [%s] WHERE id = ?", table_name);
  by_id = yl_database_text (store->database, &local, sql, "t", id_or_number);
  number = number_field (table);
  if (by_id == NULL && local == NULL && number != NULL)
    {
      g_autofree char *by_number_sql =
          g_strdup_printf ("SELECT id FROM [%s] WHERE [%s] = ? ORDER BY id LIMIT 1", table_name, number->name);

      by_number = yl_database_text (store->database, &local, by_number_sql, "t", id_or_number);
    }
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  if (by_id == NULL && by_number == NULL)
    g_set_error (error, YL_ERROR, YL_ERROR_NOT_FOUND, _ ("there is no %s %s: see `list %s`"), table_name, id_or_number,
                 table_name);
  return by_id != NULL ? g_steal_pointer (&by_id) : g_steal_pointer (&by_number);
}

/* A record that is here has a survivor that is here too: one that is not deleted goes before those that are. */
char *
yl_store_find_id (YlStore *store, const char *table_name, const char *id_or_number, GError **error)
{
  g_autofree char *exact = yl_store_find_exact (store, table_name, id_or_number, error);
  g_autofree char *survivor = NULL;

  if (exact == NULL || !yl_alias_is_person (table_name))
    return g_steal_pointer (&exact);
  survivor = yl_alias_survivor (store, exact);
  return g_steal_pointer (&survivor);
}

static YlRecord *
read_record (YlStore *store, const char *table_name, const char *id, GError **error)
{
  const YlTable *table = yl_table_find (table_name);
  YlValue *row = yl_store_read_row (store, table, id, error);
  YlRecord *record;

  if (row == NULL)
    return NULL;
  record = yl_store_unseal_row (store, table, id, row);
  g_free (row);
  return record;
}

/* Most come with the id: one look, and only then the longer ways. */
static YlRecord *
read_by_id (YlStore *store, const char *table_name, const char *id)
{
  return yl_table_find (table_name) != NULL && yl_id_is_valid (id) ? read_record (store, table_name, id, NULL) : NULL;
}

YlRecord *
yl_store_get (YlStore *store, const char *table_name, const char *id, GError **error)
{
  YlRecord *record = yl_alias_is_person (table_name) ? NULL : read_by_id (store, table_name, id);
  g_autofree char *found = record == NULL ? yl_store_find_id (store, table_name, id, error) : NULL;

  if (record != NULL)
    return record;

  return found != NULL ? read_record (store, table_name, found, error) : NULL;
}

YlRecord *
yl_store_get_exact (YlStore *store, const char *table_name, const char *id, GError **error)
{
  YlRecord *record = read_by_id (store, table_name, id);
  g_autofree char *found = record == NULL ? yl_store_find_exact (store, table_name, id, error) : NULL;

  if (record != NULL)
    return record;
  return found != NULL ? read_record (store, table_name, found, error) : NULL;
}

char *
yl_store_get_set (YlStore *store, const YlSet *set, const char *owner, GError **error)
{
  g_autoptr (GString) sql = g_string_new (NULL);
  g_autoptr (GString) list = g_string_new (NULL);
  g_autoptr (YlRows) rows = NULL;

  g_string_printf (sql, "SELECT [%s], max(%s) FROM [%s] WHERE [%s] IN " YL_ALIAS_GROUP ("?1"), set->code,
                   set->level != NULL ? set->level : "NULL", set->table, set->owner);
  if (set->fixed_column != NULL)
    g_string_append_printf (sql, " AND CAST([%s] AS TEXT) = '%s'", set->fixed_column, set->fixed_value);
  g_string_append (sql, " GROUP BY 1 ORDER BY 1");
  rows = yl_database_query (store->database, error, sql->str, "t", owner);
  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    {
      g_string_append_printf (list, "%s%s", list->len > 0 ? "," : "", yl_rows_text (rows, 0));
      if (!yl_rows_is_null (rows, 1))
        g_string_append_printf (list, ":%" G_GINT64_FORMAT, yl_rows_integer (rows, 1));
    }
  return yl_rows_ended (rows) ? g_string_free (g_steal_pointer (&list), FALSE) : NULL;
}

/* Lists */

typedef struct
{
  const YlField *field; /* or … */
  const YlSet *set;
  YlValue value;
  char *text;
} Condition;

static void
condition_free (Condition *condition)
{
  yl_value_clear (&condition->value);
  g_free (condition->text);
  g_free (condition);
}

static Condition *
parse_condition (YlStore *store, const YlTable *table, const char *text, GError **error)
{
  const char *equals = strchr (text, '=');
  g_autofree char *name = equals != NULL ? g_strndup (text, (gsize) (equals - text)) : NULL;
  Condition *condition;

  if (name == NULL)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("`%s` is no condition: write field=value"), text);
      return NULL;
    }
  condition = g_new0 (Condition, 1);
  condition->text = g_strdup (equals + 1);
  condition->set = yl_table_set (table, name);
  if (condition->set != NULL)
    return condition;
  condition->field = yl_table_field_lookup (table, name, error);
  if (condition->field != NULL && yl_field_parse (condition->field, store, equals + 1, &condition->value, error))
    return condition;
  condition_free (condition);
  return NULL;
}

static gboolean
set_has (YlStore *store, const YlSet *set, const char *owner, const char *code)
{
  g_autofree char *list = yl_store_get_set (store, set, owner, NULL);
  g_auto (GStrv) elements = g_strsplit (list != NULL ? list : "", ",", -1);

  for (char **element = elements; *element != NULL; element++)
    if (g_str_has_prefix (*element, code) && ((*element)[strlen (code)] == '\0' || (*element)[strlen (code)] == ':'))
      return TRUE;
  return FALSE;
}

static gboolean
is_open (const Condition *condition)
{
  return condition->field != NULL && condition->field->disclosure == YL_OPEN;
}

/* The open fields are the query's. */
static gboolean
meets (YlStore *store, const YlRecord *record, GPtrArray *conditions)
{
  for (guint i = 0; i < conditions->len; i++)
    {
      const Condition *condition = conditions->pdata[i];

      if (condition->set != NULL && !set_has (store, condition->set, yl_record_get_id (record), condition->text))
        return FALSE;
      if (condition->field != NULL && !is_open (condition)
          && !yl_value_equal (yl_record_get_value (record, condition->field->name), &condition->value))
        return FALSE;
    }
  return TRUE;
}

static void
append_condition (GString *sql, const Condition *condition, int parameter)
{
  const YlField *field = condition->field;
  gboolean is_person =
      field->kind == YL_KIND_REF && yl_alias_is_person (field->of) && condition->value.type != YL_VALUE_NULL;

  if (is_person)
    g_string_append_printf (sql, " AND [%s] IN (SELECT ?%d UNION ALL SELECT id FROM merged WHERE survivor = ?%d)",
                            field->name, parameter, parameter);
  else
    g_string_append_printf (sql, " AND [%s] IS ?%d", field->name, parameter);
}

/* Open fields narrow the query; sealed ones and sets are looked at record by record. */
static YlRows *
select_candidates (YlStore *store, const YlTable *table, GPtrArray *conditions, GError **error)
{
  g_autoptr (GString) sql = g_string_new (NULL);
  YlRows *rows;
  int parameter = 0;

  g_string_printf (sql, "SELECT id FROM [%s] WHERE 1", table->name);
  for (guint i = 0; i < conditions->len; i++)
    if (is_open (conditions->pdata[i]))
      append_condition (sql, conditions->pdata[i], ++parameter);
  g_string_append (sql, " ORDER BY id");
  rows = yl_database_query (store->database, error, sql->str, NULL);
  parameter = 0;
  for (guint i = 0; rows != NULL && i < conditions->len; i++)
    if (is_open (conditions->pdata[i]))
      yl_database_bind_value (yl_rows_statement (rows), ++parameter, &((Condition *) conditions->pdata[i])->value);
  return rows;
}

/* The record as which @record is shown, which takes its place; NULL without an error if that is listed already. */
static YlRecord *
shown_record (YlStore *store, YlRecord *record, GHashTable *listed, GError **error)
{
  g_autoptr (YlRecord) own = record;
  const char *table = yl_record_get_table (record)->name;
  g_autofree char *shown = NULL;

  if (!yl_alias_is_person (table))
    return g_steal_pointer (&own);
  shown = yl_alias_survivor (store, yl_record_get_id (record));
  if (!g_hash_table_add (listed, g_strdup (shown)))
    return NULL;
  return g_str_equal (shown, yl_record_get_id (record)) ? g_steal_pointer (&own)
                                                        : read_record (store, table, shown, error);
}

static GPtrArray *
parse_conditions (YlStore *store, const YlTable *table, const char *const *where, GError **error)
{
  g_autoptr (GPtrArray) conditions = g_ptr_array_new_with_free_func ((GDestroyNotify) condition_free);

  for (; where != NULL && *where != NULL; where++)
    {
      Condition *condition = parse_condition (store, table, *where, error);

      if (condition == NULL)
        return NULL;
      g_ptr_array_add (conditions, condition);
    }
  return g_steal_pointer (&conditions);
}

GPtrArray *
yl_store_list (YlStore *store, const char *table_name, const char *const *where, guint limit, GError **error)
{
  const YlTable *table = yl_table_require (table_name, error);
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_record_free);
  g_autoptr (GPtrArray) conditions = table != NULL ? parse_conditions (store, table, where, error) : NULL;
  g_autoptr (YlRows) rows = conditions != NULL ? select_candidates (store, table, conditions, error) : NULL;
  g_autoptr (GHashTable) listed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GError) local = NULL;

  if (rows == NULL)
    return NULL;
  while ((limit == 0 || records->len < limit) && yl_rows_next (rows, error))
    {
      g_autoptr (YlRecord) record = read_record (store, table_name, yl_rows_text (rows, 0), error);
      YlRecord *shown;

      if (record == NULL)
        return NULL;
      if (!meets (store, record, conditions))
        continue;
      shown = shown_record (store, g_steal_pointer (&record), listed, &local);
      if (shown != NULL)
        g_ptr_array_add (records, shown);
      else if (local != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return NULL;
        }
    }
  return yl_rows_ended (rows) ? g_steal_pointer (&records) : NULL;
}

char *
yl_store_number (YlStore *store, const char *table_name, const char *id)
{
  const YlTable *table = yl_table_find (table_name);
  const YlField *number = table != NULL ? number_field (table) : NULL;
  g_autofree char *sql =
      number != NULL ? g_strdup_printf ("SELECT [%s] FROM [%s] WHERE id = ?", number->name, table_name) : NULL;
  char *text = sql != NULL ? yl_database_text (store->database, NULL, sql, "t", id) : NULL;

  return text != NULL ? text : g_strdup (id);
}
