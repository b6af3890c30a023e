/* fsck: is this copy whole, down to the row; and what is not, put right from the log, and the log from head office's. */

#include <inttypes.h>

#include "base/yl-i18n.h"
#include "checkpoint/yl-checkpoint-base.h"
#include "exchange/yl-hex.h"
#include "exchange/yl-mend.h"
#include "log/yl-merge-log.h"
#include "merge/yl-repair.h"
#include "merge/yl-state-hash.h"
#include "yl-invocation.h"
#include "yl-output.h"

static void
print_faults_json (YlOutput *output, const char *name, GPtrArray *faults)
{
  yl_output_begin_array (output, name);
  for (guint i = 0; i < faults->len; i++)
    {
      const YlFault *fault = faults->pdata[i];
      g_autofree char *what = yl_fault_describe (fault);

      yl_output_begin_object (output, NULL);
      yl_output_text (output, "table", fault->table);
      yl_output_text (output, "id", fault->id);
      yl_output_text (output, "number", fault->number);
      yl_output_text (output, "column", fault->column);
      yl_output_text (output, "what", what);
      yl_output_end_object (output);
    }
  yl_output_end_array (output);
}

static void
print_lines (YlOutput *output, const char *format, GPtrArray *faults)
{
  for (guint i = 0; i < faults->len; i++)
    {
      g_autofree char *what = yl_fault_describe (faults->pdata[i]);
      g_autoptr (GString) line = g_string_new (format);

      g_string_replace (line, "%s", what, 1);
      yl_output_line (output, "%s", line->str);
    }
}

/* What the log says of itself */

static void
add_fault (GPtrArray *faults, YlFaultKind kind, const char *table, const char *id)
{
  g_ptr_array_add (faults, yl_fault_new (kind, table, id, NULL));
}

static void
name_damage (YlStore *store, const YlLogDamage *damage, GPtrArray *faults)
{
  for (guint i = 0; i < damage->runs->len; i++)
    {
      const YlEntryName *name = &g_array_index (damage->runs, YlDamagedRun, i).name;
      g_autofree char *text = g_strdup_printf ("%s:%" PRId64, name->writer, name->seq);

      add_fault (faults, YL_FAULT_ENTRY, "entry", text);
    }
  if (damage->refs)
    add_fault (faults, YL_FAULT_REFS, "ref", "refs/heads");
  for (guint at = 0; at < damage->objects->len; at += YL_OID_BYTES)
    {
      g_autofree char *oid = yl_hex_write (damage->objects->data + at, YL_OID_BYTES);

      add_fault (faults, YL_FAULT_OBJECT, "object", oid);
    }
}

/* From head office, but for its own store, which has nobody to ask. What cannot be had shows when the log is looked at again. */
static gboolean
mend (YlStore *store, const YlLogDamage *damage, GError **error)
{
  gboolean asks = damage->runs->len > 0 || damage->objects->len > 0;
  g_autoptr (YlPeer) peer = NULL;

  if (asks && !yl_store_is_head_office (store))
    {
      peer = yl_peer_new (store, NULL, error);
      if (peer == NULL)
        return FALSE;
    }
  return yl_mend_log (store, peer, damage, error);
}

/** Look: what one look at the file found. */
typedef struct
{
  GPtrArray *faults; /* of YlFault */
  GError *cause;     /* why the log could not be mended, or NULL */
  guint commits;
} Look;

static void
look_clear (Look *look)
{
  g_clear_pointer (&look->faults, g_ptr_array_unref);
  g_clear_error (&look->cause);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Look, look_clear)

static gboolean
look_through (YlStore *store, gboolean repair, Look *look, GError **error)
{
  g_auto (YlLogDamage) damage = { NULL };

  look->faults = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_fault_free);
  if (!yl_checkpoint_check_base (store, repair, look->faults, error)
      || !yl_store_inspect_beside (store, repair, look->faults, error) || !yl_merge_log_inspect (store, &damage, error))
    return FALSE;
  look->commits = damage.n_commits;
  name_damage (store, &damage, look->faults);
  if (repair)
    mend (store, &damage, &look->cause);
  return yl_store_inspect (store, repair, look->faults, error);
}

/* @repaired: NULL where nothing was to be; @left: what is wrong still. */
static gboolean
print_found (YlInvocation *invocation, const Look *repaired, const Look *left, GError **error)
{
  g_autoptr (YlOutput) output = yl_output_new ();

  if (invocation->json)
    {
      yl_output_begin_object (output, NULL);
      yl_output_boolean (output, "whole", left->faults->len == 0);
      yl_output_integer (output, "commits", left->commits);
      if (repaired != NULL)
        print_faults_json (output, "repaired", repaired->faults);
      if (repaired == NULL || left->faults->len > 0)
        print_faults_json (output, "faults", left->faults);
      yl_output_end_object (output);
      return yl_output_flush (output, error);
    }
  if (repaired != NULL)
    print_lines (output, _ ("repaired: %s"), repaired->faults);
  print_lines (output, repaired != NULL ? _ ("still so: %s") : "%s", left->faults);
  if (left->faults->len == 0)
    yl_output_line (output, _ ("the file, its derived state and %u commits of its log are whole"), left->commits);
  else if (repaired == NULL)
    yl_output_line (output,
                    _ ("`yuelaictl fsck --repair` puts this right from the log, and the log from head office's"));
  else
    yl_output_line (output, _ ("not all could be put right (%s): restore a backup or join again"),
                    repaired->cause != NULL ? repaired->cause->message : _ ("nobody else has it"));
  return yl_output_flush (output, error);
}

static gboolean
repair (YlInvocation *invocation, YlStore *store, GError **error)
{
  g_auto (Look) first = { NULL };
  g_auto (Look) second = { NULL };

  if (!look_through (store, TRUE, &first, error) || !yl_store_note_faults (store, first.faults, error)
      || !look_through (store, FALSE, &second, error))
    return FALSE;
  if (second.faults->len > 0)
    invocation->exit = YL_EXIT_CORRUPT;
  return print_found (invocation, &first, &second, error);
}

gboolean
yl_command_fsck (YlInvocation *invocation, GError **error)
{
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  g_auto (Look) look = { NULL };

  if (store == NULL || !yl_store_check_file (store, error) || !yl_merge_log_append (store, error))
    return FALSE;
  if (yl_invocation_has (invocation, "repair"))
    return repair (invocation, store, error);
  if (!look_through (store, FALSE, &look, error))
    return FALSE;
  if (look.faults->len > 0)
    invocation->exit = YL_EXIT_CORRUPT;
  return print_found (invocation, NULL, &look, error);
}
