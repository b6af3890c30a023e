#include "exchange/yl-bundle.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <gio/gfiledescriptorbased.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "base/yl-i18n.h"
#include "exchange/yl-delivery.h"
#include "exchange/yl-grant.h"
#include "exchange/yl-hex.h"
#include "exchange/yl-watch.h"

/* "YLBD", version, scope, the writer that it comes from, the one that it is for or zeros; then each segment after its length
 * (u32 little-endian); then BLAKE2b-256 of all before. */
#define MAGIC "YLBD"
#define VERSION 1
#define SCOPE_BYTES (YL_SCOPE_CHARS / 2)
#define WRITER_BYTES (YL_WRITER_CHARS / 2)
#define HEAD_BYTES (4 + 1 + SCOPE_BYTES + 2 * WRITER_BYTES)
#define DIGEST_BYTES 32
#define READ_BYTES 65536

/* Writing */

typedef struct
{
  GOutputStream *stream;
  crypto_generichash_state digest;
  goffset bytes;
} Writing;

static gboolean
put (Writing *writing, gconstpointer data, gsize length, GError **error)
{
  g_autoptr (GError) fault = NULL;

  crypto_generichash_update (&writing->digest, data, length);
  writing->bytes += (goffset) length;
  if (g_output_stream_write_all (writing->stream, data, length, NULL, NULL, &fault))
    return TRUE;
  g_set_error (error, YL_ERROR,
               g_error_matches (fault, G_IO_ERROR, G_IO_ERROR_NO_SPACE) ? YL_ERROR_FULL : YL_ERROR_FAILED,
               _ ("the bundle cannot be written: %s"), fault->message);
  return FALSE;
}

static gboolean
put_head (Writing *writing, YlStore *store, const char *reader, GError **error)
{
  guint8 head[HEAD_BYTES] = MAGIC;
  guint8 *at = head + 4;

  *at++ = VERSION;
  yl_hex_read (yl_store_get_scope (store), at, SCOPE_BYTES);
  yl_hex_read (yl_store_get_identity (store), at + SCOPE_BYTES, WRITER_BYTES);
  if (reader != NULL)
    yl_hex_read (reader, at + SCOPE_BYTES + WRITER_BYTES, WRITER_BYTES);
  return put (writing, head, sizeof head, error);
}

static gboolean
put_segment (Writing *writing, YlStore *store, YlSegment *segment, const char *reader, guint *n_keys, GError **error)
{
  g_autoptr (GBytes) ids = reader != NULL ? yl_delivery_keys (segment) : g_bytes_new (NULL, 0);
  g_autoptr (GBytes) bytes = NULL;
  guint32 length;

  if (reader != NULL && !yl_grant_attach (store, segment, reader, ids, n_keys, error))
    return FALSE;
  bytes = yl_segment_encode (segment);
  length = GUINT32_TO_LE ((guint32) g_bytes_get_size (bytes));
  return put (writing, &length, sizeof length, error)
         && put (writing, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), error);
}

static gboolean
put_segments (Writing *writing,
              YlStore *store,
              GArray *frontier,
              const char *reader,
              YlBundleReport *report,
              GError **error)
{
  g_autoptr (GArray) coverage = yl_log_coverage (store, frontier, error);
  gint64 after = 0;
  gboolean more = coverage != NULL;

  while (more)
    {
      g_autoptr (YlSegment) segment = yl_delivery_collect_after (store, coverage, &after, error);
      guint n_keys = 0;

      if (segment == NULL)
        return FALSE;
      more = segment->more;
      if (segment->entries->len == 0)
        break;
      if (!put_segment (writing, store, segment, reader, &n_keys, error))
        return FALSE;
      report->segments++;
      report->entries += segment->entries->len;
      report->keys += n_keys;
    }
  return coverage != NULL;
}

static gboolean
put_all (Writing *writing, YlStore *store, const char *reader, gboolean all, YlBundleReport *report, GError **error)
{
  g_autoptr (GArray) frontier =
      reader != NULL && !all ? yl_log_seen_by (store, reader, error) : g_array_new (FALSE, FALSE, sizeof (YlEntryName));
  guint8 digest[DIGEST_BYTES];

  crypto_generichash_init (&writing->digest, NULL, 0, sizeof digest);
  if (frontier == NULL || !put_head (writing, store, reader, error)
      || !put_segments (writing, store, frontier, reader, report, error))
    return FALSE;
  crypto_generichash_final (&writing->digest, digest, sizeof digest);
  report->bytes = writing->bytes + DIGEST_BYTES;
  return put (writing, digest, sizeof digest, error);
}

/* Whole or not at all: written beside @file, brought to the disk, then renamed. */
static gboolean
finish (GFile *target, const char *temporary, GOutputStream *stream, GError **error)
{
  g_autoptr (GFile) made = g_file_new_for_path (temporary);
  g_autoptr (GError) fault = NULL;

  if (g_output_stream_flush (stream, NULL, &fault)
      && fsync (g_file_descriptor_based_get_fd (G_FILE_DESCRIPTOR_BASED (stream))) == 0
      && g_output_stream_close (stream, NULL, &fault)
      && g_file_move (made, target, G_FILE_COPY_NO_FALLBACK_FOR_MOVE, NULL, NULL, NULL, &fault))
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_FAILED, _ ("the bundle cannot be written: %s"),
               fault != NULL ? fault->message : g_strerror (errno));
  return FALSE;
}

gboolean
yl_bundle_write (YlStore *store,
                 const char *file,
                 const char *reader,
                 gboolean all,
                 YlBundleReport *report,
                 GError **error)
{
  g_autoptr (GFile) target = g_file_new_for_path (file);
  g_autofree char *temporary = g_strconcat (file, ".part", NULL);
  g_autoptr (GFile) part = g_file_new_for_path (temporary);
  g_autoptr (GFileOutputStream) stream = NULL;
  g_autoptr (GError) fault = NULL;
  Writing writing = { NULL };

  *report = (YlBundleReport){ 0 };
  if (g_file_query_exists (target, NULL))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("%s exists already: choose a new file name"), file);
      return FALSE;
    }
  if (!yl_delivery_settle (store, error))
    return FALSE;
  stream = g_file_replace (part, NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL, &fault);
  if (stream == NULL)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_FAILED, _ ("the bundle cannot be written: %s"), fault->message);
      return FALSE;
    }
  writing.stream = G_OUTPUT_STREAM (stream);
  if (put_all (&writing, store, reader, all, report, error) && finish (target, temporary, writing.stream, error))
    return TRUE;
  g_unlink (temporary);
  return FALSE;
}

/* Reading */

static gboolean
spoilt (const char *file, const char *why, GError **error)
{
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("%s: %s; nothing of it was taken in"), file, why);
  return FALSE;
}

static gboolean
get (GInputStream *stream, gpointer data, gsize length, const char *file, GError **error)
{
  g_autoptr (GError) fault = NULL;
  gsize taken;

  if (!g_input_stream_read_all (stream, data, length, &taken, NULL, &fault))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_FAILED, _ ("%s cannot be read: %s"), file, fault->message);
      return FALSE;
    }
  return taken == length || spoilt (file, _ ("the bundle is cut off"), error);
}

/* Everything but the digest at the end, against that digest. */
static gboolean
check_digest (GInputStream *stream, goffset size, const char *file, GError **error)
{
  g_autofree guint8 *buffer = g_malloc (READ_BYTES);
  guint8 expected[DIGEST_BYTES], digest[DIGEST_BYTES];
  crypto_generichash_state state;
  goffset left = size - DIGEST_BYTES;

  crypto_generichash_init (&state, NULL, 0, sizeof digest);
  while (left > 0)
    {
      gsize length = (gsize) MIN (left, READ_BYTES);

      if (!get (stream, buffer, length, file, error))
        return FALSE;
      crypto_generichash_update (&state, buffer, length);
      left -= (goffset) length;
    }
  crypto_generichash_final (&state, digest, sizeof digest);
  if (!get (stream, expected, sizeof expected, file, error))
    return FALSE;
  return memcmp (expected, digest, sizeof digest) == 0 || spoilt (file, _ ("the bundle is damaged"), error);
}

static gboolean
check_head (YlStore *store, GInputStream *stream, const char *file, GError **error)
{
  guint8 head[HEAD_BYTES];
  g_autofree char *scope = NULL;

  if (!get (stream, head, sizeof head, file, error))
    return FALSE;
  if (memcmp (head, MAGIC, 4) != 0)
    return spoilt (file, _ ("this is no bundle of Yuelai"), error);
  if (head[4] != VERSION)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_NEWER, _ ("%s was written by a newer Yuelai: update the program"), file);
      return FALSE;
    }
  scope = yl_hex_write (head + 5, SCOPE_BYTES);
  if (strcmp (scope, yl_store_get_scope (store)) != 0)
    return spoilt (file, _ ("the bundle is of another company"), error);
  return TRUE;
}

static gboolean
take_segment (YlStore *store,
              GInputStream *stream,
              goffset *left,
              const char *file,
              YlBundleReport *report,
              GError **error)
{
  g_autofree guint8 *data = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (YlSegment) segment = NULL;
  g_auto (YlTaken) taken = { 0 };
  guint32 length;

  if (*left < (goffset) sizeof length)
    return spoilt (file, _ ("the bundle is cut off"), error);
  if (!get (stream, &length, sizeof length, file, error))
    return FALSE;
  length = GUINT32_FROM_LE (length);
  *left -= (goffset) sizeof length;
  if (length == 0 || length > YL_WIRE_BODY_MAX || length > *left)
    return spoilt (file, _ ("the bundle is damaged"), error);
  data = g_malloc (length);
  if (!get (stream, data, length, file, error))
    return FALSE;
  *left -= length;
  bytes = g_bytes_new_take (g_steal_pointer (&data), length);
  segment = yl_delivery_read (store, bytes, error);
  if (segment == NULL || !yl_watch_others (store, segment, error)
      || !yl_delivery_accept (store, segment, &taken, error))
    return FALSE;
  report->segments++;
  report->entries += taken.n_entries;
  report->keys += taken.n_keys;
  return TRUE;
}

static gboolean
take_all (YlStore *store, GInputStream *stream, goffset size, const char *file, YlBundleReport *report, GError **error)
{
  goffset left = size - HEAD_BYTES - DIGEST_BYTES;

  if (!check_head (store, stream, file, error))
    return FALSE;
  while (left > 0)
    if (!take_segment (store, stream, &left, file, report, error))
      return FALSE;
  return TRUE;
}

static GFileInputStream *
open_bundle (const char *file, goffset *size, GError **error)
{
  g_autoptr (GFile) source = g_file_new_for_path (file);
  g_autoptr (GError) fault = NULL;
  g_autoptr (GFileInputStream) stream = g_file_read (source, NULL, &fault);
  g_autoptr (GFileInfo) info =
      stream != NULL ? g_file_input_stream_query_info (stream, G_FILE_ATTRIBUTE_STANDARD_SIZE, NULL, &fault) : NULL;

  if (info == NULL)
    {
      g_set_error (error, YL_ERROR,
                   g_error_matches (fault, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ? YL_ERROR_NOT_FOUND : YL_ERROR_FAILED,
                   _ ("%s cannot be read: %s"), file, fault->message);
      return NULL;
    }
  *size = g_file_info_get_size (info);
  if (*size >= HEAD_BYTES + DIGEST_BYTES && *size <= YL_BUNDLE_BYTES_MAX)
    return g_steal_pointer (&stream);
  spoilt (file, _ ("this is no bundle of Yuelai"), error);
  return NULL;
}

gboolean
yl_bundle_read (YlStore *store, const char *file, YlBundleReport *report, GError **error)
{
  g_autoptr (GFileInputStream) stream = NULL;
  g_autoptr (GError) fault = NULL;
  goffset size;

  *report = (YlBundleReport){ 0 };
  stream = open_bundle (file, &size, error);
  if (stream == NULL || !check_digest (G_INPUT_STREAM (stream), size, file, error))
    return FALSE;
  report->bytes = size;
  if (!g_seekable_seek (G_SEEKABLE (stream), 0, G_SEEK_SET, NULL, &fault))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_FAILED, _ ("%s cannot be read: %s"), file, fault->message);
      return FALSE;
    }
  return take_all (store, G_INPUT_STREAM (stream), size, file, report, error);
}
