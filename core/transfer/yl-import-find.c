/* Which record a row names, so that a repeated import finds what the first one wrote. */
#include "yl-import-private.h"

#include "base/yl-i18n.h"
#include "records/yl-codes.h"
#include "records/yl-tables.h"
#include "seal/yl-plain.h"

#include <string.h>

static const struct
{
  const YlTable *table;
  const char *columns[4];
} keys[] = {
  { &yl_worker_table, { "worker_no", "id_no", "phone" } },
  { &yl_customer_table, { "customer_no", "phone", "wechat" } },
  { &yl_household_table, { "household_no" } },
};

/* By each of its keys; they must agree. */
static gboolean
find_by_keys (YlStore *store, const YlRecord *record, const char *const *columns, char **found, GError **error)
{
  const char *table = yl_record_get_table (record)->name;
  const char *first = NULL;

  for (; *columns != NULL; columns++)
    {
      const char *text = yl_record_get_text (record, *columns);
      g_autoptr (GError) reason = NULL;
      g_autofree char *id = text != NULL ? yl_plain_find (store, table, *columns, text, &reason) : NULL;

      if (reason != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return FALSE;
        }
      if (id != NULL && *found != NULL && strcmp (id, *found) != 0)
        {
          g_autofree char *number = yl_store_number (store, table, *found);
          g_autofree char *other = yl_store_number (store, table, id);

          g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("%s names %s, but %s names %s: one of them is wrong"),
                       first, number, *columns, other);
          return FALSE;
        }
      if (id == NULL || *found != NULL)
        continue;
      *found = g_steal_pointer (&id);
      first = *columns;
    }
  return TRUE;
}

static gboolean
has_any (const YlRecord *record, const char *const *columns)
{
  for (; *columns != NULL; columns++)
    if (!yl_record_is_null (record, *columns))
      return TRUE;
  return FALSE;
}

/* @other holds the same in every one of @columns, empty ones included. */
static gboolean
agrees (const YlRecord *record, const YlRecord *other, const char *const *columns)
{
  for (; *columns != NULL; columns++)
    if (!yl_value_equal (yl_record_get_value (record, *columns), yl_record_get_value (other, *columns)))
      return FALSE;
  return TRUE;
}

/* Among the records of @owner (a customer, a worker) the one that agrees in @columns. */
static gboolean
find_among (YlStore *store,
            const YlRecord *record,
            const char *owner,
            const char *const *columns,
            char **found,
            GError **error)
{
  g_autofree char *of_owner = NULL;
  g_autoptr (GPtrArray) siblings = NULL;
  const char *where[] = { NULL, NULL };

  if (yl_record_is_null (record, owner))
    return TRUE;
  of_owner = g_strconcat (owner, "=", yl_record_get_text (record, owner), NULL);
  where[0] = of_owner;
  siblings = yl_store_list (store, yl_record_get_table (record)->name, where, 0, error);
  if (siblings == NULL)
    return FALSE;
  for (guint i = 0; i < siblings->len && *found == NULL; i++)
    if (agrees (record, g_ptr_array_index (siblings, i), columns))
      *found = g_strdup (yl_record_get_id (g_ptr_array_index (siblings, i)));
  return TRUE;
}

static gboolean
refuse_nameless (const char *const *columns, GError **error)
{
  g_autofree char *names = g_strjoinv (", ", (GStrv) columns);

  g_set_error (
      error, YL_ERROR, YL_ERROR_INVALID,
      _ ("The row says nothing that would find it again: it needs one of %s, or a repeated import would double it"),
      names);
  return FALSE;
}

/* An order without a number is the same if the same customer asks for the same work at the same times. */
static gboolean
find_order (YlStore *store, const YlRecord *order, char **found, GError **error)
{
  static const char *const number[] = { "order_no", NULL };
  static const char *const either[] = { "order_no", "customer", NULL };
  static const char *const what[] = { "service_type", "start",      "minutes", "weekdays", "start_time",
                                      "from_date",    "until_date", "months",  NULL };

  if (!has_any (order, either))
    return refuse_nameless (either, error);
  if (!yl_record_is_null (order, "order_no"))
    return find_by_keys (store, order, number, found, error);
  return find_among (store, order, "customer", what, found, error);
}

/* Facts about a worker: the same in every open column is the same fact. */
static gboolean
find_fact (YlStore *store, const YlRecord *record, char **found, GError **error)
{
  static const char *const certificate[] = { "type", "number", NULL };
  static const char *const availability[] = { "start", "end", NULL };
  static const char *const block[] = { "household", "side", NULL };
  const YlTable *table = yl_record_get_table (record);

  if (table == &yl_certificate_table)
    return find_among (store, record, "worker", certificate, found, error);
  if (table == &yl_availability_table)
    return find_among (store, record, "worker", availability, found, error);
  return find_among (store, record, "worker", block, found, error);
}

const YlTable *
yl_import_table (const char *name, GError **error)
{
  static const YlTable *const tables[] = {
    &yl_worker_table,      &yl_customer_table,     &yl_order_table,        &yl_household_table,
    &yl_certificate_table, &yl_availability_table, &yl_worker_block_table,
  };
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      if (strcmp (tables[i]->name, name) == 0)
        return tables[i];
      g_string_append_printf (names, i > 0 ? ", %s" : "%s", tables[i]->name);
    }
  if (yl_table_lookup (name, error) != NULL)
    g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("Table %s cannot be taken in from a file; these can: %s"), name,
                 names->str);
  return NULL;
}

gboolean
yl_import_find (YlStore *store, const YlRecord *record, char **found, GError **error)
{
  *found = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (keys[i].table == yl_record_get_table (record))
      return (has_any (record, keys[i].columns) || refuse_nameless (keys[i].columns, error))
             && find_by_keys (store, record, keys[i].columns, found, error);
  if (yl_record_get_table (record) == &yl_order_table)
    return find_order (store, record, found, error);
  return find_fact (store, record, found, error);
}
