#include "checkpoint/yl-shard.h"

#include <sodium.h>
#include <string.h>

#include "checkpoint/yl-shard-private.h"
#include "log/yl-varint.h"

/* Column: a register of all records, in the order of the records. */
typedef struct
{
  char *name;
  GArray *counts;  /* of guint: versions of each record; shorter where the rest has none */
  GArray *entries; /* of guint: who wrote each version, as first met */
  GArray *values;  /* of YlValue */
} Column;

struct _YlShardWriter
{
  GByteArray *ids;
  guint n_records;
  char last[37];
  GHashTable *columns; /* name -> Column */
  GHashTable *known;   /* entry name -> its number + 1 */
  GArray *entries;     /* of YlBone, as first met */
};

static void
column_free (Column *column)
{
  g_free (column->name);
  g_array_unref (column->counts);
  g_array_unref (column->entries);
  g_array_unref (column->values);
  g_free (column);
}

YlShardWriter *
yl_shard_writer_new (void)
{
  YlShardWriter *writer = g_new0 (YlShardWriter, 1);

  writer->ids = g_byte_array_new ();
  writer->columns = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) column_free);
  writer->known = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);
  writer->entries = yl_bones_new ();
  return writer;
}

void
yl_shard_writer_free (YlShardWriter *writer)
{
  g_byte_array_unref (writer->ids);
  g_hash_table_unref (writer->columns);
  g_hash_table_unref (writer->known);
  g_array_unref (writer->entries);
  g_free (writer);
}

/* Gathering */

static void
add_id (YlShardWriter *writer, const char *id)
{
  guint8 bytes[YL_SHARD_ID_BYTES];

  if (sodium_hex2bin (bytes, sizeof bytes, id, strlen (id), "-", NULL, NULL) != 0)
    memset (bytes, 0, sizeof bytes);
  g_byte_array_append (writer->ids, bytes, sizeof bytes);
  g_strlcpy (writer->last, id, sizeof writer->last);
  writer->n_records++;
}

static Column *
find_column (YlShardWriter *writer, const char *name)
{
  Column *column = g_hash_table_lookup (writer->columns, name);

  if (column == NULL)
    {
      column = g_new0 (Column, 1);
      column->name = g_strdup (name);
      column->counts = g_array_new (FALSE, TRUE, sizeof (guint));
      column->entries = g_array_new (FALSE, FALSE, sizeof (guint));
      column->values = g_array_new (FALSE, TRUE, sizeof (YlValue));
      g_array_set_clear_func (column->values, (GDestroyNotify) yl_value_clear);
      g_hash_table_insert (writer->columns, column->name, column);
    }
  return column;
}

static GBytes *
entry_key (const YlEntryName *name)
{
  guint8 key[YL_WRITER_CHARS + sizeof name->seq + sizeof name->id8];

  memcpy (key, name->writer, YL_WRITER_CHARS);
  memcpy (key + YL_WRITER_CHARS, &name->seq, sizeof name->seq);
  memcpy (key + YL_WRITER_CHARS + sizeof name->seq, name->id8, sizeof name->id8);
  return g_bytes_new (key, sizeof key);
}

/* @is_new: not met before. */
static guint
entry_number (YlShardWriter *writer, const YlMergeVersion *version, gboolean *is_new)
{
  g_autoptr (GBytes) key = entry_key (&version->entry);
  guint number = GPOINTER_TO_UINT (g_hash_table_lookup (writer->known, key));
  YlBone entry = { .name = version->entry, .hlc = version->hlc };

  *is_new = number == 0;
  if (number > 0)
    return number - 1;
  g_array_append_val (writer->entries, entry);
  g_hash_table_insert (writer->known, g_steal_pointer (&key), GUINT_TO_POINTER (writer->entries->len));
  return writer->entries->len - 1;
}

YlBone *
yl_shard_writer_add (YlShardWriter *writer, const YlMergeVersion *version)
{
  Column *column = find_column (writer, version->column);
  gboolean is_new;
  guint number = entry_number (writer, version, &is_new);
  YlValue value = YL_VALUE_INIT;

  if (writer->n_records == 0 || !g_str_equal (writer->last, version->id))
    add_id (writer, version->id);
  g_array_set_size (column->counts, writer->n_records);
  g_array_index (column->counts, guint, writer->n_records - 1)++;
  g_array_append_val (column->entries, number);
  yl_value_copy (&value, version->value);
  g_array_append_val (column->values, value);
  return is_new ? &g_array_index (writer->entries, YlBone, number) : NULL;
}

/* Writing */

static void
put_text (GByteArray *out, const char *text)
{
  gsize length = strlen (text);

  yl_varint_append (out, length);
  g_byte_array_append (out, (const guint8 *) text, (guint) length);
}

/* Small either way from zero. */
static void
put_difference (GByteArray *out, gint64 from, gint64 to)
{
  guint64 difference = (guint64) to - (guint64) from;

  yl_varint_append (out, difference << 1 ^ -(difference >> 63));
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const YlBone *left = *(const YlBone *const *) a;
  const YlBone *right = *(const YlBone *const *) b;
  int order = strcmp (left->name.writer, right->name.writer);

  if (order != 0)
    return order;
  if (left->name.seq != right->name.seq)
    return left->name.seq < right->name.seq ? -1 : 1;
  return memcmp (left->name.id8, right->name.id8, sizeof left->name.id8);
}

/* @numbers: of entries as first met -> in the shard. */
static GPtrArray *
sort_entries (YlShardWriter *writer, guint *numbers)
{
  GPtrArray *sorted = g_ptr_array_sized_new (writer->entries->len);
  const YlBone *first = (const YlBone *) writer->entries->data;

  for (guint i = 0; i < writer->entries->len; i++)
    g_ptr_array_add (sorted, &g_array_index (writer->entries, YlBone, i));
  g_ptr_array_sort (sorted, compare_entries);
  for (guint i = 0; i < sorted->len; i++)
    numbers[(const YlBone *) sorted->pdata[i] - first] = i;
  return sorted;
}

static void
put_writer (GByteArray *out, const YlBone *before, const YlBone *entry)
{
  guint8 bytes[YL_SHARD_WRITER_BYTES] = { 0 };
  gboolean same = before != NULL && g_str_equal (before->name.writer, entry->name.writer);

  yl_varint_append (out, same ? 0 : 1);
  if (!same && sodium_hex2bin (bytes, sizeof bytes, entry->name.writer, YL_WRITER_CHARS, NULL, NULL, NULL) == 0)
    g_byte_array_append (out, bytes, sizeof bytes);
}

static void
put_seq (GByteArray *out, const YlBone *before, const YlBone *entry)
{
  put_difference (out, before != NULL ? before->name.seq : 0, entry->name.seq);
}

static void
put_hlc (GByteArray *out, const YlBone *before, const YlBone *entry)
{
  put_difference (out, before != NULL ? before->hlc : 0, entry->hlc);
}

static void
put_actor (GByteArray *out, const YlBone *before, const YlBone *entry)
{
  gboolean same = before != NULL && g_str_equal (before->actor, entry->actor);

  yl_varint_append (out, same ? 0 : 1);
  if (!same)
    put_text (out, entry->actor);
}

static void
put_id8 (GByteArray *out, const YlBone *before, const YlBone *entry)
{
  g_byte_array_append (out, entry->name.id8, sizeof entry->name.id8);
}

/* Each member of all entries together, so that like stands beside like. */
static void
put_entries (GByteArray *out, GPtrArray *entries)
{
  static void (*const members[]) (GByteArray *, const YlBone *, const YlBone *) = {
    put_writer, put_seq, put_hlc, put_actor, put_id8,
  };

  yl_varint_append (out, entries->len);
  for (guint m = 0; m < G_N_ELEMENTS (members); m++)
    for (guint i = 0; i < entries->len; i++)
      members[m](out, i > 0 ? entries->pdata[i - 1] : NULL, entries->pdata[i]);
}

static gboolean
same_shape (const Column *a, const Column *b)
{
  return a != NULL && a->counts->len == b->counts->len && a->entries->len == b->entries->len
         && memcmp (a->counts->data, b->counts->data, a->counts->len * sizeof (guint)) == 0
         && memcmp (a->entries->data, b->entries->data, a->entries->len * sizeof (guint)) == 0;
}

/* Who wrote what: 0 where it is as in the column before. */
static void
put_shape (GByteArray *out, const Column *before, const Column *column, const guint *numbers)
{
  gboolean same = same_shape (before, column);

  yl_varint_append (out, same ? 0 : 1);
  if (same)
    return;
  for (guint i = 0; i < column->counts->len; i++)
    yl_varint_append (out, g_array_index (column->counts, guint, i));
  for (guint i = 0; i < column->entries->len; i++)
    yl_varint_append (out, numbers[g_array_index (column->entries, guint, i)]);
}

static void
put_types (GByteArray *out, const Column *column)
{
  YlValueType first = column->values->len > 0 ? g_array_index (column->values, YlValue, 0).type : YL_VALUE_NULL;
  guint n = 1;

  while (n < column->values->len && g_array_index (column->values, YlValue, n).type == first)
    n++;
  if (n >= column->values->len)
    {
      yl_varint_append (out, first);
      return;
    }
  yl_varint_append (out, YL_SHARD_MIXED);
  for (guint i = 0; i < column->values->len; i++)
    yl_varint_append (out, g_array_index (column->values, YlValue, i).type);
}

static gboolean
has_bytes (const YlValue *value)
{
  return value->type == YL_VALUE_TEXT || value->type == YL_VALUE_BLOB;
}

/* Integers, then lengths, then bytes. */
static void
put_values (GByteArray *out, const Column *column)
{
  gint64 before = 0;

  put_types (out, column);
  for (guint i = 0; i < column->values->len; i++)
    {
      const YlValue *value = &g_array_index (column->values, YlValue, i);

      if (value->type != YL_VALUE_INTEGER)
        continue;
      put_difference (out, before, value->integer);
      before = value->integer;
    }
  for (guint i = 0; i < column->values->len; i++)
    if (has_bytes (&g_array_index (column->values, YlValue, i)))
      yl_varint_append (out, g_array_index (column->values, YlValue, i).length);
  for (guint i = 0; i < column->values->len; i++)
    {
      const YlValue *value = &g_array_index (column->values, YlValue, i);

      if (has_bytes (value))
        g_byte_array_append (out, (const guint8 *) value->bytes, (guint) value->length);
    }
}

static void
put_columns (GByteArray *out, YlShardWriter *writer, const guint *numbers)
{
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (writer->columns), (GCompareFunc) strcmp);
  const Column *before = NULL;

  yl_varint_append (out, g_list_length (names));
  for (GList *at = names; at != NULL; at = at->next)
    {
      Column *column = g_hash_table_lookup (writer->columns, at->data);

      g_array_set_size (column->counts, writer->n_records);
      put_text (out, column->name);
      put_shape (out, before, column, numbers);
      put_values (out, column);
      before = column;
    }
}

static GArray *
copy_entries (GPtrArray *sorted)
{
  GArray *entries = yl_bones_new ();

  for (guint i = 0; i < sorted->len; i++)
    {
      YlBone entry = *(const YlBone *) sorted->pdata[i];

      entry.actor = g_strdup (entry.actor);
      g_array_append_val (entries, entry);
    }
  return entries;
}

GBytes *
yl_shard_writer_end (YlShardWriter *writer, GArray **entries)
{
  g_autofree guint *numbers = g_new0 (guint, writer->entries->len + 1);
  g_autoptr (GPtrArray) sorted = sort_entries (writer, numbers);
  GByteArray *out = g_byte_array_new ();

  yl_varint_append (out, YL_SHARD_VERSION);
  yl_varint_append (out, writer->n_records);
  g_byte_array_append (out, writer->ids->data, writer->ids->len);
  put_entries (out, sorted);
  put_columns (out, writer, numbers);
  if (entries != NULL)
    *entries = copy_entries (sorted);
  return g_byte_array_free_to_bytes (out);
}
