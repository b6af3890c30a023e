/* What a store takes from its hub or from a stick beside the segments of an exchange. The first byte chooses. */
#include <sodium.h>
#include <string.h>

#include "checkpoint/yl-checkpoint-history.h"
#include "checkpoint/yl-checkpoint-horizon.h"
#include "checkpoint/yl-checkpoint-pack.h"
#include "exchange/yl-attachment-wire.h"
#include "exchange/yl-bundle.h"
#include "exchange/yl-frontier.h"
#include "exchange/yl-grant.h"
#include "exchange/yl-hex.h"
#include "exchange/yl-message.h"
#include "yl-fuzz-store.h"
#include "yl-fuzz.h"

#define AFTER 7

/* Nobody has the company's key. */
static void
read_checkpoint (GBytes *bytes)
{
  g_assert_null (yl_checkpoint_parse (yl_fuzz_store (), bytes, NULL));
}

static void
open_pack (GBytes *bytes)
{
  YlCheckpoint promised = { 0 };
  guint first, end;
  g_autoptr (YlCheckpointPack) pack = yl_checkpoint_pack_read (bytes, &first, &end, NULL);
  g_autoptr (GArray) places = NULL;

  if (pack != NULL)
    g_assert_null (yl_checkpoint_pack_open (pack, &promised, &places, NULL));
}

/* What is read is written again as the same bytes. */
static void
read_tips (GBytes *bytes)
{
  g_autoptr (GPtrArray) tips = yl_checkpoint_read_tips (bytes, NULL);
  g_autoptr (GBytes) again = tips != NULL ? yl_checkpoint_write_tips (tips) : NULL;

  g_assert_true (again == NULL || g_bytes_equal (bytes, again));
}

static void
read_bones (GBytes *bytes)
{
  g_autoptr (GArray) bones = yl_checkpoint_read_bones (bytes, NULL);
  g_autoptr (GBytes) again = bones != NULL ? yl_checkpoint_write_bones (bones) : NULL;

  g_assert_true (again == NULL || g_bytes_equal (bytes, again));
}

static void
read_branches (GBytes *bytes)
{
  g_autoptr (GArray) branches = yl_checkpoint_read_branches (bytes, NULL);
  g_autoptr (GBytes) again = branches != NULL ? yl_checkpoint_write_branches (branches) : NULL;

  g_assert_true (again == NULL || g_bytes_equal (bytes, again));
}

static void
read_history (GBytes *bytes)
{
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GBytes) segment = yl_history_read_places (bytes, AFTER, places, NULL);

  if (segment == NULL)
    return;
  for (guint i = 0; i < places->len; i++)
    g_assert_cmpint (g_array_index (places, gint64, i), >, i > 0 ? g_array_index (places, gint64, i - 1) : AFTER);
  g_assert_cmpuint (g_bytes_get_size (segment), <, g_bytes_get_size (bytes));
}

static void
read_horizon (GBytes *bytes)
{
  g_assert_cmpint (yl_horizon_read (yl_fuzz_store (), bytes, NULL), ==, 0);
}

static void
read_grant (GBytes *bytes)
{
  guint n_keys;

  g_assert_false (yl_grant_take (yl_fuzz_store (), bytes, &n_keys, NULL));
}

static void
read_frontier (GBytes *bytes)
{
  g_autoptr (JsonObject) object = yl_message_parse (bytes, NULL);
  JsonArray *array = object != NULL ? yl_message_get_array (object, "names", YL_FRONTIER_MAX, NULL) : NULL;
  g_autoptr (GArray) names = array != NULL ? yl_frontier_from_json (array, NULL) : NULL;

  g_assert_true (names == NULL || names->len == json_array_get_length (array));
}

static void
read_chunk_call (GBytes *bytes)
{
  YlChunkName name;
  g_autoptr (GBytes) chunk = NULL;
  g_autoptr (GBytes) again = NULL;

  if (!yl_chunk_call_parse (bytes, &name, &chunk, NULL))
    return;
  again = yl_chunk_call_encode (&name, chunk);
  g_assert_true (g_bytes_equal (bytes, again));
}

/* Of this company, and whole: the digest is no hurdle. */
static void
read_bundle (GBytes *bytes)
{
  static const guint8 head[] = { 'Y', 'L', 'B', 'D', 1 };
  g_autoptr (GByteArray) bundle = g_byte_array_new ();
  guint8 scope[YL_SCOPE_CHARS / 2], digest[32];
  YlBundleReport report;

  yl_hex_read (yl_store_get_scope (yl_fuzz_store ()), scope, sizeof scope);
  g_byte_array_append (bundle, head, sizeof head);
  g_byte_array_append (bundle, scope, sizeof scope);
  g_byte_array_append (bundle, g_bytes_get_data (bytes, NULL), (guint) g_bytes_get_size (bytes));
  crypto_generichash (digest, sizeof digest, bundle->data, bundle->len, NULL, 0);
  g_byte_array_append (bundle, digest, sizeof digest);
  g_assert_true (g_file_set_contents (yl_fuzz_file (), (const char *) bundle->data, (gssize) bundle->len, NULL));
  if (yl_bundle_read (yl_fuzz_store (), yl_fuzz_file (), &report, NULL))
    g_assert_cmpuint (report.entries, ==, 0);
}

static const struct
{
  guint8 letter;
  void (*read) (GBytes *bytes);
} readers[] = {
  { 'b', read_bones }, { 'c', read_checkpoint }, { 'd', read_bundle },     { 'f', read_frontier },
  { 'g', read_grant }, { 'h', read_horizon },    { 'k', read_chunk_call }, { 'n', read_branches },
  { 'p', open_pack },  { 't', read_tips },       { 'y', read_history },
};

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize length)
{
  g_autoptr (GBytes) bytes = length > 0 ? g_bytes_new (data + 1, length - 1) : NULL;

  yl_fuzz_store ();
  if (length == 0)
    return 0;
  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    if (readers[i].letter == data[0])
      {
        readers[i].read (bytes);
        return 0;
      }
  readers[data[0] % G_N_ELEMENTS (readers)].read (bytes);
  return 0;
}
