#include "base/yl-i18n.h"
#include "yl-change-private.h"
#include "merge/yl-fold.h"

/* Undo is a new change set that writes the old values back, in the reverse order. */
struct _YlUndo
{
  char *what;
  gboolean as_authority;
  GPtrArray *ops;  /* of YlOp: what to write, from the last to the first */
  GPtrArray *also; /* of YlOp: what is written with it */
  gint64 n;        /* the entry that is taken back */
};

YlUndo *
yl_change_take_undo (YlChange *change)
{
  YlUndo *undo;

  g_return_val_if_fail (change->done, NULL);

  undo = g_new0 (YlUndo, 1);
  undo->what = g_strconcat ("undo ", change->what->str, NULL);
  undo->as_authority = change->as_authority;
  undo->ops = g_steal_pointer (&change->undo);
  undo->n = change->n;
  undo->also = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_op_free);
  change->undo = g_ptr_array_new ();
  return undo;
}

void
yl_undo_free (YlUndo *undo)
{
  g_free (undo->what);
  g_ptr_array_unref (undo->ops);
  g_ptr_array_unref (undo->also);
  g_free (undo);
}

void
yl_undo_also (YlUndo *undo, YlOp *op)
{
  g_ptr_array_add (undo->also, op);
}

/* What stands must still be what that entry wrote. */
static gboolean
is_untouched (YlStore *store, const YlUndo *undo, const YlOp *op, const char *column, GError **error)
{
  g_autoptr (GPtrArray) standing = yl_merge_standing (store, op->table, op->id, column, error);

  if (standing == NULL)
    return FALSE;
  if (standing->len == 1 && ((YlStanding *) standing->pdata[0])->n == undo->n)
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_STALE, "%s",
               _ ("this was changed again meanwhile and cannot be undone: edit it instead"));
  return FALSE;
}

static gboolean
write_op (YlStore *store, const YlOp *op, GError **error)
{
  g_autoptr (GString) sql = g_string_new (NULL);
  g_autoptr (YlRows) rows = NULL;
  gboolean insert = op->kind == YL_OP_INSERT;

  if (op->kind == YL_OP_DELETE)
    g_string_printf (sql, "DELETE FROM [%s]", op->table);
  else
    g_string_printf (sql, insert ? "INSERT OR REPLACE INTO [%s] (" : "UPDATE [%s] SET ", op->table);
  for (guint i = 0; i < op->n_columns; i++)
    g_string_append_printf (sql, insert ? "[%s], " : i + 1 < op->n_columns ? "[%s] = ?, " : "[%s] = ?", op->columns[i]);
  if (insert)
    {
      g_string_append (sql, "id) VALUES (");
      for (guint i = 0; i < op->n_columns; i++)
        g_string_append (sql, "?, ");
    }
  g_string_append (sql, insert ? "?)" : " WHERE id = ?");
  rows = yl_database_query (store->database, error, sql->str, NULL);
  if (rows == NULL)
    return FALSE;
  for (guint i = 0; i < op->n_columns; i++)
    yl_database_bind_value (yl_rows_statement (rows), (int) i + 1, &op->values[i]);
  sqlite3_bind_text (yl_rows_statement (rows), (int) op->n_columns + 1, op->id, -1, SQLITE_TRANSIENT);
  yl_rows_next (rows, error);
  return yl_rows_ended (rows) && yl_plain_follow (store, op->table, op->id, error);
}

static gboolean
undo_op (YlStore *store, const YlUndo *undo, const YlOp *op, GError **error)
{
  if (op->kind != YL_OP_UPDATE)
    return is_untouched (store, undo, op, "", error) && write_op (store, op, error);
  for (guint i = 0; i < op->n_columns; i++)
    if (!is_untouched (store, undo, op, op->columns[i], error))
      return FALSE;
  return write_op (store, op, error);
}

gboolean
yl_undo_commit (YlUndo *undo, YlStore *store, GError **error)
{
  g_autoptr (YlChange) change = undo->as_authority ? yl_change_begin_as_authority (store, undo->what, error)
                                                   : yl_change_begin (store, undo->what, error);

  if (change == NULL)
    return FALSE;
  for (guint i = undo->ops->len; i-- > 0;)
    if (!undo_op (store, undo, undo->ops->pdata[i], error))
      return FALSE;
  for (guint i = 0; i < undo->also->len; i++)
    if (!write_op (store, undo->also->pdata[i], error))
      return FALSE;
  return yl_change_commit (change, error);
}
