/* add, set, remove: one record, one change set. */
#include <string.h>

#include "base/yl-i18n.h"
#include "change/yl-change.h"
#include "yl-invocation.h"
#include "yl-output.h"

/* What was typed for one record: columns go into the record, sets are kept until it has its id. */
typedef struct
{
  YlRecord *record;
  GPtrArray *sets;  /* of const YlSet * */
  GPtrArray *lists; /* of char *, one for each of @sets */
} Typed;

static void
typed_clear (Typed *typed)
{
  g_clear_pointer (&typed->record, yl_record_free);
  g_clear_pointer (&typed->sets, g_ptr_array_unref);
  g_clear_pointer (&typed->lists, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Typed, typed_clear)

/* Tables that people do not write, and who does. */
static gboolean
check_writable (const YlTable *table, GError **error)
{
  if (table->flags & YL_TABLE_DERIVED)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("%s is worked out from other records and cannot be written"),
                   table->name);
      return FALSE;
    }
  return TRUE;
}

static gboolean
read_assignment (YlStore *store, Typed *typed, const char *assignment, GError **error)
{
  const YlTable *table = yl_record_get_table (typed->record);
  const char *equals = strchr (assignment, '=');
  g_autofree char *name = NULL;
  const YlField *field;
  const YlSet *set;

  if (equals == NULL || equals == assignment)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("`%s` is no FIELD=VALUE"), assignment);
      return FALSE;
    }
  name = g_strndup (assignment, equals - assignment);
  set = yl_table_set (table, name);
  if (set != NULL)
    {
      g_ptr_array_add (typed->sets, (gpointer) set);
      g_ptr_array_add (typed->lists, g_strdup (equals + 1));
      return TRUE;
    }
  field = yl_table_field_lookup (table, name, error);
  return field != NULL
         && yl_field_parse (field, store, equals + 1, yl_record_value (typed->record, field - table->fields), error);
}

/* Reads the FIELD=VALUE words from the @first on. Takes @record. */
static gboolean
read_typed (YlInvocation *invocation, guint first, YlStore *store, YlRecord *record, Typed *typed, GError **error)
{
  typed->record = record;
  typed->sets = g_ptr_array_new ();
  typed->lists = g_ptr_array_new_with_free_func (g_free);
  for (guint i = first; i < invocation->arguments->len; i++)
    if (!read_assignment (store, typed, yl_invocation_argument (invocation, i), error))
      return FALSE;
  return TRUE;
}

static YlChange *
begin (YlStore *store, const YlTable *table, const char *verb, GError **error)
{
  g_autofree char *what = g_strconcat (verb, " ", table->name, NULL);

  return table->right == YL_RIGHT_AUTHORITY ? yl_change_begin_as_authority (store, what, error)
                                            : yl_change_begin (store, what, error);
}

static void
name_change (YlChange *change, const YlRecord *record)
{
  const YlTable *table = yl_record_get_table (record);

  for (guint i = 0; table->fields[i].name != NULL; i++)
    if ((table->fields[i].flags & YL_FIELD_NUMBER) && yl_record_peek (record, i)->type == YL_VALUE_TEXT)
      yl_change_name (change, yl_record_peek (record, i)->bytes);
}

static gboolean
write_sets (YlChange *change, const Typed *typed, GError **error)
{
  const char *id = yl_record_get_id (typed->record);

  for (guint i = 0; i < typed->sets->len; i++)
    if (!yl_change_set_elements (change, g_ptr_array_index (typed->sets, i), id, g_ptr_array_index (typed->lists, i),
                                 error))
      return FALSE;
  return TRUE;
}

/* The last word is the record id. */
static gboolean
report (YlInvocation *invocation, YlStore *store, const char *verb, const YlRecord *record, GError **error)
{
  const char *table = yl_record_get_table (record)->name;
  const char *id = yl_record_get_id (record);
  g_autofree char *number = yl_store_number (store, table, id);
  g_autofree char *line = NULL;

  if (g_strcmp0 (number, id) == 0)
    line = g_strdup_printf ("%s %s: %s", verb, table, id);
  else
    line = g_strdup_printf ("%s %s %s: %s", verb, table, number, id);
  return yl_output_result (invocation->json, error, line, "table", table, "id", id, "number", number, NULL);
}

gboolean
yl_command_add (YlInvocation *invocation, GError **error)
{
  const YlTable *table = yl_table_lookup (yl_invocation_argument (invocation, 0), error);
  g_autoptr (YlStore) store = NULL;
  g_autoptr (YlChange) change = NULL;
  g_auto (Typed) typed = { NULL, NULL, NULL };

  if (table == NULL || !check_writable (table, error))
    return FALSE;
  store = yl_invocation_open (invocation, error);
  if (store == NULL || !read_typed (invocation, 1, store, yl_record_new (table, NULL), &typed, error))
    return FALSE;
  change = begin (store, table, "add", error);
  if (change == NULL || !yl_change_insert (change, typed.record, error) || !write_sets (change, &typed, error))
    return FALSE;
  name_change (change, typed.record);
  return yl_change_commit (change, error) && report (invocation, store, "added", typed.record, error);
}

gboolean
yl_command_set (YlInvocation *invocation, GError **error)
{
  const YlTable *table = yl_table_lookup (yl_invocation_argument (invocation, 0), error);
  g_autoptr (YlStore) store = NULL;
  g_autoptr (YlChange) change = NULL;
  g_auto (Typed) typed = { NULL, NULL, NULL };
  YlRecord *record;

  if (table == NULL || !check_writable (table, error))
    return FALSE;
  store = yl_invocation_open (invocation, error);
  record = store != NULL ? yl_store_get (store, table->name, yl_invocation_argument (invocation, 1), error) : NULL;
  if (record == NULL || !read_typed (invocation, 2, store, record, &typed, error))
    return FALSE;
  change = begin (store, table, "edit", error);
  if (change == NULL || !yl_change_update (change, typed.record, error) || !write_sets (change, &typed, error))
    return FALSE;
  name_change (change, typed.record);
  return yl_change_commit (change, error) && report (invocation, store, "changed", typed.record, error);
}

gboolean
yl_command_remove (YlInvocation *invocation, GError **error)
{
  const YlTable *table = yl_table_lookup (yl_invocation_argument (invocation, 0), error);
  g_autoptr (YlStore) store = NULL;
  g_autoptr (YlChange) change = NULL;
  g_autoptr (YlRecord) record = NULL;

  if (table == NULL || !check_writable (table, error))
    return FALSE;
  store = yl_invocation_open (invocation, error);
  record = store != NULL ? yl_store_get (store, table->name, yl_invocation_argument (invocation, 1), error) : NULL;
  change = record != NULL ? begin (store, table, "remove", error) : NULL;
  if (change == NULL || !yl_change_delete (change, table->name, yl_record_get_id (record), error))
    return FALSE;
  name_change (change, record);
  return yl_change_commit (change, error) && report (invocation, store, "removed", record, error);
}
