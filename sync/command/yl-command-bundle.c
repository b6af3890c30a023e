/* bundle write, bundle read: the exchange where no link is. */
#include <inttypes.h>

#include "base/yl-i18n.h"
#include "exchange/yl-bundle.h"
#include "yl-invocation.h"
#include "yl-output.h"

static gboolean
print_report (YlInvocation *invocation, const YlBundleReport *report, const char *line, GError **error)
{
  g_autoptr (YlOutput) output = yl_output_new ();

  if (!invocation->json)
    {
      yl_output_line (output, "%s", line);
      return yl_output_flush (output, error);
    }
  yl_output_begin_object (output, NULL);
  yl_output_integer (output, "entries", report->entries);
  yl_output_integer (output, "keys", report->keys);
  yl_output_integer (output, "bytes", report->bytes);
  yl_output_end_object (output);
  return yl_output_flush (output, error);
}

gboolean
yl_command_bundle_write (YlInvocation *invocation, GError **error)
{
  const char *file = yl_invocation_argument (invocation, 0);
  const char *label = yl_invocation_option (invocation, "for");
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  g_autofree char *reader = NULL;
  g_autofree char *line = NULL;
  YlBundleReport report;

  if (store == NULL)
    return FALSE;
  reader = label != NULL ? yl_log_labelled (store, label, error) : NULL;
  if ((label != NULL && reader == NULL)
      || !yl_bundle_write (store, file, reader, yl_invocation_has (invocation, "all"), &report, error))
    return FALSE;
  line = g_strdup_printf (_ ("%u change sets and %u keys written to %s (%" PRId64 " bytes)"), report.entries,
                          report.keys, file, (gint64) report.bytes);
  return print_report (invocation, &report, line, error);
}

gboolean
yl_command_bundle_read (YlInvocation *invocation, GError **error)
{
  const char *file = yl_invocation_argument (invocation, 0);
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  g_autofree char *line = NULL;
  YlBundleReport report;

  if (store == NULL || !yl_bundle_read (store, file, &report, error))
    return FALSE;
  line = g_strdup_printf (_ ("%u new change sets and %u keys from %s"), report.entries, report.keys, file);
  return print_report (invocation, &report, line, error);
}
