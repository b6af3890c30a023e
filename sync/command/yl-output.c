#include "base/yl-i18n.h"
#include "yl-output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct _YlOutput
{
  GString *text;
  guint depth;
  gboolean fresh; /* nothing yet in the innermost object or array */
  gboolean one_line;
};

YlOutput *
yl_output_new (void)
{
  YlOutput *output = g_new0 (YlOutput, 1);

  output->text = g_string_new (NULL);
  output->fresh = TRUE;
  return output;
}

void
yl_output_free (YlOutput *output)
{
  g_string_free (output->text, TRUE);
  g_free (output);
}

void
yl_output_keep_to_one_line (YlOutput *output)
{
  output->one_line = TRUE;
}

gboolean
yl_output_flush (YlOutput *output, GError **error)
{
  GString *text = output->text;

  if (text->len > 0 && text->str[text->len - 1] != '\n')
    g_string_append_c (text, '\n');
  if (fwrite (text->str, 1, text->len, stdout) == text->len && fflush (stdout) == 0)
    {
      g_string_truncate (text, 0);
      return TRUE;
    }
  g_set_error (error, YL_ERROR, errno == ENOSPC ? YL_ERROR_FULL : YL_ERROR_FAILED,
               _ ("Cannot write the result to standard output: %s"), g_strerror (errno));
  return FALSE;
}

static void append_plain (GString *to, const char *format, va_list arguments) G_GNUC_PRINTF (2, 0);

static void
append_plain (GString *to, const char *format, va_list arguments)
{
  gsize start = to->len;

  g_string_append_vprintf (to, format, arguments);
  for (char *c = to->str + start; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = ' ';
}

void
yl_output_line (YlOutput *output, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  append_plain (output->text, format, arguments);
  va_end (arguments);
  g_string_append_c (output->text, '\n');
}

void
yl_output_cell (YlOutput *output, const char *format, ...)
{
  va_list arguments;

  if (output->text->len > 0 && output->text->str[output->text->len - 1] != '\n')
    g_string_append_c (output->text, '\t');
  va_start (arguments, format);
  append_plain (output->text, format, arguments);
  va_end (arguments);
}

void
yl_output_end_row (YlOutput *output)
{
  g_string_append_c (output->text, '\n');
}

static void
append_quoted (GString *to, const char *text)
{
  g_string_append_c (to, '"');
  for (const char *c = text; *c != '\0'; c++)
    {
      if (*c == '"' || *c == '\\')
        g_string_append_printf (to, "\\%c", *c);
      else if (*c == '\n')
        g_string_append (to, "\\n");
      else if (g_ascii_iscntrl (*c))
        g_string_append_printf (to, "\\u%04x", (guint) (guchar) *c);
      else
        g_string_append_c (to, *c);
    }
  g_string_append_c (to, '"');
}

static void
indent (YlOutput *output)
{
  if (!output->one_line)
    g_string_append_printf (output->text, "\n%*s", (int) output->depth * 2, "");
}

/* What stands before every value: the comma, the indent, the name. */
static void
begin_value (YlOutput *output, const char *name)
{
  if (!output->fresh)
    g_string_append (output->text, output->one_line ? ", " : ",");
  if (output->depth > 0)
    indent (output);
  output->fresh = FALSE;
  if (name == NULL)
    return;
  append_quoted (output->text, name);
  g_string_append (output->text, ": ");
}

static void
open_bracket (YlOutput *output, const char *name, char bracket)
{
  begin_value (output, name);
  g_string_append_c (output->text, bracket);
  output->depth++;
  output->fresh = TRUE;
}

static void
close_bracket (YlOutput *output, char bracket)
{
  output->depth--;
  if (!output->fresh)
    indent (output);
  g_string_append_c (output->text, bracket);
  output->fresh = FALSE;
}

void
yl_output_begin_object (YlOutput *output, const char *name)
{
  open_bracket (output, name, '{');
}

void
yl_output_end_object (YlOutput *output)
{
  close_bracket (output, '}');
}

void
yl_output_begin_array (YlOutput *output, const char *name)
{
  open_bracket (output, name, '[');
}

void
yl_output_end_array (YlOutput *output)
{
  close_bracket (output, ']');
}

void
yl_output_text (YlOutput *output, const char *name, const char *text)
{
  begin_value (output, name);
  if (text == NULL)
    g_string_append (output->text, "null");
  else
    append_quoted (output->text, text);
}

void
yl_output_integer (YlOutput *output, const char *name, gint64 integer)
{
  begin_value (output, name);
  g_string_append_printf (output->text, "%" G_GINT64_FORMAT, integer);
}

void
yl_output_boolean (YlOutput *output, const char *name, gboolean boolean)
{
  begin_value (output, name);
  g_string_append (output->text, boolean ? "true" : "false");
}

void
yl_output_instant (YlOutput *output, const char *name, gint64 ms)
{
  g_autofree char *text = yl_instant_format (ms);

  yl_output_text (output, name, text);
}

void
yl_output_field (YlOutput *output, const char *name, const YlField *field, const YlValue *value)
{
  g_autofree char *text = NULL;

  if (value->type == YL_VALUE_INTEGER && field->kind == YL_KIND_BOOLEAN)
    {
      yl_output_boolean (output, name, value->integer != 0);
      return;
    }
  if (value->type == YL_VALUE_INTEGER && field->kind != YL_KIND_INSTANT && field->kind != YL_KIND_DEGREES)
    {
      yl_output_integer (output, name, value->integer);
      return;
    }
  text = yl_field_format (field, value);
  if (text == NULL || field->kind != YL_KIND_DEGREES)
    {
      yl_output_text (output, name, text);
      return;
    }
  begin_value (output, name);
  g_string_append (output->text, text);
}

static void
put_members (YlOutput *output, va_list members)
{
  const char *name;

  yl_output_begin_object (output, NULL);
  while ((name = va_arg (members, const char *)) != NULL)
    yl_output_text (output, name, va_arg (members, const char *));
  yl_output_end_object (output);
}

gboolean
yl_output_result (gboolean json, GError **error, const char *line, ...)
{
  g_autoptr (YlOutput) output = yl_output_new ();
  va_list members;

  va_start (members, line);
  if (json)
    put_members (output, members);
  else
    yl_output_line (output, "%s", line);
  va_end (members);
  return yl_output_flush (output, error);
}
