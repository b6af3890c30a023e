/* import: a CSV file, row by row, with a reason for each row refused. */
#include <stdio.h>
#include <unistd.h>

#include "base/yl-i18n.h"
#include "transfer/yl-import.h"
#include "yl-invocation.h"
#include "yl-output.h"

#define BAR_WIDTH 40

/* Redraws the bar in place, at most once for every hundredth of the file. */
static void
show_progress (guint done, guint total, gpointer data)
{
  char bar[BAR_WIDTH + 1];
  guint step = MAX (total / 100, 1);
  guint filled = total > 0 ? (guint) ((guint64) done * BAR_WIDTH / total) : BAR_WIDTH;

  if (done % step != 0 && done != total)
    return;
  for (guint i = 0; i < BAR_WIDTH; i++)
    bar[i] = i < filled ? '#' : '.';
  bar[BAR_WIDTH] = '\0';
  fprintf (stderr, "\r[%s] %u/%u%s", bar, done, total, done == total ? "\n" : "");
}

static void
print_json (YlOutput *output, const YlImportResult *result)
{
  yl_output_begin_object (output, NULL);
  yl_output_integer (output, "rows", result->rows);
  yl_output_integer (output, "inserted", result->inserted);
  yl_output_integer (output, "updated", result->updated);
  yl_output_integer (output, "unchanged", result->unchanged);
  yl_output_begin_array (output, "refused");
  for (guint i = 0; i < result->refusals->len; i++)
    {
      const YlImportRefusal *refusal = g_ptr_array_index (result->refusals, i);

      yl_output_begin_object (output, NULL);
      yl_output_integer (output, "line", refusal->line);
      yl_output_text (output, "field", refusal->field);
      yl_output_text (output, "reason", refusal->sentence);
      yl_output_end_object (output);
    }
  yl_output_end_array (output);
  yl_output_end_object (output);
}

/* As compilers do: `file:line: why`. */
static void
print_refusals (const char *file, const YlImportResult *result)
{
  for (guint i = 0; i < result->refusals->len; i++)
    {
      const YlImportRefusal *refusal = g_ptr_array_index (result->refusals, i);

      fprintf (stderr, "%s:%u: %s\n", file, refusal->line, refusal->sentence);
    }
}

gboolean
yl_command_import (YlInvocation *invocation, GError **error)
{
  YlImportRequest request = {
    .table = yl_invocation_argument (invocation, 0),
    .file = yl_invocation_argument (invocation, 1),
    .dry_run = yl_invocation_has (invocation, "dry-run"),
    .progress = isatty (STDERR_FILENO) ? show_progress : NULL,
  };
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  g_autoptr (YlImportResult) result = store != NULL ? yl_import_run (store, &request, error) : NULL;
  g_autoptr (YlOutput) output = yl_output_new ();

  if (result == NULL)
    return FALSE;
  if (result->refusals->len > 0)
    invocation->exit = YL_EXIT_REFUSED;
  if (invocation->json)
    print_json (output, result);
  else
    {
      print_refusals (request.file, result);
      yl_output_line (output, _ ("%u rows: %u new, %u changed, %u as they were, %u refused"), result->rows,
                      result->inserted, result->updated, result->unchanged, result->refusals->len);
    }
  return yl_output_flush (output, error);
}
