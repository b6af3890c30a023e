#include "yl-conflict.h"

#include <string.h>

#include "base/yl-i18n.h"
#include "yl-log-door.h"
#include "yl-merge.h"

static void
conflict_version_free (YlConflictVersion *version)
{
  for (guint i = 0; i < version->n_columns; i++)
    yl_value_clear (&version->columns[i]);
  g_free (version->columns);
  g_free (version->value);
  g_free (version->writer);
  g_free (version->writer_label);
  g_free (version->actor);
  g_free (version);
}

void
yl_conflict_free (YlConflict *conflict)
{
  g_free (conflict->table);
  g_free (conflict->id);
  g_free (conflict->field);
  g_ptr_array_unref (conflict->versions);
  g_free (conflict);
}

/* The fields of a register: all that go with it, or none for life and for columns of a newer version. */
static GPtrArray *
register_fields (const char *table_name, const char *name)
{
  const YlTable *table = yl_table_find (table_name);
  GPtrArray *fields = g_ptr_array_new ();

  for (guint i = 0; table != NULL && i < yl_table_n_fields (table); i++)
    if (g_str_equal (yl_field_register (&table->fields[i]), name))
      g_ptr_array_add (fields, (gpointer) &table->fields[i]);
  return fields;
}

static char *
show_value (YlStore *store,
            const char *table,
            const char *id,
            const YlField *field,
            const YlValue *wire,
            YlValue *plain)
{
  if (field->disclosure == YL_OPEN)
    yl_value_copy (plain, wire);
  else if (wire->type != YL_VALUE_NULL && !yl_store_unseal_value (store, table, id, field, wire, plain))
    return g_strdup (_ ("(no key)"));
  return yl_field_format (field, plain);
}

static void
add_writer (YlStore *store, YlConflictVersion *version, gint64 n)
{
  const YlEntryFacts *facts = yl_store_entry_facts (store, n);

  version->writer = g_strdup (yl_store_writer_id (store, facts->w));
  version->writer_label = yl_log_writer_label (store, version->writer);
  version->actor = yl_database_text (store->database, NULL, "SELECT actor FROM entry WHERE n = ?", "i", n);
  version->time = YL_HLC_MS (facts->hlc);
}

/* @standing: per column of the register its standing versions; all columns of a register share their versions. */
static YlConflictVersion *
read_version (YlStore *store, const YlConflict *conflict, GPtrArray *fields, GPtrArray *standing, guint which)
{
  YlConflictVersion *version = g_new0 (YlConflictVersion, 1);
  g_autoptr (GString) text = g_string_new (NULL);
  const YlStanding *first = g_ptr_array_index ((GPtrArray *) standing->pdata[0], which);

  version->n_columns = MAX (fields->len, 1);
  version->columns = g_new0 (YlValue, version->n_columns);
  for (guint i = 0; i < fields->len; i++)
    {
      GPtrArray *versions = standing->pdata[i];
      const YlStanding *one = which < versions->len ? versions->pdata[which] : NULL;
      g_autofree char *shown = one != NULL ? show_value (store, conflict->table, conflict->id, fields->pdata[i],
                                                         &one->value, &version->columns[i])
                                           : NULL;

      if (shown != NULL && (((YlField *) fields->pdata[i])->flags & YL_FIELD_FILLED) == 0)
        g_string_append_printf (text, "%s%s", text->len > 0 ? " / " : "", shown);
    }
  if (fields->len == 0)
    yl_value_copy (&version->columns[0], &first->value);
  if (*conflict->field == '\0')
    g_string_assign (text, first->value.integer != 0 ? "kept" : "removed");
  version->value = text->len > 0 ? g_strdup (text->str) : NULL;
  add_writer (store, version, first->n);
  return version;
}

/* Whether people would see the same in all of them: sealed under different keys, equal values still differ on the wire. */
static gboolean
all_equal (GPtrArray *versions)
{
  const YlConflictVersion *first = versions->pdata[0];

  for (guint v = 1; v < versions->len; v++)
    {
      const YlConflictVersion *other = versions->pdata[v];

      if (g_strcmp0 (first->value, other->value) != 0)
        return FALSE;
      for (guint i = 0; i < first->n_columns; i++)
        if (!yl_value_equal (&first->columns[i], &other->columns[i]))
          return FALSE;
    }
  return TRUE;
}

/* NULL without an error where the values do not really differ. */
static YlConflict *
read_conflict (YlStore *store, const char *table, const char *id, const char *field, GError **error)
{
  g_autoptr (GPtrArray) fields = register_fields (table, field);
  g_autoptr (GPtrArray) standing = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  YlConflict *conflict;
  guint n_versions;

  for (guint i = 0; i < MAX (fields->len, 1); i++)
    {
      const char *column = fields->len > 0 ? ((YlField *) fields->pdata[i])->name : field;
      GPtrArray *versions = yl_merge_standing (store, table, id, column, error);

      if (versions == NULL)
        return NULL;
      g_ptr_array_add (standing, versions);
    }
  n_versions = ((GPtrArray *) standing->pdata[0])->len;
  if (n_versions < 2)
    return NULL;
  conflict = g_new0 (YlConflict, 1);
  conflict->table = g_strdup (table);
  conflict->id = g_strdup (id);
  conflict->field = g_strdup (field);
  conflict->versions = g_ptr_array_new_with_free_func ((GDestroyNotify) conflict_version_free);
  for (guint v = 0; v < n_versions; v++)
    g_ptr_array_add (conflict->versions, read_version (store, conflict, fields, standing, v));
  if (all_equal (conflict->versions))
    g_clear_pointer (&conflict, yl_conflict_free);
  return conflict;
}

static char *
register_of (const char *table_name, const char *column)
{
  const YlTable *table = yl_table_find (table_name);
  int field = table != NULL ? yl_table_field (table, column) : -1;

  return g_strdup (field >= 0 ? yl_field_register (&table->fields[field]) : column);
}

static int
compare_conflicts (gconstpointer a, gconstpointer b)
{
  const YlConflict *left = *(YlConflict *const *) a;
  const YlConflict *right = *(YlConflict *const *) b;
  int order = strcmp (left->table, right->table);

  if (order == 0)
    order = strcmp (left->id, right->id);
  return order != 0 ? order : strcmp (left->field, right->field);
}

/* Which registers to look at: those with a value outside the row, and records both removed and edited. */
#define SUSPECTS                                                                                           \
  "SELECT DISTINCT table_name.name, yl_uuid (id), column_name.name FROM version JOIN table_name USING (t)" \
  " JOIN column_name USING (c)"                                                                            \
  " UNION SELECT name, yl_uuid (id), '' FROM record JOIN table_name USING (t)"                             \
  " WHERE substr(state, 1, 1) NOT IN (x'00', x'01', x'02', x'03') ORDER BY 1, 2, 3"

GPtrArray *
yl_conflict_list (YlStore *store, GError **error)
{
  g_autoptr (GPtrArray) conflicts = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_conflict_free);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (YlRows) rows = yl_database_query (store->database, error, SUSPECTS, NULL);
  g_autoptr (GError) local = NULL;

  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, &local))
    {
      g_autofree char *field = register_of (yl_rows_text (rows, 0), yl_rows_text (rows, 2));
      char *key = g_strjoin (":", yl_rows_text (rows, 0), yl_rows_text (rows, 1), field, NULL);
      YlConflict *conflict;

      if (!g_hash_table_add (seen, key))
        continue;
      conflict = read_conflict (store, yl_rows_text (rows, 0), yl_rows_text (rows, 1), field, &local);
      if (local != NULL)
        break;
      if (conflict != NULL)
        g_ptr_array_add (conflicts, conflict);
    }
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  g_ptr_array_sort (conflicts, compare_conflicts);
  return g_steal_pointer (&conflicts);
}

guint
yl_conflict_count (YlStore *store)
{
  g_autoptr (GPtrArray) conflicts = yl_conflict_list (store, NULL);

  return conflicts != NULL ? conflicts->len : 0;
}

/* Resolving writes every column of the register, changed or not: the write is what says that all versions were seen. */

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
resolve_life (YlChange *change, const YlConflict *conflict, gboolean keep, GError **error)
{
  if (!keep)
    return yl_change_delete (change, conflict->table, conflict->id, error);
  return yl_change_touch (change, conflict->table, conflict->id, NULL, error);
}

static gboolean
resolve_with (YlStore *store, const YlConflict *conflict, const YlValue *values, gboolean keep, GError **error)
{
  g_autoptr (YlChange) change = yl_change_begin (store, "resolve", error);
  g_autoptr (GPtrArray) fields = register_fields (conflict->table, conflict->field);
  g_autofree char *number = NULL;

  if (change == NULL)
    return FALSE;
  number = yl_store_number (store, conflict->table, conflict->id);
  yl_change_name (change, conflict->table);
  yl_change_name (change, number);
  yl_change_name (change, conflict->field);
  if (*conflict->field == '\0')
    return resolve_life (change, conflict, keep, error) && yl_change_commit (change, error);
  if (fields->len == 0)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_NEWER, _ ("%s belongs to a newer version: update the program to decide"),
                   conflict->field);
      return FALSE;
    }
  return write_columns (change, conflict, fields, values, error) && yl_change_commit (change, error);
}

static YlConflict *
find_conflict (YlStore *store, const char *table, const char *id, const char *field, GError **error)
{
  g_autofree char *record = yl_store_find_exact (store, table, id, NULL);
  g_autofree char *name = register_of (table, field);
  g_autoptr (GError) local = NULL;
  YlConflict *conflict = read_conflict (store, table, record != NULL ? record : id, name, &local);

  if (conflict != NULL)
    return conflict;
  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  else
    g_set_error (error, YL_ERROR, YL_ERROR_NOT_FOUND, _ ("there are no two values for %s of %s %s: see `conflicts`"),
                 field, table, id);
  return NULL;
}

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
is_shown_value (const YlConflictVersion *version, const char *text)
{
  return g_strcmp0 (version->value != NULL ? version->value : "", text) == 0;
}

gboolean
yl_conflict_resolve (YlStore *store,
                     const char *table,
                     const char *id,
                     const char *field,
                     const char *value,
                     GError **error)
{
  YlConflict *conflict = find_conflict (store, table, id, field, error);
  g_autoptr (GPtrArray) fields = NULL;
  g_autofree YlValue *values = NULL;
  gboolean ok = FALSE;

  if (conflict == NULL)
    return FALSE;
  for (guint i = 0; i < conflict->versions->len; i++)
    if (is_shown_value (conflict->versions->pdata[i], value))
      {
        ok = yl_conflict_choose (store, conflict, i, error);
        yl_conflict_free (conflict);
        return ok;
      }
  fields = register_fields (table, conflict->field);
  values = g_new0 (YlValue, MAX (fields->len, 1));
  if (fields->len == 0)
    g_set_error (error, YL_ERROR, YL_ERROR_INVALID, "%s", _ ("choose one of the values listed by `conflicts`"));
  else
    ok = parse_values (store, fields, value, values, error) && resolve_with (store, conflict, values, TRUE, error);
  for (guint i = 0; i < fields->len; i++)
    yl_value_clear (&values[i]);
  yl_conflict_free (conflict);
  return ok;
}

gboolean
yl_conflict_choose (YlStore *store, const YlConflict *conflict, guint version, GError **error)
{
  const YlConflictVersion *chosen = conflict->versions->pdata[version];

  return resolve_with (store, conflict, chosen->columns, g_strcmp0 (chosen->value, "kept") == 0, error);
}
