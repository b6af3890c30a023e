/* duplicates, merge, unmerge, tell-apart: several records of one person. */

#include "base/yl-i18n.h"
#include "records/yl-codes.h"
#include "records/yl-duplicate.h"
#include "records/yl-people.h"
#include "yl-invocation.h"
#include "yl-output.h"

static void
print_pair (YlOutput *output, gboolean json, YlStore *store, const YlDuplicate *pair)
{
  g_autofree char *first = yl_store_number (store, pair->kind, pair->first);
  g_autofree char *second = yl_store_number (store, pair->kind, pair->second);

  if (!json)
    {
      yl_output_cell (output, "%s", pair->kind);
      yl_output_cell (output, "%s", first);
      yl_output_cell (output, "%s", second);
      yl_output_cell (output, "%s", yl_code_label ("duplicate_reason", pair->reason));
      yl_output_end_row (output);
      return;
    }
  yl_output_begin_object (output, NULL);
  yl_output_text (output, "table", pair->kind);
  yl_output_text (output, "first", pair->first);
  yl_output_text (output, "first_no", first);
  yl_output_text (output, "second", pair->second);
  yl_output_text (output, "second_no", second);
  yl_output_text (output, "reason", pair->reason);
  yl_output_end_object (output);
}

gboolean
yl_command_duplicates (YlInvocation *invocation, GError **error)
{
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  g_autoptr (GPtrArray) pairs = NULL;
  g_autoptr (YlOutput) output = yl_output_new ();

  if (store == NULL || yl_duplicate_find_due (store, error) < 0)
    return FALSE;
  pairs = yl_duplicate_list (store, error);
  if (pairs == NULL)
    return FALSE;
  if (invocation->json)
    yl_output_begin_array (output, NULL);
  for (guint i = 0; i < pairs->len; i++)
    print_pair (output, invocation->json, store, pairs->pdata[i]);
  if (invocation->json)
    yl_output_end_array (output);
  if (pairs->len > 0)
    invocation->exit = YL_EXIT_PERSON;
  return yl_output_flush (output, error);
}

gboolean
yl_command_merge (YlInvocation *invocation, GError **error)
{
  const YlTable *table = yl_table_lookup (yl_invocation_argument (invocation, 0), error);
  const char *from = yl_invocation_argument (invocation, 1);
  const char *to = yl_invocation_argument (invocation, 2);
  g_autoptr (YlStore) store = table != NULL ? yl_invocation_open (invocation, error) : NULL;
  g_autofree char *survivor = NULL;
  g_autofree char *number = NULL;
  g_autofree char *line = NULL;

  if (store == NULL || !yl_people_merge (store, table->name, from, to, NULL, error))
    return FALSE;
  survivor = yl_store_find_id (store, table->name, from, error);
  if (survivor == NULL)
    return FALSE;
  number = yl_store_number (store, table->name, survivor);
  line = g_strdup_printf ("%s is shown as %s", from, number);
  return yl_output_result (invocation->json, error, line, "table", table->name, "id", survivor, "number", number, NULL);
}

gboolean
yl_command_unmerge (YlInvocation *invocation, GError **error)
{
  const YlTable *table = yl_table_lookup (yl_invocation_argument (invocation, 0), error);
  const char *id = yl_invocation_argument (invocation, 1);
  g_autoptr (YlStore) store = table != NULL ? yl_invocation_open (invocation, error) : NULL;
  g_autofree char *exact = NULL;
  g_autofree char *line = NULL;

  if (store == NULL || !yl_people_unmerge (store, table->name, id, error))
    return FALSE;
  exact = yl_store_find_exact (store, table->name, id, error);
  line = g_strdup_printf ("%s is shown as itself", id);
  return exact != NULL
         && yl_output_result (invocation->json, error, line, "table", table->name, "id", exact, "number", id, NULL);
}

gboolean
yl_command_tell_apart (YlInvocation *invocation, GError **error)
{
  const YlTable *table = yl_table_lookup (yl_invocation_argument (invocation, 0), error);
  const char *first = yl_invocation_argument (invocation, 1);
  const char *second = yl_invocation_argument (invocation, 2);
  g_autoptr (YlStore) store = table != NULL ? yl_invocation_open (invocation, error) : NULL;
  g_autofree char *line = g_strdup_printf ("%s and %s are two people", first, second);

  return store != NULL && yl_people_tell_apart (store, table->name, first, second, error)
         && yl_output_result (invocation->json, error, line, "table", table->name, "first", first, "second", second,
                              NULL);
}
