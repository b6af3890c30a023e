#include "store/yl-catalogue.h"
#include "yl-change-private.h"
#include "merge/yl-merge.h"

/* From captured rows to ops: only what differs, whole registers, columns in order of name. */

/* Which registers differ, by the field they are named after. */
static gboolean *
changed_registers (const YlTableIndex *index, const YlValue *before, const YlValue *after)
{
  gboolean *changed = g_new0 (gboolean, index->n_fields);

  for (guint i = 0; i < index->n_fields; i++)
    if (!yl_value_equal (&before[i], &after[i]))
      changed[index->registers[i]] = TRUE;
  return changed;
}

static gboolean
is_column (GPtrArray *columns, const char *name)
{
  for (guint i = 0; columns != NULL && i < columns->len; i++)
    if (g_str_equal (columns->pdata[i], name))
      return TRUE;
  return FALSE;
}

/* A record that comes back from the dead names its empty columns too, or old values would come back with it. */
static YlOp *
insert_op (YlStore *store, const YlCaptured *captured, GError **error)
{
  g_autoptr (YlOp) op = yl_op_new (YL_OP_INSERT, captured->table->name, captured->id);
  g_autoptr (GPtrArray) old_columns = yl_merge_columns (store, captured->table->name, captured->id, error);
  const YlTableIndex *index = yl_table_index (captured->table);

  if (old_columns == NULL)
    return NULL;
  for (guint i = 0; i < index->n_fields; i++)
    {
      const YlField *field = index->sorted[i];
      const YlValue *value = &captured->after[field - captured->table->fields];

      if (value->type != YL_VALUE_NULL || is_column (old_columns, field->name))
        yl_op_add (op, field->name, value);
    }
  return g_steal_pointer (&op);
}

static gboolean
is_forced (YlChange *change, const YlCaptured *captured, const char *name)
{
  g_autofree char *key = NULL;

  if (g_hash_table_size (change->forced) == 0)
    return FALSE;
  key = g_strdup_printf ("%s:%s:%s", captured->table->name, captured->id, name);
  return g_hash_table_contains (change->forced, key);
}

static YlOp *
update_op (YlChange *change, const YlCaptured *captured)
{
  g_autoptr (YlOp) op = yl_op_new (YL_OP_UPDATE, captured->table->name, captured->id);
  const YlTableIndex *index = yl_table_index (captured->table);
  g_autofree gboolean *changed = changed_registers (index, captured->before, captured->after);

  for (guint i = 0; i < index->n_fields; i++)
    {
      const YlField *field = index->sorted[i];

      if (changed[index->registers[field - captured->table->fields]]
          || is_forced (change, captured, yl_field_register (field)))
        yl_op_add (op, field->name, &captured->after[field - captured->table->fields]);
    }
  return op->n_columns > 0 || is_forced (change, captured, "") ? g_steal_pointer (&op) : NULL;
}

/* What takes an op back: the old values of the same columns. */
static YlOp *
inverse_op (const YlCaptured *captured, const YlOp *op)
{
  const YlTableIndex *index = yl_table_index (captured->table);
  YlOp *inverse;

  if (op->kind == YL_OP_INSERT)
    return yl_op_new (YL_OP_DELETE, op->table, op->id);
  inverse = yl_op_new (op->kind == YL_OP_DELETE ? YL_OP_INSERT : YL_OP_UPDATE, op->table, op->id);
  for (guint i = 0; op->kind == YL_OP_DELETE && i < index->n_fields; i++)
    yl_op_add (inverse, index->sorted[i]->name, &captured->before[index->sorted[i] - captured->table->fields]);
  for (guint i = 0; i < op->n_columns; i++)
    yl_op_add (inverse, op->columns[i], &captured->before[yl_table_field (captured->table, op->columns[i])]);
  return inverse;
}

/* @op: NULL where nothing differs. */
static gboolean
row_op (YlChange *change, const YlCaptured *captured, YlOp **op, GError **error)
{
  if (captured->before == NULL && captured->after != NULL)
    {
      *op = insert_op (change->store, captured, error);
      return *op != NULL;
    }
  if (captured->before == NULL)
    *op = NULL;
  else if (captured->after == NULL)
    *op = yl_op_new (YL_OP_DELETE, captured->table->name, captured->id);
  else
    *op = update_op (change, captured);
  return TRUE;
}

GPtrArray *
yl_change_ops (YlChange *change, GHashTable *before, GError **error)
{
  GPtrArray *rows = yl_capture_rows (change->store->capture);
  g_autoptr (GPtrArray) ops = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_op_free);

  for (guint i = 0; i < rows->len; i++)
    {
      const YlCaptured *captured = rows->pdata[i];
      YlOp *op;

      if (!row_op (change, captured, &op, error))
        return NULL;
      if (op == NULL)
        continue;
      g_ptr_array_add (ops, op);
      g_ptr_array_add (change->undo, inverse_op (captured, op));
      if (captured->before != NULL)
        g_hash_table_insert (before, op, captured->before);
    }
  return g_steal_pointer (&ops);
}
