/* get, list: records as the catalogue describes them. */
#include <string.h>

#include "base/yl-i18n.h"
#include "yl-invocation.h"
#include "yl-output.h"
#include "yl-record-output.h"

/* What an order shows of its derived state beside its own fields. */
static const char *const derived_fields[] = { "state", "cause" };

static gboolean
is_order (const YlTable *table)
{
  return g_str_equal (table->name, "order");
}

gboolean
yl_command_get (YlInvocation *invocation, GError **error)
{
  const YlTable *table = yl_table_lookup (yl_invocation_argument (invocation, 0), error);
  g_autoptr (YlStore) store = table != NULL ? yl_invocation_open (invocation, error) : NULL;
  g_autoptr (YlRecord) record = NULL;
  g_autoptr (YlOutput) output = yl_output_new ();

  if (store == NULL)
    return FALSE;
  record = yl_store_get (store, table->name, yl_invocation_argument (invocation, 1), error);
  return record != NULL && yl_record_print (output, invocation->json, store, store, record, error)
         && yl_output_flush (output, error);
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
    if (!yl_record_print_row (output, invocation->json, store, g_ptr_array_index (records, i), error))
      return FALSE;
  if (invocation->json)
    yl_output_end_array (output);
  return yl_output_flush (output, error);
}
