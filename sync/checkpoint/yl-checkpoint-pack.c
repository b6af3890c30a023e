#include "checkpoint/yl-checkpoint-pack.h"

#include <string.h>
#include <zstd.h>

#include "base/yl-i18n.h"
#include "checkpoint/yl-checkpoint-entries.h"
#include "log/yl-varint.h"

#define VERSION 1
#define CHUNK_BYTES (2 * 1024 * 1024) /* of files before a chunk ends */
#define CHUNK_MAX (YL_SHARD_MAX_BYTES + 1024 * 1024)
#define ANSWER_BYTES (1024 * 1024) /* of chunks before an answer ends */
#define RATIO_MAX 200
#define LEVEL 6 /* whoever begins waits for it; 12 takes six times as long for 2 % less */
#define COMMIT_MAX (1024 * 1024)

static const char magic[4] = "YLCP";

YlCheckpointPack *
yl_checkpoint_pack_new (GBytes *commit, guint n_chunks)
{
  YlCheckpointPack *pack = g_new0 (YlCheckpointPack, 1);

  pack->commit = g_bytes_ref (commit);
  pack->chunks = g_ptr_array_new ();
  g_ptr_array_set_size (pack->chunks, (gint) n_chunks);
  return pack;
}

void
yl_checkpoint_pack_free (YlCheckpointPack *pack)
{
  g_bytes_unref (pack->commit);
  for (guint i = 0; i < pack->chunks->len; i++)
    g_clear_pointer ((GBytes **) &pack->chunks->pdata[i], g_bytes_unref);
  g_ptr_array_unref (pack->chunks);
  g_free (pack);
}

/* Writing */

static void
put_file (GByteArray *out, const char *path, gconstpointer bytes, gsize length)
{
  yl_varint_append (out, strlen (path));
  g_byte_array_append (out, (const guint8 *) path, (guint) strlen (path));
  yl_varint_append (out, length);
  g_byte_array_append (out, bytes, (guint) length);
}

static gboolean
end_chunk (YlCheckpointPack *pack, GByteArray *files, GError **error)
{
  gsize bound = ZSTD_compressBound (files->len);
  g_autofree guint8 *chunk = g_malloc (bound);
  gsize length = ZSTD_compress (chunk, bound, files->data, files->len, LEVEL);

  if (ZSTD_isError (length))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_FAILED, "cannot compress a checkpoint: %s", ZSTD_getErrorName (length));
      return FALSE;
    }
  g_ptr_array_add (pack->chunks, g_bytes_new (chunk, length));
  g_byte_array_set_size (files, 0);
  return TRUE;
}

/* Differences from one entry to the next, mostly small. */
static void
put_places (GByteArray *out, GArray *places)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  gint64 before = 0;

  for (guint i = 0; i < places->len; i++)
    {
      gint64 place = g_array_index (places, gint64, i);
      guint64 difference = (guint64) place - (guint64) before;

      yl_varint_append (bytes, difference << 1 ^ -(difference >> 63));
      before = place;
    }
  put_file (out, "", bytes->data, bytes->len);
}

YlCheckpointPack *
yl_checkpoint_pack (YlStore *store, const YlCheckpoint *checkpoint, GError **error)
{
  YlGit *git = yl_git_get (store, error);
  /* Nothing is written: in one transaction so many small readings take half the time. */
  g_autoptr (YlLogTransaction) moment = git != NULL ? yl_log_begin (store, error) : NULL;
  g_autoptr (YlCheckpointContent) content =
      moment != NULL ? yl_checkpoint_content_read (git, &checkpoint->tree, error) : NULL;
  g_autoptr (GArray) places = content != NULL ? yl_checkpoint_places (store, content, error) : NULL;
  g_autoptr (YlCheckpointPack) pack = yl_checkpoint_pack_new (checkpoint->commit, 0);
  g_autoptr (GByteArray) files = g_byte_array_new ();

  if (places == NULL)
    return NULL;
  put_places (files, places);
  for (guint i = 0; i < content->parts->len; i++)
    {
      const YlCheckpointPart *part = content->parts->pdata[i];
      gsize length;
      gconstpointer bytes = g_bytes_get_data (part->bytes, &length);

      put_file (files, part->path, bytes, length);
      if (files->len >= CHUNK_BYTES && !end_chunk (pack, files, error))
        return NULL;
    }
  return files->len == 0 || end_chunk (pack, files, error) ? g_steal_pointer (&pack) : NULL;
}

static void
put_number (GByteArray *out, gsize number)
{
  guint32 little = GUINT32_TO_LE ((guint32) number);

  g_byte_array_append (out, (const guint8 *) &little, sizeof little);
}

static void
put_bytes (GByteArray *out, GBytes *bytes)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  put_number (out, length);
  g_byte_array_append (out, data, (guint) length);
}

static guint
answer_end (YlCheckpointPack *pack, guint first)
{
  guint end = first;

  for (gsize length = 0; end < pack->chunks->len && length < ANSWER_BYTES; end++)
    length += g_bytes_get_size (pack->chunks->pdata[end]);
  return end;
}

GBytes *
yl_checkpoint_pack_answer (YlCheckpointPack *pack, guint first)
{
  GByteArray *out = g_byte_array_new ();
  guint end = answer_end (pack, first);
  const guint8 version = VERSION;

  g_byte_array_append (out, (const guint8 *) magic, sizeof magic);
  g_byte_array_append (out, &version, 1);
  put_bytes (out, pack->commit);
  put_number (out, pack->chunks->len);
  put_number (out, first);
  put_number (out, end - first);
  for (guint i = first; i < end; i++)
    put_bytes (out, pack->chunks->pdata[i]);
  return g_byte_array_free_to_bytes (out);
}

/* Reading: foreign bytes */

static void
refuse (GError **error)
{
  g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID, _ ("what came as a checkpoint is out of form"));
}

static gboolean
get_number (YlVarintReader *reader, guint *number)
{
  guint32 little;

  if (reader->end - reader->at < (gssize) sizeof little)
    return FALSE;
  memcpy (&little, reader->at, sizeof little);
  reader->at += sizeof little;
  *number = GUINT32_FROM_LE (little);
  return TRUE;
}

static GBytes *
get_bytes (YlVarintReader *reader, guint max)
{
  guint length;
  const guint8 *data;

  if (!get_number (reader, &length) || length > max || length > reader->end - reader->at)
    return NULL;
  data = reader->at;
  reader->at += length;
  return g_bytes_new (data, length);
}

static gboolean
read_head (YlVarintReader *reader, GBytes **commit, guint *n_chunks, guint *first, guint *n)
{
  if (reader->end - reader->at < (gssize) sizeof magic + 1 || memcmp (reader->at, magic, sizeof magic) != 0
      || reader->at[sizeof magic] != VERSION)
    return FALSE;
  reader->at += sizeof magic + 1;
  *commit = get_bytes (reader, COMMIT_MAX);
  return *commit != NULL && get_number (reader, n_chunks) && get_number (reader, first) && get_number (reader, n)
         && *n_chunks <= YL_CHECKPOINT_CHUNKS_MAX && *first <= *n_chunks && *n <= *n_chunks - *first;
}

YlCheckpointPack *
yl_checkpoint_pack_read (GBytes *answer, guint *first, guint *end, GError **error)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (answer, &length);
  YlVarintReader reader = yl_varint_reader (data, length);
  g_autoptr (GBytes) commit = NULL;
  g_autoptr (YlCheckpointPack) pack = NULL;
  guint n_chunks, n;
  gboolean ok = read_head (&reader, &commit, &n_chunks, first, &n);

  if (ok)
    pack = yl_checkpoint_pack_new (commit, n_chunks);
  for (guint i = 0; ok && i < n; i++)
    {
      pack->chunks->pdata[*first + i] = get_bytes (&reader, YL_CHECKPOINT_ANSWER_MAX);
      ok = pack->chunks->pdata[*first + i] != NULL;
    }
  if (!ok || reader.at != reader.end)
    {
      refuse (error);
      return NULL;
    }
  *end = *first + n;
  return g_steal_pointer (&pack);
}

static GBytes *
inflate (GBytes *chunk)
{
  gsize length;
  gconstpointer data = g_bytes_get_data (chunk, &length);
  unsigned long long size = ZSTD_getFrameContentSize (data, length);
  g_autofree guint8 *files = NULL;

  if (size > CHUNK_MAX || size > (unsigned long long) length * RATIO_MAX + 4096
      || ZSTD_findFrameCompressedSize (data, length) != length)
    return NULL;
  files = g_try_malloc (size + 1);
  if (files == NULL || ZSTD_decompress (files, size, data, length) != size)
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&files), size);
}

static gboolean
get_file (YlVarintReader *reader, GBytes *files, char **path, GBytes **bytes)
{
  const guint8 *start = g_bytes_get_data (files, NULL);
  guint64 length;

  if (!yl_varint_read (reader, &length) || length > 200 || length > (guint64) (reader->end - reader->at))
    return FALSE;
  *path = g_strndup ((const char *) reader->at, length);
  reader->at += length;
  if (!yl_varint_read (reader, &length) || length > (guint64) (reader->end - reader->at))
    return FALSE;
  *bytes = g_bytes_new_from_bytes (files, (gsize) (reader->at - start), length);
  reader->at += length;
  return TRUE;
}

static gboolean
read_places (GBytes *bytes, GArray *places)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  YlVarintReader reader = yl_varint_reader (data, length);
  gint64 place = 0;

  while (reader.at < reader.end)
    {
      guint64 zigzag;

      if (!yl_varint_read (&reader, &zigzag))
        return FALSE;
      place = (gint64) ((guint64) place + (zigzag >> 1 ^ -(zigzag & 1)));
      g_array_append_val (places, place);
    }
  return TRUE;
}

static gboolean
open_chunk (GBytes *chunk, GPtrArray *parts, GArray *places)
{
  g_autoptr (GBytes) files = chunk != NULL ? inflate (chunk) : NULL;
  gsize length = 0;
  const guint8 *data = files != NULL ? g_bytes_get_data (files, &length) : NULL;
  YlVarintReader reader = yl_varint_reader (data, length);

  while (reader.at < reader.end)
    {
      g_autofree char *path = NULL;
      g_autoptr (GBytes) bytes = NULL;

      if (!get_file (&reader, files, &path, &bytes))
        return FALSE;
      if (*path == '\0' ? !read_places (bytes, places) : !yl_checkpoint_is_path (path))
        return FALSE;
      if (*path != '\0')
        g_ptr_array_add (parts, yl_checkpoint_part_new (path, bytes));
    }
  return files != NULL;
}

YlCheckpointContent *
yl_checkpoint_pack_open (YlCheckpointPack *pack, const YlCheckpoint *checkpoint, GArray **places, GError **error)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_checkpoint_part_free);
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (YlCheckpointContent) content = NULL;

  for (guint i = 0; i < pack->chunks->len; i++)
    if (!open_chunk (pack->chunks->pdata[i], parts, found))
      {
        refuse (error);
        return NULL;
      }
  content = yl_checkpoint_content_of (parts, error);
  if (content == NULL)
    return NULL;
  if (!git_oid_equal (&content->tree, &checkpoint->tree)
      || memcmp (content->id, checkpoint->content, sizeof content->id) != 0)
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID,
                           _ ("the files of a checkpoint are not those that the company signed"));
      return NULL;
    }
  *places = g_steal_pointer (&found);
  return g_steal_pointer (&content);
}
