/* Reading a shard: foreign bytes, every count held against what there is before anything is made of it. */
#include "checkpoint/yl-shard-private.h"

#include <string.h>

#include "base/yl-i18n.h"
#include "log/yl-varint.h"

typedef struct
{
  char *name;
  guint *counts;  /* of each record; of the column before where shared */
  guint *entries; /* of each version */
  guint n_versions;
  YlValue *values; /* bytes borrowed from the shard's */
  gboolean shared; /* counts and entries belong to a column before */
} Column;

struct _YlShard
{
  GBytes *bytes;
  const guint8 *ids;
  guint n_records;
  guint64 n_versions; /* of all columns */
  GArray *entries;
  GPtrArray *columns; /* of Column */
};

static void
column_free (Column *column)
{
  g_free (column->name);
  g_free (column->values);
  if (!column->shared)
    {
      g_free (column->counts);
      g_free (column->entries);
    }
  g_free (column);
}

void
yl_shard_free (YlShard *shard)
{
  g_clear_pointer (&shard->columns, g_ptr_array_unref);
  g_clear_pointer (&shard->entries, g_array_unref);
  g_clear_pointer (&shard->bytes, g_bytes_unref);
  g_free (shard);
}

GArray *
yl_shard_entries (YlShard *shard)
{
  return shard->entries;
}

static gsize
left (const YlVarintReader *reader)
{
  return (gsize) (reader->end - reader->at);
}

static gboolean
read_number (YlVarintReader *reader, guint64 max, guint *number)
{
  guint64 value;

  if (!yl_varint_read (reader, &value) || value > max)
    return FALSE;
  *number = (guint) value;
  return TRUE;
}

static gboolean
read_bytes (YlVarintReader *reader, gsize length, const guint8 **bytes)
{
  if (length > left (reader))
    return FALSE;
  *bytes = reader->at;
  reader->at += length;
  return TRUE;
}

static gboolean
read_difference (YlVarintReader *reader, gint64 *value)
{
  guint64 zigzag;

  if (!yl_varint_read (reader, &zigzag))
    return FALSE;
  *value = (gint64) ((guint64) *value + (zigzag >> 1 ^ -(zigzag & 1)));
  return TRUE;
}

static char *
read_text (YlVarintReader *reader, guint max)
{
  guint length;
  const guint8 *bytes;

  if (!read_number (reader, max, &length) || !read_bytes (reader, length, &bytes)
      || !g_utf8_validate_len ((const char *) bytes, length, NULL))
    return NULL;
  return g_strndup ((const char *) bytes, length);
}

/* Entries, member by member */

static gboolean
read_writer (YlVarintReader *reader, const YlBone *before, YlBone *entry)
{
  guint other;
  const guint8 *bytes;

  if (!read_number (reader, 1, &other) || (other == 0 && before == NULL))
    return FALSE;
  if (other == 0)
    {
      g_strlcpy (entry->name.writer, before->name.writer, sizeof entry->name.writer);
      return TRUE;
    }
  if (!read_bytes (reader, YL_SHARD_WRITER_BYTES, &bytes))
    return FALSE;
  for (guint i = 0; i < YL_SHARD_WRITER_BYTES; i++)
    g_snprintf (entry->name.writer + 2 * i, 3, "%02x", bytes[i]);
  return TRUE;
}

static gboolean
read_seq (YlVarintReader *reader, const YlBone *before, YlBone *entry)
{
  entry->name.seq = before != NULL ? before->name.seq : 0;
  return read_difference (reader, &entry->name.seq) && entry->name.seq > 0;
}

static gboolean
read_hlc (YlVarintReader *reader, const YlBone *before, YlBone *entry)
{
  entry->hlc = before != NULL ? before->hlc : 0;
  return read_difference (reader, &entry->hlc);
}

static gboolean
read_actor (YlVarintReader *reader, const YlBone *before, YlBone *entry)
{
  guint other;

  if (!read_number (reader, 1, &other) || (other == 0 && before == NULL))
    return FALSE;
  entry->actor = other == 0 ? g_strdup (before->actor) : read_text (reader, 255);
  return entry->actor != NULL;
}

static gboolean
read_id8 (YlVarintReader *reader, const YlBone *before, YlBone *entry)
{
  const guint8 *bytes;

  if (!read_bytes (reader, sizeof entry->name.id8, &bytes))
    return FALSE;
  memcpy (entry->name.id8, bytes, sizeof entry->name.id8);
  return TRUE;
}

static gboolean
read_entries (YlVarintReader *reader, GArray *entries)
{
  static gboolean (*const members[]) (YlVarintReader *, const YlBone *, YlBone *) = {
    read_writer, read_seq, read_hlc, read_actor, read_id8,
  };
  guint n;

  if (!read_number (reader, left (reader) / sizeof ((YlEntryName *) NULL)->id8, &n))
    return FALSE;
  g_array_set_size (entries, n);
  for (guint m = 0; m < G_N_ELEMENTS (members); m++)
    for (guint i = 0; i < n; i++)
      if (!members[m](reader, i > 0 ? &g_array_index (entries, YlBone, i - 1) : NULL,
                      &g_array_index (entries, YlBone, i)))
        return FALSE;
  return TRUE;
}

/* Records */

static gboolean
read_ids (YlShard *shard, YlVarintReader *reader)
{
  if (!read_number (reader, left (reader) / YL_SHARD_ID_BYTES, &shard->n_records)
      || !read_bytes (reader, (gsize) shard->n_records * YL_SHARD_ID_BYTES, &shard->ids))
    return FALSE;
  for (guint i = 1; i < shard->n_records; i++)
    if (memcmp (shard->ids + (gsize) (i - 1) * YL_SHARD_ID_BYTES, shard->ids + (gsize) i * YL_SHARD_ID_BYTES,
                YL_SHARD_ID_BYTES)
        >= 0)
      return FALSE;
  return TRUE;
}

/* Columns */

static gboolean
read_counts (YlShard *shard, YlVarintReader *reader, Column *column)
{
  guint64 total = 0;

  column->counts = g_new0 (guint, shard->n_records + 1);
  for (guint i = 0; i < shard->n_records; i++)
    {
      if (!read_number (reader, left (reader), &column->counts[i]))
        return FALSE;
      total += column->counts[i];
    }
  column->n_versions = (guint) total;
  return total > 0 && total <= left (reader);
}

static gboolean
read_shape (YlShard *shard, YlVarintReader *reader, const Column *before, Column *column)
{
  guint other;

  if (!read_number (reader, 1, &other) || (other == 0 && before == NULL))
    return FALSE;
  if (other == 0)
    {
      column->shared = TRUE;
      column->counts = before->counts;
      column->entries = before->entries;
      column->n_versions = before->n_versions;
      return TRUE;
    }
  if (!read_counts (shard, reader, column))
    return FALSE;
  column->entries = g_new0 (guint, column->n_versions);
  for (guint i = 0; i < column->n_versions; i++)
    if (!read_number (reader, G_MAXUINT, &column->entries[i]) || column->entries[i] >= shard->entries->len)
      return FALSE;
  return TRUE;
}

static gboolean
read_types (YlVarintReader *reader, Column *column)
{
  guint all, type;

  if (!read_number (reader, YL_SHARD_MIXED, &all))
    return FALSE;
  for (guint i = 0; i < column->n_versions; i++)
    {
      type = all;
      if (all == YL_SHARD_MIXED && !read_number (reader, YL_VALUE_BLOB, &type))
        return FALSE;
      column->values[i].type = (YlValueType) type;
    }
  return TRUE;
}

static gboolean
has_bytes (const YlValue *value)
{
  return value->type == YL_VALUE_TEXT || value->type == YL_VALUE_BLOB;
}

static gboolean
read_lengths (YlVarintReader *reader, Column *column)
{
  gint64 integer = 0;
  guint length;

  for (guint i = 0; i < column->n_versions; i++)
    {
      if (column->values[i].type != YL_VALUE_INTEGER)
        continue;
      if (!read_difference (reader, &integer))
        return FALSE;
      column->values[i].integer = integer;
    }
  for (guint i = 0; i < column->n_versions; i++)
    {
      if (!has_bytes (&column->values[i]))
        continue;
      if (!read_number (reader, left (reader), &length))
        return FALSE;
      column->values[i].length = length;
    }
  return TRUE;
}

static gboolean
read_values (YlShard *shard, YlVarintReader *reader, Column *column)
{
  /* Nulls take no bytes, and a shape can be shared: neither may grow without end. */
  shard->n_versions += column->n_versions;
  if (shard->n_versions > YL_SHARD_MAX_VERSIONS)
    return FALSE;
  column->values = g_new0 (YlValue, column->n_versions);
  if (!read_types (reader, column) || !read_lengths (reader, column))
    return FALSE;
  for (guint i = 0; i < column->n_versions; i++)
    {
      YlValue *value = &column->values[i];
      const guint8 *bytes;

      if (!has_bytes (value))
        continue;
      if (!read_bytes (reader, value->length, &bytes)
          || (value->type == YL_VALUE_TEXT && !g_utf8_validate_len ((const char *) bytes, value->length, NULL)))
        return FALSE;
      value->bytes = (char *) bytes;
    }
  return TRUE;
}

static gboolean
read_columns (YlShard *shard, YlVarintReader *reader)
{
  guint n;
  const Column *before = NULL;

  if (!read_number (reader, left (reader) / 3, &n))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      Column *column = g_new0 (Column, 1);

      g_ptr_array_add (shard->columns, column);
      column->name = read_text (reader, 64);
      if (column->name == NULL || (before != NULL && strcmp (before->name, column->name) >= 0)
          || !read_shape (shard, reader, before, column) || !read_values (shard, reader, column))
        return FALSE;
      before = column;
    }
  return TRUE;
}

static gboolean
read_shard (YlShard *shard, YlVarintReader *reader)
{
  guint version;

  return read_number (reader, G_MAXUINT, &version) && version == YL_SHARD_VERSION && read_ids (shard, reader)
         && read_entries (reader, shard->entries) && read_columns (shard, reader) && reader->at == reader->end;
}

YlShard *
yl_shard_read (GBytes *bytes, GError **error)
{
  g_autoptr (YlShard) shard = g_new0 (YlShard, 1);
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  YlVarintReader reader = yl_varint_reader (data, length);

  shard->bytes = g_bytes_ref (bytes);
  shard->entries = yl_bones_new ();
  shard->columns = g_ptr_array_new_with_free_func ((GDestroyNotify) column_free);
  if (length <= YL_SHARD_MAX_BYTES && read_shard (shard, &reader))
    return g_steal_pointer (&shard);
  g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID, _ ("a part of a checkpoint is out of form"));
  return NULL;
}

gboolean
yl_shard_is_of (YlShard *shard, guint bucket)
{
  for (guint i = 0; i < shard->n_records; i++)
    if (shard->ids[(gsize) (i + 1) * YL_SHARD_ID_BYTES - 1] != bucket)
      return FALSE;
  return TRUE;
}

/* Its versions in order */

typedef struct
{
  YlShard *shard;
  guint *next; /* of each column: its first version that was not given */
  YlMergeVersion version;
  YlMergeVersionFunc func;
  gpointer data;
} Visit;

static gboolean
visit_column (Visit *visit, guint record, guint c, GError **error)
{
  const Column *column = visit->shard->columns->pdata[c];

  visit->version.column = column->name;
  for (guint i = 0; i < column->counts[record]; i++)
    {
      guint v = visit->next[c]++;
      const YlBone *entry = &g_array_index (visit->shard->entries, YlBone, column->entries[v]);

      visit->version.entry = entry->name;
      visit->version.hlc = entry->hlc;
      visit->version.n = entry->n;
      visit->version.value = &column->values[v];
      if (!visit->func (&visit->version, visit->data, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
yl_shard_foreach (YlShard *shard, const char *table, YlMergeVersionFunc func, gpointer data, GError **error)
{
  g_autofree guint *next = g_new0 (guint, shard->columns->len + 1);
  char id[37];
  Visit visit = { .shard = shard, .next = next, .func = func, .data = data };

  visit.version.table = table;
  visit.version.id = id;
  for (guint record = 0; record < shard->n_records; record++)
    {
      const guint8 *b = shard->ids + (gsize) record * YL_SHARD_ID_BYTES;

      g_snprintf (id, sizeof id, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1],
                  b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
      for (guint c = 0; c < shard->columns->len; c++)
        if (!visit_column (&visit, record, c, error))
          return FALSE;
    }
  return TRUE;
}
