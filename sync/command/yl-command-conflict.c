/* conflicts, resolve: what two people changed apart, and deciding it. */

#include <string.h>

#include "base/yl-i18n.h"
#include "store/yl-conflict.h"
#include "yl-invocation.h"
#include "yl-output.h"

/* The columns of a register, in the order of its values. */
static const YlField *
register_field (const YlConflict *conflict, guint nth)
{
  const YlTable *table = yl_table_find (conflict->table);

  for (const YlField *field = table != NULL ? table->fields : NULL; field != NULL && field->name != NULL; field++)
    if (g_str_equal (yl_field_register (field), conflict->field) && nth-- == 0)
      return field;
  return NULL;
}

/* All versions have the same in every column but the first: then that one alone says what differs. */
static gboolean
only_first_differs (const YlConflict *conflict)
{
  const YlConflictVersion *first = g_ptr_array_index (conflict->versions, 0);

  for (guint v = 1; v < conflict->versions->len; v++)
    {
      const YlConflictVersion *other = g_ptr_array_index (conflict->versions, v);

      if (other->n_columns != first->n_columns)
        return FALSE;
      for (guint i = 1; i < first->n_columns; i++)
        if (!yl_value_equal (&first->columns[i], &other->columns[i]))
          return FALSE;
    }
  return first->n_columns > 0;
}

static void
print_value (YlOutput *output, const char *name, const YlConflict *conflict, const YlConflictVersion *version)
{
  const YlField *field = register_field (conflict, 0);

  if (field != NULL && only_first_differs (conflict))
    yl_output_field (output, name, field, &version->columns[0]);
  else
    yl_output_text (output, name, version->value);
}

static void
print_json (YlOutput *output, const YlConflict *conflict)
{
  yl_output_begin_object (output, NULL);
  yl_output_text (output, "table", conflict->table);
  yl_output_text (output, "id", conflict->id);
  yl_output_text (output, "field", conflict->field);
  print_value (output, "shown", conflict, g_ptr_array_index (conflict->versions, 0));
  yl_output_begin_array (output, "versions");
  for (guint i = 0; i < conflict->versions->len; i++)
    {
      const YlConflictVersion *version = g_ptr_array_index (conflict->versions, i);

      yl_output_begin_object (output, NULL);
      print_value (output, "value", conflict, version);
      yl_output_text (output, "writer", version->writer);
      yl_output_text (output, "actor", version->actor);
      yl_output_instant (output, "time", version->time);
      yl_output_end_object (output);
    }
  yl_output_end_array (output);
  yl_output_end_object (output);
}

/* The record and field, then a line for each value, the one that every copy shows first. */
static void
print_plain (YlOutput *output, YlStore *store, const YlConflict *conflict)
{
  g_autofree char *number = yl_store_number (store, conflict->table, conflict->id);

  yl_output_line (output, "%s %s %s", conflict->table, number, conflict->field[0] != '\0' ? conflict->field : "-");
  for (guint i = 0; i < conflict->versions->len; i++)
    {
      const YlConflictVersion *version = g_ptr_array_index (conflict->versions, i);
      g_autofree char *time = yl_instant_format (version->time);

      yl_output_cell (output, "  %s", version->value != NULL ? version->value : "");
      yl_output_cell (output, "%s", version->actor);
      yl_output_cell (output, "%s", version->writer_label);
      yl_output_cell (output, "%s", time);
      if (i == 0)
        yl_output_cell (output, "%s", _ ("shown"));
      yl_output_end_row (output);
    }
}

gboolean
yl_command_conflicts (YlInvocation *invocation, GError **error)
{
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  g_autoptr (GPtrArray) conflicts = store != NULL ? yl_conflict_list (store, error) : NULL;
  g_autoptr (YlOutput) output = yl_output_new ();

  if (conflicts == NULL)
    return FALSE;
  if (invocation->json)
    yl_output_begin_array (output, NULL);
  for (guint i = 0; i < conflicts->len; i++)
    {
      if (invocation->json)
        print_json (output, g_ptr_array_index (conflicts, i));
      else
        print_plain (output, store, g_ptr_array_index (conflicts, i));
    }
  if (invocation->json)
    yl_output_end_array (output);
  return yl_output_flush (output, error);
}

/* The register that a field or one of its labels names; `-` is the record itself. */
static const char *
find_register (const YlTable *table, const char *name, GError **error)
{
  const YlField *field;

  if (g_str_equal (name, "") || g_str_equal (name, "-"))
    return "";
  field = yl_table_field_lookup (table, name, error);
  return field != NULL ? yl_field_register (field) : NULL;
}

static const YlConflict *
find_conflict (const GPtrArray *conflicts, const char *table, const char *id, const char *field)
{
  for (guint i = 0; i < conflicts->len; i++)
    {
      const YlConflict *conflict = g_ptr_array_index (conflicts, i);

      if (g_str_equal (conflict->table, table) && g_str_equal (conflict->id, id)
          && g_str_equal (conflict->field, field))
        return conflict;
    }
  return NULL;
}

/* Where `conflicts` shows one column of several, because the others agree, one is enough to decide too. */
static char *
complete_value (const YlConflict *conflict, const char *value)
{
  const YlConflictVersion *version = g_ptr_array_index (conflict->versions, 0);
  g_autoptr (GString) whole = g_string_new (value);

  if (!only_first_differs (conflict) || strstr (value, " / ") != NULL)
    return g_strdup (value);
  for (guint i = 1; i < version->n_columns; i++)
    {
      g_autofree char *other = yl_field_format (register_field (conflict, i), &version->columns[i]);

      g_string_append_printf (whole, " / %s", other != NULL ? other : "");
    }
  return g_string_free (g_steal_pointer (&whole), FALSE);
}

static gboolean
resolve (YlStore *store, const YlTable *table, const char *id, const char *field, const char *value, GError **error)
{
  g_autoptr (GPtrArray) conflicts = yl_conflict_list (store, error);
  const YlConflict *conflict = conflicts != NULL ? find_conflict (conflicts, table->name, id, field) : NULL;
  g_autofree char *whole = NULL;

  if (conflicts == NULL)
    return FALSE;
  whole = conflict != NULL ? complete_value (conflict, value) : g_strdup (value);
  return yl_conflict_resolve (store, table->name, id, field, whole, error);
}

gboolean
yl_command_resolve (YlInvocation *invocation, GError **error)
{
  const YlTable *table = yl_table_lookup (yl_invocation_argument (invocation, 0), error);
  const char *value = yl_invocation_option (invocation, "value");
  const char *field = table != NULL ? find_register (table, yl_invocation_argument (invocation, 2), error) : NULL;
  g_autoptr (YlStore) store = field != NULL ? yl_invocation_open (invocation, error) : NULL;
  g_autofree char *id = NULL;
  g_autofree char *line = NULL;

  if (store == NULL)
    return FALSE;
  id = yl_store_find_id (store, table->name, yl_invocation_argument (invocation, 1), error);
  if (id == NULL || !resolve (store, table, id, field, value, error))
    return FALSE;
  line = g_strdup_printf ("resolved %s %s %s: %s", table->name, yl_invocation_argument (invocation, 1),
                          yl_invocation_argument (invocation, 2), value);
  return yl_output_result (invocation->json, error, line, "table", table->name, "id", id, "field", field, "value",
                           value, NULL);
}
