#include "yl-key-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "base/yl-error.h"
#include "base/yl-i18n.h"
#include "yl-lock.h"

#define HEX_CHARS (2 * YL_LOCK_SECRET_BYTES)

/* systemd's LoadCredential gives files to a service through ACLs, which look like a readable group. */
static gboolean
is_credential (const char *file)
{
  const char *directory = g_getenv ("CREDENTIALS_DIRECTORY");
  g_autofree char *parent = g_path_get_dirname (file);

  return directory != NULL && g_str_equal (parent, directory);
}

static gboolean
check_owner (const char *file, int fd, GError **error)
{
  struct stat status;

  if (fstat (fd, &status) == 0 && S_ISREG (status.st_mode)
      && ((status.st_mode & (S_IRWXG | S_IRWXO)) == 0 || is_credential (file)))
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("the key file %s is open to other people: run `chmod 600` on it"),
               file);
  return FALSE;
}

static gboolean
parse (const char *file, const char *text, gsize length, guint8 *secret, GError **error)
{
  gsize used = 0;

  if (length >= HEX_CHARS && (length == HEX_CHARS || (length == HEX_CHARS + 1 && text[HEX_CHARS] == '\n'))
      && sodium_hex2bin (secret, YL_LOCK_SECRET_BYTES, text, HEX_CHARS, NULL, &used, NULL) == 0
      && used == YL_LOCK_SECRET_BYTES)
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("%s is not a key file: it must hold %d hexadecimal digits"), file,
               HEX_CHARS);
  return FALSE;
}

gboolean
yl_key_file_read (const char *file, guint8 *secret, GError **error)
{
  char text[HEX_CHARS + 2];
  int fd = g_open (file, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
  gssize length;
  gboolean ok;

  if (fd < 0)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("the key file %s cannot be read: %s"), file,
                   g_strerror (errno));
      return FALSE;
    }
  ok = check_owner (file, fd, error);
  length = ok ? read (fd, text, sizeof text) : 0;
  close (fd);
  ok = ok && parse (file, text, length < 0 ? 0 : (gsize) length, secret, error);
  sodium_memzero (text, sizeof text);
  return ok;
}

static gboolean
write_all (int fd, const char *text)
{
  gsize length = strlen (text);

  return write (fd, text, length) == (gssize) length && fsync (fd) == 0;
}

/* Under a name of its own first, so that a second process never reads half of it. */
static gboolean
write_new (const char *file, const char *text)
{
  g_autofree char *template = g_strconcat (file, ".XXXXXX", NULL);
  int fd = g_mkstemp_full (template, O_WRONLY | O_CLOEXEC, 0600);
  gboolean ok = fd >= 0 && write_all (fd, text) && (link (template, file) == 0 || errno == EEXIST);
  int cause = errno;

  if (fd >= 0)
    {
      close (fd);
      g_unlink (template);
    }
  errno = cause;
  return ok;
}

gboolean
yl_key_file_make (const char *file, guint8 *secret, GError **error)
{
  char text[HEX_CHARS + 2];
  gboolean ok;

  if (g_file_test (file, G_FILE_TEST_EXISTS))
    return yl_key_file_read (file, secret, error);
  randombytes_buf (secret, YL_LOCK_SECRET_BYTES);
  sodium_bin2hex (text, sizeof text, secret, YL_LOCK_SECRET_BYTES);
  strcat (text, "\n");
  ok = write_new (file, text);
  sodium_memzero (text, sizeof text);
  if (ok)
    return yl_key_file_read (file, secret, error);
  g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("the key file %s cannot be made: %s"), file, g_strerror (errno));
  return FALSE;
}
