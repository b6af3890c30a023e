#include "yl-csv.h"

#include "base/yl-error.h"
#include "base/yl-i18n.h"

#include <string.h>

#define CHUNK_BYTES 65536

struct _YlCsv
{
  char *file;
  GInputStream *stream;
  char chunk[CHUNK_BYTES];
  gsize filled;
  gsize used;
  gboolean ended;
  gboolean refused; /* reading failed: the rest makes no sense */
  guint line;       /* where reading stands */
  guint row_line;
};

void
yl_csv_free (YlCsv *csv)
{
  if (csv == NULL)
    return;
  g_clear_object (&csv->stream);
  g_free (csv->file);
  g_free (csv);
}

static gboolean
refuse_file (GError **error, const char *file, const char *sentence)
{
  g_autofree char *name = g_filename_display_basename (file);

  g_set_error (error, YL_ERROR, YL_ERROR_INVALID, "%s: %s", name, sentence);
  return FALSE;
}

static void
take_io_error (GError **error, const char *file, GError *reason)
{
  g_autofree char *name = g_filename_display_basename (file);
  int code = g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ? YL_ERROR_NOT_FOUND : YL_ERROR_FAILED;

  g_set_error (error, YL_ERROR, code, _ ("%s cannot be read: %s"), name, reason->message);
  g_error_free (reason);
}

typedef enum
{
  TEXT_UTF8,
  TEXT_UTF8_WITH_MARK,
  TEXT_OTHER,
} TextKind;

/* What the bytes seen so far are. */
typedef struct
{
  TextKind kind;
  gint64 total;
  gsize rest;          /* of a character cut off at the end of a chunk */
  gboolean multi_byte; /* whole characters beyond ASCII were seen */
} TextLook;

/* FALSE: these bytes are not UTF-8. */
static gboolean
look_for_utf8 (TextLook *look, const char *bytes, gsize length)
{
  const char *end;

  look->rest = 0;
  if (!g_utf8_validate_len (bytes, length, &end))
    {
      gsize rest = length - (gsize) (end - bytes);

      if (g_utf8_get_char_validated (end, (gssize) rest) != (gunichar) -2 || memchr (end, '\0', rest) != NULL)
        return FALSE;
      look->rest = rest;
    }
  for (const char *p = bytes; p < end && !look->multi_byte; p++)
    look->multi_byte = (guint8) *p >= 0x80;
  return TRUE;
}

static gboolean
look_at_chunk (TextLook *look, const char *file, const char *bytes, gsize length, gsize n_new, GError **error)
{
  if (look->total == 0 && length >= 2 && (memcmp (bytes, "\xff\xfe", 2) == 0 || memcmp (bytes, "\xfe\xff", 2) == 0))
    return refuse_file (error, file, _ ("the file is UTF-16; save it as CSV UTF-8"));
  if (look->total == 0 && length >= 3 && memcmp (bytes, "\xef\xbb\xbf", 3) == 0)
    look->kind = TEXT_UTF8_WITH_MARK;
  look->total += (gint64) n_new;
  if (look->total > YL_CSV_MAX_BYTES)
    return refuse_file (error, file, _ ("the file is larger than 512 MiB; split it"));
  if (look->kind == TEXT_OTHER || look_for_utf8 (look, bytes, length))
    return TRUE;
  if (look->kind == TEXT_UTF8_WITH_MARK)
    return refuse_file (error, file, _ ("the file says it is UTF-8 but is not; save it as CSV UTF-8"));
  look->kind = TEXT_OTHER;
  return TRUE;
}

/* Reads the file once to see which encoding it has. */
static gboolean
look_at_text (GInputStream *stream, const char *file, TextKind *kind, GError **error)
{
  g_autofree char *buffer = g_malloc (CHUNK_BYTES);
  TextLook look = { TEXT_UTF8 };
  GError *reason = NULL;
  gssize n;

  while ((n = g_input_stream_read (stream, buffer + look.rest, CHUNK_BYTES - look.rest, NULL, &reason)) > 0)
    {
      gsize length = look.rest + (gsize) n;

      if (!look_at_chunk (&look, file, buffer, length, (gsize) n, error))
        return FALSE;
      memmove (buffer, buffer + length - look.rest, look.rest);
    }
  if (n < 0)
    {
      take_io_error (error, file, reason);
      return FALSE;
    }
  *kind = look.kind;
  if (look.rest == 0)
    return TRUE;
  /* Chinese in UTF-8 up to its last character, which is not whole: cut off, not another encoding. */
  if (look.multi_byte)
    return refuse_file (error, file, _ ("the file ends within a character; is it cut off?"));
  *kind = TEXT_OTHER;
  return TRUE;
}

/* The file as a stream of UTF-8. */
static GInputStream *
open_as_utf8 (const char *path, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GError *reason = NULL;
  g_autoptr (GFileInputStream) bytes = g_file_read (file, NULL, &reason);
  g_autoptr (GCharsetConverter) converter = NULL;
  TextKind kind;

  if (bytes == NULL)
    {
      take_io_error (error, path, reason);
      return NULL;
    }
  if (!look_at_text (G_INPUT_STREAM (bytes), path, &kind, error))
    return NULL;
  if (!g_seekable_seek (G_SEEKABLE (bytes), kind == TEXT_UTF8_WITH_MARK ? 3 : 0, G_SEEK_SET, NULL, &reason))
    {
      take_io_error (error, path, reason);
      return NULL;
    }
  if (kind != TEXT_OTHER)
    return G_INPUT_STREAM (g_steal_pointer (&bytes));
  converter = g_charset_converter_new ("UTF-8", "GB18030", &reason);
  if (converter == NULL)
    {
      take_io_error (error, path, reason);
      return NULL;
    }
  return g_converter_input_stream_new (G_INPUT_STREAM (bytes), G_CONVERTER (converter));
}

YlCsv *
yl_csv_open (const char *file, GError **error)
{
  GInputStream *stream = open_as_utf8 (file, error);
  YlCsv *csv;

  if (stream == NULL)
    return NULL;
  csv = g_new0 (YlCsv, 1);
  csv->file = g_strdup (file);
  csv->stream = stream;
  csv->line = 1;
  return csv;
}

static gboolean
refuse (YlCsv *csv, guint line, const char *sentence, GError **error)
{
  g_autofree char *name = g_filename_display_basename (csv->file);

  csv->refused = TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("%s, line %u: %s"), name, line, sentence);
  return FALSE;
}

static gboolean
fill (YlCsv *csv, GError **error)
{
  GError *reason = NULL;
  gssize n = g_input_stream_read (csv->stream, csv->chunk, CHUNK_BYTES, NULL, &reason);

  if (n >= 0)
    {
      csv->filled = (gsize) n;
      csv->used = 0;
      csv->ended = n == 0;
      return TRUE;
    }
  csv->refused = TRUE;
  if (!g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_INVALID_DATA)
      && !g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT))
    {
      take_io_error (error, csv->file, reason);
      return FALSE;
    }
  g_error_free (reason);
  return refuse_file (error, csv->file, _ ("the text is neither UTF-8 nor GB18030; save it as CSV UTF-8"));
}

/* The next byte without taking it; -1 at the end. */
static gboolean
peek (YlCsv *csv, int *byte, GError **error)
{
  if (csv->used == csv->filled && !csv->ended && !fill (csv, error))
    return FALSE;
  *byte = csv->ended ? -1 : (guint8) csv->chunk[csv->used];
  return TRUE;
}

static gboolean
append (YlCsv *csv, GString *cell, int byte, GError **error)
{
  if (byte == '\0')
    return refuse (csv, csv->line, _ ("a NUL byte; this is no CSV file"), error);
  if (cell->len >= YL_CSV_MAX_CELL_BYTES)
    return refuse (csv, csv->line, _ ("a cell is longer than 64 KiB; is a closing quote missing?"), error);
  g_string_append_c (cell, (char) byte);
  csv->line += byte == '\n';
  csv->used++;
  return TRUE;
}

/* After the opening quote, up to and with the closing one. */
static gboolean
read_quoted (YlCsv *csv, GString *cell, GError **error)
{
  int byte;

  while (peek (csv, &byte, error))
    {
      if (byte == -1)
        return refuse (csv, csv->row_line, _ ("a quoted cell does not end; is the file cut off?"), error);
      if (byte != '"')
        {
          if (!append (csv, cell, byte, error))
            return FALSE;
          continue;
        }
      csv->used++;
      if (!peek (csv, &byte, error))
        return FALSE;
      if (byte != '"')
        {
          if (byte == -1 || byte == ',' || byte == '\r' || byte == '\n')
            return TRUE;
          return refuse (csv, csv->line, _ ("text after a closing quote; double every quote inside a cell"), error);
        }
      if (!append (csv, cell, byte, error))
        return FALSE;
    }
  return FALSE;
}

static gboolean
read_plain (YlCsv *csv, GString *cell, GError **error)
{
  int byte;

  while (peek (csv, &byte, error))
    {
      if (byte == -1 || byte == ',' || byte == '\r' || byte == '\n')
        return TRUE;
      if (byte == '"')
        return refuse (csv, csv->line, _ ("a quote inside an unquoted cell; quote the whole cell"), error);
      if (!append (csv, cell, byte, error))
        return FALSE;
    }
  return FALSE;
}

static gboolean
read_cell (YlCsv *csv, GString *cell, GError **error)
{
  int byte;

  if (!peek (csv, &byte, error))
    return FALSE;
  if (byte != '"')
    return read_plain (csv, cell, error);
  csv->used++;
  return read_quoted (csv, cell, error);
}

/* Takes what ends a cell. */
static gboolean
read_separator (YlCsv *csv, gboolean *row_ends, GError **error)
{
  int byte;

  if (!peek (csv, &byte, error))
    return FALSE;
  *row_ends = byte != ',';
  if (byte == -1)
    return TRUE;
  csv->used++;
  if (byte == '\r')
    {
      if (!peek (csv, &byte, error))
        return FALSE;
      csv->used += byte == '\n';
    }
  csv->line += *row_ends;
  return TRUE;
}

static gboolean
read_row (YlCsv *csv, GPtrArray *cells, GError **error)
{
  gboolean row_ends = FALSE;

  csv->row_line = csv->line;
  while (!row_ends)
    {
      g_autoptr (GString) cell = g_string_new (NULL);

      if (cells->len == YL_CSV_MAX_CELLS)
        return refuse (csv, csv->line, _ ("more than 300 cells in a row"), error);
      if (!read_cell (csv, cell, error) || !read_separator (csv, &row_ends, error))
        return FALSE;
      g_ptr_array_add (cells, g_string_free (g_steal_pointer (&cell), FALSE));
    }
  return TRUE;
}

static gboolean
is_blank (GPtrArray *cells)
{
  for (guint i = 0; i < cells->len; i++)
    if (*(const char *) g_ptr_array_index (cells, i) != '\0')
      return FALSE;
  return TRUE;
}

GStrv
yl_csv_next (YlCsv *csv, GError **error)
{
  int byte;

  g_return_val_if_fail (!csv->refused, NULL);
  while (peek (csv, &byte, error) && byte != -1)
    {
      g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);

      if (!read_row (csv, cells, error))
        return NULL;
      if (is_blank (cells))
        continue;
      g_ptr_array_add (cells, NULL);
      return (GStrv) g_ptr_array_free (g_steal_pointer (&cells), FALSE);
    }
  return NULL;
}

guint
yl_csv_line (const YlCsv *csv)
{
  return csv->row_line;
}
