/* get, list: records as the catalogue describes them. */
#include <string.h>

#include "base/yl-i18n.h"
#include "yl-invocation.h"
#include "yl-output.h"

/* What an order shows of its derived state beside its own fields. */
static const char *const derived_fields[] = { "state", "cause" };

static gboolean
is_order (const YlTable *table)
{
  return g_str_equal (table->name, "order");
}

/* The derived state of an order, or NULL where it has none yet. */
static YlRecord *
order_state (YlStore *store, const char *id)
{
  return yl_store_get (store, "order_state", id, NULL);
}

static gboolean
print_sets_json (YlOutput *output, YlStore *store, const YlRecord *record, GError **error)
{
  const YlSet *set = yl_record_get_table (record)->sets;

  for (; set != NULL && set->name != NULL; set++)
    {
      g_autofree char *list = yl_store_get_set (store, set, yl_record_get_id (record), error);

      if (list == NULL)
        return FALSE;
      yl_output_text (output, set->name, list);
    }
  return TRUE;
}

static void
print_state_json (YlOutput *output, YlStore *store, const YlRecord *order)
{
  g_autoptr (YlRecord) state = order_state (store, yl_record_get_id (order));

  for (guint i = 0; i < G_N_ELEMENTS (derived_fields); i++)
    yl_output_text (output, derived_fields[i], state != NULL ? yl_record_get_text (state, derived_fields[i]) : NULL);
}

static gboolean
print_json (YlOutput *output, YlStore *store, const YlRecord *record, GError **error)
{
  const YlTable *table = yl_record_get_table (record);

  yl_output_begin_object (output, NULL);
  yl_output_text (output, "id", yl_record_get_id (record));
  for (guint i = 0; table->fields[i].name != NULL; i++)
    yl_output_field (output, table->fields[i].name, &table->fields[i], yl_record_peek (record, i));
  if (!print_sets_json (output, store, record, error))
    return FALSE;
  if (is_order (table))
    print_state_json (output, store, record);
  yl_output_end_object (output);
  return TRUE;
}

/* A value as people read it: references by their short number. */
static char *
field_text (YlStore *store, const YlRecord *record, guint i)
{
  const YlField *field = &yl_record_get_table (record)->fields[i];
  const YlValue *value = yl_record_peek (record, i);

  if (yl_record_is_locked (record, field->name))
    return g_strdup (_ ("(sealed; this PC has no key for it)"));
  if (field->kind == YL_KIND_REF && value->type == YL_VALUE_TEXT)
    return yl_store_number (store, field->of, value->bytes);
  return yl_field_format (field, value);
}

/* Calls for every field, set and derived field that holds something. */
typedef void (*EachFunc) (YlOutput *output, const char *name, const char *text);

static gboolean
each_value (YlOutput *output, YlStore *store, const YlRecord *record, EachFunc each, GError **error)
{
  const YlTable *table = yl_record_get_table (record);
  g_autoptr (YlRecord) state = is_order (table) ? order_state (store, yl_record_get_id (record)) : NULL;

  for (guint i = 0; table->fields[i].name != NULL; i++)
    {
      g_autofree char *text = field_text (store, record, i);

      if (text != NULL)
        each (output, table->fields[i].name, text);
    }
  for (const YlSet *set = table->sets; set != NULL && set->name != NULL; set++)
    {
      g_autofree char *list = yl_store_get_set (store, set, yl_record_get_id (record), error);

      if (list == NULL)
        return FALSE;
      if (list[0] != '\0')
        each (output, set->name, list);
    }
  for (guint i = 0; state != NULL && i < G_N_ELEMENTS (derived_fields); i++)
    if (!yl_record_is_null (state, derived_fields[i]))
      each (output, derived_fields[i], yl_record_get_text (state, derived_fields[i]));
  return TRUE;
}

static void
print_value_line (YlOutput *output, const char *name, const char *text)
{
  yl_output_line (output, "%s: %s", name, text);
}

gboolean
yl_command_get (YlInvocation *invocation, GError **error)
{
  const YlTable *table = yl_table_lookup (yl_invocation_argument (invocation, 0), error);
  g_autoptr (YlStore) store = table != NULL ? yl_invocation_open (invocation, error) : NULL;
  g_autoptr (YlRecord) record = NULL;
  g_autoptr (YlOutput) output = yl_output_new ();
  gboolean ok;

  if (store == NULL)
    return FALSE;
  record = yl_store_get (store, table->name, yl_invocation_argument (invocation, 1), error);
  if (record == NULL)
    return FALSE;
  if (invocation->json)
    ok = print_json (output, store, record, error);
  else
    {
      yl_output_line (output, "id: %s", yl_record_get_id (record));
      ok = each_value (output, store, record, print_value_line, error);
    }
  return ok && yl_output_flush (output, error);
}

/* The conditions on derived fields of an order, which are no columns of it. */
typedef struct
{
  GPtrArray *stored;  /* `field=value` for the store; NULL-terminated */
  GPtrArray *derived; /* for the order's state */
} Conditions;

static gboolean
is_derived (const char *condition)
{
  for (guint i = 0; i < G_N_ELEMENTS (derived_fields); i++)
    if (g_str_has_prefix (condition, derived_fields[i]) && condition[strlen (derived_fields[i])] == '=')
      return TRUE;
  return FALSE;
}

static void
split_conditions (YlInvocation *invocation, const YlTable *table, Conditions *conditions)
{
  g_autofree const char **where = yl_invocation_strv (invocation, "where");

  conditions->stored = g_ptr_array_new ();
  conditions->derived = g_ptr_array_new ();
  for (guint i = 0; where != NULL && where[i] != NULL; i++)
    g_ptr_array_add (is_order (table) && is_derived (where[i]) ? conditions->derived : conditions->stored,
                     (gpointer) where[i]);
  g_ptr_array_add (conditions->stored, NULL);
  g_ptr_array_add (conditions->derived, NULL);
}

static void
conditions_clear (Conditions *conditions)
{
  g_clear_pointer (&conditions->stored, g_ptr_array_unref);
  g_clear_pointer (&conditions->derived, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Conditions, conditions_clear)

/* The orders whose derived state fits, as a set of ids. */
static GHashTable *
orders_in_state (YlStore *store, const Conditions *conditions, GError **error)
{
  const char *const *where = (const char *const *) conditions->derived->pdata;
  g_autoptr (GPtrArray) states = yl_store_list (store, "order_state", where, 0, error);
  g_autoptr (GHashTable) ids = NULL;

  if (states == NULL)
    return NULL;
  ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < states->len; i++)
    g_hash_table_add (ids, g_strdup (yl_record_get_id (g_ptr_array_index (states, i))));
  return g_steal_pointer (&ids);
}

static GPtrArray *
list_records (YlInvocation *invocation, YlStore *store, const YlTable *table, GError **error)
{
  g_auto (Conditions) conditions = { NULL, NULL };
  g_autoptr (GPtrArray) records = NULL;
  g_autoptr (GHashTable) wanted = NULL;
  gboolean filter;
  guint limit;

  if (!yl_invocation_limit (invocation, &limit, error))
    return NULL;
  split_conditions (invocation, table, &conditions);
  filter = conditions.derived->len > 1;
  records =
      yl_store_list (store, table->name, (const char *const *) conditions.stored->pdata, filter ? 0 : limit, error);
  if (records == NULL || !filter)
    return g_steal_pointer (&records);
  wanted = orders_in_state (store, &conditions, error);
  if (wanted == NULL)
    return NULL;
  for (guint i = records->len; i > 0; i--)
    if (!g_hash_table_contains (wanted, yl_record_get_id (g_ptr_array_index (records, i - 1))))
      g_ptr_array_remove_index (records, i - 1);
  if (limit > 0 && records->len > limit)
    g_ptr_array_set_size (records, limit);
  return g_steal_pointer (&records);
}

static void
print_value_cell (YlOutput *output, const char *name, const char *text)
{
  yl_output_cell (output, "%s=%s", name, text);
}

static gboolean
print_row (YlOutput *output, YlStore *store, const YlRecord *record, GError **error)
{
  yl_output_cell (output, "%s", yl_record_get_id (record));
  if (!each_value (output, store, record, print_value_cell, error))
    return FALSE;
  yl_output_end_row (output);
  return TRUE;
}

gboolean
yl_command_list (YlInvocation *invocation, GError **error)
{
  const YlTable *table = yl_table_lookup (yl_invocation_argument (invocation, 0), error);
  g_autoptr (YlStore) store = table != NULL ? yl_invocation_open (invocation, error) : NULL;
  g_autoptr (GPtrArray) records = store != NULL ? list_records (invocation, store, table, error) : NULL;
  g_autoptr (YlOutput) output = yl_output_new ();

  if (records == NULL)
    return FALSE;
  if (invocation->json)
    yl_output_begin_array (output, NULL);
  for (guint i = 0; i < records->len; i++)
    {
      const YlRecord *record = g_ptr_array_index (records, i);
      gboolean ok =
          invocation->json ? print_json (output, store, record, error) : print_row (output, store, record, error);

      if (!ok)
        return FALSE;
    }
  if (invocation->json)
    yl_output_end_array (output);
  return yl_output_flush (output, error);
}
