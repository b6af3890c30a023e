#include "exchange/yl-delivery.h"

#include "base/yl-i18n.h"

#include <string.h>

#include "exchange/yl-frontier.h"
#include "exchange/yl-grant.h"
#include "exchange/yl-hex.h"
#include "merge/yl-state-hash.h"

#define PAGE_ENTRIES 250
/* Where a segment ends if it can: little is lost with one that is cut off on the way. */
#define SEGMENT_BYTES (48 * 1024)

/** Collection: a segment being filled. */
typedef struct
{
  YlStore *store;
  GArray *coverage; /* what the receiver has */
  YlSegment *segment;
  guint n_whole;     /* entries up to the last signed one */
  gint64 last_whole; /* its local number */
  gboolean full;
  gboolean at_end; /* what follows is not in the log yet */
} Collection;

static gboolean
collect_row (Collection *collection, const YlEntryRow *row, GError **error)
{
  g_autoptr (YlIncoming) incoming = NULL;
  gboolean is_signed;

  if (yl_log_covers (collection->coverage, row->strand, row->seq))
    return TRUE;
  if (!row->logged)
    {
      collection->at_end = TRUE;
      return TRUE;
    }
  /* A signed entry ends it here, and there is more. */
  if (collection->segment->size >= SEGMENT_BYTES && collection->n_whole == collection->segment->entries->len)
    {
      collection->full = TRUE;
      return TRUE;
    }
  if (!row->here)
    {
      g_set_error_literal (
          error, YL_ERROR, YL_ERROR_MISSING,
          _ ("What the other copy lacks is older than what is kept here: it must come from head office."));
      return FALSE;
    }
  incoming = yl_merge_log_read (collection->store, row->n, error);
  if (incoming == NULL)
    return FALSE;
  is_signed = incoming->is_signed;
  if (!yl_segment_add (collection->segment, incoming))
    {
      collection->full = TRUE;
      return TRUE;
    }
  g_steal_pointer (&incoming);
  if (!is_signed)
    return TRUE;
  collection->n_whole = collection->segment->entries->len;
  collection->last_whole = row->n;
  return TRUE;
}

static gboolean
collect_page (Collection *collection, gint64 *after, GError **error)
{
  g_autoptr (GPtrArray) rows = yl_log_since (collection->store, *after, PAGE_ENTRIES, error);

  if (rows == NULL)
    return FALSE;
  for (guint i = 0; i < rows->len && !collection->full && !collection->at_end; i++)
    {
      const YlEntryRow *row = rows->pdata[i];

      if (!collect_row (collection, row, error))
        return FALSE;
      *after = row->n;
    }
  if (rows->len < PAGE_ENTRIES)
    collection->at_end = TRUE;
  return TRUE;
}

YlSegment *
yl_delivery_collect_after (YlStore *store, GArray *coverage, gint64 *after, GError **error)
{
  g_autoptr (YlSegment) segment = yl_segment_new ();
  Collection collection = { .store = store, .coverage = coverage, .segment = segment };

  while (!collection.full && !collection.at_end)
    if (!collect_page (&collection, after, error))
      return NULL;
  if (collection.full && collection.n_whole == 0)
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_CORRUPT,
                           "The log of this store holds an unsigned run that is larger than a segment.");
      return NULL;
    }
  yl_segment_cut (segment, collection.n_whole);
  *after = collection.last_whole;
  segment->more = collection.full;
  return g_steal_pointer (&segment);
}

YlSegment *
yl_delivery_collect (YlStore *store, GArray *coverage, GError **error)
{
  gint64 after;

  if (!yl_log_first_missing (store, coverage, &after, error))
    return NULL;
  if (after == G_MAXINT64)
    return yl_segment_new ();
  after--;
  return yl_delivery_collect_after (store, coverage, &after, error);
}

GBytes *
yl_delivery_keys (YlSegment *segment)
{
  g_autoptr (GHashTable) known =
      g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);
  g_autoptr (GByteArray) ids = g_byte_array_new ();

  for (guint i = 0; i < segment->entries->len; i++)
    {
      g_autoptr (GBytes) used = yl_log_keys_used (((const YlIncoming *) segment->entries->pdata[i])->entry);

      for (gsize at = 0; at < g_bytes_get_size (used); at += YL_KEY_ID_BYTES)
        {
          GBytes *id = g_bytes_new_from_bytes (used, at, YL_KEY_ID_BYTES);

          if (!g_hash_table_contains (known, id))
            g_byte_array_append (ids, g_bytes_get_data (id, NULL), YL_KEY_ID_BYTES);
          g_hash_table_add (known, id);
        }
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&ids));
}

static gboolean
previous_id (const YlEntryName *name, guint8 *id, gpointer data, GError **error)
{
  g_autoptr (GError) fault = NULL;
  g_autoptr (YlEntryRow) row = yl_log_find_name (data, name, &fault);

  /* Of one behind the checkpoint no more than the name may be known. */
  if (row != NULL && !row->bare)
    {
      memcpy (id, row->id, YL_ENTRY_ID_BYTES);
      return TRUE;
    }
  if (row != NULL || g_error_matches (fault, YL_ERROR, YL_ERROR_NOT_FOUND))
    g_set_error (error, YL_ERROR, YL_ERROR_MISSING, "entry %" G_GINT64_FORMAT " of writer %s must come first",
                 name->seq, name->writer);
  else
    g_propagate_error (error, g_steal_pointer (&fault));
  return FALSE;
}

GArray *
yl_delivery_names (YlSegment *segment)
{
  GArray *names = yl_frontier_new ();

  for (guint i = 0; i < segment->entries->len; i++)
    {
      const YlEntry *entry = ((const YlIncoming *) segment->entries->pdata[i])->entry;
      const YlIncoming *next = i + 1 < segment->entries->len ? segment->entries->pdata[i + 1] : NULL;
      YlEntryName name = { .seq = entry->seq };

      /* Of a stretch of one writer's entries the last says it all. */
      if (next != NULL && memcmp (next->entry->prev, entry->id, sizeof entry->id) == 0)
        continue;
      memcpy (name.writer, entry->writer, sizeof name.writer);
      memcpy (name.id8, entry->id, sizeof name.id8);
      g_array_append_val (names, name);
    }
  return names;
}

YlSegment *
yl_delivery_read (YlStore *store, GBytes *bytes, GError **error)
{
  return yl_segment_decode (bytes, yl_store_get_scope (store), previous_id, store, error);
}

gboolean
yl_delivery_accept (YlStore *store, YlSegment *segment, YlTaken *taken, GError **error)
{
  *taken = (YlTaken){ .names = yl_delivery_names (segment), .more = segment->more };
  if (segment->entries->len > 0 && !yl_merge_log_accept (store, segment->entries, &taken->n_entries, error))
    return FALSE;
  return segment->grant == NULL || yl_grant_take (store, segment->grant, &taken->n_keys, error);
}

gboolean
yl_delivery_take (YlStore *store, GBytes *bytes, YlTaken *taken, GError **error)
{
  g_autoptr (YlSegment) segment = yl_delivery_read (store, bytes, error);

  return segment != NULL && yl_delivery_accept (store, segment, taken, error);
}

void
yl_taken_clear (YlTaken *taken)
{
  g_clear_pointer (&taken->names, g_array_unref);
}

void
yl_moment_clear (YlMoment *moment)
{
  g_clear_pointer (&moment->names, g_array_unref);
  g_clear_pointer (&moment->coverage, g_array_unref);
}

gboolean
yl_delivery_moment (YlStore *store, YlMoment *moment, GError **error)
{
  /* Nothing is written: it keeps others from writing between the readings, and is rolled back. */
  g_autoptr (YlLogTransaction) transaction = yl_log_begin (store, error);
  g_autoptr (GArray) names = transaction == NULL ? NULL : yl_log_frontier (store, error);
  g_autoptr (GArray) coverage = names == NULL ? NULL : yl_log_coverage_of_all (store, error);
  g_autofree char *hash = coverage == NULL ? NULL : yl_state_hash (store, error);

  if (hash == NULL)
    return FALSE;
  moment->names = g_steal_pointer (&names);
  moment->coverage = g_steal_pointer (&coverage);
  yl_frontier_digest (moment->names, moment->frontier);
  return yl_hex_read (hash, moment->hash, sizeof moment->hash);
}

gboolean
yl_delivery_settle (YlStore *store, GError **error)
{
  g_autoptr (GPtrArray) waiting = NULL;

  if (!yl_merge_log_append (store, error))
    return FALSE;
  if (!yl_store_is_head_office (store) || yl_log_n_waiting (store) == 0)
    return TRUE;
  waiting = yl_log_waiting (store, error);
  if (waiting == NULL)
    return FALSE;
  for (guint i = 0; i < waiting->len; i++)
    {
      const YlEntryRow *row = waiting->pdata[i];
      YlEntryName name = { .seq = row->seq };

      memcpy (name.writer, row->writer, sizeof name.writer);
      memcpy (name.id8, row->id, sizeof name.id8);
      if (row->logged && !yl_log_acknowledge (store, &name, error))
        return FALSE;
    }
  return TRUE;
}
