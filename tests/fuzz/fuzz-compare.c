/* The comparison of states, and checkpoints on their way. The first byte chooses the message. */
#include "checkpoint/yl-checkpoint-pack.h"
#include "exchange/yl-state-wire.h"
#include "yl-fuzz.h"

static void
read_pack (GBytes *bytes)
{
  guint first, end;
  g_autoptr (YlCheckpointPack) pack = yl_checkpoint_pack_read (bytes, &first, &end, NULL);

  if (pack == NULL)
    return;
  g_assert_cmpuint (first, <=, end);
  g_assert_cmpuint (end, <=, pack->chunks->len);
  g_assert_cmpuint (pack->chunks->len, <=, YL_CHECKPOINT_CHUNKS_MAX);
}

/* What is read is written again as the same bytes. */
static void
read_buckets (GBytes *bytes)
{
  g_autoptr (GPtrArray) sums = yl_state_wire_read_buckets (bytes, NULL);
  g_autoptr (GBytes) again = sums != NULL ? yl_state_wire_buckets (sums) : NULL;

  g_assert_true (again == NULL || g_bytes_equal (bytes, again));
}

static void
read_question (GBytes *bytes)
{
  g_autoptr (GPtrArray) asked = yl_state_wire_read_question (bytes, NULL);

  g_assert_true (asked == NULL || asked->len <= YL_STATE_ASKED_MAX);
}

static void
read_records (GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlStateAnswer) answer = yl_state_wire_read_records (bytes, &error);

  g_assert_true ((answer == NULL) == (error != NULL));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize length)
{
  g_autoptr (GBytes) bytes = length > 0 ? g_bytes_new (data + 1, length - 1) : NULL;

  switch (length > 0 ? data[0] : 0)
    {
    case 'b':
      read_buckets (bytes);
      break;
    case 'c':
      read_pack (bytes);
      break;
    case 'q':
      read_question (bytes);
      break;
    case 'r':
      read_records (bytes);
      break;
    default:
      break;
    }
  return 0;
}
