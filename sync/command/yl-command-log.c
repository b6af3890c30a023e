/* log, log verify, log export: the merge log as people and auditors read it. */

#include "base/yl-i18n.h"
#include "log/yl-merge-log.h"
#include "yl-invocation.h"
#include "yl-log-output.h"

#define BATCH 1000

gboolean
yl_command_log (YlInvocation *invocation, GError **error)
{
  g_autoptr (YlStore) store = NULL;
  g_autoptr (YlOutput) output = yl_output_new ();
  gint64 after = 0;
  guint n;

  if (invocation->arguments->len == 1)
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID, _ ("ID is missing; usage: yuelaictl log [TABLE ID]"));
      return FALSE;
    }
  if (invocation->arguments->len > 1)
    return yl_command_log_of_record (invocation, error);
  store = yl_invocation_open (invocation, error);
  if (store == NULL)
    return FALSE;
  if (invocation->json)
    yl_output_begin_array (output, NULL);
  do
    {
      g_autoptr (GPtrArray) rows = yl_log_since (store, after, BATCH, error);

      if (rows == NULL)
        return FALSE;
      n = rows->len;
      for (guint i = 0; i < n; i++)
        {
          const YlEntryRow *row = g_ptr_array_index (rows, i);

          if (!yl_log_output_row (output, store, row, invocation->json, error))
            return FALSE;
          after = row->n;
        }
    }
  while (n == BATCH);
  if (invocation->json)
    yl_output_end_array (output);
  return yl_output_flush (output, error);
}

gboolean
yl_command_log_verify (YlInvocation *invocation, GError **error)
{
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  g_autoptr (YlOutput) output = yl_output_new ();
  guint commits = 0;

  if (store == NULL || !yl_merge_log_append (store, error) || !yl_merge_log_verify (store, &commits, error))
    return FALSE;
  if (!invocation->json)
    {
      yl_output_line (output, _ ("%u commits, every signature and chain value holds"), commits);
      return yl_output_flush (output, error);
    }
  yl_output_begin_object (output, NULL);
  yl_output_integer (output, "commits", commits);
  yl_output_end_object (output);
  return yl_output_flush (output, error);
}

gboolean
yl_command_log_export (YlInvocation *invocation, GError **error)
{
  const char *dir = yl_invocation_argument (invocation, 0);
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  g_autofree char *line = g_strdup_printf ("log exported to %s", dir);

  return store != NULL && yl_merge_log_append (store, error) && yl_merge_log_export (store, dir, error)
         && yl_output_result (invocation->json, error, line, "dir", dir, NULL);
}
