#include "exchange/yl-frontier.h"

#include <sodium.h>
#include <string.h>

#include "exchange/yl-hex.h"
#include "exchange/yl-sync-wire.h"

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

void
yl_frontier_append (GByteArray *out, GArray *frontier)
{
  yl_varint_append (out, frontier->len);
  for (guint i = 0; i < frontier->len; i++)
    {
      const YlEntryName *name = &g_array_index (frontier, YlEntryName, i);
      guint8 writer[YL_WRITER_CHARS / 2] = { 0 };

      yl_hex_read (name->writer, writer, sizeof writer);
      g_byte_array_append (out, writer, sizeof writer);
      yl_varint_append (out, (guint64) name->seq);
      g_byte_array_append (out, name->id8, sizeof name->id8);
    }
}

static gboolean
read_name (YlVarintReader *reader, YlEntryName *name)
{
  guint8 writer[YL_WRITER_CHARS / 2];
  g_autofree char *hex = NULL;
  guint64 seq;

  if ((gsize) (reader->end - reader->at) < sizeof writer)
    return FALSE;
  memcpy (writer, reader->at, sizeof writer);
  reader->at += sizeof writer;
  if (!yl_varint_read (reader, &seq) || seq < 1 || seq > G_MAXINT64
      || (gsize) (reader->end - reader->at) < sizeof name->id8)
    return FALSE;
  memcpy (name->id8, reader->at, sizeof name->id8);
  reader->at += sizeof name->id8;
  hex = yl_hex_write (writer, sizeof writer);
  g_strlcpy (name->writer, hex, sizeof name->writer);
  name->seq = (gint64) seq;
  return TRUE;
}

GArray *
yl_frontier_read (YlVarintReader *reader)
{
  g_autoptr (GArray) frontier = yl_frontier_new ();
  guint64 count;

  if (!yl_varint_read (reader, &count) || count > YL_FRONTIER_MAX)
    return NULL;
  for (guint64 i = 0; i < count; i++)
    {
      YlEntryName name = { 0 };

      if (!read_name (reader, &name)
          || (i > 0 && yl_entry_name_compare (&g_array_index (frontier, YlEntryName, i - 1), &name) >= 0))
        return NULL;
      g_array_append_val (frontier, name);
    }
  return g_steal_pointer (&frontier);
}

void
yl_frontier_digest (GArray *frontier, guint8 *digest)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint8 whole[32];

  yl_frontier_append (bytes, frontier);
  crypto_generichash (whole, sizeof whole, bytes->data, bytes->len, NULL, 0);
  memcpy (digest, whole, YL_FRONTIER_DIGEST_BYTES);
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
