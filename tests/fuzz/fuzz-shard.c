/* Shards of a checkpoint: what can be read is in canonical order, and within the caps. */
#include <string.h>

#include "checkpoint/yl-shard.h"
#include "yl-fuzz.h"

static gboolean
version_cb (const YlMergeVersion *version, gpointer data, GError **error)
{
  char **last = data;
  g_autofree char *place = g_strjoin ("\n", version->id, version->column, NULL);

  g_assert_cmpstr (version->table, ==, "worker");
  g_assert_cmpstr (*last, <=, place);
  g_free (*last);
  *last = g_steal_pointer (&place);
  return TRUE;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize length)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, length);
  g_autoptr (GError) error = NULL;
  g_autoptr (YlShard) shard = yl_shard_read (bytes, &error);
  g_autofree char *last = g_strdup ("");

  g_assert_true ((shard == NULL) == (error != NULL));
  if (shard == NULL)
    return 0;
  yl_shard_foreach (shard, "worker", version_cb, &last, &error);
  return 0;
}
