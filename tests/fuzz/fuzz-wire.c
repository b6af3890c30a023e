/* Segments as they cross the wire, in bundles too. */
#include <string.h>

#include "exchange/yl-wire.h"
#include "yl-fuzz.h"

#define SCOPE "0123456789abcdef0123456789abcdef"

/* The receiver has every entry before, under an id that ends in zeros. */
static gboolean
previous_cb (const YlEntryName *name, guint8 *id, gpointer data, GError **error)
{
  g_assert_cmpint (name->seq, >, 0);
  memset (id, 0, YL_ENTRY_ID_BYTES);
  memcpy (id, name->id8, sizeof name->id8);
  return TRUE;
}

static void
check_entry (const YlIncoming *incoming)
{
  const YlEntry *entry = incoming->entry;
  g_autoptr (YlEntry) again = yl_entry_parse (entry->message, NULL);

  g_assert_cmpuint (g_bytes_get_size (entry->message), <=, YL_ENTRY_MAX_BYTES);
  g_assert_nonnull (again);
  g_assert_cmpmem (again->id, sizeof again->id, entry->id, sizeof entry->id);
  g_assert_cmpstr (again->writer, ==, entry->writer);
  g_assert_cmpint (again->seq, ==, entry->seq);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize length)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, length);
  g_autoptr (GError) error = NULL;
  g_autoptr (YlSegment) segment = yl_segment_decode (bytes, SCOPE, previous_cb, NULL, &error);

  g_assert_true ((segment == NULL) == (error != NULL));
  if (segment == NULL)
    return 0;
  g_assert_cmpuint (segment->entries->len, <=, YL_WIRE_ENTRIES_MAX);
  for (guint i = 0; i < segment->entries->len; i++)
    check_entry (segment->entries->pdata[i]);
  return 0;
}
