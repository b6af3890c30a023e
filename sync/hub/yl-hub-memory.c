#include "hub/yl-hub-private.h"

#include "exchange/yl-sync-wire.h"

/* Enough for a day's work of a store that was away, little enough for a thousand stores. */
#define FRONTIERS_MAX 1024

struct _YlHubMemory
{
  GHashTable *coverages; /* digest -> GArray */
  GQueue digests;        /* of GBytes, oldest first; owned by the table */
};

YlHubMemory *
yl_hub_memory_new (void)
{
  YlHubMemory *memory = g_new0 (YlHubMemory, 1);

  memory->coverages = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref,
                                             (GDestroyNotify) g_array_unref);
  g_queue_init (&memory->digests);
  return memory;
}

void
yl_hub_memory_free (YlHubMemory *memory)
{
  g_queue_clear (&memory->digests);
  g_hash_table_unref (memory->coverages);
  g_free (memory);
}

GArray *
yl_hub_memory_find (YlHubMemory *memory, const guint8 *digest)
{
  g_autoptr (GBytes) key = g_bytes_new_static (digest, YL_FRONTIER_DIGEST_BYTES);

  return g_hash_table_lookup (memory->coverages, key);
}

void
yl_hub_memory_add (YlHubMemory *memory, const guint8 *digest, GArray *coverage)
{
  GBytes *key;

  if (yl_hub_memory_find (memory, digest) != NULL)
    return;
  if (g_queue_get_length (&memory->digests) >= FRONTIERS_MAX)
    g_hash_table_remove (memory->coverages, g_queue_pop_head (&memory->digests));
  key = g_bytes_new (digest, YL_FRONTIER_DIGEST_BYTES);
  g_hash_table_insert (memory->coverages, key, g_array_copy (coverage));
  g_queue_push_tail (&memory->digests, key);
}
