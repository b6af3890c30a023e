#include <inttypes.h>
#include <string.h>
#include <zstd.h>

#include "base/yl-i18n.h"
#include "yl-entry-pack.h"
#include "merge/yl-fold.h"
#include "yl-log-door.h"
#include "yl-strand.h"
#include "yl-varint.h"

/*
 * Messages in the store file, once each: twice the number of entries merged (one more if the rest is a zstd frame), their local
 * numbers, and the packed entry. All else stands in the row of the entry or in rows before it.
 */

/* Shorter ones gain nothing. */
#define DEFLATE_BYTES 400
#define DEFLATE_LEVEL 3

static gboolean
append_merged (YlStore *store, GByteArray *out, const YlEntryName *name, GError **error)
{
  g_autoptr (YlEntryRow) row = yl_log_find_name (store, name, error);

  if (row != NULL)
    yl_varint_append (out, (guint64) row->n);
  return row != NULL;
}

/* NULL where it would not be shorter. */
static GBytes *
deflate (GBytes *packed)
{
  gsize length;
  gconstpointer bytes = g_bytes_get_data (packed, &length);
  gsize bound = ZSTD_compressBound (length);
  g_autofree guint8 *shorter = NULL;
  gsize n;

  if (length < DEFLATE_BYTES)
    return NULL;
  shorter = g_malloc (bound);
  n = ZSTD_compress (shorter, bound, bytes, length, DEFLATE_LEVEL);
  return ZSTD_isError (n) || n >= length ? NULL : g_bytes_new_take (g_steal_pointer (&shorter), n);
}

GBytes *
yl_log_message_pack (YlStore *store, const YlEntry *entry, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GBytes) packed = yl_entry_pack (entry);
  g_autoptr (GBytes) shorter = deflate (packed);
  GBytes *rest = shorter != NULL ? shorter : packed;

  yl_varint_append (out, (guint64) entry->merged->len << 1 | (shorter != NULL ? 1 : 0));
  for (guint i = 0; i < entry->merged->len; i++)
    if (!append_merged (store, out, &g_array_index (entry->merged, YlEntryName, i), error))
      return NULL;
  g_byte_array_append (out, g_bytes_get_data (rest, NULL), (guint) g_bytes_get_size (rest));
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

static gboolean
read_merged (YlStore *store, YlVarintReader *reader, guint64 count, YlEntry *entry, GError **error)
{
  guint64 n;

  for (guint64 i = 0; i < count; i++)
    {
      const YlEntryFacts *facts = yl_varint_read (reader, &n) ? yl_store_entry_facts (store, (gint64) n) : NULL;
      YlEntryName name = { 0 };

      if (facts == NULL || !yl_store_name_writer (store, facts->w, name.writer, error))
        return FALSE;
      name.seq = facts->seq;
      memcpy (name.id8, facts->id8, sizeof name.id8);
      g_array_append_val (entry->merged, name);
    }
  return TRUE;
}

static gboolean
inflate (YlVarintReader *reader, guint8 **inflated)
{
  gsize length = (gsize) (reader->end - reader->at);
  unsigned long long size = ZSTD_getFrameContentSize (reader->at, length);

  if (size > YL_ENTRY_MAX_BYTES)
    return FALSE;
  *inflated = g_malloc (size);
  if (ZSTD_decompress (*inflated, size, reader->at, length) != size)
    return FALSE;
  reader->at = *inflated;
  reader->end = *inflated + size;
  return TRUE;
}

static gboolean
read_stored (YlStore *store, gconstpointer data, gsize length, YlEntry *entry, GError **error)
{
  YlVarintReader reader = yl_varint_reader (data, length);
  g_autofree guint8 *inflated = NULL;
  g_autoptr (GError) local = NULL;
  guint64 head;

  if (!yl_varint_read (&reader, &head) || !read_merged (store, &reader, head >> 1, entry, &local)
      || ((head & 1) != 0 && !inflate (&reader, &inflated)))
    {
      if (local != NULL)
        g_propagate_error (error, g_steal_pointer (&local));
      else if (yl_database_check_fault (store->database, error))
        g_set_error_literal (error, YL_ERROR, YL_ERROR_CORRUPT, "its message is damaged");
      return FALSE;
    }
  return yl_entry_unpack (entry, reader.at, (gsize) (reader.end - reader.at), error);
}

static gboolean
read_row (YlStore *store, gint64 n, YlRows *rows, YlEntry *entry, GError **error)
{
  g_autoptr (YlVector) seen = NULL;
  gint64 w = yl_rows_integer (rows, 0);
  gconstpointer bytes;
  gsize length;

  entry->seq = yl_rows_integer (rows, 1);
  entry->hlc = yl_rows_integer (rows, 2);
  entry->actor = g_strdup (yl_rows_text (rows, 3));
  g_strlcpy (entry->scope, store->scope, sizeof entry->scope);
  if (!yl_store_name_writer (store, w, entry->writer, error))
    return FALSE;
  bytes = yl_rows_blob (rows, 5, &length);
  if (entry->seq > 1)
    memcpy (entry->prev, bytes, MIN (length, sizeof entry->prev));
  seen = yl_fold_seen_before (store, n, error);
  if (seen == NULL || !yl_strand_reach (store, seen, store->authority, &entry->authority, error))
    return FALSE;
  bytes = yl_rows_blob (rows, 4, &length);
  return read_stored (store, bytes, length, entry, error);
}

/* What a checkpoint covers may be absent; anything else is a loss. */
static void
absent (gboolean covered, GError **error)
{
  if (covered)
    g_set_error_literal (error, YL_ERROR, YL_ERROR_MISSING, _ ("its change set is not here: head office has it"));
  else
    g_set_error_literal (error, YL_ERROR, YL_ERROR_CORRUPT, "its message is gone");
}

static YlEntry *
read_entry (YlStore *store, gint64 n, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (
      store->database, error,
      "SELECT e.w, e.seq, e.hlc, e.actor, e.message, p.id, e.id, e.seq <= strand.base FROM entry AS e"
      " JOIN strand USING (w) LEFT JOIN entry AS p ON p.seq = e.seq - 1"
      " AND p.w = iif(e.seq = strand.first, strand.parent, e.w) WHERE e.n = ?",
      "i", n);
  g_autoptr (YlEntry) entry = yl_entry_new ();
  gboolean found;
  gconstpointer id;
  gsize length;

  if (rows == NULL)
    return NULL;
  found = yl_rows_next (rows, error);
  if (!found || yl_rows_is_null (rows, 4))
    {
      if (yl_rows_ended (rows))
        absent (found && yl_rows_integer (rows, 7) != 0, error);
      return NULL;
    }
  if (!read_row (store, n, rows, entry, error))
    return NULL;
  id = yl_rows_blob (rows, 6, &length);
  if (length == sizeof entry->id && memcmp (id, entry->id, length) == 0)
    return g_steal_pointer (&entry);
  g_set_error_literal (error, YL_ERROR, YL_ERROR_CORRUPT, "its message does not have its id");
  return NULL;
}

YlEntry *
yl_log_entry (YlStore *store, gint64 n, GError **error)
{
  g_autoptr (GError) cause = NULL;
  YlEntry *entry = read_entry (store, n, &cause);

  if (g_error_matches (cause, YL_ERROR, YL_ERROR_MISSING))
    g_set_error (error, YL_ERROR, YL_ERROR_MISSING, _ ("entry number %" PRId64 " of the log: %s"), n, cause->message);
  else if (entry == NULL)
    g_set_error (error, YL_ERROR, YL_ERROR_CORRUPT,
                 "entry number %" G_GINT64_FORMAT " of the log is damaged: %s: run `yuelaictl fsck`", n,
                 cause->message);
  return entry;
}

GBytes *
yl_log_message (YlStore *store, gint64 n, GError **error)
{
  g_autoptr (YlEntry) entry = yl_log_entry (store, n, error);

  return entry != NULL ? g_bytes_ref (entry->message) : NULL;
}
