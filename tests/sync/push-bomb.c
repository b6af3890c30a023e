/*
 * What an enrolled PC can do to its hub at most with one push: push-bomb STORE OPS. Its own program puts as much into a segment as the
 * caps allow, in change sets of OPS ops, each signed by itself, and sends it in one call. Prints entries, ops, bytes and seconds.
 */
#include <stdio.h>

#include "change/yl-change.h"
#include "exchange/yl-peer.h"

static guint n_ops_each;

static gboolean
write_change (YlStore *store, GError **error)
{
  g_autoptr (YlChange) change = yl_change_begin (store, "add household", error);

  for (guint i = 0; change != NULL && i < n_ops_each; i++)
    {
      g_autoptr (YlRecord) household = yl_record_new (yl_table_find ("household"), NULL);

      yl_record_set_integer (household, "rooms", 1 + i % 9);
      if (!yl_change_insert (change, household, error))
        return FALSE;
    }
  return change != NULL && yl_change_commit (change, error);
}

/* From local number @after on, until no more goes in. @n_ops: in it. */
static YlSegment *
fill (YlStore *store, gint64 after, guint *n_ops, GError **error)
{
  g_autoptr (YlSegment) segment = yl_segment_new ();
  guint whole = 0;

  for (gboolean full = FALSE; !full; after++)
    {
      g_autoptr (YlIncoming) incoming = NULL;

      if (after == yl_store_get_last_entry (store)
          && (!write_change (store, error) || !yl_merge_log_append (store, error)))
        return NULL;
      incoming = yl_merge_log_read (store, after + 1, error);
      if (incoming == NULL)
        return NULL;
      full = !yl_segment_add (segment, incoming);
      if (full)
        break;
      *n_ops += incoming->entry->ops->len;
      whole = incoming->is_signed ? segment->entries->len : whole;
      g_steal_pointer (&incoming);
    }
  yl_segment_cut (segment, whole);
  return g_steal_pointer (&segment);
}

static gboolean
push (YlStore *store, YlPeer *peer, GError **error)
{
  g_autoptr (YlSyncCall) call = yl_sync_call_new ();
  g_autoptr (YlSegment) segment = NULL;
  g_autoptr (YlSyncAnswer) answer = NULL;
  guint n_ops = 0;
  gint64 start;

  call->names = yl_log_frontier (store, error);
  segment = call->names != NULL ? fill (store, yl_store_get_last_entry (store), &n_ops, error) : NULL;
  if (segment == NULL)
    return FALSE;
  call->segment = yl_segment_encode (segment);
  start = g_get_monotonic_time ();
  answer = yl_peer_sync (peer, call, error);
  printf ("%u entries, %u ops, %" G_GSIZE_FORMAT " bytes in %" G_GSIZE_FORMAT ", %.2f s\n", segment->entries->len,
          n_ops, segment->size, g_bytes_get_size (call->segment),
          (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC);
  return answer != NULL;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlStore) store = argc == 3 ? yl_store_open (argv[1], &error) : NULL;
  g_autoptr (YlPeer) peer = store != NULL ? yl_peer_new (store, NULL, &error) : NULL;

  n_ops_each = argc == 3 ? (guint) g_ascii_strtoull (argv[2], NULL, 10) : 0;
  if (peer != NULL && push (store, peer, &error))
    return 0;
  fprintf (stderr, "push-bomb: %s\n", error != NULL ? error->message : "usage: push-bomb STORE OPS");
  return 1;
}
