#include "yl-merge-log.h"

#include "yl-commit.h"

#include <string.h>

void
yl_incoming_free (YlIncoming *incoming)
{
  g_bytes_unref (incoming->message);
  g_free (incoming);
}

static YlEntryRow *
find_row (YlStore *store, gint64 n, GError **error)
{
  g_autoptr (YlEntryRow) row = yl_log_get (store, n, error);

  if (row == NULL || row->logged)
    return g_steal_pointer (&row);
  g_set_error (error, YL_ERROR, YL_ERROR_NOT_FOUND, "entry number %" G_GINT64_FORMAT " is not in the log yet", n);
  return NULL;
}

YlIncoming *
yl_merge_log_read (YlStore *store, gint64 n, GError **error)
{
  YlGit *git = yl_git_get (store, error);
  g_autoptr (YlEntryRow) row = git != NULL ? find_row (store, n, error) : NULL;
  git_oid oid;

  if (row == NULL)
    return NULL;
  memcpy (oid.id, row->oid, sizeof oid.id);
  return yl_commit_read (git, &oid, error);
}

gint64
yl_merge_log_batch_end (YlStore *store, gint64 n, GError **error)
{
  for (gint64 end = n;; end++)
    {
      g_autoptr (YlIncoming) entry = yl_merge_log_read (store, end, error);

      if (entry == NULL)
        return 0;
      if (entry->is_signed)
        return end;
    }
}
