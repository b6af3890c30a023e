/* Change sets: what is read is written again as the same bytes, under the same id. */
#include <string.h>

#include "yl-fuzz.h"
#include "log/yl-entry.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize length)
{
  g_autoptr (GBytes) message = g_bytes_new (data, length);
  g_autoptr (GError) error = NULL;
  g_autoptr (YlEntry) entry = yl_entry_parse (message, &error);
  g_autoptr (YlEntry) again = NULL;

  g_assert_true ((entry == NULL) == (error != NULL));
  if (entry == NULL)
    return 0;
  again = yl_entry_parse (entry->message, NULL);
  g_assert_nonnull (again);
  if (yl_entry_build (again, NULL) && g_bytes_equal (again->message, message))
    g_assert_cmpmem (again->id, sizeof again->id, entry->id, sizeof entry->id);
  return 0;
}
