#include "yl-merge.h"

#include "log/yl-varint.h"

YlVector *
yl_vector_new (void)
{
  return g_array_new (FALSE, TRUE, sizeof (gint64));
}

gint64
yl_vector_get (const YlVector *vector, gint64 w)
{
  return w < (gint64) vector->len ? g_array_index (vector, gint64, w) : 0;
}

void
yl_vector_raise (YlVector *vector, gint64 w, gint64 seq)
{
  if (w >= (gint64) vector->len)
    g_array_set_size (vector, (guint) w + 1);
  if (g_array_index (vector, gint64, w) < seq)
    g_array_index (vector, gint64, w) = seq;
}

void
yl_vector_join (YlVector *vector, const YlVector *other)
{
  for (guint w = 0; w < other->len; w++)
    if (g_array_index (other, gint64, w) > 0)
      yl_vector_raise (vector, w, g_array_index (other, gint64, w));
}

GBytes *
yl_vector_pack (const YlVector *vector)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  for (guint w = 0; w < vector->len; w++)
    if (g_array_index (vector, gint64, w) > 0)
      {
        yl_varint_append (bytes, w);
        yl_varint_append (bytes, (guint64) g_array_index (vector, gint64, w));
      }
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

YlVector *
yl_vector_unpack (gconstpointer bytes, gsize length)
{
  YlVarintReader reader = yl_varint_reader (bytes, length);
  YlVector *vector = yl_vector_new ();
  guint64 w, seq;

  while (yl_varint_read (&reader, &w) && yl_varint_read (&reader, &seq))
    yl_vector_raise (vector, (gint64) w, (gint64) seq);
  return vector;
}
