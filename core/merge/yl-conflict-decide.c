#include "yl-conflict-private.h"

#include <string.h>

#include "base/yl-i18n.h"
#include "change/yl-change-private.h"
#include "log/yl-log-door.h"
#include "store/yl-store-private.h"

/* Deciding a conflict is a change set that writes every column of the register, changed or not: the write is what says that all
 * versions were seen. */

#define MAX_AT_ONCE 200

static gboolean
write_columns (YlChange *change, const YlConflict *conflict, GPtrArray *fields, const YlValue *values, GError **error)
{
  YlStore *store = yl_change_get_store (change);
  g_autoptr (YlRecord) record = yl_store_get_exact (store, conflict->table, conflict->id, error);

  if (record == NULL)
    return FALSE;
  for (guint i = 0; i < fields->len; i++)
    yl_record_set_value (record, ((YlField *) fields->pdata[i])->name, &values[i]);
  return yl_change_update (change, record, error)
         && yl_change_touch (change, conflict->table, conflict->id, conflict->field, error);
}

static gboolean
write_life (YlChange *change, const YlConflict *conflict, gboolean keep, GError **error)
{
  if (!keep)
    return yl_change_delete (change, conflict->table, conflict->id, error);
  return yl_change_touch (change, conflict->table, conflict->id, NULL, error);
}

/* A decision that was taken back is taken anew. */
static gboolean
close_again (YlChange *change, const YlConflict *conflict, GError **error)
{
  g_autofree char *id = yl_conflict_reopened_id (conflict->table, conflict->id, conflict->field);
  g_autofree char *found = yl_store_find_exact (yl_change_get_store (change), "reopened", id, NULL);

  return found == NULL || yl_change_delete (change, "reopened", id, error);
}

static gboolean
write_decision (YlChange *change, const YlConflict *conflict, const YlValue *values, gboolean keep, GError **error)
{
  g_autoptr (GPtrArray) fields = yl_conflict_fields (conflict->table, conflict->field);

  if (!close_again (change, conflict, error))
    return FALSE;
  if (*conflict->field == '\0')
    return write_life (change, conflict, keep, error);
  if (fields->len > 0)
    return write_columns (change, conflict, fields, values, error);
  g_set_error (error, YL_ERROR, YL_ERROR_NEWER, _ ("%s belongs to a newer version: update the program to decide"),
               conflict->field);
  return FALSE;
}

/* Taking a decision back also says so, so that what stood before is listed again everywhere. */

static void
add_text (YlOp *op, const char *column, const char *text)
{
  g_auto (YlValue) value = YL_VALUE_INIT;

  yl_value_set_text (&value, text);
  yl_op_add (op, column, &value);
}

static void
reopen_at_undo (YlUndo *undo, const YlConflict *conflict, const YlEntryRow *decision)
{
  g_autofree char *id = yl_conflict_reopened_id (conflict->table, conflict->id, conflict->field);
  YlOp *op = yl_op_new (YL_OP_INSERT, "reopened", id);
  g_auto (YlValue) seq = YL_VALUE_INIT;

  /* Of one decided before, what stood before is before the first decision. */
  yl_value_set_integer (&seq, conflict->decider != NULL ? conflict->decision : decision->seq);
  if (*conflict->field != '\0')
    add_text (op, "field", conflict->field);
  add_text (op, "record", conflict->id);
  add_text (op, "record_table", conflict->table);
  yl_op_add (op, "seq", &seq);
  add_text (op, "writer", conflict->decider != NULL ? conflict->decider : decision->writer);
  yl_undo_also (undo, op);
}

static YlUndo *
take_undo (YlChange *change, GPtrArray *conflicts)
{
  YlStore *store = yl_change_get_store (change);
  g_autoptr (GPtrArray) rows = yl_log_since (store, change->n - 1, 1, NULL);
  YlUndo *undo = yl_change_take_undo (change);

  for (guint i = 0; rows != NULL && rows->len > 0 && i < conflicts->len; i++)
    reopen_at_undo (undo, conflicts->pdata[i], rows->pdata[0]);
  return undo;
}

static YlChange *
begin_about (YlStore *store, const YlConflict *conflict, GError **error)
{
  YlChange *change = yl_change_begin (store, "resolve", error);
  g_autofree char *number = yl_store_number (store, conflict->table, conflict->id);

  if (change == NULL)
    return NULL;
  yl_change_name (change, conflict->table);
  yl_change_name (change, number);
  yl_change_name (change, conflict->field);
  return change;
}

static gboolean
decide (YlStore *store, const YlConflict *conflict, const YlValue *values, gboolean keep, YlUndo **undo, GError **error)
{
  g_autoptr (YlChange) change = begin_about (store, conflict, error);
  g_autoptr (GPtrArray) conflicts = g_ptr_array_new ();

  if (change == NULL || !write_decision (change, conflict, values, keep, error) || !yl_change_commit (change, error))
    return FALSE;
  g_ptr_array_add (conflicts, (gpointer) conflict);
  if (undo != NULL)
    *undo = take_undo (change, conflicts);
  return TRUE;
}

static gboolean
check_readable (const YlConflictVersion *version, GError **error)
{
  if (!version->locked)
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, "%s",
               _ ("this value is sealed and this PC has no key for it: whoever can read it decides"));
  return FALSE;
}

gboolean
yl_conflict_choose (YlStore *store, const YlConflict *conflict, guint version, YlUndo **undo, GError **error)
{
  const YlConflictVersion *chosen = conflict->versions->pdata[version];

  return check_readable (chosen, error)
         && decide (store, conflict, chosen->columns, g_strcmp0 (chosen->value, "kept") == 0, undo, error);
}

/* A value as typed */

/* People write the columns they see; what follows from them is filled in by the record's check. */
static gboolean
parse_values (YlStore *store, GPtrArray *fields, const char *text, YlValue *values, GError **error)
{
  guint n_shown = 0, at = 0;
  g_auto (GStrv) parts = NULL;

  for (guint i = 0; i < fields->len; i++)
    n_shown += (((YlField *) fields->pdata[i])->flags & YL_FIELD_FILLED) == 0 ? 1 : 0;
  if (n_shown > 1)
    parts = g_strsplit (text, " / ", -1);
  if (parts != NULL && g_strv_length (parts) != n_shown)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID,
                   _ ("write all %u values, separated by “ / ”, or choose one of those listed"), n_shown);
      return FALSE;
    }
  for (guint i = 0; i < fields->len; i++)
    if ((((YlField *) fields->pdata[i])->flags & YL_FIELD_FILLED) == 0
        && !yl_field_parse (fields->pdata[i], store, parts != NULL ? parts[at++] : text, &values[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
write_typed (YlStore *store, const YlConflict *conflict, const char *text, YlUndo **undo, GError **error)
{
  g_autoptr (GPtrArray) fields = yl_conflict_fields (conflict->table, conflict->field);
  g_autofree YlValue *values = g_new0 (YlValue, fields->len + 1);
  gboolean ok;

  if (fields->len == 0)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID, "%s", _ ("choose one of the values listed by `conflicts`"));
      return FALSE;
    }
  ok = parse_values (store, fields, text, values, error) && decide (store, conflict, values, TRUE, undo, error);
  for (guint i = 0; i < fields->len; i++)
    yl_value_clear (&values[i]);
  return ok;
}

gboolean
yl_conflict_resolve (YlStore *store,
                     const char *table,
                     const char *id,
                     const char *field,
                     const char *value,
                     YlUndo **undo,
                     GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (YlConflict) conflict = yl_conflict_find (store, table, id, field, &local);

  if (conflict == NULL)
    {
      if (local != NULL)
        g_propagate_error (error, g_steal_pointer (&local));
      else
        g_set_error (error, YL_ERROR, YL_ERROR_NOT_FOUND,
                     _ ("there are no two values for %s of %s %s: see `conflicts`"), field, table, id);
      return FALSE;
    }
  for (guint i = 0; i < conflict->versions->len; i++)
    {
      const YlConflictVersion *version = conflict->versions->pdata[i];

      if (!version->locked && g_strcmp0 (version->value != NULL ? version->value : "", value) == 0)
        return yl_conflict_choose (store, conflict, i, undo, error);
    }
  return write_typed (store, conflict, value, undo, error);
}

/* Both */

static const YlField *
joinable_field (const YlConflict *conflict)
{
  g_autoptr (GPtrArray) fields = yl_conflict_fields (conflict->table, conflict->field);
  const YlField *field = fields->len == 1 ? fields->pdata[0] : NULL;

  return field != NULL && (field->kind == YL_KIND_NOTE || field->kind == YL_KIND_CODES) ? field : NULL;
}

gboolean
yl_conflict_can_keep_both (const YlConflict *conflict)
{
  for (guint i = 0; i < conflict->versions->len; i++)
    if (((YlConflictVersion *) conflict->versions->pdata[i])->locked)
      return FALSE;
  return joinable_field (conflict) != NULL;
}

/* The lines, or choices, of all versions, each once. */
static char *
join_values (const YlConflict *conflict, const char *separator)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GString) joined = g_string_new (NULL);

  for (guint i = 0; i < conflict->versions->len; i++)
    {
      const YlConflictVersion *version = conflict->versions->pdata[i];
      g_auto (GStrv) parts = g_strsplit (version->value != NULL ? version->value : "", separator, -1);

      for (char **part = parts; *part != NULL; part++)
        if (**part != '\0' && g_hash_table_add (seen, g_strdup (*part)))
          g_string_append_printf (joined, "%s%s", joined->len > 0 ? separator : "", *part);
    }
  return g_string_free (g_steal_pointer (&joined), FALSE);
}

gboolean
yl_conflict_keep_both (YlStore *store, const YlConflict *conflict, YlUndo **undo, GError **error)
{
  const YlField *field = yl_conflict_can_keep_both (conflict) ? joinable_field (conflict) : NULL;
  g_autofree char *joined = NULL;

  if (field == NULL)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("%s can hold one value only: choose one, or write another"),
                   *conflict->field != '\0' ? conflict->field : conflict->table);
      return FALSE;
    }
  joined = join_values (conflict, field->kind == YL_KIND_NOTE ? "\n" : ",");
  return write_typed (store, conflict, joined, undo, error);
}

/* Many */

static gboolean
is_named (YlStore *store, const YlConflictVersion *version, YlConflictTake take)
{
  gboolean ours = g_strcmp0 (version->site, yl_store_get_site (store)) == 0;

  return !version->locked && (take == YL_TAKE_NEWEST || (take == YL_TAKE_OURS) == ours);
}

int
yl_conflict_choice (YlStore *store, const YlConflict *conflict, YlConflictTake take)
{
  int choice = -1;
  guint n_named = 0;

  for (guint i = 0; i < conflict->versions->len; i++)
    {
      const YlConflictVersion *version = conflict->versions->pdata[i];
      const YlConflictVersion *best = choice >= 0 ? conflict->versions->pdata[choice] : NULL;

      if (!is_named (store, version, take))
        continue;
      n_named++;
      if (best == NULL || (take == YL_TAKE_NEWEST && version->time > best->time))
        choice = (int) i;
    }
  return n_named == 1 || take == YL_TAKE_NEWEST ? choice : -1;
}

static gboolean
take_one (YlChange *change, YlConflict *conflict, YlConflictTake take, GPtrArray *decided, GError **error)
{
  int choice = yl_conflict_choice (yl_change_get_store (change), conflict, take);
  const YlConflictVersion *version = choice >= 0 ? conflict->versions->pdata[choice] : NULL;

  if (version == NULL)
    return TRUE;
  g_ptr_array_add (decided, conflict);
  return write_decision (change, conflict, version->columns, g_strcmp0 (version->value, "kept") == 0, error);
}

int
yl_conflict_take (YlStore *store, GPtrArray *conflicts, YlConflictTake take, YlUndo **undo, GError **error)
{
  g_autoptr (YlChange) change = yl_change_begin (store, "resolve", error);
  g_autoptr (GPtrArray) decided = g_ptr_array_new ();

  if (change == NULL)
    return -1;
  for (guint i = 0; i < MIN (conflicts->len, MAX_AT_ONCE); i++)
    if (!take_one (change, conflicts->pdata[i], take, decided, error))
      return -1;
  if (!yl_change_commit (change, error))
    return -1;
  if (undo != NULL && decided->len > 0)
    *undo = take_undo (change, decided);
  return (int) decided->len;
}
