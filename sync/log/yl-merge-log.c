#include "yl-merge-log.h"

#include <string.h>

void
yl_incoming_free (YlIncoming *incoming)
{
  yl_entry_free (incoming->entry);
  g_free (incoming);
}

YlIncoming *
yl_merge_log_read (YlStore *store, gint64 n, GError **error)
{
  g_autoptr (YlIncoming) incoming = NULL;
  YlEntry *entry;
  YlRun run;

  if (!yl_log_find_run (store, n, &run, error))
    return NULL;
  entry = yl_log_entry (store, n, error);
  if (entry == NULL)
    return NULL;
  incoming = g_new0 (YlIncoming, 1);
  incoming->entry = entry;
  incoming->is_signed = run.end == n;
  if (incoming->is_signed)
    memcpy (incoming->signature, run.signature, sizeof incoming->signature);
  return g_steal_pointer (&incoming);
}

gint64
yl_merge_log_batch_end (YlStore *store, gint64 n, GError **error)
{
  YlRun run;

  return yl_log_find_run (store, n, &run, error) ? run.end : 0;
}
