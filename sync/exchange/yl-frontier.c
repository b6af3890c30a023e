#include "exchange/yl-frontier.h"

#include <string.h>

#include "exchange/yl-hex.h"

GArray *
yl_frontier_new (void)
{
  return g_array_new (FALSE, FALSE, sizeof (YlEntryName));
}

gboolean
yl_frontier_equal (GArray *a, GArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    {
      if (yl_entry_name_compare (&g_array_index (a, YlEntryName, i), &g_array_index (b, YlEntryName, i)) != 0)
        return FALSE;
    }
  return TRUE;
}

char *
yl_entry_name_format (const YlEntryName *name)
{
  g_autofree char *id8 = yl_hex_write (name->id8, sizeof name->id8);

  return g_strdup_printf ("%s:%" G_GINT64_FORMAT ":%s", name->writer, name->seq, id8);
}

gboolean
yl_entry_name_parse (const char *text, YlEntryName *name)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", 4);
  guint8 writer[YL_WRITER_CHARS / 2];
  g_autofree char *again = NULL;

  if (g_strv_length (parts) != 3 || !yl_hex_read (parts[0], writer, sizeof writer)
      || !yl_hex_read (parts[2], name->id8, sizeof name->id8)
      || !g_ascii_string_to_signed (parts[1], 10, 1, G_MAXINT64, &name->seq, NULL))
    return FALSE;
  g_strlcpy (name->writer, parts[0], sizeof name->writer);
  again = yl_entry_name_format (name);
  return strcmp (again, text) == 0;
}

JsonArray *
yl_frontier_to_json (GArray *frontier)
{
  JsonArray *array = json_array_sized_new (frontier->len);

  for (guint i = 0; i < frontier->len; i++)
    {
      g_autofree char *name = yl_entry_name_format (&g_array_index (frontier, YlEntryName, i));

      json_array_add_string_element (array, name);
    }
  return array;
}

GArray *
yl_frontier_from_json (JsonArray *array, GError **error)
{
  g_autoptr (GArray) frontier = yl_frontier_new ();

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      YlEntryName name = { 0 };

      if (json_node_get_value_type (node) != G_TYPE_STRING || !yl_entry_name_parse (json_node_get_string (node), &name)
          || (i > 0 && yl_entry_name_compare (&g_array_index (frontier, YlEntryName, i - 1), &name) >= 0))
        {
          g_set_error (error, YL_ERROR, YL_ERROR_INVALID, "position %u of the frontier is malformed", i + 1);
          return NULL;
        }
      g_array_append_val (frontier, name);
    }
  return g_steal_pointer (&frontier);
}
