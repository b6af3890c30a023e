#include "yl-record-output.h"

#include "base/yl-i18n.h"

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
  if (yl_record_is_erased (record))
    yl_output_boolean (output, "erased", TRUE);
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

  if (yl_record_is_locked (record, field->name) && yl_record_is_erased (record))
    return g_strdup (_ ("(erased)"));
  if (yl_record_is_locked (record, field->name))
    return g_strdup (_ ("(sealed; this PC has no key for it)"));
  if (field->kind == YL_KIND_REF && value->type == YL_VALUE_TEXT)
    return yl_store_number (store, field->of, value->bytes);
  return yl_field_format (field, value);
}

/* Calls for every field, set and derived field that holds something. */
typedef void (*EachFunc) (YlOutput *output, const char *name, const char *text);

static gboolean
each_value (YlOutput *output,
            YlStore *store,
            YlStore *state_store,
            const YlRecord *record,
            EachFunc each,
            GError **error)
{
  const YlTable *table = yl_record_get_table (record);
  g_autoptr (YlRecord) state = is_order (table) ? order_state (state_store, yl_record_get_id (record)) : NULL;

  for (guint i = 0; table->fields[i].name != NULL; i++)
    {
      g_autofree char *text = field_text (store, record, i);

      if (text != NULL)
        each (output, table->fields[i].name, text);
    }
  for (const YlSet *set = table->sets; set != NULL && set->name != NULL; set++)
    {
      g_autofree char *list = yl_store_get_set (state_store, set, yl_record_get_id (record), error);

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

static void
print_value_cell (YlOutput *output, const char *name, const char *text)
{
  yl_output_cell (output, "%s=%s", name, text);
}

gboolean
yl_record_print (YlOutput *output,
                 gboolean json,
                 YlStore *store,
                 YlStore *state,
                 const YlRecord *record,
                 GError **error)
{
  if (json)
    return print_json (output, state, record, error);
  yl_output_line (output, "id: %s", yl_record_get_id (record));
  return each_value (output, store, state, record, print_value_line, error);
}

gboolean
yl_record_print_row (YlOutput *output, gboolean json, YlStore *store, const YlRecord *record, GError **error)
{
  if (json)
    return print_json (output, store, record, error);
  yl_output_cell (output, "%s", yl_record_get_id (record));
  if (!each_value (output, store, store, record, print_value_cell, error))
    return FALSE;
  yl_output_end_row (output);
  return TRUE;
}
