#include "exchange/yl-hex.h"

#include <sodium.h>
#include <string.h>

char *
yl_hex_write (gconstpointer bytes, gsize n)
{
  char *text = g_malloc (2 * n + 1);

  sodium_bin2hex (text, 2 * n + 1, bytes, n);
  return text;
}

gboolean
yl_hex_read (const char *text, gpointer bytes, gsize n)
{
  gsize length = strlen (text);

  /* libsodium takes upper case too; one value has one spelling here. */
  if (length != 2 * n || strspn (text, "0123456789abcdef") != length)
    return FALSE;
  return sodium_hex2bin (bytes, n, text, length, NULL, NULL, NULL) == 0;
}
