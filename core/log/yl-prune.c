#include "yl-prune.h"

#include <inttypes.h>

#include "base/yl-clock.h"
#include "base/yl-i18n.h"
#include "store/yl-store-private.h"

/* Of the strands that this file writes. */
#define OWN_WAITING                                                                 \
  "SELECT 1 FROM strand JOIN pen USING (writer) WHERE strand.w = ? AND receipt < ?" \
  " AND strand.w = (SELECT min (w) FROM strand WHERE writer = pen.writer)"

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error_literal (error, YL_ERROR, YL_ERROR_REFUSED, why);
  return FALSE;
}

static gboolean
check_name (YlStore *store, const YlEntryName *name, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (YlEntryRow) row = yl_log_find_name (store, name, &local);
  gint64 waits;

  if (g_error_matches (local, YL_ERROR, YL_ERROR_NOT_FOUND) || (row != NULL && (row->bare || !row->logged)))
    return refuse (error, _ ("this copy has not got as far as that checkpoint: sync first"));
  if (row == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (!yl_database_integer (store->database, &waits, 0, error, OWN_WAITING, "ii", row->strand, name->seq))
    return FALSE;
  return waits == 0 || refuse (error, _ ("change sets of this PC wait for their receipt: sync first"));
}

static gboolean
drop (YlStore *store, gint64 w, gint64 seq, guint *n, GError **error)
{
  if (!yl_database_run (store->database, error, "UPDATE strand SET base = max (base, ?) WHERE w = ?", "ii", seq, w)
      || !yl_database_run (store->database, error,
                           "UPDATE entry SET message = NULL WHERE message IS NOT NULL AND w = ? AND seq <= ?", "ii", w,
                           seq))
    return FALSE;
  *n += (guint) yl_database_changes (store->database);
  return TRUE;
}

gboolean
yl_prune_to (YlStore *store, GArray *frontier, guint *n, GError **error)
{
  g_autoptr (GArray) covered = NULL;

  g_return_val_if_fail (store->in_transaction, FALSE);

  *n = 0;
  if (yl_store_is_head_office (store))
    return refuse (error, _ ("head office keeps the whole history: others are served from it"));
  for (guint i = 0; i < frontier->len; i++)
    if (!check_name (store, &g_array_index (frontier, YlEntryName, i), error))
      return FALSE;
  covered = yl_log_coverage (store, frontier, error);
  for (guint w = 0; covered != NULL && w < covered->len; w++)
    if (g_array_index (covered, gint64, w) > 0 && !drop (store, w, g_array_index (covered, gint64, w), n, error))
      return FALSE;
  return covered != NULL;
}

/* By itself */

#define SETTING_MIB "prune.mib"
#define SETTING_DAYS "prune.days"
#define MIB (1024 * 1024)
#define SHRINK_PAGES "2000"

static gint64
limit (YlStore *store, const char *setting, gint64 if_none)
{
  g_autofree char *text = yl_store_get_setting (store, setting);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : if_none;
}

void
yl_prune_get_limits (YlStore *store, YlPruneLimits *limits)
{
  limits->mib = limit (store, SETTING_MIB, YL_PRUNE_MIB);
  limits->days = limit (store, SETTING_DAYS, 0);
}

gboolean
yl_prune_set_limits (YlStore *store, const YlPruneLimits *limits, GError **error)
{
  g_autofree char *mib = g_strdup_printf ("%" PRId64, limits->mib);
  g_autofree char *days = g_strdup_printf ("%" PRId64, limits->days);

  return yl_store_set_setting (store, SETTING_MIB, mib, error)
         && yl_store_set_setting (store, SETTING_DAYS, days, error);
}

gboolean
yl_prune_is_due (YlStore *store, gboolean *due, GError **error)
{
  YlPruneLimits limits;
  gint64 bytes, oldest;

  yl_prune_get_limits (store, &limits);
  *due = FALSE;
  if (yl_store_is_head_office (store))
    return TRUE;
  if (!yl_database_integer (store->database, &bytes, 0, error,
                            "SELECT (page_count - freelist_count) * page_size"
                            " FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()",
                            NULL)
      || !yl_database_integer (store->database, &oldest, 0, error,
                               "SELECT hlc FROM entry WHERE message IS NOT NULL ORDER BY n LIMIT 1", NULL))
    return FALSE;
  *due = (limits.mib > 0 && bytes >= limits.mib * MIB)
         || (limits.days > 0 && oldest > 0 && yl_store_now (store) - YL_HLC_MS (oldest) >= limits.days * YL_DAY_MS);
  return TRUE;
}

gboolean
yl_prune_shrink (YlStore *store, GError **error)
{
  gint64 before = G_MAXINT64, left = 0;

  do
    {
      before = left > 0 ? left : G_MAXINT64;
      if (!yl_database_script (store->database, "PRAGMA incremental_vacuum(" SHRINK_PAGES ")", error)
          || !yl_database_integer (store->database, &left, 0, error, "PRAGMA freelist_count", NULL))
        return FALSE;
    }
  while (left > 0 && left < before);
  return TRUE;
}
