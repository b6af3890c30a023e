/* auditor add, list, remove: who may read the log from the hub with stock git. */
#include "base/yl-i18n.h"
#include "trust/yl-auditor.h"
#include "yl-invocation.h"
#include "yl-output.h"

gboolean
yl_command_auditor_add (YlInvocation *invocation, GError **error)
{
  const char *name = yl_invocation_argument (invocation, 0);
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  g_autofree char *token = store != NULL ? yl_auditor_add (store, name, error) : NULL;
  g_autofree char *line = NULL;

  if (token == NULL)
    return FALSE;
  line = g_strdup_printf (_ ("token of %s, shown this once; git asks for it as a password: %s"), name, token);
  return yl_output_result (invocation->json, error, line, "name", name, "token", token, NULL);
}

gboolean
yl_command_auditor_remove (YlInvocation *invocation, GError **error)
{
  const char *name = yl_invocation_argument (invocation, 0);
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  g_autofree char *line = g_strdup_printf (_ ("%s can read the log no more"), name);

  return store != NULL && yl_auditor_remove (store, name, error)
         && yl_output_result (invocation->json, error, line, "name", name, NULL);
}

static void
print_auditor (YlOutput *output, gboolean json, const YlAuditor *auditor)
{
  g_autofree char *since = yl_instant_format (auditor->since);

  if (json)
    {
      yl_output_begin_object (output, NULL);
      yl_output_text (output, "name", auditor->name);
      yl_output_instant (output, "since", auditor->since);
      yl_output_end_object (output);
      return;
    }
  yl_output_cell (output, "%s", auditor->name);
  yl_output_cell (output, "%s", since);
  yl_output_end_row (output);
}

gboolean
yl_command_auditor_list (YlInvocation *invocation, GError **error)
{
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  g_autoptr (GPtrArray) auditors = store != NULL ? yl_auditor_list (store, error) : NULL;
  g_autoptr (YlOutput) output = yl_output_new ();

  if (auditors == NULL)
    return FALSE;
  if (invocation->json)
    yl_output_begin_array (output, NULL);
  for (guint i = 0; i < auditors->len; i++)
    print_auditor (output, invocation->json, auditors->pdata[i]);
  if (invocation->json)
    yl_output_end_array (output);
  return yl_output_flush (output, error);
}
