#include "base/yl-i18n.h"
#include "yl-fold.h"

/* The authority chain as it was at @position. */
static char *
fact_at (YlStore *store, const char *table, const char *id, const char *column, gint64 position)
{
  return yl_database_text (store->database, NULL,
                           "SELECT value FROM authority_fact WHERE tbl = ? AND id = ? AND col = ? AND position <= ?"
                           " ORDER BY position DESC LIMIT 1",
                           "ttti", table, id, column, position);
}

/* Columns that name a record never change, so the first fact says it all. */
static char *
named_at (YlStore *store, const char *table, const char *column, const char *value, gint64 position)
{
  return yl_database_text (
      store->database, NULL,
      "SELECT id FROM authority_fact WHERE tbl = ? AND col = ? AND value = ? AND position <= ? ORDER BY position LIMIT 1",
      "ttti", table, column, value, position);
}

static const YlValue *
op_value (const YlOp *op, const char *column)
{
  for (guint i = 0; i < op->n_columns; i++)
    if (g_str_equal (op->columns[i], column))
      return &op->values[i];
  return NULL;
}

static char *
check_form (const YlTable *table, const YlOp *op)
{
  if ((table->flags & YL_TABLE_DERIVED) != 0)
    return g_strdup_printf (_ ("%s is worked out on every PC and cannot be written"), table->name);
  if ((table->flags & YL_TABLE_INSERT_ONLY) != 0 && op->kind != YL_OP_INSERT)
    return g_strdup_printf (_ ("a %s is a fact and cannot be changed"), table->name);
  for (guint i = 0; op->kind == YL_OP_UPDATE && i < op->n_columns; i++)
    {
      int field = yl_table_field (table, op->columns[i]);

      if (field >= 0 && (table->fields[field].flags & YL_FIELD_FIXED) != 0)
        return g_strdup_printf (_ ("%s of a %s is fixed once it is written"), op->columns[i], table->name);
    }
  return NULL;
}

static gboolean
is_confirmer (YlStore *store, const YlOp *op, const char *node, gint64 position)
{
  const YlValue *site = op_value (op, "site");
  const YlValue *epoch = op_value (op, "epoch");
  g_autofree char *named = NULL;
  g_autofree char *named_epoch = NULL;

  if (site == NULL || site->type != YL_VALUE_TEXT || epoch == NULL || epoch->type != YL_VALUE_INTEGER)
    return FALSE;
  named = fact_at (store, "site", site->bytes, "confirming_node", position);
  named_epoch = fact_at (store, "site", site->bytes, "confirming_epoch", position);
  return g_strcmp0 (named, node) == 0 && named_epoch != NULL
         && g_ascii_strtoll (named_epoch, NULL, 10) == epoch->integer;
}

static char *
check_op (YlStore *store, const YlOp *op, const char *node, gboolean head_office, gint64 position)
{
  const YlTable *table = yl_table_find (op->table);
  char *reason;

  if (table == NULL)
    return NULL;
  reason = check_form (table, op);
  if (reason != NULL)
    return reason;
  switch (table->right)
    {
    case YL_RIGHT_ANY_SITE:
      return NULL;
    case YL_RIGHT_HEAD_OFFICE:
      return head_office ? NULL : g_strdup_printf (_ ("only head office may write a %s"), table->name);
    case YL_RIGHT_CONFIRMER:
      return is_confirmer (store, op, node, position)
                 ? NULL
                 : g_strdup (_ ("only the PC that confirms for the worker's store may confirm"));
    case YL_RIGHT_AUTHORITY:
      return g_strdup_printf (_ ("a %s is written by head office with the company's key"), table->name);
    default:
      g_assert_not_reached ();
    }
}

static char *
check_authority (const YlEntry *entry)
{
  for (guint i = 0; i < entry->ops->len; i++)
    {
      const YlOp *op = entry->ops->pdata[i];
      const YlTable *table = yl_table_find (op->table);
      char *reason = table != NULL ? check_form (table, op) : NULL;

      if (reason != NULL)
        return reason;
      if (table != NULL && table->right != YL_RIGHT_AUTHORITY)
        return g_strdup_printf (_ ("the company's key does not write a %s"), table->name);
    }
  return NULL;
}

char *
yl_right_check (YlStore *store, const YlEntry *entry)
{
  gint64 position = entry->authority;
  g_autofree char *node = NULL;
  g_autofree char *site = NULL;
  g_autofree char *kind = NULL;
  g_autofree char *staff = NULL;
  g_autofree char *staff_site = NULL;
  g_autofree char *active = NULL;

  if (g_str_equal (entry->writer, store->authority))
    return check_authority (entry);
  node = named_at (store, "node", "writer", entry->writer, position);
  site = node != NULL ? fact_at (store, "node", node, "site", position) : NULL;
  if (site == NULL)
    return g_strdup (_ ("this PC was not enrolled by head office"));
  staff = named_at (store, "staff", "code", entry->actor, position);
  staff_site = staff != NULL ? fact_at (store, "staff", staff, "site", position) : NULL;
  active = staff != NULL ? fact_at (store, "staff", staff, "active", position) : NULL;
  if (g_strcmp0 (staff_site, site) != 0 || g_strcmp0 (active, "1") != 0)
    return g_strdup_printf (_ ("%s is no active staff member of this PC's store"), entry->actor);
  kind = fact_at (store, "site", site, "kind", position);
  for (guint i = 0; i < entry->ops->len; i++)
    {
      char *reason = check_op (store, entry->ops->pdata[i], node, g_strcmp0 (kind, "head_office") == 0, position);

      if (reason != NULL)
        return reason;
    }
  return NULL;
}
