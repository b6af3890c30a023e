/* conflicts, resolve: what two people changed apart, and deciding it. */

#include <string.h>

#include "base/yl-i18n.h"
#include "desk/yl-value-words.h"
#include "merge/yl-conflict.h"
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

  if (field != NULL && !version->locked && only_first_differs (conflict))
    yl_output_field (output, name, field, &version->columns[0]);
  else
    yl_output_text (output, name, version->value);
}

static void
print_version_json (YlOutput *output, const YlConflict *conflict, const YlConflictVersion *version)
{
  yl_output_begin_object (output, NULL);
  print_value (output, "value", conflict, version);
  yl_output_text (output, "writer", version->writer);
  yl_output_text (output, "pc", version->writer_label);
  yl_output_text (output, "actor", version->actor);
  yl_output_instant (output, "time", version->time);
  if (version->base_actor != NULL)
    {
      yl_output_begin_object (output, "had_seen");
      yl_output_text (output, "value", version->base_value);
      yl_output_text (output, "actor", version->base_actor);
      yl_output_instant (output, "time", version->base_time);
      yl_output_end_object (output);
    }
  else
    yl_output_text (output, "had_seen", NULL);
  yl_output_end_object (output);
}

static void
print_json (YlOutput *output, const YlConflict *conflict)
{
  yl_output_begin_object (output, NULL);
  yl_output_text (output, "table", conflict->table);
  yl_output_text (output, "id", conflict->id);
  yl_output_text (output, "field", conflict->field);
  print_value (output, "shown", conflict, g_ptr_array_index (conflict->versions, 0));
  yl_output_boolean (output, "both", yl_conflict_can_keep_both (conflict));
  yl_output_begin_array (output, "versions");
  for (guint i = 0; i < conflict->versions->len; i++)
    print_version_json (output, conflict, g_ptr_array_index (conflict->versions, i));
  yl_output_end_array (output);
  yl_output_end_object (output);
}

/* The record and field, then a numbered line for each value, the one that every copy shows first. */
static void
print_plain (YlOutput *output, YlStore *store, const YlConflict *conflict)
{
  g_autofree char *number = yl_store_number (store, conflict->table, conflict->id);

  yl_output_line (output, "%s %s %s", conflict->table, number, conflict->field[0] != '\0' ? conflict->field : "-");
  for (guint i = 0; i < conflict->versions->len; i++)
    {
      const YlConflictVersion *version = g_ptr_array_index (conflict->versions, i);
      g_autofree char *time = yl_instant_format (version->time);
      g_autofree char *seen = yl_conflict_seen_words (store, version);

      yl_output_cell (output, "  %u %s", i + 1, version->value != NULL ? version->value : "");
      yl_output_cell (output, "%s", version->actor);
      yl_output_cell (output, "%s", version->writer_label);
      yl_output_cell (output, "%s", time);
      yl_output_cell (output, "%s", seen);
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
  if (conflicts->len > 0)
    invocation->exit = YL_EXIT_PERSON;
  return yl_output_flush (output, error);
}

/* Deciding one */

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
take_version (YlStore *store, const YlConflict *conflict, const char *number, GError **error)
{
  char *end = NULL;
  guint64 nth = g_ascii_strtoull (number, &end, 10);

  if (*number != '\0' && *end == '\0' && nth >= 1 && nth <= conflict->versions->len)
    return yl_conflict_choose (store, conflict, (guint) nth - 1, NULL, error);
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("--take %s names no value: there are 1 to %u, see `conflicts`"),
               number, conflict->versions->len);
  return FALSE;
}

static gboolean
decide (YlInvocation *invocation, YlStore *store, const YlConflict *conflict, GError **error)
{
  const char *value = yl_invocation_option (invocation, "value");
  const char *take = yl_invocation_option (invocation, "take");
  g_autofree char *whole = value != NULL ? complete_value (conflict, value) : NULL;

  if (value != NULL)
    return yl_conflict_resolve (store, conflict->table, conflict->id, conflict->field, whole, NULL, error);
  if (take != NULL)
    return take_version (store, conflict, take, error);
  return yl_conflict_keep_both (store, conflict, NULL, error);
}

static gboolean
check_ways (YlInvocation *invocation, guint n_ways, GError **error)
{
  if (n_ways == 1)
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID, "%s",
               _ ("say how to decide: one of --take N, --value TEXT and --both, or --all-of ours, theirs or newest"));
  return FALSE;
}

static gboolean
resolve_one (YlInvocation *invocation, GError **error)
{
  const YlTable *table = yl_table_lookup (yl_invocation_argument (invocation, 0), error);
  const char *number = yl_invocation_argument (invocation, 1);
  const char *name = yl_invocation_argument (invocation, 2);
  const char *field = table != NULL ? find_register (table, name, error) : NULL;
  g_autoptr (YlStore) store = field != NULL ? yl_invocation_open (invocation, error) : NULL;
  g_autofree char *id = store != NULL ? yl_store_find_exact (store, table->name, number, error) : NULL;
  g_autoptr (GError) local = NULL;
  g_autoptr (YlConflict) conflict = id != NULL ? yl_conflict_find (store, table->name, id, field, &local) : NULL;
  g_autofree char *line = g_strdup_printf ("resolved %s %s %s", table != NULL ? table->name : "", number, name);

  if (id == NULL)
    return FALSE;
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (conflict == NULL)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_NOT_FOUND, _ ("there are no two values for %s of %s %s: see `conflicts`"),
                   name, table->name, number);
      return FALSE;
    }
  return decide (invocation, store, conflict, error)
         && yl_output_result (invocation->json, error, line, "table", table->name, "id", id, "field", field, NULL);
}

/* Deciding many */

static gboolean
read_take (const char *word, YlConflictTake *take, GError **error)
{
  static const char *const words[] = {
    [YL_TAKE_OURS] = "ours", [YL_TAKE_THEIRS] = "theirs", [YL_TAKE_NEWEST] = "newest"
  };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (word, words[i]))
      {
        *take = (YlConflictTake) i;
        return TRUE;
      }
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("--all-of takes ours, theirs or newest, not `%s`"), word);
  return FALSE;
}

/* Those of the table and field that were named, or all. */
static GPtrArray *
conflicts_of (YlInvocation *invocation, YlStore *store, const YlTable *table, const char *field, GError **error)
{
  g_autoptr (GPtrArray) conflicts = yl_conflict_list (store, error);

  for (guint i = conflicts != NULL ? conflicts->len : 0; i-- > 0;)
    {
      const YlConflict *conflict = conflicts->pdata[i];

      if ((table != NULL && !g_str_equal (conflict->table, table->name))
          || (field != NULL && !g_str_equal (conflict->field, field)))
        g_ptr_array_remove_index (conflicts, i);
    }
  return g_steal_pointer (&conflicts);
}

static gboolean
resolve_many (YlInvocation *invocation, GError **error)
{
  const char *table_name = yl_invocation_argument (invocation, 0);
  const char *field_name = yl_invocation_argument (invocation, 1);
  const YlTable *table = table_name != NULL ? yl_table_lookup (table_name, error) : NULL;
  const char *field = table != NULL && field_name != NULL ? find_register (table, field_name, error) : NULL;
  g_autoptr (YlStore) store = NULL;
  g_autoptr (GPtrArray) conflicts = NULL;
  g_autofree char *line = NULL;
  g_autofree char *number = NULL;
  YlConflictTake take;
  int n;

  if ((table_name != NULL && table == NULL) || (field_name != NULL && field == NULL)
      || !read_take (yl_invocation_option (invocation, "all-of"), &take, error))
    return FALSE;
  store = yl_invocation_open (invocation, error);
  conflicts = store != NULL ? conflicts_of (invocation, store, table, field, error) : NULL;
  n = conflicts != NULL ? yl_conflict_take (store, conflicts, take, NULL, error) : -1;
  if (n < 0)
    return FALSE;
  if ((guint) n < conflicts->len)
    invocation->exit = YL_EXIT_PERSON;
  number = g_strdup_printf ("%d", n);
  line = g_strdup_printf ("resolved %d of %u", n, conflicts->len);
  return yl_output_result (invocation->json, error, line, "resolved", number, NULL);
}

gboolean
yl_command_resolve (YlInvocation *invocation, GError **error)
{
  guint n_ways = 0;

  if (yl_invocation_has (invocation, "all-of"))
    return check_ways (invocation,
                       1u + yl_invocation_has (invocation, "value") + yl_invocation_has (invocation, "take")
                           + yl_invocation_has (invocation, "both"),
                       error)
           && resolve_many (invocation, error);
  if (yl_invocation_argument (invocation, 2) == NULL)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID, "%s",
                   _ ("name the conflict by TABLE ID FIELD as `conflicts` does, or give --all-of"));
      return FALSE;
    }
  n_ways += yl_invocation_has (invocation, "value");
  n_ways += yl_invocation_has (invocation, "take");
  n_ways += yl_invocation_has (invocation, "both");
  return check_ways (invocation, n_ways, error) && resolve_one (invocation, error);
}
