/* Packed entries: what can be unpacked is a change set, and packs to what unpacks to the same. */
#include <string.h>

#include "log/yl-entry-pack.h"
#include "yl-fuzz.h"

static YlEntry *
entry_beside (void)
{
  YlEntry *entry = yl_entry_new ();

  memset (entry->scope, 'a', YL_SCOPE_CHARS);
  memset (entry->writer, 'b', YL_WRITER_CHARS);
  entry->seq = 2;
  memset (entry->prev, 3, sizeof entry->prev);
  entry->hlc = G_GINT64_CONSTANT (1796083200000) << 16;
  entry->authority = 5;
  entry->actor = g_strdup ("CY01");
  return entry;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize length)
{
  g_autoptr (YlEntry) entry = entry_beside ();
  g_autoptr (YlEntry) again = entry_beside ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) packed = NULL;

  if (!yl_entry_unpack (entry, data, length, &error))
    {
      g_assert_nonnull (error);
      return 0;
    }
  packed = yl_entry_pack (entry);
  g_assert_true (yl_entry_unpack (again, g_bytes_get_data (packed, NULL), g_bytes_get_size (packed), &error));
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (entry->message, again->message));
  g_assert_cmpmem (entry->id, sizeof entry->id, again->id, sizeof again->id);
  return 0;
}
