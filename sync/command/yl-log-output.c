#include "yl-log-output.h"

#include <inttypes.h>

#include "base/yl-i18n.h"

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
print_absent (YlOutput *output, YlStore *store, const YlEntryRow *row, gboolean json)
{
  g_autofree char *time = yl_instant_format (YL_HLC_MS (row->hlc));
  g_autofree char *writer = yl_log_writer_label (store, row->writer);

  if (!json)
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

gboolean
yl_log_output_row (YlOutput *output, YlStore *store, const YlEntryRow *row, gboolean json, GError **error)
{
  g_autoptr (YlEntry) entry = row->here ? yl_log_entry (store, row->n, error) : NULL;

  if (row->here && entry == NULL)
    return FALSE;
  if (entry == NULL)
    print_absent (output, store, row, json);
  else if (json)
    print_entry_json (output, row, entry);
  else
    print_entry (output, store, row, entry);
  return TRUE;
}
