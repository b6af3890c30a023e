#include "yl-id.h"

#include <sodium.h>
#include <string.h>

static char *
format_id (guint8 *bytes, int version)
{
  char *text = g_malloc (YL_ID_CHARS + 1);

  bytes[6] = (bytes[6] & 0x0f) | (version << 4);
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  yl_id_from_bytes (bytes, text);
  return text;
}

/* The 12 bits after the time count within a millisecond, so that ids made here sort in the order they were made. */
static gint64
next_tick (gint64 now)
{
  static GMutex mutex;
  static gint64 last;
  gint64 tick;

  g_mutex_lock (&mutex);
  last = MAX (last + 1, now << 12);
  /* A clock set back by more than a second starts again: ids keep to the caller's time. */
  if ((last >> 12) > now + 1000)
    last = now << 12;
  tick = last;
  g_mutex_unlock (&mutex);
  return tick;
}

char *
yl_id_new (gint64 now)
{
  guint8 bytes[YL_ID_BYTES];
  gint64 tick = next_tick (now);

  randombytes_buf (bytes, sizeof bytes);
  for (int i = 0; i < 6; i++)
    bytes[i] = (guint8) (tick >> (12 + 8 * (5 - i)));
  bytes[6] = (tick >> 8) & 0x0f;
  bytes[7] = tick & 0xff;
  return format_id (bytes, 7);
}

char *
yl_id_derive (const char *first, ...)
{
  crypto_generichash_state state;
  guint8 bytes[YL_ID_BYTES];
  va_list parts;

  crypto_generichash_init (&state, NULL, 0, sizeof bytes);
  va_start (parts, first);
  /* Each part with its NUL, so that ("ab", "c") and ("a", "bc") differ. */
  for (const char *part = first; part != NULL; part = va_arg (parts, const char *))
    crypto_generichash_update (&state, (const guint8 *) part, strlen (part) + 1);
  va_end (parts);
  crypto_generichash_final (&state, bytes, sizeof bytes);
  return format_id (bytes, 8);
}

static int
hex_digit (char c)
{
  if (c >= '0' && c <= '9')
    return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Dashes stand before the bytes 4, 6, 8 and 10. */
static gboolean
has_dash (int byte)
{
  return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

gboolean
yl_id_to_bytes (const char *text, guint8 *bytes)
{
  for (int i = 0; i < YL_ID_BYTES; i++)
    {
      int high, low;

      if (has_dash (i) && *text++ != '-')
        return FALSE;
      high = hex_digit (text[0]);
      low = high >= 0 ? hex_digit (text[1]) : -1;
      if (low < 0)
        return FALSE;
      bytes[i] = (guint8) (high << 4 | low);
      text += 2;
    }
  return *text == '\0';
}

void
yl_id_from_bytes (const guint8 *bytes, char *text)
{
  static const char digits[] = "0123456789abcdef";

  for (int i = 0; i < YL_ID_BYTES; i++)
    {
      if (has_dash (i))
        *text++ = '-';
      *text++ = digits[bytes[i] >> 4];
      *text++ = digits[bytes[i] & 0x0f];
    }
  *text = '\0';
}

gboolean
yl_id_is_valid (const char *text)
{
  guint8 bytes[YL_ID_BYTES];

  return text != NULL && yl_id_to_bytes (text, bytes);
}
