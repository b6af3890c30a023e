#include "yl-merge.h"

#include <sodium.h>
#include <string.h>

#include "yl-state-hash-private.h"
#include "yl-varint.h"
#include "base/yl-i18n.h"

/* One column of a record being merged. */
typedef struct
{
  char *name;
  GPtrArray *versions; /* of YlStanding, shown first */
} Register;

typedef struct
{
  const char *table_name;
  const char *id;
  const YlTable *table; /* NULL: a table of a newer version */
  GArray *life;         /* of gint64: n << 1 | alive */
  GPtrArray *registers; /* of Register */
  gboolean was_alive;
  gboolean had_extra; /* table `version` holds values of it */
  gboolean is_new;    /* no state was stored */
} Merging;

static void
standing_free (YlStanding *standing)
{
  yl_value_clear (&standing->value);
  g_free (standing);
}

static void
register_free (Register *column)
{
  g_free (column->name);
  g_ptr_array_unref (column->versions);
  g_free (column);
}

static Register *
register_new (const char *name)
{
  Register *column = g_new0 (Register, 1);

  column->name = g_strdup (name);
  column->versions = g_ptr_array_new_with_free_func ((GDestroyNotify) standing_free);
  return column;
}

static void
merging_clear (Merging *merging)
{
  g_clear_pointer (&merging->life, g_array_unref);
  g_clear_pointer (&merging->registers, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Merging, merging_clear)

static gboolean
is_alive (const Merging *merging)
{
  for (guint i = 0; i < merging->life->len; i++)
    if (g_array_index (merging->life, gint64, i) & 1)
      return TRUE;
  return FALSE;
}

static Register *
find_register (const Merging *merging, const char *name)
{
  for (guint i = 0; i < merging->registers->len; i++)
    if (g_str_equal (((Register *) merging->registers->pdata[i])->name, name))
      return merging->registers->pdata[i];
  return NULL;
}

/* A row can hold a value only where the column exists here and SQLite's strict type admits it. */
static gboolean
row_holds (const YlTable *table, const char *column, const YlValue *value)
{
  int index = table != NULL ? yl_table_field (table, column) : -1;
  const YlField *field = index >= 0 ? &table->fields[index] : NULL;

  if (field == NULL)
    return FALSE;
  return value->type == YL_VALUE_NULL || value->type == yl_field_wire_type (field);
}

/* Reading the stored state */

static gboolean
read_group (YlStore *store, YlVarintReader *reader, Merging *merging)
{
  guint64 n_versions, n_columns, c;
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint64));

  if (!yl_varint_read (reader, &n_versions))
    return FALSE;
  for (guint64 i = 0, n; i < n_versions; i++)
    {
      if (!yl_varint_read (reader, &n))
        return FALSE;
      g_array_append_val (numbers, n);
    }
  if (!yl_varint_read (reader, &n_columns))
    return FALSE;
  for (guint64 i = 0; i < n_columns; i++)
    {
      const char *name = yl_varint_read (reader, &c) ? yl_store_column_name (store, (gint64) c) : NULL;
      Register *column = name != NULL ? register_new (name) : NULL;

      if (column == NULL)
        return FALSE;
      g_ptr_array_add (merging->registers, column);
      for (guint v = 0; v < numbers->len; v++)
        {
          YlStanding *standing = g_new0 (YlStanding, 1);

          standing->n = (gint64) g_array_index (numbers, guint64, v);
          g_ptr_array_add (column->versions, standing);
        }
    }
  return TRUE;
}

static gboolean
read_state (YlStore *store, gconstpointer bytes, gsize length, Merging *merging)
{
  YlVarintReader reader = { bytes, (const guint8 *) bytes + length };
  guint64 n_life;

  if (!yl_varint_read (&reader, &n_life))
    return FALSE;
  for (guint64 i = 0, life; i < n_life; i++)
    {
      if (!yl_varint_read (&reader, &life))
        return FALSE;
      g_array_append_val (merging->life, life);
    }
  while (reader.at < reader.end)
    if (!read_group (store, &reader, merging))
      return FALSE;
  return TRUE;
}

static YlStanding *
find_standing (const Register *column, gint64 n)
{
  for (guint i = 0; column != NULL && i < column->versions->len; i++)
    if (((YlStanding *) column->versions->pdata[i])->n == n)
      return column->versions->pdata[i];
  return NULL;
}

static gboolean
load_extra (YlStore *store, Merging *merging, GError **error)
{
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error, "SELECT col, n, value FROM version WHERE tbl = ? AND id = ?", "tt",
                         merging->table_name, merging->id);

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    {
      YlStanding *standing = find_standing (find_register (merging, yl_rows_text (rows, 0)), yl_rows_integer (rows, 1));

      merging->had_extra = TRUE;
      if (standing != NULL)
        yl_rows_value (rows, 2, &standing->value);
    }
  return yl_rows_ended (rows);
}

static gboolean
load_row (YlStore *store, Merging *merging, const YlValue *before, GError **error)
{
  g_autoptr (GError) local = NULL;
  YlValue *row = before == NULL ? yl_store_read_row (store, merging->table, merging->id, &local) : NULL;
  const YlValue *values = before != NULL ? before : row;

  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  for (guint i = 0; values != NULL && i < merging->registers->len; i++)
    {
      Register *column = merging->registers->pdata[i];
      int field = yl_table_field (merging->table, column->name);
      YlStanding *shown = column->versions->pdata[0];

      if (field >= 0 && shown->value.type == YL_VALUE_NULL)
        yl_value_copy (&shown->value, &values[field]);
    }
  if (row != NULL)
    yl_row_free (merging->table, row);
  return TRUE;
}

static gboolean
load (YlStore *store, Merging *merging, const char *table, const char *id, const YlValue *before, GError **error)
{
  g_autoptr (YlRows) rows = NULL;
  g_autoptr (GError) local = NULL;
  gconstpointer bytes;
  gsize length;

  merging->table_name = table;
  merging->id = id;
  merging->table = yl_table_find (table);
  merging->life = g_array_new (FALSE, FALSE, sizeof (gint64));
  merging->registers = g_ptr_array_new_with_free_func ((GDestroyNotify) register_free);
  rows =
      yl_database_query (store->database, error, "SELECT state FROM record WHERE tbl = ? AND id = ?", "tt", table, id);
  if (rows == NULL)
    return FALSE;
  merging->is_new = !yl_rows_next (rows, &local);
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (merging->is_new)
    return TRUE;
  bytes = yl_rows_blob (rows, 0, &length);
  if (!read_state (store, bytes, length, merging))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_CORRUPT,
                   _ ("the merge state of %s %s is damaged: run `yuelaictl rebuild`"), table, id);
      return FALSE;
    }
  merging->was_alive = is_alive (merging);
  if (!load_extra (store, merging, error))
    return FALSE;
  return !merging->was_alive || merging->table == NULL || load_row (store, merging, before, error);
}

/* Folding */

static gboolean
has_seen (YlStore *store, const YlMergeEntry *entry, gint64 n)
{
  const YlEntryFacts *facts = yl_store_entry_facts (store, n);

  return facts != NULL && yl_vector_get (entry->seen, facts->w) >= facts->seq;
}

/* Whether @a is shown before @b: the higher clock reading, then the higher writer. */
static gboolean
leads (YlStore *store, gint64 a, gint64 b)
{
  const YlEntryFacts *left = yl_store_entry_facts (store, a);
  const YlEntryFacts *right = yl_store_entry_facts (store, b);

  if (left->hlc != right->hlc)
    return left->hlc > right->hlc;
  return strcmp (yl_store_writer_id (store, left->w), yl_store_writer_id (store, right->w)) > 0;
}

static void
fold_life (YlStore *store, Merging *merging, const YlMergeEntry *entry, gboolean alive)
{
  gint64 life = entry->n << 1 | (alive ? 1 : 0);

  for (guint i = merging->life->len; i-- > 0;)
    {
      gint64 old = g_array_index (merging->life, gint64, i);

      if (!has_seen (store, entry, old >> 1))
        continue;
      yl_state_hash_life (store, merging->table_name, merging->id, old >> 1, old & 1, -1);
      g_array_remove_index (merging->life, i);
    }
  g_array_append_val (merging->life, life);
  yl_state_hash_life (store, merging->table_name, merging->id, entry->n, alive, 1);
}

static void
fold_column (YlStore *store, Merging *merging, const YlMergeEntry *entry, const char *name, const YlValue *value)
{
  Register *column = find_register (merging, name);
  YlStanding *standing = g_new0 (YlStanding, 1);
  guint place = 0;

  if (column == NULL)
    {
      column = register_new (name);
      g_ptr_array_add (merging->registers, column);
    }
  for (guint i = column->versions->len; i-- > 0;)
    {
      YlStanding *old = column->versions->pdata[i];

      if (!has_seen (store, entry, old->n))
        continue;
      yl_state_hash_value (store, merging->table_name, merging->id, name, old->n, &old->value, -1);
      g_ptr_array_remove_index (column->versions, i);
    }
  standing->n = entry->n;
  yl_value_copy (&standing->value, value);
  while (place < column->versions->len && leads (store, ((YlStanding *) column->versions->pdata[place])->n, entry->n))
    place++;
  g_ptr_array_insert (column->versions, (int) place, standing);
  yl_state_hash_value (store, merging->table_name, merging->id, name, entry->n, value, 1);
}

/* Writing back */

static gboolean
same_versions (const Register *a, const Register *b)
{
  if (a->versions->len != b->versions->len)
    return FALSE;
  for (guint i = 0; i < a->versions->len; i++)
    if (((YlStanding *) a->versions->pdata[i])->n != ((YlStanding *) b->versions->pdata[i])->n)
      return FALSE;
  return TRUE;
}

static gboolean
append_group (YlStore *store, GByteArray *state, const Merging *merging, guint first, gboolean *done, GError **error)
{
  const Register *model = merging->registers->pdata[first];
  g_autoptr (GByteArray) columns = g_byte_array_new ();
  guint n_columns = 0;

  for (guint i = first; i < merging->registers->len; i++)
    {
      Register *column = merging->registers->pdata[i];
      gint64 c;

      if (done[i] || !same_versions (model, column))
        continue;
      if (!yl_store_column_number (store, column->name, &c, error))
        return FALSE;
      yl_varint_append (columns, (guint64) c);
      done[i] = TRUE;
      n_columns++;
    }
  yl_varint_append (state, model->versions->len);
  for (guint v = 0; v < model->versions->len; v++)
    yl_varint_append (state, (guint64) ((YlStanding *) model->versions->pdata[v])->n);
  yl_varint_append (state, n_columns);
  g_byte_array_append (state, columns->data, columns->len);
  return TRUE;
}

static gboolean
save_state (YlStore *store, const Merging *merging, GError **error)
{
  g_autoptr (GByteArray) state = g_byte_array_new ();
  g_autofree gboolean *done = g_new0 (gboolean, merging->registers->len + 1);

  yl_varint_append (state, merging->life->len);
  for (guint i = 0; i < merging->life->len; i++)
    yl_varint_append (state, (guint64) g_array_index (merging->life, gint64, i));
  for (guint i = 0; i < merging->registers->len; i++)
    if (!done[i] && !append_group (store, state, merging, i, done, error))
      return FALSE;
  return yl_database_run (store->database, error,
                          "INSERT INTO record (tbl, id, state) VALUES (?, ?, ?)"
                          " ON CONFLICT (tbl, id) DO UPDATE SET state = excluded.state",
                          "ttb", merging->table_name, merging->id, (gconstpointer) state->data, (gsize) state->len);
}

static gboolean
save_extra (YlStore *store, const Merging *merging, GError **error)
{
  gboolean alive = is_alive (merging);

  if (merging->had_extra
      && !yl_database_run (store->database, error, "DELETE FROM version WHERE tbl = ? AND id = ?", "tt",
                           merging->table_name, merging->id))
    return FALSE;
  for (guint i = 0; i < merging->registers->len; i++)
    {
      Register *column = merging->registers->pdata[i];

      for (guint v = 0; v < column->versions->len; v++)
        {
          YlStanding *standing = column->versions->pdata[v];

          if (v == 0 && alive && row_holds (merging->table, column->name, &standing->value))
            continue;
          if (!yl_database_run (store->database, error,
                                "INSERT INTO version (tbl, id, col, n, value) VALUES (?, ?, ?, ?, ?)", "tttiv",
                                merging->table_name, merging->id, column->name, standing->n, &standing->value))
            return FALSE;
        }
    }
  return TRUE;
}

static gboolean
run_row_statement (YlStore *store, const Merging *merging, const char *sql, gboolean id_last, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (store->database, error, sql, NULL);
  sqlite3_stmt *statement;
  int parameter = id_last ? 1 : 2;
  static const YlValue null = { YL_VALUE_NULL, 0, NULL, 0 };

  if (rows == NULL)
    return FALSE;
  statement = yl_rows_statement (rows);
  for (guint i = 0; i < yl_table_n_fields (merging->table); i++)
    {
      const Register *column = find_register (merging, merging->table->fields[i].name);
      const YlStanding *shown = column != NULL ? column->versions->pdata[0] : NULL;

      yl_database_bind_value (statement, parameter++,
                              shown != NULL && row_holds (merging->table, column->name, &shown->value) ? &shown->value
                                                                                                       : &null);
    }
  sqlite3_bind_text (statement, id_last ? parameter : 1, merging->id, -1, SQLITE_TRANSIENT);
  yl_rows_next (rows, error);
  return yl_rows_ended (rows);
}

static gboolean
save_row (YlStore *store, const Merging *merging, GError **error)
{
  g_autofree char *sql = NULL;

  if (merging->table == NULL)
    return TRUE;
  if (is_alive (merging))
    return run_row_statement (store, merging, yl_table_upsert (merging->table), FALSE, error);
  sql = g_strdup_printf ("DELETE FROM [%s] WHERE id = ?", merging->table_name);
  return yl_database_run (store->database, error, sql, "t", merging->id);
}

gboolean
yl_merge_fold (YlStore *store,
               const YlMergeEntry *entry,
               const YlOp *op,
               gboolean is_local,
               const YlValue *before,
               GError **error)
{
  g_auto (Merging) merging = { NULL };

  if (!load (store, &merging, op->table, op->id, before, error))
    return FALSE;
  fold_life (store, &merging, entry, op->kind != YL_OP_DELETE);
  for (guint i = 0; i < op->n_columns; i++)
    fold_column (store, &merging, entry, op->columns[i], &op->values[i]);
  g_hash_table_add (store->touched, g_strconcat (op->table, ":", op->id, NULL));
  if (!is_local && !save_row (store, &merging, error))
    return FALSE;
  return save_extra (store, &merging, error) && save_state (store, &merging, error);
}

gboolean
yl_merge_rehash (YlStore *store, const char *table, const char *id, GError **error)
{
  g_auto (Merging) merging = { NULL };

  if (!load (store, &merging, table, id, NULL, error))
    return FALSE;
  for (guint i = 0; i < merging.life->len; i++)
    {
      gint64 life = g_array_index (merging.life, gint64, i);

      yl_state_hash_life (store, table, id, life >> 1, life & 1, 1);
    }
  for (guint i = 0; i < merging.registers->len; i++)
    {
      Register *column = merging.registers->pdata[i];

      for (guint v = 0; v < column->versions->len; v++)
        {
          YlStanding *standing = column->versions->pdata[v];

          yl_state_hash_value (store, table, id, column->name, standing->n, &standing->value, 1);
        }
    }
  return TRUE;
}

GPtrArray *
yl_merge_columns (YlStore *store, const char *table, const char *id, GError **error)
{
  g_auto (Merging) merging = { NULL };
  GPtrArray *names = NULL;

  if (!load (store, &merging, table, id, NULL, error))
    return NULL;
  names = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < merging.registers->len; i++)
    g_ptr_array_add (names, g_strdup (((Register *) merging.registers->pdata[i])->name));
  return names;
}

/* What is shown comes first: alive, if any says so. */
static int
compare_life (gconstpointer a, gconstpointer b, gpointer store)
{
  const YlStanding *left = *(YlStanding *const *) a;
  const YlStanding *right = *(YlStanding *const *) b;

  if (left->value.integer != right->value.integer)
    return left->value.integer > right->value.integer ? -1 : 1;
  return leads (store, left->n, right->n) ? -1 : 1;
}

static GPtrArray *
standing_life (YlStore *store, const Merging *merging)
{
  GPtrArray *standing = g_ptr_array_new_with_free_func ((GDestroyNotify) standing_free);

  for (guint i = 0; i < merging->life->len; i++)
    {
      YlStanding *life = g_new0 (YlStanding, 1);

      life->n = g_array_index (merging->life, gint64, i) >> 1;
      yl_value_set_integer (&life->value, g_array_index (merging->life, gint64, i) & 1);
      g_ptr_array_add (standing, life);
    }
  g_ptr_array_sort_with_data (standing, compare_life, store);
  return standing;
}

GPtrArray *
yl_merge_standing (YlStore *store, const char *table, const char *id, const char *column, GError **error)
{
  g_auto (Merging) merging = { NULL };
  Register *found;

  if (!load (store, &merging, table, id, NULL, error))
    return NULL;
  if (*column == '\0')
    return standing_life (store, &merging);
  found = find_register (&merging, column);
  return found != NULL ? g_ptr_array_ref (found->versions) : g_ptr_array_new ();
}
