/* Segments, frontiers, calls as bytes: what is written is read again, and nothing else is. */
#include <sodium.h>
#include <string.h>
#include <zstd.h>

#include "base/yl-clock.h"
#include "exchange/yl-frontier.h"
#include "exchange/yl-hex.h"
#include "exchange/yl-sync-wire.h"
#include "exchange/yl-wire-private.h"
#include "log/yl-varint.h"

#define WRITER_A "00112233445566aa"
#define WRITER_B "ffeeddccbbaa9900"

/* What a receiver knows already: the id of entry 4 of writer A. */
static guint8 known_id[YL_ENTRY_ID_BYTES] = { 1, 2, 3 };

static gboolean
previous (const YlEntryName *name, guint8 *id, gpointer data, GError **error)
{
  if (strcmp (name->writer, WRITER_A) == 0 && name->seq == 4 && memcmp (name->id8, known_id, sizeof name->id8) == 0)
    {
      memcpy (id, known_id, YL_ENTRY_ID_BYTES);
      return TRUE;
    }
  g_set_error (error, YL_ERROR, YL_ERROR_MISSING, "%s:%" G_GINT64_FORMAT, name->writer, name->seq);
  return FALSE;
}

#define SCOPE "0123456789abcdef0123456789abcdef"

static YlIncoming *
new_incoming (const char *writer, gint64 seq, const guint8 *prev, const char *text, gboolean is_signed)
{
  YlIncoming *incoming = g_new0 (YlIncoming, 1);
  YlEntry *entry = yl_entry_new ();
  YlOp *op = yl_op_new (YL_OP_UPDATE, "order", "01890a5d-ac96-774b-bcce-b302099a8057");
  g_auto (YlValue) value = YL_VALUE_INIT;
  GError *error = NULL;

  yl_value_set_text (&value, text);
  yl_op_add (op, "note", &value);
  g_ptr_array_add (entry->ops, op);
  entry->what = g_strdup ("edit order DCYA0001");
  entry->actor = g_strdup ("CY01");
  entry->schema = 6;
  entry->authority = 3;
  entry->hlc = YL_HLC (YL_CLOCK_MIN_MS + 1000 * seq, seq % 3);
  entry->seq = seq;
  g_strlcpy (entry->scope, SCOPE, sizeof entry->scope);
  g_strlcpy (entry->writer, writer, sizeof entry->writer);
  memcpy (entry->prev, seq > 1 ? prev : (const guint8[YL_ENTRY_ID_BYTES]){ 0 }, sizeof entry->prev);
  yl_entry_build (entry, &error);
  g_assert_no_error (error);
  incoming->entry = entry;
  incoming->is_signed = is_signed;
  memset (incoming->signature, is_signed ? 7 : 0, sizeof incoming->signature);
  return incoming;
}

/* Appends the next entry of a run whose last id is @id, and moves @id on. */
static void
add (YlSegment *segment, const char *writer, gint64 seq, guint8 *id, const char *text, gboolean is_signed)
{
  YlIncoming *incoming = new_incoming (writer, seq, id, text, is_signed);

  memcpy (id, incoming->entry->id, YL_ENTRY_ID_BYTES);
  g_assert_true (yl_segment_add (segment, incoming));
}

/* Entries 5, 6 of A and 1 of B. */
static YlSegment *
new_segment (void)
{
  YlSegment *segment = yl_segment_new ();
  guint8 a[YL_ENTRY_ID_BYTES];
  guint8 b[YL_ENTRY_ID_BYTES] = { 0 };

  memcpy (a, known_id, sizeof a);
  add (segment, WRITER_A, 5, a, "five", FALSE);
  add (segment, WRITER_A, 6, a, "six", TRUE);
  add (segment, WRITER_B, 1, b, "one of the other writer", TRUE);
  return segment;
}

static GBytes *
encode (YlSegment *segment)
{
  return yl_segment_encode (segment);
}

static void
assert_refused (GBytes *bytes, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlSegment) segment = yl_segment_decode (bytes, SCOPE, previous, NULL, &error);

  g_assert_null (segment);
  g_assert_error (error, YL_ERROR, code);
}

static void
test_round_trip (void)
{
  g_autoptr (YlSegment) segment = new_segment ();
  g_autoptr (YlSegment) read = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  segment->grant = g_bytes_new_static ("keys", 4);
  segment->more = TRUE;
  bytes = encode (segment);
  read = yl_segment_decode (bytes, SCOPE, previous, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (read->entries->len, ==, 3);
  g_assert_true (read->more);
  g_assert_true (g_bytes_equal (read->grant, segment->grant));
  for (guint i = 0; i < 3; i++)
    {
      const YlIncoming *was = segment->entries->pdata[i];
      const YlIncoming *is = read->entries->pdata[i];

      g_assert_true (g_bytes_equal (is->entry->message, was->entry->message));
      g_assert_cmpmem (is->entry->id, YL_ENTRY_ID_BYTES, was->entry->id, YL_ENTRY_ID_BYTES);
      g_assert_cmpint (is->is_signed, ==, was->is_signed);
      g_assert_cmpmem (is->signature, YL_SIGNATURE_BYTES, was->signature, YL_SIGNATURE_BYTES);
    }
}

static void
test_empty (void)
{
  g_autoptr (YlSegment) segment = yl_segment_new ();
  g_autoptr (GBytes) bytes = encode (segment);
  g_autoptr (YlSegment) read = yl_segment_decode (bytes, SCOPE, previous, NULL, NULL);

  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 10);
  g_assert_nonnull (read);
  g_assert_cmpuint (read->entries->len, ==, 0);
  g_assert_false (read->more);
}

static void
test_cut (void)
{
  g_autoptr (YlSegment) segment = new_segment ();
  gsize size = segment->size;
  g_autoptr (YlSegment) read = NULL;
  g_autoptr (GBytes) bytes = NULL;

  yl_segment_cut (segment, 2);
  g_assert_cmpuint (segment->size, <, size);
  bytes = encode (segment);
  read = yl_segment_decode (bytes, SCOPE, previous, NULL, NULL);
  g_assert_nonnull (read);
  g_assert_cmpuint (read->entries->len, ==, 2);
}

/* Every shorter piece of a good segment is refused. */
static void
test_truncated (void)
{
  g_autoptr (YlSegment) segment = new_segment ();
  g_autoptr (GBytes) bytes = NULL;

  segment->grant = g_bytes_new_static ("keys", 4);
  bytes = encode (segment);
  for (gsize length = 0; length < g_bytes_get_size (bytes); length++)
    {
      g_autoptr (GBytes) part = g_bytes_new_from_bytes (bytes, 0, length);

      assert_refused (part, YL_ERROR_INVALID);
    }
}

/* No flipped bit gets through unnoticed: only flags, sequences and signatures are for others to check. */
static void
test_damaged (void)
{
  g_autoptr (YlSegment) segment = new_segment ();
  g_autoptr (GBytes) bytes = encode (segment);

  for (gsize at = 0; at < g_bytes_get_size (bytes); at++)
    {
      gsize length;
      g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, &length), g_bytes_get_size (bytes));
      g_autoptr (YlSegment) read = NULL;
      g_autoptr (GBytes) damaged = NULL;

      copy[at] ^= 0x10;
      damaged = g_bytes_new (copy, length);
      read = yl_segment_decode (damaged, SCOPE, previous, NULL, NULL);
      for (guint i = 0; read != NULL && i < read->entries->len; i++)
        {
          const YlIncoming *was = segment->entries->pdata[i];
          const YlIncoming *is = read->entries->pdata[i];

          g_assert_true (g_bytes_equal (is->entry->message, was->entry->message));
        }
    }
}

static void
test_missing_before (void)
{
  g_autoptr (YlSegment) segment = yl_segment_new ();
  guint8 id[YL_ENTRY_ID_BYTES] = { 9 };
  g_autoptr (GBytes) bytes = NULL;

  add (segment, WRITER_A, 8, id, "eight", TRUE);
  bytes = encode (segment);
  assert_refused (bytes, YL_ERROR_MISSING);
}

/* Two branches of one writer in one segment, the second leaving the first within it. */
static void
test_branches (void)
{
  g_autoptr (YlSegment) segment = yl_segment_new ();
  g_autoptr (YlSegment) read = NULL;
  g_autoptr (GError) error = NULL;
  guint8 a[YL_ENTRY_ID_BYTES], b[YL_ENTRY_ID_BYTES];
  g_autoptr (GBytes) bytes = NULL;

  memcpy (a, known_id, sizeof a);
  add (segment, WRITER_A, 5, a, "five", TRUE);
  memcpy (b, a, sizeof b);
  add (segment, WRITER_A, 6, a, "six", TRUE);
  add (segment, WRITER_A, 6, b, "six again", TRUE);
  add (segment, WRITER_A, 7, b, "seven again", TRUE);
  bytes = encode (segment);
  read = yl_segment_decode (bytes, SCOPE, previous, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (read->entries->len, ==, 4);
  for (guint i = 0; i < 4; i++)
    g_assert_true (g_bytes_equal (((YlIncoming *) read->entries->pdata[i])->entry->message,
                                  ((YlIncoming *) segment->entries->pdata[i])->entry->message));
}

/* An entry whose writer went on from another one than the receiver has. */
static void
test_other_history (void)
{
  g_autoptr (YlSegment) segment = yl_segment_new ();
  guint8 id[YL_ENTRY_ID_BYTES] = { 9 };
  g_autoptr (GBytes) bytes = NULL;

  add (segment, WRITER_A, 5, id, "five", TRUE);
  bytes = encode (segment);
  assert_refused (bytes, YL_ERROR_MISSING);
}

static GBytes *
with_head (guint64 runs, guint64 entries, guint64 frames, guint64 grant, guint8 flags, gconstpointer tail, gsize length)
{
  GByteArray *out = g_byte_array_new ();
  guint64 numbers[] = { runs, entries, frames, grant };
  guint8 version = YL_WIRE_VERSION;

  g_byte_array_append (out, (const guint8 *) YL_WIRE_MAGIC, strlen (YL_WIRE_MAGIC));
  g_byte_array_append (out, &version, 1);
  g_byte_array_append (out, &flags, 1);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    yl_varint_append (out, numbers[i]);
  g_byte_array_append (out, tail, (guint) length);
  return g_byte_array_free_to_bytes (out);
}

static void
test_too_large (void)
{
  const struct
  {
    guint64 runs, entries, frames, grant;
  } heads[] = {
    { 1, YL_WIRE_ENTRIES_MAX + 1, 100, 0 },
    { YL_WIRE_RUNS_MAX + 1, YL_WIRE_ENTRIES_MAX, 100, 0 },
    { 1, 1, YL_WIRE_FRAMES_MAX + 1, 0 },
    { 1, 1, 100, YL_WIRE_GRANT_MAX + 1 },
    { 1, 1, G_MAXUINT64, G_MAXUINT64 },
    { 2, 1, 100, 0 },
    { 1, 20000, 100, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (heads); i++)
    {
      g_autoptr (GBytes) bytes =
          with_head (heads[i].runs, heads[i].entries, heads[i].frames, heads[i].grant, YL_WIRE_FLAG_ZSTD, "", 0);

      assert_refused (bytes, YL_ERROR_INVALID);
    }
}

/* 2 MiB of one letter are a few hundred bytes of zstd: refused by their announced size, before anything is unpacked. */
static void
test_bomb (void)
{
  gsize size = YL_WIRE_FRAMES_MAX;
  g_autofree char *frames = g_malloc (size);
  gsize bound = ZSTD_compressBound (size);
  g_autofree char *packed = g_malloc (bound);
  gsize length;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GBytes) liar = NULL;

  memset (frames, 'a', size);
  length = ZSTD_compress (packed, bound, frames, size, 19);
  g_assert_cmpuint (length, <, 10000);
  bytes = with_head (0, 0, (guint) size, 0, YL_WIRE_FLAG_ZSTD, packed, length);
  assert_refused (bytes, YL_ERROR_INVALID);
  liar = with_head (0, 0, 100, 0, YL_WIRE_FLAG_ZSTD, packed, length);
  assert_refused (liar, YL_ERROR_INVALID);
}

/* What shrinks more than a receiver accepts travels uncompressed, and is read. */
static void
test_well_compressible (void)
{
  g_autoptr (YlSegment) segment = yl_segment_new ();
  g_autofree char *rest = g_strnfill (500000, 'a');
  guint8 id[YL_ENTRY_ID_BYTES] = { 0 };
  g_autoptr (YlSegment) read = NULL;
  g_autoptr (GBytes) bytes = NULL;

  add (segment, WRITER_B, 1, id, rest, TRUE);
  bytes = encode (segment);
  g_assert_cmpuint (g_bytes_get_size (bytes), >, 500000);
  read = yl_segment_decode (bytes, SCOPE, previous, NULL, NULL);
  g_assert_nonnull (read);
}

/* The same entries compressed all the same: they would be right, but nobody shall find out what they unpack to. */
static void
test_ratio (void)
{
  g_autoptr (YlSegment) segment = yl_segment_new ();
  g_autofree char *rest = g_strnfill (500000, 'a');
  guint8 id[YL_ENTRY_ID_BYTES] = { 0 };
  gsize start = strlen (YL_WIRE_MAGIC) + 2 + 1 + 1 + 3 + 1 + YL_WRITER_CHARS / 2 + 1 + 2 * YL_WIRE_ID8_BYTES;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GBytes) squeezed = NULL;
  g_autofree guint8 *copy = NULL;
  gsize length, packed;

  add (segment, WRITER_B, 1, id, rest, TRUE);
  bytes = encode (segment);
  copy = g_memdup2 (g_bytes_get_data (bytes, &length), g_bytes_get_size (bytes));
  packed = ZSTD_compress (copy + start, length - start, (const guint8 *) g_bytes_get_data (bytes, NULL) + start,
                          length - start, 3);
  g_assert_false (ZSTD_isError (packed));
  copy[5] |= YL_WIRE_FLAG_ZSTD;
  squeezed = g_bytes_new (copy, start + packed);
  assert_refused (squeezed, YL_ERROR_INVALID);
}

static void
test_caps_of_sender (void)
{
  g_autoptr (YlSegment) segment = yl_segment_new ();
  g_autofree char *rest = g_strnfill (YL_ENTRY_MAX_BYTES - 1000, 'x');
  guint8 id[YL_ENTRY_ID_BYTES] = { 0 };
  g_autoptr (YlIncoming) incoming = new_incoming (WRITER_B, 9, id, rest, TRUE);

  for (gint64 seq = 1; seq <= 2; seq++)
    add (segment, WRITER_B, seq, id, rest, TRUE);
  g_assert_false (yl_segment_add (segment, incoming));
}

static void
test_newer (void)
{
  g_autoptr (YlSegment) segment = new_segment ();
  g_autoptr (GBytes) bytes = encode (segment);
  gsize length;
  g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, &length), g_bytes_get_size (bytes));
  g_autoptr (GBytes) newer = NULL;

  copy[4] = YL_WIRE_VERSION + 1;
  newer = g_bytes_new (copy, length);
  assert_refused (newer, YL_ERROR_NEWER);
}

/* Fewer or more frames than announced, a run nobody uses, a frame of no run. */
static void
test_counts (void)
{
  g_autoptr (YlSegment) segment = new_segment ();
  g_autoptr (GBytes) bytes = encode (segment);
  const gsize at[] = { 6, 7 };

  for (guint i = 0; i < G_N_ELEMENTS (at); i++)
    for (int step = -1; step <= 1; step += 2)
      {
        gsize length;
        g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, &length), g_bytes_get_size (bytes));
        g_autoptr (GBytes) wrong = NULL;

        copy[at[i]] = (guint8) (copy[at[i]] + step);
        wrong = g_bytes_new (copy, length);
        g_assert_null (yl_segment_decode (wrong, SCOPE, previous, NULL, NULL));
      }
}

static void
test_frontier_names (void)
{
  const char *good = WRITER_A ":5:0102030405060708";
  const char *const bad[] = {
    "",
    WRITER_A,
    WRITER_A ":5",
    WRITER_A ":0:0102030405060708",
    WRITER_A ":-1:0102030405060708",
    WRITER_A ":05:0102030405060708",
    WRITER_A ": 5:0102030405060708",
    WRITER_A ":99999999999999999999:0102030405060708",
    WRITER_A ":5:010203040506070",
    WRITER_A ":5:010203040506070G",
    WRITER_A ":5:0102030405060708:",
    "00112233445566AA:5:0102030405060708",
  };
  YlEntryName name;
  g_autofree char *again = NULL;

  g_assert_true (yl_entry_name_parse (good, &name));
  again = yl_entry_name_format (&name);
  g_assert_cmpstr (again, ==, good);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (yl_entry_name_parse (bad[i], &name));
}

static GArray *
frontier_of (const char *first, const char *second)
{
  const char *const names[] = { first, second };
  GArray *frontier = yl_frontier_new ();

  for (guint i = 0; i < 2 && names[i] != NULL; i++)
    {
      YlEntryName name;

      g_assert_true (yl_entry_name_parse (names[i], &name));
      g_array_append_val (frontier, name);
    }
  return frontier;
}

static void
test_frontier_compare (void)
{
  g_autoptr (GArray) less = frontier_of (WRITER_A ":5:0102030405060708", NULL);
  g_autoptr (GArray) more = frontier_of (WRITER_A ":5:0102030405060708", WRITER_B ":1:0102030405060708");
  g_autoptr (GArray) fork = frontier_of (WRITER_A ":5:0202030405060708", NULL);

  g_assert_true (yl_frontier_equal (less, less));
  g_assert_false (yl_frontier_equal (less, more));
  g_assert_false (yl_frontier_equal (less, fork));
}

static void
test_frontier_json (void)
{
  g_autoptr (GArray) frontier = frontier_of (WRITER_A ":5:0102030405060708", WRITER_B ":1:0102030405060708");
  g_autoptr (JsonArray) array = yl_frontier_to_json (frontier);
  g_autoptr (JsonArray) unsorted = json_array_new ();
  g_autoptr (GArray) read = yl_frontier_from_json (array, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (yl_frontier_equal (read, frontier));
  json_array_add_string_element (unsorted, json_array_get_string_element (array, 1));
  json_array_add_string_element (unsorted, json_array_get_string_element (array, 0));
  g_assert_null (yl_frontier_from_json (unsorted, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_INVALID);
}

static GBytes *
cut (GBytes *bytes, gsize length)
{
  return g_bytes_new_from_bytes (bytes, 0, length);
}

static void
test_sync_call (void)
{
  g_autoptr (YlSyncCall) call = yl_sync_call_new ();
  g_autoptr (GBytes) short_form = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (YlSyncCall) read = NULL;

  call->wants = TRUE;
  call->wait = 25;
  call->base[3] = 7;
  short_form = yl_sync_call_encode (call);
  g_assert_cmpuint (g_bytes_get_size (short_form), ==, 3 + YL_FRONTIER_DIGEST_BYTES);
  call->names = frontier_of (WRITER_A ":5:0102030405060708", WRITER_B ":1:0102030405060708");
  call->segment = g_bytes_new_static ("segment", 7);
  bytes = yl_sync_call_encode (call);
  read = yl_sync_call_decode (bytes, NULL);
  g_assert_nonnull (read);
  g_assert_cmpuint (read->wait, ==, 25);
  g_assert_true (read->wants);
  g_assert_true (yl_frontier_equal (read->names, call->names));
  g_assert_true (g_bytes_equal (read->segment, call->segment));
  for (gsize length = 0; length < g_bytes_get_size (bytes) - 7; length++)
    {
      g_autoptr (GBytes) part = cut (bytes, length);

      g_assert_null (yl_sync_call_decode (part, NULL));
    }
  for (gsize length = 0; length < g_bytes_get_size (short_form); length++)
    {
      g_autoptr (GBytes) part = cut (short_form, length);

      g_assert_null (yl_sync_call_decode (part, NULL));
    }
}

static void
test_sync_answer (void)
{
  g_autoptr (YlSyncAnswer) answer = yl_sync_answer_new ();
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (YlSyncAnswer) read = NULL;

  answer->frontier[0] = 1;
  answer->hash[31] = 2;
  answer->time = G_GINT64_CONSTANT (1796083200000);
  answer->has_receipt = TRUE;
  answer->receipt[63] = 3;
  answer->names = frontier_of (WRITER_A ":5:0102030405060708", NULL);
  answer->wanted = g_bytes_new_static ("0123456789abcdef0123456789abcdef", 32);
  answer->segment = g_bytes_new_static ("segment", 7);
  bytes = yl_sync_answer_encode (answer);
  read = yl_sync_answer_decode (bytes, NULL);
  g_assert_nonnull (read);
  g_assert_cmpmem (read->frontier, sizeof read->frontier, answer->frontier, sizeof answer->frontier);
  g_assert_cmpmem (read->hash, sizeof read->hash, answer->hash, sizeof answer->hash);
  g_assert_cmpmem (read->receipt, sizeof read->receipt, answer->receipt, sizeof answer->receipt);
  g_assert_cmpint (read->time, ==, answer->time);
  g_assert_true (yl_frontier_equal (read->names, answer->names));
  g_assert_true (g_bytes_equal (read->wanted, answer->wanted));
  g_assert_true (g_bytes_equal (read->segment, answer->segment));
  for (gsize length = 0; length < g_bytes_get_size (bytes) - 7; length++)
    {
      g_autoptr (GBytes) part = cut (bytes, length);

      g_assert_null (yl_sync_answer_decode (part, NULL));
    }
}

/* Two spellings of one frontier are two digests, so only one is read. */
static void
test_frontier_binary (void)
{
  g_autoptr (GArray) frontier = frontier_of (WRITER_A ":5:0102030405060708", WRITER_B ":1:0102030405060708");
  g_autoptr (GArray) unsorted = frontier_of (WRITER_B ":1:0102030405060708", WRITER_A ":5:0102030405060708");
  g_autoptr (GByteArray) good = g_byte_array_new ();
  g_autoptr (GByteArray) bad = g_byte_array_new ();
  g_autoptr (GArray) read = NULL;
  YlVarintReader reader;

  yl_frontier_append (good, frontier);
  yl_frontier_append (bad, unsorted);
  reader = (YlVarintReader){ good->data, good->data + good->len };
  read = yl_frontier_read (&reader);
  g_assert_true (yl_frontier_equal (read, frontier));
  reader = (YlVarintReader){ bad->data, bad->data + bad->len };
  g_assert_null (yl_frontier_read (&reader));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (sodium_init (), >=, 0);
  g_test_add_func ("/wire/round-trip", test_round_trip);
  g_test_add_func ("/wire/empty", test_empty);
  g_test_add_func ("/wire/cut", test_cut);
  g_test_add_func ("/wire/truncated", test_truncated);
  g_test_add_func ("/wire/damaged", test_damaged);
  g_test_add_func ("/wire/missing-before", test_missing_before);
  g_test_add_func ("/wire/branches", test_branches);
  g_test_add_func ("/wire/other-history", test_other_history);
  g_test_add_func ("/wire/too-large", test_too_large);
  g_test_add_func ("/wire/bomb", test_bomb);
  g_test_add_func ("/wire/well-compressible", test_well_compressible);
  g_test_add_func ("/wire/ratio", test_ratio);
  g_test_add_func ("/wire/caps-of-sender", test_caps_of_sender);
  g_test_add_func ("/wire/newer", test_newer);
  g_test_add_func ("/wire/counts", test_counts);
  g_test_add_func ("/frontier/names", test_frontier_names);
  g_test_add_func ("/frontier/compare", test_frontier_compare);
  g_test_add_func ("/frontier/json", test_frontier_json);
  g_test_add_func ("/wire/frontier-binary", test_frontier_binary);
  g_test_add_func ("/wire/sync-call", test_sync_call);
  g_test_add_func ("/wire/sync-answer", test_sync_answer);
  return g_test_run ();
}
