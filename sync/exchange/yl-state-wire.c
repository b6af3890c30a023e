#include "exchange/yl-state-wire.h"

#include <string.h>

#include "base/yl-i18n.h"
#include "base/yl-id.h"
#include "exchange/yl-hex.h"
#include "log/yl-entry.h"

#define VERSION 1
#define ID_BYTES 16
#define RECORDS_MAX 65536
#define FAULTS_MAX 1000

static const char buckets_magic[4] = "YLSB";
static const char question_magic[4] = "YLSQ";
static const char records_magic[4] = "YLSR";

void
yl_bucket_records_free (YlBucketRecords *records)
{
  g_free (records->table);
  g_array_unref (records->sums);
  g_free (records);
}

YlStateAnswer *
yl_state_answer_new (void)
{
  YlStateAnswer *answer = g_new0 (YlStateAnswer, 1);

  answer->faults = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_fault_free);
  answer->buckets = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_bucket_records_free);
  return answer;
}

void
yl_state_answer_free (YlStateAnswer *answer)
{
  g_ptr_array_unref (answer->faults);
  g_ptr_array_unref (answer->buckets);
  g_free (answer);
}

/* Writing */

static GByteArray *
begin (const char *magic)
{
  GByteArray *out = g_byte_array_new ();
  const guint8 version = VERSION;

  g_byte_array_append (out, (const guint8 *) magic, 4);
  g_byte_array_append (out, &version, 1);
  return out;
}

static void
put_byte (GByteArray *out, guint number)
{
  guint8 byte = (guint8) number;

  g_byte_array_append (out, &byte, 1);
}

static void
put_count (GByteArray *out, guint number)
{
  guint32 little = GUINT32_TO_LE ((guint32) number);

  g_byte_array_append (out, (const guint8 *) &little, sizeof little);
}

static void
put_name (GByteArray *out, const char *name)
{
  gsize length = name != NULL ? strlen (name) : 0;

  put_byte (out, (guint) length);
  g_byte_array_append (out, (const guint8 *) name, (guint) length);
}

/* A record id without its dashes; zeros for none. */
static void
put_id (GByteArray *out, const char *id)
{
  guint8 bytes[ID_BYTES] = { 0 };
  g_autofree char *hex = g_strdup (id != NULL ? id : "");
  guint length = 0;

  for (const char *at = hex; *at != '\0'; at++)
    if (*at != '-')
      hex[length++] = *at;
  hex[length] = '\0';
  if (!yl_hex_read (hex, bytes, sizeof bytes))
    memset (bytes, 0, sizeof bytes);
  g_byte_array_append (out, bytes, sizeof bytes);
}

GBytes *
yl_state_wire_buckets (GPtrArray *sums)
{
  GByteArray *out = begin (buckets_magic);

  put_count (out, sums->len);
  for (guint i = 0; i < sums->len; i++)
    {
      const YlBucketSum *sum = sums->pdata[i];
      gboolean same_table = i > 0 && g_str_equal (((YlBucketSum *) sums->pdata[i - 1])->table, sum->table);

      put_name (out, same_table ? NULL : sum->table);
      put_byte (out, sum->bucket);
      g_byte_array_append (out, sum->sum, sizeof sum->sum);
    }
  return g_byte_array_free_to_bytes (out);
}

GBytes *
yl_state_wire_question (GPtrArray *buckets)
{
  GByteArray *out = begin (question_magic);

  put_count (out, buckets->len);
  for (guint i = 0; i < buckets->len; i++)
    {
      const YlBucketSum *bucket = buckets->pdata[i];

      put_name (out, bucket->table);
      put_byte (out, bucket->bucket);
    }
  return g_byte_array_free_to_bytes (out);
}

static void
put_faults (GByteArray *out, GPtrArray *faults)
{
  guint n = MIN (faults->len, FAULTS_MAX);

  put_count (out, n);
  for (guint i = 0; i < n; i++)
    {
      const YlFault *fault = faults->pdata[i];

      put_byte (out, fault->kind);
      put_name (out, fault->table);
      put_id (out, fault->id);
      put_name (out, fault->column);
    }
}

GBytes *
yl_state_wire_records (const YlStateAnswer *answer)
{
  GByteArray *out = begin (records_magic);

  put_faults (out, answer->faults);
  put_count (out, answer->buckets->len);
  for (guint i = 0; i < answer->buckets->len; i++)
    {
      const YlBucketRecords *bucket = answer->buckets->pdata[i];

      put_name (out, bucket->table);
      put_byte (out, bucket->bucket);
      put_count (out, bucket->sums->len);
      for (guint r = 0; r < bucket->sums->len; r++)
        {
          const YlRecordSum *sum = &g_array_index (bucket->sums, YlRecordSum, r);

          put_id (out, sum->id);
          g_byte_array_append (out, sum->sum, sizeof sum->sum);
        }
    }
  return g_byte_array_free_to_bytes (out);
}

/* Reading: foreign bytes. Every read says whether there was that much; the end must be met exactly. */

typedef struct
{
  const guint8 *at;
  const guint8 *end;
} Reader;

static gboolean
get_bytes (Reader *reader, gpointer bytes, gsize length)
{
  if ((gsize) (reader->end - reader->at) < length)
    return FALSE;
  memcpy (bytes, reader->at, length);
  reader->at += length;
  return TRUE;
}

static gboolean
get_byte (Reader *reader, guint *number)
{
  guint8 byte;

  if (!get_bytes (reader, &byte, 1))
    return FALSE;
  *number = byte;
  return TRUE;
}

/* @least: the fewest bytes that each of the counted takes. */
static gboolean
get_count (Reader *reader, guint max, gsize least, guint *number)
{
  guint32 little;

  if (!get_bytes (reader, &little, sizeof little))
    return FALSE;
  *number = GUINT32_FROM_LE (little);
  return *number <= max && *number <= (gsize) (reader->end - reader->at) / least;
}

/* An empty name is NULL. */
static gboolean
get_name (Reader *reader, char **name)
{
  guint length;
  char text[256];

  *name = NULL;
  if (!get_byte (reader, &length) || !get_bytes (reader, text, length))
    return FALSE;
  text[length] = '\0';
  if (length == 0)
    return TRUE;
  if (strlen (text) != length || !yl_entry_is_name (text))
    return FALSE;
  *name = g_strdup (text);
  return TRUE;
}

static gboolean
get_id (Reader *reader, char *id)
{
  guint8 bytes[ID_BYTES];
  g_autofree char *hex = NULL;

  if (!get_bytes (reader, bytes, sizeof bytes))
    return FALSE;
  hex = yl_hex_write (bytes, sizeof bytes);
  g_snprintf (id, 37, "%.8s-%.4s-%.4s-%.4s-%s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
  return TRUE;
}

static gboolean
read_magic (Reader *reader, GBytes *bytes, const char *magic)
{
  gsize length;
  char found[4];
  guint version;

  reader->at = g_bytes_get_data (bytes, &length);
  if (length == 0)
    return FALSE;
  reader->end = reader->at + length;
  return get_bytes (reader, found, sizeof found) && memcmp (found, magic, sizeof found) == 0
         && get_byte (reader, &version) && version == VERSION;
}

static void
refuse (GError **error)
{
  g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID, _ ("a comparison of states that is out of form"));
}

static gboolean
read_bucket (Reader *reader, const YlBucketSum *before, gboolean with_sum, YlBucketSum *bucket)
{
  static const guint8 zero[YL_SUM_BYTES];

  if (!get_name (reader, &bucket->table) || !get_byte (reader, &bucket->bucket))
    return FALSE;
  /* Whoever writes leaves out a table that is the same again. */
  if (with_sum && before != NULL && g_strcmp0 (before->table, bucket->table) == 0)
    return FALSE;
  if (bucket->table == NULL && with_sum && before != NULL)
    bucket->table = g_strdup (before->table);
  if (bucket->table == NULL
      || (with_sum
          && (!get_bytes (reader, bucket->sum, sizeof bucket->sum) || memcmp (bucket->sum, zero, sizeof zero) == 0)))
    return FALSE;
  if (before == NULL)
    return TRUE;
  return strcmp (before->table, bucket->table) < 0
         || (g_str_equal (before->table, bucket->table) && before->bucket < bucket->bucket);
}

static gboolean
read_bucket_list (Reader *reader, guint max, gboolean with_sum, GPtrArray *buckets)
{
  guint n;

  if (!get_count (reader, max, 2, &n))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      g_ptr_array_add (buckets, g_new0 (YlBucketSum, 1));
      if (!read_bucket (reader, i > 0 ? buckets->pdata[i - 1] : NULL, with_sum, buckets->pdata[i]))
        return FALSE;
    }
  return reader->at == reader->end;
}

static GPtrArray *
read_buckets (GBytes *bytes, const char *magic, guint max, gboolean with_sum, GError **error)
{
  g_autoptr (GPtrArray) buckets = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_bucket_sum_free);
  Reader reader;

  if (read_magic (&reader, bytes, magic) && read_bucket_list (&reader, max, with_sum, buckets))
    return g_steal_pointer (&buckets);
  refuse (error);
  return NULL;
}

GPtrArray *
yl_state_wire_read_buckets (GBytes *bytes, GError **error)
{
  return read_buckets (bytes, buckets_magic, YL_STATE_TABLES_MAX * YL_BUCKETS, TRUE, error);
}

GPtrArray *
yl_state_wire_read_question (GBytes *bytes, GError **error)
{
  return read_buckets (bytes, question_magic, YL_STATE_ASKED_MAX, FALSE, error);
}

static gboolean
read_fault (Reader *reader, YlFault *fault)
{
  guint kind;
  char id[37];

  if (!get_byte (reader, &kind) || kind > YL_FAULT_SUM || !get_name (reader, &fault->table) || fault->table == NULL
      || !get_id (reader, id) || !get_name (reader, &fault->column))
    return FALSE;
  fault->kind = (YlFaultKind) kind;
  fault->id = yl_id_is_valid (id) ? g_strdup (id) : NULL;
  fault->number = g_strdup (fault->id);
  return fault->id != NULL || kind == YL_FAULT_SUM || kind == YL_FAULT_DERIVED;
}

static gboolean
read_faults (Reader *reader, GPtrArray *faults)
{
  guint n;

  if (!get_count (reader, FAULTS_MAX, 3 + ID_BYTES, &n))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      g_ptr_array_add (faults, g_new0 (YlFault, 1));
      if (!read_fault (reader, faults->pdata[i]))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_sums (Reader *reader, GArray *sums)
{
  guint n;

  if (!get_count (reader, RECORDS_MAX, ID_BYTES + YL_SUM_BYTES, &n))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      YlRecordSum sum;

      if (!get_id (reader, sum.id) || !get_bytes (reader, sum.sum, sizeof sum.sum) || !yl_id_is_valid (sum.id)
          || (i > 0 && strcmp (g_array_index (sums, YlRecordSum, i - 1).id, sum.id) >= 0))
        return FALSE;
      g_array_append_val (sums, sum);
    }
  return TRUE;
}

static gboolean
read_records (Reader *reader, GPtrArray *buckets)
{
  guint n;

  if (!get_count (reader, YL_STATE_ASKED_MAX, 6, &n))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      YlBucketRecords *records = g_new0 (YlBucketRecords, 1);

      records->sums = g_array_new (FALSE, FALSE, sizeof (YlRecordSum));
      g_ptr_array_add (buckets, records);
      if (!get_name (reader, &records->table) || records->table == NULL || !get_byte (reader, &records->bucket)
          || !read_sums (reader, records->sums))
        return FALSE;
    }
  return TRUE;
}

YlStateAnswer *
yl_state_wire_read_records (GBytes *bytes, GError **error)
{
  g_autoptr (YlStateAnswer) answer = yl_state_answer_new ();
  Reader reader;

  if (read_magic (&reader, bytes, records_magic) && read_faults (&reader, answer->faults)
      && read_records (&reader, answer->buckets) && reader.at == reader.end)
    return g_steal_pointer (&answer);
  refuse (error);
  return NULL;
}
