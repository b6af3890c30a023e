#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Unsigned LEB128, for what stays in this file. */

typedef struct
{
  const guint8 *at;
  const guint8 *end;
} YlVarintReader;

/* yl_varint_reader: of @bytes, which it borrows; of nothing they may be NULL. */
static inline YlVarintReader
yl_varint_reader (gconstpointer bytes, gsize length)
{
  const guint8 *at = length > 0 ? bytes : (const guint8 *) "";

  return (YlVarintReader){ at, at + length };
}

static inline void
yl_varint_append (GByteArray *bytes, guint64 value)
{
  guint8 digits[10];
  guint n = 0;

  for (; value >= 0x80; value >>= 7)
    digits[n++] = (guint8) (value | 0x80);
  digits[n++] = (guint8) value;
  g_byte_array_append (bytes, digits, n);
}

/* FALSE at the end, and on a number that is cut or too long. */
static inline gboolean
yl_varint_read (YlVarintReader *reader, guint64 *value)
{
  *value = 0;
  for (guint shift = 0; reader->at < reader->end && shift < 64; shift += 7)
    {
      guint8 digit = *reader->at++;

      *value |= (guint64) (digit & 0x7f) << shift;
      if ((digit & 0x80) == 0)
        return TRUE;
    }
  return FALSE;
}

G_END_DECLS
