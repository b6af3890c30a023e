#include "yl-repair-private.h"
#include "yl-state-sums.h"

/* The state gone through a piece at a time. */

/* How many records one piece looks at, more or less. */
#define PIECE_RECORDS 1000

#define SETTING_CURSOR "scrub"

void
yl_scrub_clear (YlScrub *scrub)
{
  g_clear_pointer (&scrub->table, g_free);
  scrub->bucket = 0;
}

static gboolean
next_table (YlStore *store, YlScrub *scrub, GError **error)
{
  g_autoptr (GPtrArray) tables = yl_repair_tables (store, error);

  if (tables == NULL)
    return FALSE;
  for (guint i = 0; i < tables->len; i++)
    if (g_strcmp0 (tables->pdata[i], scrub->table) > 0)
      {
        g_free (scrub->table);
        scrub->table = g_strdup (tables->pdata[i]);
        scrub->bucket = 0;
        return TRUE;
      }
  yl_scrub_clear (scrub);
  scrub->rounds++;
  return TRUE;
}

/* Buckets that hold about as many records as one piece may look at. */
static gboolean
piece_size (YlStore *store, const char *table, guint *n_buckets, gint64 *n_records, GError **error)
{
  if (!yl_database_integer (store->database, n_records, 0, error,
                            "SELECT count(*) FROM record JOIN table_name USING (t) WHERE name = ?", "t", table))
    return FALSE;
  *n_buckets =
      *n_records <= PIECE_RECORDS ? YL_BUCKETS : (guint) MAX (1, (gint64) YL_BUCKETS * PIECE_RECORDS / *n_records);
  return TRUE;
}

static gboolean
scrub_piece (YlStore *store, YlScrub *scrub, GPtrArray *faults, GError **error)
{
  guint n_buckets, end;
  gint64 n_records;

  if ((scrub->table == NULL || scrub->bucket >= YL_BUCKETS) && !next_table (store, scrub, error))
    return FALSE;
  if (scrub->table == NULL)
    return TRUE;
  if (!piece_size (store, scrub->table, &n_buckets, &n_records, error))
    return FALSE;
  end = MIN (scrub->bucket + n_buckets, YL_BUCKETS);
  if (!yl_repair_range (store, scrub->table, scrub->bucket, end, faults, error))
    return FALSE;
  scrub->n_records += n_records * (end - scrub->bucket) / YL_BUCKETS;
  scrub->bucket = end;
  return TRUE;
}

gboolean
yl_store_scrub (YlStore *store, YlScrub *scrub, GPtrArray *faults, GError **error)
{
  guint before = faults->len;

  if (!yl_store_begin (store, error))
    return FALSE;
  if (scrub_piece (store, scrub, faults, error))
    return yl_repair_finish (store, faults->len > before, error);
  yl_store_rollback (store);
  return FALSE;
}

/* `table bucket`, where the last run ended before it was through. */
static void
load_cursor (YlStore *store, YlScrub *scrub)
{
  g_autofree char *cursor = yl_store_get_setting (store, SETTING_CURSOR);
  g_auto (GStrv) parts = g_strsplit (cursor != NULL ? cursor : "", " ", 2);

  if (g_strv_length (parts) != 2)
    return;
  scrub->table = g_strdup (parts[0]);
  scrub->bucket = (guint) MIN (g_ascii_strtoull (parts[1], NULL, 10), YL_BUCKETS);
}

static gboolean
save_cursor (YlStore *store, const YlScrub *scrub, GError **error)
{
  g_autofree char *cursor = g_strdup_printf ("%s %u", scrub->table, scrub->bucket);

  return yl_store_set_setting (store, SETTING_CURSOR, cursor, error);
}

gboolean
yl_store_self_check (YlStore *store, guint n_records, GError **error)
{
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_fault_free);
  g_auto (YlScrub) scrub = { NULL };
  gboolean from_start;

  load_cursor (store, &scrub);
  from_start = scrub.table == NULL;
  /* One that begins in the middle goes on from the start, to the end of that round. */
  while (scrub.rounds < (from_start ? 1 : 2) && scrub.n_records < n_records)
    if (!yl_store_scrub (store, &scrub, faults, error))
      return FALSE;
  if (scrub.table != NULL && !save_cursor (store, &scrub, error))
    return FALSE;
  return yl_store_note_faults (store, faults, error);
}
