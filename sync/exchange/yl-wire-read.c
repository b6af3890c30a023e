#include "exchange/yl-wire-private.h"

#include <sodium.h>
#include <string.h>
#include <zstd.h>

#include "exchange/yl-hex.h"

typedef struct
{
  guint8 flags;
  guint16 n_runs;
  guint32 n_entries;
  guint32 frames;
  guint32 grant;
} Head;

typedef struct
{
  const guint8 *at;
  gsize left;
} Reader;

static gboolean
malformed (GError **error, const char *what)
{
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID, "the segment is malformed: %s", what);
  return FALSE;
}

static const guint8 *
take (Reader *reader, gsize n)
{
  const guint8 *bytes = reader->at;

  if (reader->left < n)
    return NULL;
  reader->at += n;
  reader->left -= n;
  return bytes;
}

static guint64
number (const guint8 *bytes, guint n_bytes)
{
  guint64 value = 0;

  memcpy (&value, bytes, n_bytes);
  return GUINT64_FROM_LE (value);
}

static gboolean
read_head (Reader *reader, Head *head, GError **error)
{
  const guint8 *bytes = take (reader, YL_WIRE_HEAD_BYTES);

  if (bytes == NULL || memcmp (bytes, YL_WIRE_MAGIC, strlen (YL_WIRE_MAGIC)) != 0)
    return malformed (error, "it does not begin as one");
  if (bytes[4] != YL_WIRE_VERSION)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_NEWER, "the segment has version %u, this program knows %u; update it",
                   bytes[4], YL_WIRE_VERSION);
      return FALSE;
    }
  head->flags = bytes[5];
  head->n_runs = (guint16) number (bytes + 6, 2);
  head->n_entries = (guint32) number (bytes + 8, 4);
  head->frames = (guint32) number (bytes + 12, 4);
  head->grant = (guint32) number (bytes + 16, 4);
  if ((head->flags & ~(YL_WIRE_FLAG_MORE | YL_WIRE_FLAG_ZSTD)) != 0)
    return malformed (error, "unknown flags");
  if (head->n_entries > YL_WIRE_ENTRIES_MAX || head->n_runs > YL_WIRE_RUNS_MAX || head->n_runs > head->n_entries
      || head->frames > YL_WIRE_FRAMES_MAX || head->grant > YL_WIRE_GRANT_MAX)
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
read_run (Reader *reader, YlWireRun *run, YlPreviousFunc previous, gpointer data, GError **error)
{
  static const guint8 none[sizeof run->before];
  const guint8 *bytes = take (reader, YL_WIRE_RUN_BYTES);
  g_autofree char *writer = NULL;

  if (bytes == NULL)
    return malformed (error, "it ends too early");
  writer = yl_hex_write (bytes, YL_WRITER_CHARS / 2);
  g_strlcpy (run->writer, writer, sizeof run->writer);
  bytes += YL_WRITER_CHARS / 2;
  run->first = (gint64) number (bytes, 8);
  memcpy (run->before, bytes + 8, sizeof run->before);
  memcpy (run->last_id, bytes + 8 + sizeof run->before, sizeof run->last_id);
  if (run->first < 1 || run->first > G_MAXINT64 - YL_WIRE_ENTRIES_MAX)
    return malformed (error, "a sequence out of range");
  if (run->first == 1)
    return memcmp (run->before, none, sizeof none) == 0 || malformed (error, "something before a first entry");
  return find_previous (run, previous, data, error);
}

static GArray *
read_runs (Reader *reader, guint n_runs, YlPreviousFunc previous, gpointer data, GError **error)
{
  g_autoptr (GArray) runs = g_array_new (FALSE, TRUE, sizeof (YlWireRun));

  for (guint i = 0; i < n_runs; i++)
    {
      YlWireRun run = { .strand = i };

      if (!read_run (reader, &run, previous, data, error))
        return NULL;
      g_array_append_val (runs, run);
    }
  return g_steal_pointer (&runs);
}

/* The frames, which are all that is left in @reader. */
static GBytes *
inflate_frames (Reader *reader, const Head *head, GError **error)
{
  g_autofree guint8 *frames = NULL;
  gsize length;

  if ((head->flags & YL_WIRE_FLAG_ZSTD) == 0)
    {
      if (reader->left == head->frames)
        return g_bytes_new (reader->at, reader->left);
      malformed (error, "its length is not the announced one");
      return NULL;
    }
  if (reader->left == 0 || head->frames / reader->left >= YL_WIRE_RATIO_MAX
      || ZSTD_getFrameContentSize (reader->at, reader->left) != head->frames
      || ZSTD_findFrameCompressedSize (reader->at, reader->left) != reader->left)
    {
      malformed (error, "its compressed part is cut off or not of the announced size");
      return NULL;
    }
  frames = g_malloc (head->frames);
  length = ZSTD_decompress (frames, head->frames, reader->at, reader->left);
  if (ZSTD_isError (length) || length != head->frames)
    {
      malformed (error, "its compressed part is damaged");
      return NULL;
    }
  return g_bytes_new_take (g_steal_pointer (&frames), length);
}

/* The message with `prev` put back, and its id as the run's newest. */
static GBytes *
rebuild (const char *text, gsize length, YlWireRun *run, GError **error)
{
  const char *body = g_strstr_len (text, (gssize) length, YL_WIRE_BODY_START);
  g_autofree char *prev = yl_hex_write (run->id, sizeof run->id);
  g_autoptr (GByteArray) message = NULL;

  if (body == NULL || length + YL_WIRE_PREV_CHARS > YL_ENTRY_MAX_BYTES)
    {
      malformed (error, "an entry is no change set or too large");
      return NULL;
    }
  body += strlen (YL_WIRE_BODY_START);
  message = g_byte_array_sized_new ((guint) (length + YL_WIRE_PREV_CHARS));
  g_byte_array_append (message, (const guint8 *) text, (guint) (body - text));
  g_byte_array_append (message, (const guint8 *) YL_WIRE_PREV_START, strlen (YL_WIRE_PREV_START));
  g_byte_array_append (message, (const guint8 *) prev, 2 * YL_ENTRY_ID_BYTES);
  g_byte_array_append (message, (const guint8 *) YL_WIRE_PREV_END, strlen (YL_WIRE_PREV_END));
  g_byte_array_append (message, (const guint8 *) body, (guint) (text + length - body));
  crypto_generichash (run->id, sizeof run->id, message->data, message->len, NULL, 0);
  return g_byte_array_free_to_bytes (g_steal_pointer (&message));
}

/* The entry that @run leaves, among those of its writer that this segment has brought so far. */
static gboolean
find_left (const YlSegment *segment, YlWireRun *run, GError **error)
{
  for (guint i = 0; i < segment->entries->len; i++)
    {
      const YlWireEntry *entry = segment->entries->pdata[i];
      gsize length;
      const guint8 *message = g_bytes_get_data (entry->incoming->message, &length);

      if (entry->seq != run->first - 1 || strcmp (entry->writer, run->writer) != 0)
        continue;
      crypto_generichash (run->id, sizeof run->id, message, length, NULL, 0);
      if (memcmp (run->id, run->before, sizeof run->before) == 0)
        return TRUE;
    }
  g_set_error (error, YL_ERROR, YL_ERROR_MISSING, "entry %" G_GINT64_FORMAT " of writer %s must come first",
               run->first - 1, run->writer);
  return FALSE;
}

static gboolean
read_frame (Reader *reader, GArray *runs, YlSegment *segment, GError **error)
{
  const guint8 *head = take (reader, YL_WIRE_FRAME_BYTES);
  const guint8 *signature = NULL;
  const guint8 *text;
  g_autoptr (YlIncoming) incoming = g_new0 (YlIncoming, 1);
  YlWireEntry place = { 0 };
  YlWireRun *run;

  if (head == NULL || (head[6] & ~YL_WIRE_FRAME_SIGNED) != 0 || number (head + 4, 2) >= runs->len)
    return malformed (error, "a frame with a wrong head");
  incoming->is_signed = (head[6] & YL_WIRE_FRAME_SIGNED) != 0;
  if (incoming->is_signed && (signature = take (reader, YL_SIGNATURE_BYTES)) == NULL)
    return malformed (error, "a frame ends too early");
  text = take (reader, number (head, 4));
  if (text == NULL)
    return malformed (error, "a frame ends too early");
  run = &g_array_index (runs, YlWireRun, number (head + 4, 2));
  if (run->leaves && run->n_entries == 0 && !find_left (segment, run, error))
    return FALSE;
  incoming->message = rebuild ((const char *) text, number (head, 4), run, error);
  if (incoming->message == NULL)
    return FALSE;
  if (signature != NULL)
    memcpy (incoming->signature, signature, YL_SIGNATURE_BYTES);
  place.seq = run->first + run->n_entries++;
  place.strand = run->strand;
  memcpy (place.writer, run->writer, sizeof place.writer);
  yl_segment_append (segment, &place, g_steal_pointer (&incoming));
  return TRUE;
}

static gboolean
check_runs (GArray *runs, GError **error)
{
  for (guint i = 0; i < runs->len; i++)
    {
      const YlWireRun *run = &g_array_index (runs, YlWireRun, i);

      if (run->n_entries == 0 || memcmp (run->id, run->last_id, sizeof run->id) != 0)
        return malformed (error, "its entries do not add up to the announced ones");
    }
  return TRUE;
}

YlSegment *
yl_segment_decode (GBytes *bytes, YlPreviousFunc previous, gpointer data, GError **error)
{
  g_autoptr (YlSegment) segment = yl_segment_new ();
  g_autoptr (GArray) runs = NULL;
  g_autoptr (GBytes) frames = NULL;
  const guint8 *grant;
  Reader reader = { 0 };
  Head head = { 0 };

  reader.at = g_bytes_get_data (bytes, &reader.left);
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
  frames = inflate_frames (&reader, &head, error);
  if (frames == NULL)
    return NULL;
  reader.at = g_bytes_get_data (frames, &reader.left);
  for (guint i = 0; i < head.n_entries; i++)
    if (!read_frame (&reader, runs, segment, error))
      return NULL;
  if (reader.left > 0)
    {
      malformed (error, "something follows the last entry");
      return NULL;
    }
  segment->more = (head.flags & YL_WIRE_FLAG_MORE) != 0;
  return check_runs (runs, error) ? g_steal_pointer (&segment) : NULL;
}
