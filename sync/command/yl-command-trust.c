/* node list, node revoke, staff disable, review …: who may write, and what becomes of the work of those who may no more. */
#include "base/yl-i18n.h"
#include "trust/yl-company-trust.h"
#include "yl-invocation.h"
#include "yl-output.h"

static void
print_node_json (YlOutput *output, const YlNodeInfo *node)
{
  yl_output_begin_object (output, NULL);
  yl_output_text (output, "pc", node->label);
  yl_output_text (output, "id", node->id);
  yl_output_text (output, "name", node->name);
  yl_output_text (output, "writer", node->identity);
  yl_output_integer (output, "further_pens", node->n_pens);
  yl_output_integer (output, "written", node->written);
  if (node->last_hlc > 0)
    yl_output_instant (output, "last", YL_HLC_MS (node->last_hlc));
  else
    yl_output_text (output, "last", NULL);
  yl_output_boolean (output, "revoked", node->revoked);
  yl_output_boolean (output, "lost", node->lost);
  yl_output_end_object (output);
}

static void
print_node (YlOutput *output, const YlNodeInfo *node)
{
  g_autofree char *last = node->last_hlc > 0 ? yl_instant_format (YL_HLC_MS (node->last_hlc)) : NULL;

  yl_output_cell (output, "%s", node->label);
  yl_output_cell (output, "%s", node->name != NULL ? node->name : "-");
  if (last != NULL)
    yl_output_cell (output, _ ("last wrote %s"), last);
  else
    yl_output_cell (output, "%s", _ ("wrote nothing yet"));
  yl_output_cell (output, "%s", node->lost ? _ ("shut out: lost") : node->revoked ? _ ("shut out") : _ ("in use"));
  yl_output_end_row (output);
}

gboolean
yl_command_node_list (YlInvocation *invocation, GError **error)
{
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  g_autoptr (GPtrArray) nodes = store != NULL ? yl_company_nodes (store, error) : NULL;
  g_autoptr (YlOutput) output = yl_output_new ();

  if (nodes == NULL)
    return FALSE;
  if (invocation->json)
    yl_output_begin_array (output, NULL);
  for (guint i = 0; i < nodes->len; i++)
    if (invocation->json)
      print_node_json (output, nodes->pdata[i]);
    else
      print_node (output, nodes->pdata[i]);
  if (invocation->json)
    yl_output_end_array (output);
  return yl_output_flush (output, error);
}

gboolean
yl_command_node_revoke (YlInvocation *invocation, GError **error)
{
  const char *node = yl_invocation_argument (invocation, 0);
  const char *from = yl_invocation_option (invocation, "from");
  gboolean lost = yl_invocation_has (invocation, "lost");
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  g_autofree char *line = g_strdup_printf (
      lost ? _ ("shut out %s; what it writes from now on waits in the review tray, and new keys follow those it held")
           : _ ("shut out %s; what it writes from now on waits in the review tray"),
      node);

  return store != NULL && yl_company_revoke (store, node, from, lost, error)
         && yl_output_result (invocation->json, error, line, "pc", node, NULL);
}

gboolean
yl_command_staff_disable (YlInvocation *invocation, GError **error)
{
  const char *code = yl_invocation_argument (invocation, 0);
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  g_autofree char *line = g_strdup_printf (_ ("shut out %s"), code);

  return store != NULL && yl_company_disable_staff (store, code, error)
         && yl_output_result (invocation->json, error, line, "staff", code, NULL);
}

static void
print_item_json (YlOutput *output, const YlReviewItem *item)
{
  yl_output_begin_object (output, NULL);
  yl_output_text (output, "entry", item->entry);
  yl_output_text (output, "pc", item->label);
  yl_output_text (output, "actor", item->actor);
  yl_output_instant (output, "at", item->at);
  yl_output_text (output, "what", item->what);
  yl_output_integer (output, "changes", item->n_ops);
  yl_output_end_object (output);
}

static void
print_item (YlOutput *output, const YlReviewItem *item)
{
  g_autofree char *at = yl_instant_format (item->at);

  yl_output_cell (output, "%s", item->entry);
  yl_output_cell (output, "%s", item->label);
  yl_output_cell (output, "%s", item->actor);
  yl_output_cell (output, "%s", at);
  yl_output_cell (output, "%s", item->what);
  yl_output_end_row (output);
}

gboolean
yl_command_review_list (YlInvocation *invocation, GError **error)
{
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  g_autoptr (GPtrArray) items = store != NULL ? yl_review_list (store, error) : NULL;
  g_autoptr (YlOutput) output = yl_output_new ();

  if (items == NULL)
    return FALSE;
  if (items->len > 0)
    invocation->exit = YL_EXIT_PERSON;
  if (invocation->json)
    yl_output_begin_array (output, NULL);
  for (guint i = 0; i < items->len; i++)
    if (invocation->json)
      print_item_json (output, items->pdata[i]);
    else
      print_item (output, items->pdata[i]);
  if (invocation->json)
    yl_output_end_array (output);
  return yl_output_flush (output, error);
}

/* Records and columns; no values: most are sealed, and the others are to be seen once it is accepted. */
static void
print_op (YlOutput *output, YlStore *store, gboolean json, const YlOp *op)
{
  static const char *const kinds[] = { "insert", "update", "delete", "other" };
  const char *kind = kinds[MIN ((guint) op->kind, G_N_ELEMENTS (kinds) - 1)];
  g_autoptr (GString) columns = g_string_new (NULL);
  g_autofree char *number = yl_table_find (op->table) != NULL ? yl_store_number (store, op->table, op->id) : NULL;

  for (guint i = 0; i < op->n_columns; i++)
    g_string_append_printf (columns, "%s%s", i > 0 ? "," : "", op->columns[i]);
  if (json)
    {
      yl_output_begin_object (output, NULL);
      yl_output_text (output, "kind", kind);
      yl_output_text (output, "table", op->table);
      yl_output_text (output, "id", op->id);
      yl_output_text (output, "columns", columns->str);
      yl_output_end_object (output);
      return;
    }
  yl_output_line (output, "%s %s %s %s", kind, op->table, number != NULL ? number : op->id, columns->str);
}

gboolean
yl_command_review_show (YlInvocation *invocation, GError **error)
{
  const char *name = yl_invocation_argument (invocation, 0);
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  g_autoptr (YlEntry) entry = store != NULL ? yl_review_entry (store, name, error) : NULL;
  g_autoptr (YlOutput) output = yl_output_new ();

  if (entry == NULL)
    return FALSE;
  if (invocation->json)
    yl_output_begin_array (output, NULL);
  for (guint i = 0; i < entry->ops->len; i++)
    print_op (output, store, invocation->json, entry->ops->pdata[i]);
  if (invocation->json)
    yl_output_end_array (output);
  return yl_output_flush (output, error);
}

gboolean
yl_command_review_accept (YlInvocation *invocation, GError **error)
{
  const char *name = yl_invocation_argument (invocation, 0);
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  g_autofree char *line = g_strdup_printf (_ ("head office has written %s as its own"), name);

  return store != NULL && yl_review_accept (store, name, error)
         && yl_output_result (invocation->json, error, line, "entry", name, NULL);
}

gboolean
yl_command_review_drop (YlInvocation *invocation, GError **error)
{
  const char *name = yl_invocation_argument (invocation, 0);
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  g_autofree char *line = g_strdup_printf (_ ("%s does not count"), name);

  return store != NULL && yl_review_drop (store, name, error)
         && yl_output_result (invocation->json, error, line, "entry", name, NULL);
}
