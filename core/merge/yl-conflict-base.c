#include <string.h>

#include "base/yl-i18n.h"
#include "yl-conflict-private.h"
#include "yl-fold.h"
#include "log/yl-log-door.h"

/* What the writer of a standing value had seen in its place. */

static const YlValue *
written_to (const YlOp *op, const char *column)
{
  for (guint i = 0; i < op->n_columns; i++)
    if (g_str_equal (op->columns[i], column))
      return &op->values[i];
  return NULL;
}

static const YlOp *
op_about (const YlEntry *entry, const YlConflict *conflict)
{
  for (guint i = 0; i < entry->ops->len; i++)
    {
      const YlOp *op = entry->ops->pdata[i];

      if (g_str_equal (op->table, conflict->table) && g_str_equal (op->id, conflict->id))
        return op;
    }
  return NULL;
}

static char *
show_column (YlStore *store, const YlConflict *conflict, const YlField *field, const YlValue *wire)
{
  g_auto (YlValue) plain = YL_VALUE_INIT;

  if (wire->type != YL_VALUE_BLOB)
    return yl_field_format (field, wire);
  return yl_store_unseal_value (store, conflict->table, conflict->id, field, wire, &plain)
             ? yl_field_format (field, &plain)
             : g_strdup (_ ("(no key)"));
}

/* NULL where nothing was written; life is written by every op. */
static char *
show_written (YlStore *store, const YlConflict *conflict, GPtrArray *fields, const YlOp *op, gboolean *wrote)
{
  g_autoptr (GString) text = g_string_new (NULL);

  *wrote = *conflict->field == '\0';
  if (*wrote)
    return g_strdup (op->kind == YL_OP_DELETE ? "removed" : "kept");
  for (guint i = 0; i < fields->len; i++)
    {
      const YlField *field = fields->pdata[i];
      const YlValue *wire = written_to (op, field->name);
      g_autofree char *shown = wire != NULL ? show_column (store, conflict, field, wire) : NULL;

      *wrote |= wire != NULL;
      if (shown != NULL && (field->flags & YL_FIELD_FILLED) == 0)
        g_string_append_printf (text, "%s%s", text->len > 0 ? " / " : "", shown);
    }
  return text->len > 0 ? g_strdup (text->str) : NULL;
}

/* Whether entry @n wrote to the register; if so, what. Behind a checkpoint nobody here can tell. */
static gboolean
read_base (YlStore *store,
           const YlConflict *conflict,
           GPtrArray *fields,
           gint64 n,
           YlConflictVersion *version,
           GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (YlEntry) entry = yl_log_entry (store, n, &local);
  const YlOp *op = entry != NULL ? op_about (entry, conflict) : NULL;
  gboolean wrote = FALSE;

  if (local != NULL && !g_error_matches (local, YL_ERROR, YL_ERROR_MISSING))
    g_propagate_error (error, g_steal_pointer (&local));
  if (op == NULL)
    return FALSE;
  version->base_value = show_written (store, conflict, fields, op, &wrote);
  if (!wrote)
    return FALSE;
  version->base_actor = g_strdup (entry->actor);
  version->base_time = YL_HLC_MS (entry->hlc);
  return TRUE;
}

static gboolean
find_base (YlStore *store, const YlConflict *conflict, GPtrArray *fields, YlConflictVersion *version, GError **error)
{
  const YlEntryFacts *facts = yl_store_entry_facts (store, version->n);
  g_autoptr (YlVector) seen = yl_fold_seen_of (store, facts->w, facts->seq, error);
  g_autoptr (YlRows) rows =
      seen != NULL ? yl_database_query (
          store->database, error,
          "SELECT n FROM op JOIN entry USING (n) WHERE t = (SELECT t FROM table_name WHERE name = ?)"
          " AND op.id = yl_id (?) AND n < ?"
          " AND refused IS NULL ORDER BY n DESC",
          "tti", conflict->table, conflict->id, version->n)
                   : NULL;
  g_autoptr (GError) local = NULL;

  if (rows == NULL)
    return FALSE;
  while (local == NULL && yl_rows_next (rows, &local))
    {
      gint64 n = yl_rows_integer (rows, 0);
      const YlEntryFacts *other = yl_store_entry_facts (store, n);

      if (other != NULL && yl_vector_get (seen, other->w) >= other->seq
          && read_base (store, conflict, fields, n, version, &local))
        return TRUE;
    }
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

gboolean
yl_conflict_read_bases (YlStore *store, YlConflict *conflict, GError **error)
{
  g_autoptr (GPtrArray) fields = yl_conflict_fields (conflict->table, conflict->field);

  for (guint i = 0; i < conflict->versions->len; i++)
    if (!find_base (store, conflict, fields, conflict->versions->pdata[i], error))
      return FALSE;
  return TRUE;
}
