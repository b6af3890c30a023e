#include "exchange/yl-wire-private.h"

#include <string.h>
#include <zstd.h>

#include "base/yl-clock.h"
#include "exchange/yl-hex.h"
#include "log/yl-entry-pack.h"
#include "log/yl-varint.h"

#define MERGED_MAX 4096
#define ACTOR_MAX_BYTES 16
/* A frame cannot be shorter. */
#define FRAME_MIN_BYTES 8

typedef struct
{
  guint8 flags;
  guint64 n_runs;
  guint64 n_entries;
  guint64 frames;
  guint64 grant;
} Head;

static gboolean
malformed (GError **error, const char *what)
{
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID, "the segment is malformed: %s", what);
  return FALSE;
}

static const guint8 *
take (YlVarintReader *reader, guint64 n)
{
  const guint8 *bytes = reader->at;

  if ((guint64) (reader->end - reader->at) < n)
    return NULL;
  reader->at += n;
  return bytes;
}

static gboolean
take_copy (YlVarintReader *reader, gpointer to, gsize n)
{
  const guint8 *bytes = take (reader, n);

  if (bytes != NULL)
    memcpy (to, bytes, n);
  return bytes != NULL;
}

static gboolean
take_writer (YlVarintReader *reader, char *writer)
{
  const guint8 *bytes = take (reader, YL_WRITER_CHARS / 2);
  g_autofree char *hex = bytes != NULL ? yl_hex_write (bytes, YL_WRITER_CHARS / 2) : NULL;

  if (hex != NULL)
    g_strlcpy (writer, hex, YL_WRITER_CHARS + 1);
  return hex != NULL;
}

static gboolean
take_seq (YlVarintReader *reader, gint64 *seq)
{
  guint64 number;

  if (!yl_varint_read (reader, &number) || number < 1 || number > G_MAXINT64 - YL_WIRE_ENTRIES_MAX)
    return FALSE;
  *seq = (gint64) number;
  return TRUE;
}

static gboolean
take_signed (YlVarintReader *reader, gint64 *value)
{
  guint64 number;

  if (!yl_varint_read (reader, &number))
    return FALSE;
  *value = (gint64) (number >> 1 ^ -(number & 1));
  return TRUE;
}

static gboolean
read_head (YlVarintReader *reader, Head *head, GError **error)
{
  const guint8 *bytes = take (reader, strlen (YL_WIRE_MAGIC) + 2);

  if (bytes == NULL || memcmp (bytes, YL_WIRE_MAGIC, strlen (YL_WIRE_MAGIC)) != 0)
    return malformed (error, "it does not begin as one");
  if (bytes[4] != YL_WIRE_VERSION)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_NEWER, "the segment has version %u, this program knows %u; update it",
                   bytes[4], YL_WIRE_VERSION);
      return FALSE;
    }
  head->flags = bytes[5];
  if ((head->flags & ~(YL_WIRE_FLAG_MORE | YL_WIRE_FLAG_ZSTD)) != 0)
    return malformed (error, "unknown flags");
  if (!yl_varint_read (reader, &head->n_runs) || !yl_varint_read (reader, &head->n_entries)
      || !yl_varint_read (reader, &head->frames) || !yl_varint_read (reader, &head->grant))
    return malformed (error, "it ends too early");
  if (head->n_entries > YL_WIRE_ENTRIES_MAX || head->n_runs > YL_WIRE_RUNS_MAX || head->n_runs > head->n_entries
      || head->frames > YL_WIRE_FRAMES_MAX || head->grant > YL_WIRE_GRANT_MAX
      || head->n_entries * FRAME_MIN_BYTES > head->frames)
    return malformed (error, "larger than allowed");
  return TRUE;
}

/* The id before a run: the receiver has it, unless the run is a branch that leaves another run of this segment. */
static gboolean
find_previous (YlWireRun *run, YlPreviousFunc previous, gpointer data, GError **error)
{
  YlEntryName name = { .seq = run->first - 1 };
  g_autoptr (GError) fault = NULL;

  memcpy (name.writer, run->writer, sizeof name.writer);
  memcpy (name.id8, run->before, sizeof name.id8);
  if (previous (&name, run->id, data, &fault))
    return TRUE;
  run->leaves = g_error_matches (fault, YL_ERROR, YL_ERROR_MISSING);
  if (!run->leaves)
    g_propagate_error (error, g_steal_pointer (&fault));
  return run->leaves;
}

static gboolean
read_run (YlVarintReader *reader, YlWireRun *run, YlPreviousFunc previous, gpointer data, GError **error)
{
  if (!take_writer (reader, run->writer) || !take_seq (reader, &run->first)
      || !take_copy (reader, run->before, sizeof run->before) || !take_copy (reader, run->last, sizeof run->last))
    return malformed (error, "it ends too early, or a sequence is out of range");
  if (run->first == 1)
    return memcmp (run->before, run->id, sizeof run->before) == 0
           || malformed (error, "something before a first entry");
  return find_previous (run, previous, data, error);
}

static GArray *
read_runs (YlVarintReader *reader, guint64 n_runs, YlPreviousFunc previous, gpointer data, GError **error)
{
  g_autoptr (GArray) runs = g_array_new (FALSE, TRUE, sizeof (YlWireRun));

  for (guint64 i = 0; i < n_runs; i++)
    {
      YlWireRun run = { 0 };

      if (!read_run (reader, &run, previous, data, error))
        return NULL;
      g_array_append_val (runs, run);
    }
  return g_steal_pointer (&runs);
}

/* The frames, which are all that is left in @reader. */
static GBytes *
inflate_frames (YlVarintReader *reader, const Head *head, GError **error)
{
  g_autofree guint8 *frames = NULL;
  gsize left = (gsize) (reader->end - reader->at);
  gsize length;

  if ((head->flags & YL_WIRE_FLAG_ZSTD) == 0)
    {
      if (left == head->frames)
        return g_bytes_new (reader->at, left);
      malformed (error, "its length is not the announced one");
      return NULL;
    }
  if (left == 0 || head->frames / left >= YL_WIRE_RATIO_MAX
      || ZSTD_getFrameContentSize (reader->at, left) != head->frames
      || ZSTD_findFrameCompressedSize (reader->at, left) != left)
    {
      malformed (error, "its compressed part is cut off or not of the announced size");
      return NULL;
    }
  frames = g_malloc (head->frames);
  length = ZSTD_decompress (frames, head->frames, reader->at, left);
  if (ZSTD_isError (length) || length != head->frames)
    {
      malformed (error, "its compressed part is damaged");
      return NULL;
    }
  return g_bytes_new_take (g_steal_pointer (&frames), length);
}

static gboolean
read_merged (YlVarintReader *reader, YlEntry *entry)
{
  guint64 count;

  if (!yl_varint_read (reader, &count) || count > MERGED_MAX)
    return FALSE;
  for (guint64 i = 0; i < count; i++)
    {
      YlEntryName name = { 0 };

      if (!take_writer (reader, name.writer) || !take_seq (reader, &name.seq)
          || !take_copy (reader, name.id8, sizeof name.id8))
        return FALSE;
      g_array_append_val (entry->merged, name);
    }
  return TRUE;
}

static gboolean
read_clock (YlVarintReader *reader, YlWireClock *clock, YlEntry *entry)
{
  gint64 ms, authority;
  guint64 counter;

  if (!take_signed (reader, &ms) || !yl_varint_read (reader, &counter) || !take_signed (reader, &authority)
      || counter > G_MAXUINT16 || ABS (ms) > YL_CLOCK_MAX_MS || ABS (authority) > G_MAXINT32)
    return FALSE;
  clock->ms += ms;
  clock->authority += authority;
  if (clock->ms < 0 || clock->ms > YL_CLOCK_MAX_MS)
    return FALSE;
  entry->hlc = YL_HLC (clock->ms, (gint64) counter);
  entry->authority = clock->authority;
  return TRUE;
}

/* What stands beside a packed entry. */
static gboolean
read_place (YlVarintReader *reader, YlWireClock *clock, YlIncoming *incoming)
{
  YlEntry *entry = incoming->entry;
  guint64 length;
  const guint8 *actor;

  if (incoming->is_signed && !take_copy (reader, incoming->signature, sizeof incoming->signature))
    return FALSE;
  if (!read_clock (reader, clock, entry) || !read_merged (reader, entry) || !yl_varint_read (reader, &length)
      || length > ACTOR_MAX_BYTES)
    return FALSE;
  actor = take (reader, length);
  entry->actor = actor != NULL ? g_strndup ((const char *) actor, length) : NULL;
  return actor != NULL;
}

typedef struct
{
  const char *scope;
  GArray *runs;
  YlWireClock clock;
  YlSegment *segment;
} Reading;

/* The entry that @run leaves, among those of its writer that this segment has brought so far. */
static gboolean
find_left (const YlSegment *segment, YlWireRun *run, GError **error)
{
  for (guint i = 0; i < segment->entries->len; i++)
    {
      const YlEntry *entry = ((const YlIncoming *) segment->entries->pdata[i])->entry;

      if (entry->seq != run->first - 1 || strcmp (entry->writer, run->writer) != 0
          || memcmp (entry->id, run->before, sizeof run->before) != 0)
        continue;
      memcpy (run->id, entry->id, sizeof run->id);
      return TRUE;
    }
  g_set_error (error, YL_ERROR, YL_ERROR_MISSING, "entry %" G_GINT64_FORMAT " of writer %s must come first",
               run->first - 1, run->writer);
  return FALSE;
}

static gboolean
read_frame (YlVarintReader *reader, Reading *reading, GError **error)
{
  g_autoptr (YlIncoming) incoming = g_new0 (YlIncoming, 1);
  YlEntry *entry = yl_entry_new ();
  const guint8 *packed;
  YlWireRun *run;
  guint64 head, length;

  incoming->entry = entry;
  if (!yl_varint_read (reader, &head) || head >> 1 >= reading->runs->len)
    return malformed (error, "a frame with a wrong head");
  run = &g_array_index (reading->runs, YlWireRun, head >> 1);
  if (run->leaves && run->n_entries == 0 && !find_left (reading->segment, run, error))
    return FALSE;
  incoming->is_signed = (head & 1) != 0;
  g_strlcpy (entry->scope, reading->scope, sizeof entry->scope);
  memcpy (entry->writer, run->writer, sizeof entry->writer);
  entry->seq = run->first + run->n_entries++;
  memcpy (entry->prev, run->id, sizeof entry->prev);
  if (!read_place (reader, &reading->clock, incoming) || !yl_varint_read (reader, &length)
      || (packed = take (reader, length)) == NULL)
    return malformed (error, "a frame ends too early or is out of form");
  if (!yl_entry_unpack (entry, packed, length, error))
    return FALSE;
  reading->segment->n_ops += entry->ops->len;
  if (reading->segment->n_ops > YL_WIRE_OPS_MAX)
    return malformed (error, "larger than allowed");
  memcpy (run->id, entry->id, sizeof run->id);
  g_ptr_array_add (reading->segment->entries, g_steal_pointer (&incoming));
  return TRUE;
}

static gboolean
check_runs (GArray *runs, GError **error)
{
  for (guint i = 0; i < runs->len; i++)
    {
      const YlWireRun *run = &g_array_index (runs, YlWireRun, i);

      if (run->n_entries == 0 || memcmp (run->id, run->last, sizeof run->last) != 0)
        return malformed (error, "its entries do not add up to the announced ones");
    }
  return TRUE;
}

static gboolean
read_frames (GBytes *frames, const Head *head, Reading *reading, GError **error)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (frames, &length);
  YlVarintReader reader = yl_varint_reader (bytes, length);

  for (guint64 i = 0; i < head->n_entries; i++)
    if (!read_frame (&reader, reading, error))
      return FALSE;
  if (reader.at < reader.end)
    return malformed (error, "something follows the last entry");
  return check_runs (reading->runs, error);
}

YlSegment *
yl_segment_decode (GBytes *bytes, const char *scope, YlPreviousFunc previous, gpointer data, GError **error)
{
  g_autoptr (YlSegment) segment = yl_segment_new ();
  g_autoptr (GArray) runs = NULL;
  g_autoptr (GBytes) frames = NULL;
  gsize length;
  const guint8 *start = g_bytes_get_data (bytes, &length);
  YlVarintReader reader = yl_varint_reader (start, length);
  Reading reading = { .scope = scope, .segment = segment };
  const guint8 *grant;
  Head head = { 0 };

  if (!read_head (&reader, &head, error))
    return NULL;
  runs = read_runs (&reader, head.n_runs, previous, data, error);
  if (runs == NULL)
    return NULL;
  grant = take (&reader, head.grant);
  if (grant == NULL)
    {
      malformed (error, "it ends too early");
      return NULL;
    }
  if (head.grant > 0)
    segment->grant = g_bytes_new (grant, head.grant);
  reading.runs = runs;
  frames = inflate_frames (&reader, &head, error);
  if (frames == NULL || !read_frames (frames, &head, &reading, error))
    return NULL;
  segment->more = (head.flags & YL_WIRE_FLAG_MORE) != 0;
  return g_steal_pointer (&segment);
}
