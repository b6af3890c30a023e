#include "yl-passphrase.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/yl-error.h"
#include "base/yl-i18n.h"

#define LINE_MAX_BYTES 1024

/* Reads up to the end of the line, or to @stop. FALSE unless it ended as a line does. */
static gboolean
read_line (int fd, char stop, char *line)
{
  gsize length = 0;
  char byte = '\0';

  while (length < LINE_MAX_BYTES && read (fd, &byte, 1) == 1 && byte != '\n' && byte != stop)
    line[length++] = byte;
  line[length] = '\0';
  return byte == '\n';
}

static char *
take_line (char *line)
{
  char *copy = g_strdup (line);

  sodium_memzero (line, LINE_MAX_BYTES + 1);
  return copy;
}

static char *
read_file (const char *file, GError **error)
{
  char line[LINE_MAX_BYTES + 1];
  int fd = g_open (file, O_RDONLY | O_CLOEXEC, 0);

  if (fd < 0)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("the passphrase file %s cannot be read: %s"), file,
                   g_strerror (errno));
      return NULL;
    }
  read_line (fd, '\0', line);
  close (fd);
  return take_line (line);
}

/* Ctrl-C ends the line like Enter, so that the terminal is put right again whatever is pressed. */
static gboolean
read_unseen (int terminal, char *line)
{
  struct termios before, unseen;
  gboolean ok;

  if (tcgetattr (terminal, &before) != 0)
    return FALSE;
  unseen = before;
  unseen.c_lflag &= ~(tcflag_t) (ECHO | ISIG);
  unseen.c_cc[VEOL] = before.c_cc[VINTR];
  if (tcsetattr (terminal, TCSAFLUSH, &unseen) != 0)
    return FALSE;
  ok = read_line (terminal, (char) before.c_cc[VINTR], line);
  tcsetattr (terminal, TCSAFLUSH, &before);
  return ok;
}

static char *
ask (int terminal, const char *question, GError **error)
{
  char line[LINE_MAX_BYTES + 1];
  gboolean ok = write (terminal, question, strlen (question)) > 0 && read_unseen (terminal, line);

  if (write (terminal, "\n", 1) == 1 && ok)
    return take_line (line);
  g_set_error_literal (error, YL_ERROR, YL_ERROR_REFUSED, _ ("no passphrase was typed"));
  return NULL;
}

static void
clear (char *text)
{
  if (text != NULL)
    sodium_memzero (text, strlen (text));
  g_free (text);
}

static char *
ask_twice (int terminal, const char *file, GError **error)
{
  g_autofree char *question = g_strdup_printf (_ ("New passphrase for %s: "), file);
  char *first = ask (terminal, question, error);
  char *second = first != NULL ? ask (terminal, _ ("Once more: "), error) : NULL;
  gboolean same = second != NULL && g_str_equal (first, second);

  if (second != NULL && !same)
    g_set_error_literal (error, YL_ERROR, YL_ERROR_REFUSED, _ ("the two passphrases differ: try again"));
  clear (second);
  if (same)
    return first;
  clear (first);
  return NULL;
}

static char *
ask_once (int terminal, const char *file, GError **error)
{
  g_autofree char *question = g_strdup_printf (_ ("Passphrase of %s: "), file);

  return ask (terminal, question, error);
}

char *
yl_passphrase_ask (const char *file, gboolean fresh, GError **error)
{
  const char *passphrase_file = g_getenv ("YUELAI_PASSPHRASE_FILE");
  char *passphrase;
  int terminal;

  if (passphrase_file != NULL && *passphrase_file != '\0')
    return read_file (passphrase_file, error);
  terminal = g_open ("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY, 0);
  if (terminal < 0)
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_REFUSED,
                           _ ("a passphrase is needed and there is no terminal to ask on: use --key-file FILE or"
                              " YUELAI_PASSPHRASE_FILE"));
      return NULL;
    }
  passphrase = fresh ? ask_twice (terminal, file, error) : ask_once (terminal, file, error);
  close (terminal);
  return passphrase;
}
