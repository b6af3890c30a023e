#include "exchange/yl-wire-private.h"

#include <sodium.h>
#include <string.h>
#include <zstd.h>

#include "exchange/yl-hex.h"

#define ZSTD_LEVEL 6

static void
wire_entry_free (gpointer data)
{
  YlWireEntry *entry = data;

  yl_incoming_free (entry->incoming);
  g_free (entry);
}

YlSegment *
yl_segment_new (void)
{
  YlSegment *segment = g_new0 (YlSegment, 1);

  segment->entries = g_ptr_array_new_with_free_func (wire_entry_free);
  return segment;
}

void
yl_segment_free (YlSegment *segment)
{
  g_ptr_array_unref (segment->entries);
  g_clear_pointer (&segment->grant, g_bytes_unref);
  g_free (segment);
}

static gsize
frame_size (const YlIncoming *incoming)
{
  return YL_WIRE_FRAME_BYTES + (incoming->is_signed ? YL_SIGNATURE_BYTES : 0) + g_bytes_get_size (incoming->message);
}

void
yl_segment_append (YlSegment *segment, const YlWireEntry *place, YlIncoming *incoming)
{
  YlWireEntry *entry = g_memdup2 (place, sizeof *place);

  entry->incoming = incoming;
  g_ptr_array_add (segment->entries, entry);
  segment->size += frame_size (incoming);
}

gboolean
yl_segment_add (YlSegment *segment, const YlEntryRow *row, YlIncoming *incoming)
{
  YlWireEntry place = { .seq = row->seq, .strand = row->strand };

  if (segment->entries->len == YL_WIRE_ENTRIES_MAX || segment->size + frame_size (incoming) > YL_WIRE_FRAMES_MAX)
    return FALSE;
  memcpy (place.writer, row->writer, sizeof place.writer);
  yl_segment_append (segment, &place, incoming);
  return TRUE;
}

void
yl_segment_cut (YlSegment *segment, guint n_entries)
{
  for (guint i = n_entries; i < segment->entries->len; i++)
    segment->size -= frame_size (((YlWireEntry *) segment->entries->pdata[i])->incoming);
  g_ptr_array_set_size (segment->entries, (int) n_entries);
}

/* Encoding. */

static void
put (GByteArray *out, guint64 value, guint n_bytes)
{
  guint64 little = GUINT64_TO_LE (value);

  g_byte_array_append (out, (const guint8 *) &little, n_bytes);
}

/* Where `prev` stands in a message, or NULL when this is no message. */
static const char *
find_prev (const char *message, gsize length)
{
  const char *body = g_strstr_len (message, (gssize) length, YL_WIRE_BODY_START);
  const char *prev = body == NULL ? NULL : body + strlen (YL_WIRE_BODY_START);

  if (prev == NULL || (gsize) (message + length - prev) < YL_WIRE_PREV_CHARS
      || !g_str_has_prefix (prev, YL_WIRE_PREV_START)
      || strncmp (prev + YL_WIRE_PREV_CHARS - strlen (YL_WIRE_PREV_END), YL_WIRE_PREV_END, strlen (YL_WIRE_PREV_END))
             != 0)
    return NULL;
  return prev;
}

static gboolean
put_frame (GByteArray *frames, guint run, const YlIncoming *incoming, GError **error)
{
  gsize length;
  const char *message = g_bytes_get_data (incoming->message, &length);
  const char *prev = find_prev (message, length);

  if (prev == NULL)
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_CORRUPT,
                           "The log of this store holds an entry that is no change set.");
      return FALSE;
    }
  put (frames, length - YL_WIRE_PREV_CHARS, 4);
  put (frames, run, 2);
  put (frames, incoming->is_signed ? YL_WIRE_FRAME_SIGNED : 0, 1);
  if (incoming->is_signed)
    g_byte_array_append (frames, incoming->signature, YL_SIGNATURE_BYTES);
  g_byte_array_append (frames, (const guint8 *) message, (guint) (prev - message));
  prev += YL_WIRE_PREV_CHARS;
  g_byte_array_append (frames, (const guint8 *) prev, (guint) (message + length - prev));
  return TRUE;
}

/* The first @n bytes of the id that stands at @prev. */
static void
read_prev (const char *prev, guint8 *bytes, gsize n)
{
  g_autofree char *hex = g_strndup (prev + strlen (YL_WIRE_PREV_START), 2 * n);

  if (!yl_hex_read (hex, bytes, n))
    memset (bytes, 0, n);
}

/* The run of @entry, which becomes the last of it. */
static guint
extend_run (GArray *runs, GHashTable *numbers, const YlWireEntry *entry)
{
  gpointer number;
  gsize length;
  const char *message = g_bytes_get_data (entry->incoming->message, &length);
  YlWireRun *run;

  if (!g_hash_table_lookup_extended (numbers, &entry->strand, NULL, &number))
    {
      YlWireRun fresh = { .first = entry->seq, .strand = entry->strand };
      const char *prev = find_prev (message, length);

      memcpy (fresh.writer, entry->writer, sizeof fresh.writer);
      if (prev != NULL)
        read_prev (prev, fresh.before, sizeof fresh.before);
      number = GUINT_TO_POINTER (runs->len);
      g_array_append_val (runs, fresh);
      g_hash_table_insert (numbers, (gpointer) &entry->strand, number);
    }
  run = &g_array_index (runs, YlWireRun, GPOINTER_TO_UINT (number));
  crypto_generichash (run->last_id, sizeof run->last_id, (const guint8 *) message, length, NULL, 0);
  return GPOINTER_TO_UINT (number);
}

static void
put_runs (GByteArray *out, GArray *runs)
{
  for (guint i = 0; i < runs->len; i++)
    {
      const YlWireRun *run = &g_array_index (runs, YlWireRun, i);
      guint8 writer[YL_WRITER_CHARS / 2];

      yl_hex_read (run->writer, writer, sizeof writer);
      g_byte_array_append (out, writer, sizeof writer);
      put (out, (guint64) run->first, 8);
      g_byte_array_append (out, run->before, sizeof run->before);
      g_byte_array_append (out, run->last_id, sizeof run->last_id);
    }
}

/* The frames as one zstd frame; NULL where that would shrink them more than a receiver accepts. */
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

GBytes *
yl_segment_encode (YlSegment *segment, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GByteArray) frames = g_byte_array_sized_new ((guint) segment->size);
  g_autoptr (GArray) runs = g_array_new (FALSE, FALSE, sizeof (YlWireRun));
  g_autoptr (GHashTable) numbers = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autoptr (GBytes) packed = NULL;
  gsize grant_length = segment->grant == NULL ? 0 : g_bytes_get_size (segment->grant);

  for (guint i = 0; i < segment->entries->len; i++)
    {
      const YlWireEntry *entry = segment->entries->pdata[i];

      if (!put_frame (frames, extend_run (runs, numbers, entry), entry->incoming, error))
        return NULL;
    }
  packed = frames->len == 0 ? NULL : deflate_frames (frames);
  g_byte_array_append (out, (const guint8 *) YL_WIRE_MAGIC, strlen (YL_WIRE_MAGIC));
  put (out, YL_WIRE_VERSION, 1);
  put (out,
       (segment->more ? YL_WIRE_FLAG_MORE : 0) | (packed != NULL ? YL_WIRE_FLAG_ZSTD : 0),
       1);
  put (out, runs->len, 2);
  put (out, segment->entries->len, 4);
  put (out, frames->len, 4);
  put (out, grant_length, 4);
  put_runs (out, runs);
  if (grant_length > 0)
    g_byte_array_append (out, g_bytes_get_data (segment->grant, NULL), (guint) grant_length);
  if (packed != NULL)
    g_byte_array_append (out, g_bytes_get_data (packed, NULL), (guint) g_bytes_get_size (packed));
  else
    g_byte_array_append (out, frames->data, frames->len);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}
