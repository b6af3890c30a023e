#include "yl-id.h"

#include <sodium.h>
#include <string.h>

#define ID_BYTES 16
#define ID_LENGTH 36

static char *
format_id (guint8 *bytes, int version)
{
  GString *text = g_string_sized_new (ID_LENGTH);

  bytes[6] = (bytes[6] & 0x0f) | (version << 4);
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  for (int i = 0; i < ID_BYTES; i++)
    g_string_append_printf (text, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", bytes[i]);
  return g_string_free (text, FALSE);
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
  guint8 bytes[ID_BYTES];
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
  guint8 bytes[ID_BYTES];
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

gboolean
yl_id_is_valid (const char *text)
{
  if (text == NULL || strlen (text) != ID_LENGTH)
    return FALSE;
  for (int i = 0; i < ID_LENGTH; i++)
    {
      gboolean dash = i == 8 || i == 13 || i == 18 || i == 23;

      if (dash ? text[i] != '-' : !(g_ascii_isdigit (text[i]) || (text[i] >= 'a' && text[i] <= 'f')))
        return FALSE;
    }
  return TRUE;
}
