#include "yl-repair-private.h"

#include <string.h>

#include "base/yl-i18n.h"
#include "store/yl-base.h"
#include "yl-fold.h"
#include "log/yl-log-door.h"
#include "yl-merge-record.h"
#include "yl-merge-state.h"

/* One record against its entries in the log. */

#define MAX_PARSED 64

void
yl_fault_free (YlFault *fault)
{
  g_free (fault->table);
  g_free (fault->id);
  g_free (fault->number);
  g_free (fault->column);
  g_free (fault);
}

YlFault *
yl_fault_new (YlFaultKind kind, const char *table, const char *id, const char *column)
{
  YlFault *fault = g_new0 (YlFault, 1);

  fault->kind = kind;
  fault->table = g_strdup (table);
  fault->id = g_strdup (id);
  fault->number = g_strdup (id);
  fault->column = g_strdup (column);
  return fault;
}

static char *
describe_beside (const YlFault *fault)
{
  static const char *const words[] = {
    [YL_FAULT_SCHEMA] = N_ ("the layout of %s is not this program's"),
    [YL_FAULT_STRAND] = N_ ("how far the log of writer %s goes was wrong"),
    [YL_FAULT_ENTRY] = N_ ("change set %s of the log or its signature is damaged"),
    [YL_FAULT_SEEN] = N_ ("what change set %s had seen was wrong"),
    [YL_FAULT_VERDICT] = N_ ("whether change set %s counts was wrong"),
    [YL_FAULT_REFS] = N_ ("the log's branches (%s) did not end where its change sets do"),
    [YL_FAULT_OBJECT] = N_ ("a part of a checkpoint (%s) is damaged"),
    [YL_FAULT_INDEX] = N_ ("which change sets touched %s was wrong"),
    [YL_FAULT_KEY] = N_ ("a key of %s is damaged"),
    [YL_FAULT_CHUNK] = N_ ("a part of attachment %s is damaged"),
  };
  g_autoptr (GString) text = g_string_new (_ (words[fault->kind]));

  g_string_replace (text, "%s", fault->number, 1);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
yl_fault_describe (const YlFault *fault)
{
  switch (fault->kind)
    {
    case YL_FAULT_VALUE:
      return g_strdup_printf (_ ("%s %s: %s was not what the log says"), fault->table, fault->number, fault->column);
    case YL_FAULT_ROW_GONE:
      return g_strdup_printf (_ ("%s %s: its row was missing"), fault->table, fault->number);
    case YL_FAULT_STRAY:
      return g_strdup_printf (_ ("%s %s: was in no change set"), fault->table, fault->number);
    case YL_FAULT_STATE:
      return g_strdup_printf (_ ("%s %s: its merge state was not what the log says"), fault->table, fault->number);
    case YL_FAULT_DERIVED:
      return g_strdup (_ ("bookings or order states were not what the facts say"));
    case YL_FAULT_SUM:
      return g_strdup_printf (_ ("%s: part of its state hash was wrong, its records are right"), fault->table);
    default:
      return describe_beside (fault);
    }
}

/* What is stored of a record, so that two readings can be compared. */
typedef struct
{
  GHashTable *columns; /* name, "" for life -> GString of its versions */
  gboolean damaged;
  gboolean alive;
  gboolean has_row;
} Reading;

static void
free_versions (gpointer versions)
{
  g_string_free (versions, TRUE);
}

static void
reading_clear (Reading *reading)
{
  g_clear_pointer (&reading->columns, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reading, reading_clear)

static GString *
versions_of (Reading *reading, const char *column)
{
  GString *versions = g_hash_table_lookup (reading->columns, column);

  if (versions == NULL)
    {
      versions = g_string_new (NULL);
      g_hash_table_insert (reading->columns, g_strdup (column), versions);
    }
  return versions;
}

static gboolean
read_version (const YlMergeVersion *version, gpointer data, GError **error)
{
  Reading *reading = data;
  GString *versions = versions_of (reading, version->column);
  const YlValue *value = version->value;

  g_string_append_len (versions, (const char *) version->entry.id8, sizeof version->entry.id8);
  g_string_append_printf (versions, "%s:%" G_GINT64_FORMAT ":%d:%" G_GINT64_FORMAT ":%" G_GSIZE_FORMAT ":",
                          version->entry.writer, version->entry.seq, value->type, value->integer, value->length);
  if (value->bytes != NULL)
    g_string_append_len (versions, value->bytes, (gssize) value->length);
  if (*version->column == '\0')
    reading->alive = reading->alive || value->integer != 0;
  return TRUE;
}

/* Values in the row that no version stands for. */
static gboolean
read_row (YlStore *store, Reading *reading, const char *table_name, const char *id, GError **error)
{
  const YlTable *table = yl_table_find (table_name);
  g_autoptr (GError) local = NULL;
  YlValue *row = table != NULL ? yl_store_read_row (store, table, id, &local) : NULL;

  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  reading->has_row = row != NULL;
  for (guint i = 0; row != NULL && i < yl_table_n_fields (table); i++)
    if (row[i].type != YL_VALUE_NULL && !g_hash_table_contains (reading->columns, table->fields[i].name))
      g_string_assign (versions_of (reading, table->fields[i].name), "row");
  if (row != NULL)
    g_free (row);
  return TRUE;
}

static gboolean
read_record (YlStore *store, Reading *reading, const char *table, const char *id, GError **error)
{
  g_autoptr (GError) local = NULL;

  reading->columns = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_versions);
  if (yl_merge_state_foreach (store, table, id, read_version, reading, &local))
    return read_row (store, reading, table, id, error);
  reading->damaged = g_error_matches (local, YL_ERROR, YL_ERROR_CORRUPT);
  if (!reading->damaged)
    g_propagate_error (error, g_steal_pointer (&local));
  return reading->damaged;
}

/* Folding anew */

YlRefold *
yl_refold_new (YlStore *store)
{
  YlRefold *refold = g_new0 (YlRefold, 1);

  refold->store = store;
  refold->entries = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) yl_entry_free);
  return refold;
}

void
yl_refold_free (YlRefold *refold)
{
  g_hash_table_unref (refold->entries);
  g_free (refold);
}

static const YlEntry *
find_entry (YlRefold *refold, gint64 n, GError **error)
{
  YlEntry *entry = g_hash_table_lookup (refold->entries, &n);

  if (entry != NULL)
    return entry;
  entry = yl_log_entry (refold->store, n, error);
  if (entry == NULL)
    return NULL;
  if (g_hash_table_size (refold->entries) >= MAX_PARSED)
    g_hash_table_remove_all (refold->entries);
  g_hash_table_insert (refold->entries, g_memdup2 (&n, sizeof n), entry);
  return entry;
}

static gboolean
fold_entry (YlRefold *refold, gint64 n, const YlVector *seen, const char *table, const char *id, GError **error)
{
  const YlEntryFacts *facts = yl_store_entry_facts (refold->store, n);
  YlMergeEntry folding = { n, facts != NULL ? facts->w : 0, seen };
  const YlEntry *entry = find_entry (refold, n, error);

  for (guint i = 0; entry != NULL && i < entry->ops->len; i++)
    {
      const YlOp *op = entry->ops->pdata[i];

      if (g_str_equal (op->table, table) && g_str_equal (op->id, id)
          && !yl_merge_fold (refold->store, &folding, op, FALSE, NULL, error))
        return FALSE;
    }
  return entry != NULL;
}

#define RECORD_OPS                                                                                           \
  " FROM op JOIN entry USING (n) JOIN strand USING (w) WHERE t = (SELECT t FROM table_name WHERE name = ?1)" \
  " AND op.id = yl_id (?2) AND refused IS NULL"

static gboolean
fold_all (YlRefold *refold, const char *table, const char *id, GError **error)
{
  YlStore *store = refold->store;
  g_autoptr (YlRows) rows = NULL;
  gboolean needs;

  if (!yl_base_exists (store, &needs, error) || (needs && !yl_base_install (store, table, id, error)))
    return FALSE;
  rows = yl_database_query (store->database, error,
                            "SELECT n" RECORD_OPS " AND entry.seq > iif (?3, strand.base, 0) ORDER BY n", "tti", table,
                            id, (gint64) needs);
  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    {
      g_autoptr (YlVector) seen = yl_fold_seen_before (store, yl_rows_integer (rows, 0), error);

      if (seen == NULL || !fold_entry (refold, yl_rows_integer (rows, 0), seen, table, id, error))
        return FALSE;
    }
  return yl_rows_ended (rows);
}

static gboolean
erase (YlStore *store, const char *table, const char *id, GError **error)
{
  g_auto (YlMergeRecord) record = { NULL };

  return yl_merge_record_begin (store, &record, table, id, error) && yl_merge_record_erase (store, &record, error);
}

/* Naming the difference */

static gboolean
same_versions (const Reading *a, const Reading *b, const char *column)
{
  const GString *left = g_hash_table_lookup (a->columns, column);
  const GString *right = g_hash_table_lookup (b->columns, column);

  return left != NULL && right != NULL && g_string_equal (left, right);
}

static void
name_columns (const Reading *was, const Reading *is, const char *table, const char *id, GPtrArray *faults)
{
  g_autoptr (GList) columns = g_hash_table_get_keys (was->columns);
  GHashTableIter iter;
  gpointer column;

  g_hash_table_iter_init (&iter, is->columns);
  while (g_hash_table_iter_next (&iter, &column, NULL))
    if (!g_hash_table_contains (was->columns, column))
      columns = g_list_prepend (columns, column);
  columns = g_list_sort (columns, (GCompareFunc) strcmp);
  for (GList *at = columns; at != NULL; at = at->next)
    if (!same_versions (was, is, at->data))
      {
        gboolean is_life = *(const char *) at->data == '\0';

        g_ptr_array_add (
            faults, yl_fault_new (is_life ? YL_FAULT_STATE : YL_FAULT_VALUE, table, id, is_life ? NULL : at->data));
      }
}

/* @was: as stored; @is: as the log says. */
static void
name_differences (const Reading *was, const Reading *is, const char *table, const char *id, GPtrArray *faults)
{
  guint before = faults->len;
  gboolean known = g_hash_table_size (is->columns) > 0;

  if (was->damaged)
    g_ptr_array_add (faults, yl_fault_new (YL_FAULT_STATE, table, id, NULL));
  else if (!known && (was->has_row || g_hash_table_size (was->columns) > 0))
    g_ptr_array_add (faults, yl_fault_new (YL_FAULT_STRAY, table, id, NULL));
  else if (was->has_row && !is->has_row)
    g_ptr_array_add (faults, yl_fault_new (YL_FAULT_STRAY, table, id, NULL));
  else if (!was->has_row && is->has_row)
    g_ptr_array_add (faults, yl_fault_new (YL_FAULT_ROW_GONE, table, id, NULL));
  if (faults->len == before && known)
    name_columns (was, is, table, id, faults);
}

gboolean
yl_refold_record (YlRefold *refold, const char *table, const char *id, GPtrArray *faults, GError **error)
{
  YlStore *store = refold->store;
  guint before = faults->len;
  g_auto (Reading) was = { NULL };
  g_auto (Reading) is = { NULL };

  if (!read_record (store, &was, table, id, error) || !erase (store, table, id, error)
      || !fold_all (refold, table, id, error) || !read_record (store, &is, table, id, error))
    return FALSE;
  name_differences (&was, &is, table, id, faults);
  for (guint i = before; i < faults->len; i++)
    {
      YlFault *fault = faults->pdata[i];

      g_free (fault->number);
      fault->number = yl_table_find (table) != NULL ? yl_store_number (store, table, id) : g_strdup (id);
    }
  return faults->len == before || yl_plain_follow (store, table, id, error);
}
