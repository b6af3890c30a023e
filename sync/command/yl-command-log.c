/* log, log verify, log export: the merge log as people and auditors read it. */

#include <inttypes.h>

#include "base/yl-i18n.h"
#include "log/yl-merge-log.h"
#include "yl-invocation.h"
#include "yl-output.h"

#define BATCH 1000

static const char *
op_name (YlOpKind kind)
{
  switch (kind)
    {
    case YL_OP_INSERT:
      return "insert";
    case YL_OP_UPDATE:
      return "update";
    case YL_OP_DELETE:
      return "delete";
    case YL_OP_UNKNOWN:
      break;
    }
  return "unknown";
}

/* What was written to one column, of a newer version perhaps; sealed bytes show only that they were. */
static void
print_written (YlOutput *output, const YlTable *table, const char *column, const YlValue *value)
{
  int field = table != NULL ? yl_table_field (table, column) : -1;

  if (value->type == YL_VALUE_BLOB)
    yl_output_text (output, column, "(sealed)");
  else if (field >= 0)
    yl_output_field (output, column, &table->fields[field], value);
  else if (value->type == YL_VALUE_INTEGER)
    yl_output_integer (output, column, value->integer);
  else
    yl_output_text (output, column, value->bytes);
}

static void
print_op_json (YlOutput *output, const YlOp *op)
{
  const YlTable *table = yl_table_find (op->table);

  yl_output_begin_object (output, NULL);
  yl_output_text (output, "op", op_name (op->kind));
  yl_output_text (output, "table", op->table);
  yl_output_text (output, "id", op->id);
  yl_output_begin_object (output, "values");
  for (guint i = 0; i < op->n_columns; i++)
    print_written (output, table, op->columns[i], &op->values[i]);
  yl_output_end_object (output);
  yl_output_end_object (output);
}

static void
print_entry_json (YlOutput *output, const YlEntryRow *row, const YlEntry *entry)
{
  g_autoptr (GString) id = g_string_new (NULL);

  for (guint i = 0; i < YL_ENTRY_ID_BYTES; i++)
    g_string_append_printf (id, "%02x", row->id[i]);
  yl_output_begin_object (output, NULL);
  yl_output_text (output, "id", id->str);
  yl_output_text (output, "writer", entry->writer);
  yl_output_integer (output, "seq", entry->seq);
  yl_output_instant (output, "time", YL_HLC_MS (entry->hlc));
  yl_output_text (output, "actor", entry->actor);
  yl_output_text (output, "what", entry->what);
  yl_output_text (output, "refused", row->refused);
  yl_output_begin_array (output, "ops");
  for (guint i = 0; i < entry->ops->len; i++)
    print_op_json (output, g_ptr_array_index (entry->ops, i));
  yl_output_end_array (output);
  yl_output_end_object (output);
}

static void
print_entry (YlOutput *output, YlStore *store, const YlEntryRow *row, const YlEntry *entry)
{
  g_autofree char *time = yl_instant_format (YL_HLC_MS (entry->hlc));
  g_autofree char *writer = yl_log_writer_label (store, entry->writer);

  yl_output_cell (output, "%s", time);
  yl_output_cell (output, "%s:%" G_GINT64_FORMAT, writer, entry->seq);
  yl_output_cell (output, "%s", entry->actor);
  yl_output_cell (output, "%s", entry->what);
  if (row->refused != NULL)
    yl_output_cell (output, _ ("refused: %s"), row->refused);
  yl_output_end_row (output);
}

/* What is not here is named all the same. */
static void
print_absent (YlInvocation *invocation, YlStore *store, const YlEntryRow *row, YlOutput *output)
{
  g_autofree char *time = yl_instant_format (YL_HLC_MS (row->hlc));
  g_autofree char *writer = yl_log_writer_label (store, row->writer);

  if (!invocation->json)
    {
      yl_output_line (output, _ ("%s\t%s:%" PRId64 "\tnot here: head office has this change set"), time, writer,
                      row->seq);
      return;
    }
  yl_output_begin_object (output, NULL);
  yl_output_text (output, "writer", row->writer);
  yl_output_integer (output, "seq", row->seq);
  yl_output_instant (output, "time", YL_HLC_MS (row->hlc));
  yl_output_boolean (output, "here", FALSE);
  yl_output_end_object (output);
}

static gboolean
print_row (YlInvocation *invocation, YlStore *store, const YlEntryRow *row, YlOutput *output, GError **error)
{
  g_autoptr (YlEntry) entry = yl_log_entry (store, row->n, error);

  if (entry == NULL)
    return FALSE;
  if (invocation->json)
    print_entry_json (output, row, entry);
  else
    print_entry (output, store, row, entry);
  return TRUE;
}

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

          if (!row->here)
            print_absent (invocation, store, row, output);
          else if (!print_row (invocation, store, row, output, error))
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
