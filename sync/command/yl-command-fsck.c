/* fsck: is this copy whole, down to the row; and what is not, put right from the log. */

#include "base/yl-i18n.h"
#include "log/yl-merge-log.h"
#include "merge/yl-repair.h"
#include "merge/yl-state-hash.h"
#include "yl-invocation.h"
#include "yl-output.h"

static void
print_fault_json (YlOutput *output, const YlFault *fault)
{
  g_autofree char *what = yl_fault_describe (fault);

  yl_output_begin_object (output, NULL);
  yl_output_text (output, "table", fault->table);
  yl_output_text (output, "id", fault->id);
  yl_output_text (output, "number", fault->number);
  yl_output_text (output, "column", fault->column);
  yl_output_text (output, "what", what);
  yl_output_end_object (output);
}

static void
print_json (YlOutput *output, GPtrArray *faults, gboolean repair, guint commits)
{
  yl_output_begin_object (output, NULL);
  yl_output_boolean (output, "whole", repair || faults->len == 0);
  yl_output_integer (output, "commits", commits);
  yl_output_begin_array (output, repair ? "repaired" : "faults");
  for (guint i = 0; i < faults->len; i++)
    print_fault_json (output, faults->pdata[i]);
  yl_output_end_array (output);
  yl_output_end_object (output);
}

static void
print_faults (YlOutput *output, GPtrArray *faults, gboolean repair, guint commits)
{
  for (guint i = 0; i < faults->len; i++)
    {
      g_autofree char *what = yl_fault_describe (faults->pdata[i]);

      yl_output_line (output, repair ? _ ("repaired: %s") : "%s", what);
    }
  if (repair || faults->len == 0)
    yl_output_line (output, _ ("the file, its derived state and %u commits of its log are whole"), commits);
  else
    yl_output_line (output, _ ("the log is whole: `yuelaictl fsck --repair` puts this right from it"));
}

gboolean
yl_command_fsck (YlInvocation *invocation, GError **error)
{
  gboolean repair = yl_invocation_has (invocation, "repair");
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  g_autoptr (YlOutput) output = yl_output_new ();
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_fault_free);
  guint commits = 0;

  if (store == NULL || !yl_store_check_file (store, error) || !yl_merge_log_append (store, error)
      || !yl_merge_log_verify (store, &commits, error) || !yl_store_inspect (store, repair, faults, error)
      || (repair && !yl_store_note_faults (store, faults, error)))
    return FALSE;
  if (faults->len > 0 && !repair)
    invocation->exit = YL_EXIT_CORRUPT;
  if (invocation->json)
    print_json (output, faults, repair, commits);
  else
    print_faults (output, faults, repair, commits);
  return yl_output_flush (output, error);
}
