#include "yl-conflict-private.h"

#include <string.h>

#include "base/yl-i18n.h"
#include "base/yl-id.h"
#include "yl-fold.h"
#include "log/yl-log-door.h"
#include "yl-past.h"
#include "yl-person.h"

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
  g_free (version->site);
  g_free (version->base_value);
  g_free (version->base_actor);
  g_free (version);
}

void
yl_conflict_free (YlConflict *conflict)
{
  g_free (conflict->table);
  g_free (conflict->id);
  g_free (conflict->field);
  g_free (conflict->decider);
  g_ptr_array_unref (conflict->versions);
  g_free (conflict);
}

YlConflict *
yl_conflict_copy (const YlConflict *conflict)
{
  YlConflict *copy = g_new0 (YlConflict, 1);

  copy->table = g_strdup (conflict->table);
  copy->id = g_strdup (conflict->id);
  copy->field = g_strdup (conflict->field);
  copy->versions = g_ptr_array_ref (conflict->versions);
  copy->decider = g_strdup (conflict->decider);
  copy->decision = conflict->decision;
  return copy;
}

GPtrArray *
yl_conflict_fields (const char *table_name, const char *name)
{
  const YlTable *table = yl_table_find (table_name);
  GPtrArray *fields = g_ptr_array_new ();

  for (guint i = 0; table != NULL && i < yl_table_n_fields (table); i++)
    if (g_str_equal (yl_field_register (&table->fields[i]), name))
      g_ptr_array_add (fields, (gpointer) &table->fields[i]);
  return fields;
}

/* FALSE where this node lacks the key. */
static gboolean
open_value (YlStore *store, const YlConflict *conflict, const YlField *field, const YlValue *wire, YlValue *plain)
{
  if (field->disclosure != YL_OPEN && wire->type != YL_VALUE_NULL)
    return yl_store_unseal_value (store, conflict->table, conflict->id, field, wire, plain);
  yl_value_copy (plain, wire);
  return TRUE;
}

static char *
show_value (const YlField *field, const YlValue *plain, gboolean opened)
{
  return opened ? yl_field_format (field, plain) : g_strdup (_ ("(no key)"));
}

static void
add_writer (YlStore *store, YlConflictVersion *version, gint64 n)
{
  const YlEntryFacts *facts = yl_store_entry_facts (store, n);

  version->n = n;
  version->writer = g_strdup (yl_store_writer_id (store, facts->w));
  version->site =
      yl_database_text (store->database, NULL, "SELECT site FROM node WHERE writer = ?", "t", version->writer);
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
      gboolean opened =
          one == NULL || open_value (store, conflict, fields->pdata[i], &one->value, &version->columns[i]);
      g_autofree char *shown = show_value (fields->pdata[i], &version->columns[i], opened);

      /* What cannot be read is the same only where it is the same to the byte. */
      if (!opened)
        yl_value_copy (&version->columns[i], &one->value);
      version->locked |= !opened;
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

/* Nobody can read them again, so there is nothing to decide. */
static gboolean
is_erased (YlStore *store, const char *id, GPtrArray *fields)
{
  return fields->len > 0 && ((YlField *) fields->pdata[0])->disclosure != YL_OPEN && yl_person_is_erased (store, id);
}

/* Who wrote it and when is kept in memory from here on. */
static gboolean
writers_are_readable (YlStore *store, GPtrArray *standing, GError **error)
{
  for (guint i = 0; i < standing->len; i++)
    {
      const YlStanding *one = standing->pdata[i];
      const YlEntryFacts *facts = yl_store_entry_facts (store, one->n);

      if (facts != NULL && yl_store_writer_id (store, facts->w) != NULL)
        continue;
      g_set_error (error, YL_ERROR, YL_ERROR_FAILED,
                   _ ("%s cannot be read: check the folder's permissions and the medium"), yl_store_get_file (store));
      return FALSE;
    }
  return TRUE;
}

/* NULL without an error where the values do not really differ. @state: the store itself, or its past. */
static YlConflict *
read_conflict (YlStore *store, YlStore *state, const char *table, const char *id, const char *field, GError **error)
{
  g_autoptr (GPtrArray) fields = yl_conflict_fields (table, field);
  g_autoptr (GPtrArray) standing = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  YlConflict *conflict;
  guint n_versions;

  for (guint i = 0; i < MAX (fields->len, 1); i++)
    {
      const char *column = fields->len > 0 ? ((YlField *) fields->pdata[i])->name : field;
      GPtrArray *versions = yl_merge_standing (state, table, id, column, error);

      if (versions == NULL)
        return NULL;
      g_ptr_array_add (standing, versions);
      if (!writers_are_readable (store, versions, error))
        return NULL;
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
  if (all_equal (conflict->versions) || is_erased (store, id, fields))
    g_clear_pointer (&conflict, yl_conflict_free);
  return conflict;
}

char *
yl_conflict_register (const char *table_name, const char *column)
{
  const YlTable *table = yl_table_find (table_name);
  int field = table != NULL ? yl_table_field (table, column) : -1;

  return g_strdup (field >= 0 ? yl_field_register (&table->fields[field]) : column);
}

/* Decisions that were taken back: what stood before is in the past. */

char *
yl_conflict_reopened_id (const char *table, const char *id, const char *field)
{
  return yl_id_derive ("reopened", table, id, field, NULL);
}

/* Nobody wrote to the register since: what stands there is of the decision, or of taking it back. */
static gboolean
is_open_again (YlStore *store, const YlConflict *about, const char *reopened, gint64 decision)
{
  g_autoptr (GPtrArray) fields = yl_conflict_fields (about->table, about->field);
  const char *column = fields->len > 0 ? ((YlField *) fields->pdata[0])->name : about->field;
  g_autoptr (GPtrArray) standing = yl_merge_standing (store, about->table, about->id, column, NULL);
  gint64 taken_back = 0, written;

  if (standing == NULL || standing->len != 1
      || !yl_database_integer (store->database, &taken_back, 0, NULL,
                               "SELECT max(n) FROM op WHERE t = (SELECT t FROM table_name WHERE name = 'reopened')"
                               " AND id = yl_id (?)",
                               "t", reopened))
    return FALSE;
  written = ((YlStanding *) standing->pdata[0])->n;
  return written == decision || written == taken_back;
}

/* What the writer of entry @n had seen, without the entry itself. */
static YlVector *
seen_before (YlStore *store, gint64 n, GError **error)
{
  const YlEntryFacts *facts = yl_store_entry_facts (store, n);
  YlVector *seen = facts != NULL ? yl_fold_seen_of (store, facts->w, facts->seq, error) : NULL;

  if (seen != NULL)
    g_array_index (seen, gint64, facts->w) = facts->seq - 1;
  return seen;
}

static YlConflict *
read_past (YlStore *store, const YlConflict *about, gint64 decision, GError **error)
{
  g_autoptr (YlVector) seen = seen_before (store, decision, error);
  g_autoptr (YlPast) past = seen != NULL ? yl_past_new (store, error) : NULL;
  YlMoment moment = { 0, seen };

  if (past == NULL || !yl_past_add (past, about->table, about->id, error) || !yl_past_as_of (past, &moment, error))
    return NULL;
  return read_conflict (store, yl_past_get_store (past), about->table, about->id, about->field, error);
}

static YlConflict *
read_reopened (YlStore *store, YlRows *rows, GError **error)
{
  YlConflict about = { .table = (char *) yl_rows_text (rows, 1), .id = (char *) yl_rows_text (rows, 2) };
  const char *writer = yl_rows_text (rows, 4);
  gint64 seq = yl_rows_integer (rows, 5);
  g_autoptr (YlEntryRow) decision = NULL;
  YlConflict *conflict;

  if (about.table == NULL || about.id == NULL || writer == NULL)
    return NULL;
  about.field = (char *) (yl_rows_is_null (rows, 3) ? "" : yl_rows_text (rows, 3));
  decision = yl_log_find (store, writer, seq, NULL);
  if (decision == NULL || !is_open_again (store, &about, yl_rows_text (rows, 0), decision->n))
    return NULL;
  conflict = read_past (store, &about, decision->n, error);
  if (conflict == NULL)
    return NULL;
  conflict->decider = g_strdup (writer);
  conflict->decision = seq;
  return conflict;
}

/* The list */

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

typedef YlConflict *(*ReadFunc) (YlStore *store, YlRows *rows, GError **error);

static YlConflict *
read_suspect (YlStore *store, YlRows *rows, GError **error)
{
  g_autofree char *field = yl_conflict_register (yl_rows_text (rows, 0), yl_rows_text (rows, 2));

  return read_conflict (store, store, yl_rows_text (rows, 0), yl_rows_text (rows, 1), field, error);
}

static gboolean
add_conflict (YlStore *store, YlConflict *conflict, GHashTable *listed, GPtrArray *conflicts, GError **error)
{
  if (!g_hash_table_add (listed, g_strjoin (":", conflict->table, conflict->id, conflict->field, NULL)))
    {
      yl_conflict_free (conflict);
      return TRUE;
    }
  g_ptr_array_add (conflicts, conflict);
  return yl_conflict_read_bases (store, conflict, error);
}

static gboolean
add_all (YlStore *store, const char *sql, ReadFunc read, GHashTable *listed, GPtrArray *conflicts, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (store->database, error, sql, NULL);
  g_autoptr (GError) local = NULL;

  if (rows == NULL)
    return FALSE;
  while (local == NULL && yl_rows_next (rows, &local))
    {
      YlConflict *conflict = read (store, rows, &local);

      if (conflict != NULL)
        add_conflict (store, conflict, listed, conflicts, &local);
    }
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* Which registers to look at: those with a value outside the row, and records both removed and edited. */
#define SUSPECTS                                                                                           \
  "SELECT DISTINCT table_name.name, yl_uuid (id), column_name.name FROM version JOIN table_name USING (t)" \
  " JOIN column_name USING (c) WHERE table_name.name <> 'reopened'"                                        \
  " UNION SELECT name, yl_uuid (id), '' FROM record JOIN table_name USING (t)"                             \
  " WHERE substr(state, 1, 1) NOT IN (x'00', x'01', x'02', x'03') ORDER BY 1, 2, 3"
#define REOPENED "SELECT id, record_table, record, field, writer, seq FROM reopened ORDER BY id"

GPtrArray *
yl_conflict_list (YlStore *store, GError **error)
{
  g_autoptr (GPtrArray) conflicts = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_conflict_free);
  g_autoptr (GHashTable) listed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (!add_all (store, SUSPECTS, read_suspect, listed, conflicts, error)
      || !add_all (store, REOPENED, read_reopened, listed, conflicts, error)
      || !yl_database_check_fault (store->database, error))
    return NULL;
  g_ptr_array_sort (conflicts, compare_conflicts);
  return g_steal_pointer (&conflicts);
}

YlConflict *
yl_conflict_find (YlStore *store, const char *table, const char *id, const char *field, GError **error)
{
  g_autofree char *name = yl_conflict_register (table, field);
  g_autoptr (GPtrArray) conflicts = yl_conflict_list (store, error);

  for (guint i = 0; conflicts != NULL && i < conflicts->len; i++)
    {
      YlConflict *conflict = conflicts->pdata[i];

      if (!g_str_equal (conflict->table, table) || !g_str_equal (conflict->id, id)
          || !g_str_equal (conflict->field, name))
        continue;
      g_ptr_array_set_free_func (conflicts, NULL);
      g_ptr_array_remove_index (conflicts, i);
      g_ptr_array_set_free_func (conflicts, (GDestroyNotify) yl_conflict_free);
      return conflict;
    }
  return NULL;
}

guint
yl_conflict_count (YlStore *store)
{
  g_autoptr (GPtrArray) conflicts = yl_conflict_list (store, NULL);

  return conflicts != NULL ? conflicts->len : 0;
}
