#include "exchange/yl-wire-private.h"

#include <string.h>
#include <zstd.h>

#include "base/yl-clock.h"
#include "exchange/yl-hex.h"
#include "log/yl-entry-pack.h"
#include "log/yl-varint.h"

#define ZSTD_LEVEL 6
/* More than a frame has beside its packed entry, its signature and what it merged. */
#define FRAME_BYTES 64
#define MERGED_BYTES (YL_WRITER_CHARS / 2 + 10 + YL_WIRE_ID8_BYTES)

YlSegment *
yl_segment_new (void)
{
  YlSegment *segment = g_new0 (YlSegment, 1);

  segment->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_incoming_free);
  segment->packed = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  return segment;
}

void
yl_segment_free (YlSegment *segment)
{
  g_ptr_array_unref (segment->entries);
  g_ptr_array_unref (segment->packed);
  g_clear_pointer (&segment->grant, g_bytes_unref);
  g_free (segment);
}

static gsize
frame_size (const YlIncoming *incoming, GBytes *packed)
{
  return FRAME_BYTES + (incoming->is_signed ? YL_SIGNATURE_BYTES : 0) + incoming->entry->merged->len * MERGED_BYTES
         + g_bytes_get_size (packed);
}

gboolean
yl_segment_add (YlSegment *segment, YlIncoming *incoming)
{
  g_autoptr (GBytes) packed = yl_entry_pack (incoming->entry);
  gsize size = frame_size (incoming, packed);

  if (segment->entries->len == YL_WIRE_ENTRIES_MAX || segment->size + size > YL_WIRE_FRAMES_MAX
      || segment->n_ops + incoming->entry->ops->len > YL_WIRE_OPS_MAX)
    return FALSE;
  g_ptr_array_add (segment->entries, incoming);
  g_ptr_array_add (segment->packed, g_steal_pointer (&packed));
  segment->size += size;
  segment->n_ops += incoming->entry->ops->len;
  return TRUE;
}

void
yl_segment_cut (YlSegment *segment, guint n_entries)
{
  for (guint i = n_entries; i < segment->entries->len; i++)
    {
      const YlIncoming *incoming = segment->entries->pdata[i];

      segment->size -= frame_size (incoming, segment->packed->pdata[i]);
      segment->n_ops -= incoming->entry->ops->len;
    }
  g_ptr_array_set_size (segment->entries, (int) n_entries);
  g_ptr_array_set_size (segment->packed, (int) n_entries);
}

/* Encoding. */

static void
put (GByteArray *out, gconstpointer bytes, gsize length)
{
  g_byte_array_append (out, bytes, (guint) length);
}

static void
put_byte (GByteArray *out, guint8 byte)
{
  put (out, &byte, 1);
}

static void
put_signed (GByteArray *out, gint64 value)
{
  yl_varint_append (out, (guint64) value << 1 ^ (guint64) (value >> 63));
}

static void
put_writer (GByteArray *out, const char *writer)
{
  guint8 bytes[YL_WRITER_CHARS / 2] = { 0 };

  yl_hex_read (writer, bytes, sizeof bytes);
  put (out, bytes, sizeof bytes);
}

static void
put_merged (GByteArray *out, const YlEntry *entry)
{
  yl_varint_append (out, entry->merged->len);
  for (guint i = 0; i < entry->merged->len; i++)
    {
      const YlEntryName *name = &g_array_index (entry->merged, YlEntryName, i);

      put_writer (out, name->writer);
      yl_varint_append (out, (guint64) name->seq);
      put (out, name->id8, sizeof name->id8);
    }
}

static void
put_frame (GByteArray *out, guint run, const YlIncoming *incoming, GBytes *packed, YlWireClock *clock)
{
  const YlEntry *entry = incoming->entry;
  gsize length;
  gconstpointer bytes = g_bytes_get_data (packed, &length);

  yl_varint_append (out, (guint64) run << 1 | (incoming->is_signed ? 1 : 0));
  if (incoming->is_signed)
    put (out, incoming->signature, sizeof incoming->signature);
  put_signed (out, YL_HLC_MS (entry->hlc) - clock->ms);
  yl_varint_append (out, (guint64) YL_HLC_COUNTER (entry->hlc));
  put_signed (out, entry->authority - clock->authority);
  put_merged (out, entry);
  yl_varint_append (out, strlen (entry->actor));
  put (out, entry->actor, strlen (entry->actor));
  yl_varint_append (out, length);
  put (out, bytes, length);
  *clock = (YlWireClock){ YL_HLC_MS (entry->hlc), entry->authority };
}

/* The run that ends in the entry before @entry, or a new one; @entry becomes the last of it. @ends: id -> number of a run. */
static guint
extend_run (GArray *runs, GHashTable *ends, const YlEntry *entry)
{
  g_autoptr (GBytes) before = g_bytes_new (entry->prev, sizeof entry->prev);
  gpointer number = NULL;
  YlWireRun *run;

  if (entry->seq == 1 || !g_hash_table_lookup_extended (ends, before, NULL, &number))
    {
      YlWireRun fresh = { .first = entry->seq };

      memcpy (fresh.writer, entry->writer, sizeof fresh.writer);
      memcpy (fresh.before, entry->prev, sizeof fresh.before);
      number = GUINT_TO_POINTER (runs->len);
      g_array_append_val (runs, fresh);
    }
  g_hash_table_remove (ends, before);
  g_hash_table_insert (ends, g_bytes_new (entry->id, sizeof entry->id), number);
  run = &g_array_index (runs, YlWireRun, GPOINTER_TO_UINT (number));
  memcpy (run->last, entry->id, sizeof run->last);
  return GPOINTER_TO_UINT (number);
}

static void
put_runs (GByteArray *out, GArray *runs)
{
  for (guint i = 0; i < runs->len; i++)
    {
      const YlWireRun *run = &g_array_index (runs, YlWireRun, i);

      put_writer (out, run->writer);
      yl_varint_append (out, (guint64) run->first);
      put (out, run->before, sizeof run->before);
      put (out, run->last, sizeof run->last);
    }
}

/* The frames as one zstd frame; NULL where that would shrink them more than a receiver accepts, or not at all. */
static GBytes *
deflate_frames (GByteArray *frames)
{
  gsize bound = ZSTD_compressBound (frames->len);
  g_autofree guint8 *packed = g_malloc (bound);
  gsize length = ZSTD_compress (packed, bound, frames->data, frames->len, ZSTD_LEVEL);

  if (ZSTD_isError (length) || length >= frames->len || frames->len / length >= YL_WIRE_RATIO_MAX)
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&packed), length);
}

static void
put_head (GByteArray *out, const YlSegment *segment, GArray *runs, guint frames, gboolean deflated)
{
  put (out, YL_WIRE_MAGIC, strlen (YL_WIRE_MAGIC));
  put_byte (out, YL_WIRE_VERSION);
  put_byte (out, (segment->more ? YL_WIRE_FLAG_MORE : 0) | (deflated ? YL_WIRE_FLAG_ZSTD : 0));
  yl_varint_append (out, runs->len);
  yl_varint_append (out, segment->entries->len);
  yl_varint_append (out, frames);
  yl_varint_append (out, segment->grant == NULL ? 0 : g_bytes_get_size (segment->grant));
  put_runs (out, runs);
}

GBytes *
yl_segment_encode (YlSegment *segment)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GByteArray) frames = g_byte_array_new ();
  g_autoptr (GArray) runs = g_array_new (FALSE, TRUE, sizeof (YlWireRun));
  g_autoptr (GHashTable) ends =
      g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);
  g_autoptr (GBytes) deflated = NULL;
  YlWireClock clock = { 0 };

  for (guint i = 0; i < segment->entries->len; i++)
    {
      const YlIncoming *incoming = segment->entries->pdata[i];

      put_frame (frames, extend_run (runs, ends, incoming->entry), incoming, segment->packed->pdata[i], &clock);
    }
  deflated = frames->len == 0 ? NULL : deflate_frames (frames);
  put_head (out, segment, runs, frames->len, deflated != NULL);
  if (segment->grant != NULL)
    put (out, g_bytes_get_data (segment->grant, NULL), g_bytes_get_size (segment->grant));
  if (deflated != NULL)
    put (out, g_bytes_get_data (deflated, NULL), g_bytes_get_size (deflated));
  else
    put (out, frames->data, frames->len);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}
