/* A PC that has a later version already: what it writes goes through the same door, as ops that this version only carries. */
#include "yl-sim-world.h"

#include "base/yl-id.h"
#include "change/yl-change-private.h"

/* An op of one text column, noted in the model under the name by which everybody keeps it. */
static void
add_op (YlSimNode *node,
        GPtrArray *ops,
        YlOpKind kind,
        const char *table,
        const char *id,
        const char *column,
        GArray *seen)
{
  g_autofree char *text =
      g_strdup_printf (kind == YL_OP_UNKNOWN ? "{\"by\":%u}" : "%u", yl_sim_pick (node->world, 1000));
  g_auto (YlValue) value = YL_VALUE_INIT;
  YlOp *op = yl_op_new (kind, table, id);

  yl_value_set_text (&value, text);
  yl_op_add (op, column, &value);
  g_ptr_array_add (ops, op);
  yl_sim_writes (node, table, id, column, text, seen);
}

static const char *
any_of (YlSimNode *node, GPtrArray *ids)
{
  return ids->len == 0 ? NULL : ids->pdata[yl_sim_pick (node->world, ids->len)];
}

/* What it writes; @made: the id of a record that is new with it. */
static GPtrArray *
pick_ops (YlSimNode *node, GArray *seen, const char *made)
{
  GPtrArray *ops = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_op_free);
  g_autofree char *paint =
      g_strdup_printf ("paint!%s:%" G_GINT64_FORMAT ":0", yl_store_get_writer (node->store), yl_sim_own_seq (node) + 1);
  const char *visit = any_of (node, node->world->visits);
  const char *worker = any_of (node, node->world->workers);
  guint kind = yl_sim_pick (node->world, 4);

  if (kind == 0 && worker != NULL)
    add_op (node, ops, YL_OP_UPDATE, "worker", worker, "shoe_size", seen);
  else if (kind == 1 && worker != NULL)
    add_op (node, ops, YL_OP_UNKNOWN, "worker", worker, paint, seen);
  else if (kind == 2 && visit != NULL)
    add_op (node, ops, YL_OP_UPDATE, "visit_note", visit, "mood", seen);
  else
    add_op (node, ops, YL_OP_INSERT, "visit_note", made, "mood", seen);
  return ops;
}

gboolean
yl_sim_work_later (YlSimNode *node, GError **error)
{
  g_autofree char *made = yl_id_new (yl_store_now (node->store));
  g_autoptr (GArray) seen = yl_log_frontier (node->store, error);
  g_autoptr (GPtrArray) ops = seen != NULL ? pick_ops (node, seen, made) : NULL;
  g_autoptr (YlChange) change = ops != NULL ? yl_change_begin (node->store, "later", error) : NULL;

  if (change == NULL)
    return FALSE;
  yl_change_give (change, NULL, ops);
  if (!yl_change_commit (change, error))
    return FALSE;
  if (((YlOp *) ops->pdata[0])->kind == YL_OP_INSERT)
    g_ptr_array_add (node->world->visits, g_steal_pointer (&made));
  return TRUE;
}
