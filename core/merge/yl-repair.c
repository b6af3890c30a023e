#include "yl-repair-private.h"

#include <string.h>

#include "base/yl-i18n.h"
#include "records/yl-derive.h"
#include "log/yl-log-door.h"
#include "yl-merge.h"
#include "yl-state-parked.h"

/* Buckets and the whole state against the log. */

/* So many faults of one kind of damage are named one by one in the sync log. */
#define NOTED_FAULTS 50

typedef struct
{
  char *table;
  guint bucket;
} Bucket;

static void
bucket_free (Bucket *bucket)
{
  g_free (bucket->table);
  g_free (bucket);
}

static void
add_bucket (GPtrArray *buckets, const char *table, guint number)
{
  Bucket *bucket = g_new0 (Bucket, 1);

  bucket->table = g_strdup (table);
  bucket->bucket = number;
  g_ptr_array_add (buckets, bucket);
}

/* Which ids there are */

#define OF_TABLE "t = (SELECT t FROM table_name WHERE name = ?)"
#define RECORD_IDS "SELECT yl_uuid (id) FROM record WHERE " OF_TABLE

typedef struct
{
  const char *table;
  guint from; /* buckets from <= b < to */
  guint to;
  GHashTable *ids;     /* what is known so far */
  GPtrArray *suspects; /* of Bucket: where ids come up that were not known; NULL: any may */
} Listing;

static void
list_id (Listing *listing, const char *id)
{
  guint bucket = yl_state_hash_bucket (id);

  if (bucket < listing->from || bucket >= listing->to || g_hash_table_contains (listing->ids, id))
    return;
  if (listing->suspects != NULL)
    add_bucket (listing->suspects, listing->table, bucket);
  g_hash_table_add (listing->ids, g_strdup (id));
}

static gboolean
list_state (YlStore *store, Listing *listing, const char *sql, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (store->database, error, sql, "t", listing->table);

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    list_id (listing, yl_rows_text (rows, 0));
  return yl_rows_ended (rows);
}

static gboolean
list_rows (YlStore *store, Listing *listing, GError **error)
{
  const YlTable *table = yl_table_find (listing->table);
  g_autofree char *sql = g_strdup_printf ("SELECT id FROM [%s]", listing->table);
  g_autoptr (YlRows) rows = NULL;

  if (table == NULL || (table->flags & YL_TABLE_DERIVED) != 0)
    return TRUE;
  rows = yl_database_query (store->database, error, sql, NULL);
  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    list_id (listing, yl_rows_text (rows, 0));
  return yl_rows_ended (rows);
}

static GHashTable *
ids_of_bucket (YlStore *store, const char *table, guint bucket, GError **error)
{
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Listing listing = { table, bucket, bucket + 1, ids, NULL };

  if (!list_state (store, &listing, RECORD_IDS, error)
      || !list_state (store, &listing, "SELECT DISTINCT yl_uuid (id) FROM op WHERE " OF_TABLE, error)
      || !list_state (store, &listing, "SELECT DISTINCT yl_uuid (id) FROM version WHERE " OF_TABLE, error)
      || !list_rows (store, &listing, error))
    return NULL;
  return g_steal_pointer (&ids);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

GPtrArray *
yl_repair_tables (YlStore *store, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (
      store->database, error,
      "SELECT name FROM table_name WHERE t IN (SELECT t FROM record UNION SELECT t FROM bucket)", NULL);
  g_autoptr (GPtrArray) tables = g_ptr_array_new_with_free_func (g_free);

  if (rows == NULL)
    return NULL;
  for (const YlTable *const *table = yl_tables (); *table != NULL; table++)
    if (((*table)->flags & YL_TABLE_DERIVED) == 0)
      g_ptr_array_add (tables, g_strdup ((*table)->name));
  while (yl_rows_next (rows, error))
    if (yl_table_find (yl_rows_text (rows, 0)) == NULL)
      g_ptr_array_add (tables, g_strdup (yl_rows_text (rows, 0)));
  g_ptr_array_sort (tables, compare_names);
  return yl_rows_ended (rows) ? g_steal_pointer (&tables) : NULL;
}

/* Repairing a bucket, in the open transaction */

static gboolean
sum_bucket (YlStore *store, const char *table, guint bucket, GHashTable *ids, GError **error)
{
  GHashTableIter iter;
  gpointer id;

  yl_state_hash_forget (store, table, bucket);
  g_hash_table_iter_init (&iter, ids);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    if (!yl_merge_rehash (store, table, id, error))
      return FALSE;
  return TRUE;
}

static gboolean
repair_records (YlRefold *refold, const char *table, GHashTable *ids, GPtrArray *faults, GError **error)
{
  g_autoptr (GList) sorted = g_list_sort (g_hash_table_get_keys (ids), (GCompareFunc) strcmp);

  for (GList *at = sorted; at != NULL; at = at->next)
    if (!yl_refold_record (refold, table, at->data, faults, error))
      return FALSE;
  return TRUE;
}

static gboolean
repair_bucket (YlRefold *refold, const char *table, guint bucket, GPtrArray *faults, GError **error)
{
  YlStore *store = refold->store;
  g_autoptr (GHashTable) ids = ids_of_bucket (store, table, bucket, error);
  guint before = faults->len;
  gboolean sum_differs = FALSE;

  if (ids == NULL || !repair_records (refold, table, ids, faults, error)
      || !sum_bucket (store, table, bucket, ids, error)
      || !yl_state_hash_settle (store, table, bucket, &sum_differs, error))
    return FALSE;
  if (sum_differs && faults->len == before)
    g_ptr_array_add (faults, yl_fault_new (YL_FAULT_SUM, table, NULL, NULL));
  return TRUE;
}

static gboolean
repair_buckets (YlStore *store, GPtrArray *buckets, GPtrArray *faults, GError **error)
{
  g_autoptr (YlRefold) refold = yl_refold_new (store);

  for (guint i = 0; i < buckets->len; i++)
    {
      const Bucket *bucket = buckets->pdata[i];

      if (!repair_bucket (refold, bucket->table, bucket->bucket, faults, error))
        return FALSE;
    }
  return TRUE;
}

/* Looking for what to repair, in the open transaction: it only reads */

static gboolean
rehash_record (YlStore *store, Listing *listing, const char *id, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (yl_merge_rehash (store, listing->table, id, &local))
    return TRUE;
  if (!g_error_matches (local, YL_ERROR, YL_ERROR_CORRUPT))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  add_bucket (listing->suspects, listing->table, yl_state_hash_bucket (id));
  return TRUE;
}

static gboolean
compare_sums (YlStore *store, Listing *listing, GError **error)
{
  for (guint bucket = listing->from; bucket < listing->to; bucket++)
    {
      gboolean same;

      if (!yl_state_hash_matches (store, listing->table, bucket, &same, error))
        return FALSE;
      if (!same)
        add_bucket (listing->suspects, listing->table, bucket);
      yl_state_hash_forget (store, listing->table, bucket);
    }
  return TRUE;
}

static gboolean
find_suspects (YlStore *store, const char *table, guint from, guint to, GPtrArray *suspects, GError **error)
{
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Listing listing = { table, from, to, ids, NULL };
  GHashTableIter iter;
  gpointer id;

  if (!yl_state_settle_parked (store, error) || !list_state (store, &listing, RECORD_IDS, error))
    return FALSE;
  listing.suspects = suspects;
  g_hash_table_iter_init (&iter, ids);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    if (!rehash_record (store, &listing, id, error))
      return FALSE;
  return list_rows (store, &listing, error) && compare_sums (store, &listing, error);
}

gboolean
yl_repair_range (YlStore *store, const char *table, guint from, guint to, GPtrArray *faults, GError **error)
{
  g_autoptr (GPtrArray) suspects = g_ptr_array_new_with_free_func ((GDestroyNotify) bucket_free);

  return find_suspects (store, table, from, to, suspects, error) && repair_buckets (store, suspects, faults, error);
}

/* What is derived is worked out anew; where records were wrong it follows them and is no fault of its own. */
static gboolean
inspect_derived (YlStore *store, GPtrArray *faults, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (yl_derive_check (store, &local))
    return TRUE;
  if (!g_error_matches (local, YL_ERROR, YL_ERROR_CORRUPT))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (faults->len == 0)
    g_ptr_array_add (faults, yl_fault_new (YL_FAULT_DERIVED, "booking", NULL, NULL));
  return TRUE;
}

static gboolean
inspect_all (YlStore *store, GPtrArray *faults, GError **error)
{
  g_autoptr (GPtrArray) tables = yl_repair_tables (store, error);

  for (guint i = 0; tables != NULL && i < tables->len; i++)
    if (!yl_repair_range (store, tables->pdata[i], 0, YL_BUCKETS, faults, error))
      return FALSE;
  return tables != NULL && inspect_derived (store, faults, error);
}

/* Other windows on this file have read what was wrong: they read all of it again. */
static gboolean
tell_readers (YlStore *store, GError **error)
{
  return yl_plain_renew (store, error);
}

gboolean
yl_repair_finish (YlStore *store, gboolean keep, GError **error)
{
  if (!keep)
    {
      yl_store_rollback (store);
      return TRUE;
    }
  return tell_readers (store, error) && yl_store_commit (store, error) && yl_store_refresh (store, error);
}

gboolean
yl_store_inspect (YlStore *store, gboolean repair, GPtrArray *faults, GError **error)
{
  guint before = faults->len;

  if (!yl_store_begin (store, error))
    return FALSE;
  if (inspect_all (store, faults, error))
    return yl_repair_finish (store, repair && faults->len > before, error);
  yl_store_rollback (store);
  return FALSE;
}

gboolean
yl_store_repair_bucket (YlStore *store, const char *table, guint bucket, GPtrArray *faults, GError **error)
{
  g_autoptr (GPtrArray) one = g_ptr_array_new_with_free_func ((GDestroyNotify) bucket_free);
  guint before = faults->len;

  add_bucket (one, table, bucket);
  if (!yl_store_begin (store, error))
    return FALSE;
  if (repair_buckets (store, one, faults, error))
    return yl_repair_finish (store, faults->len > before, error);
  yl_store_rollback (store);
  return FALSE;
}

gboolean
yl_store_repair_record (YlStore *store, const char *table, const char *id, GPtrArray *faults, GError **error)
{
  return yl_store_repair_bucket (store, table, yl_state_hash_bucket (id), faults, error);
}

gboolean
yl_store_note_faults (YlStore *store, GPtrArray *faults, GError **error)
{
  for (guint i = 0; i < MIN (faults->len, NOTED_FAULTS); i++)
    {
      g_autofree char *what = yl_fault_describe (faults->pdata[i]);

      if (!yl_store_note_sync (store, "repaired", what, error))
        return FALSE;
    }
  if (faults->len > NOTED_FAULTS)
    {
      g_autofree char *more = g_strdup_printf (_ ("and %u more"), faults->len - NOTED_FAULTS);

      return yl_store_note_sync (store, "repaired", more, error);
    }
  return TRUE;
}
