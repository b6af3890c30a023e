#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Reading JSON that has passed yl_json_gate(), from left to right and without a tree. Every function takes the next value or
 * part of one; those that return gboolean say FALSE where it is something else than asked for, and nothing more may be read then.
 *
 *   if (!yl_json_begin (&reader, '{')) return FALSE;
 *   while (yl_json_more (&reader, '}'))
 *     if (!yl_json_string (&reader, &name) || !yl_json_colon (&reader) || …) return FALSE;
 */
typedef struct
{
  const char *at;
  GString *unescaped; /* Owned: the last string that held an escape */
} YlJsonReader;

/* A string of the text or of the reader; valid until the next string is read. Not NUL-terminated. */
typedef struct
{
  const char *text;
  gsize length;
} YlJsonString;

void yl_json_reader_init (YlJsonReader *reader, const char *text);
void yl_json_reader_clear (YlJsonReader *reader);
/* yl_json_next: the first character of what comes next, not taken. */
char yl_json_next (YlJsonReader *reader);
/* yl_json_begin: takes `{` or `[`. */
gboolean yl_json_begin (YlJsonReader *reader, char bracket);
/* yl_json_more: whether another member or element follows; takes the comma before it, or the closing bracket. */
gboolean yl_json_more (YlJsonReader *reader, char bracket);
/* yl_json_name: the name of a member, with its colon. */
void yl_json_name (YlJsonReader *reader, YlJsonString *name);
gboolean yl_json_string (YlJsonReader *reader, YlJsonString *string);
/* yl_json_integer: a number with a fraction or an exponent is none. */
gboolean yl_json_integer (YlJsonReader *reader, gint64 *integer);
gboolean yl_json_null (YlJsonReader *reader);
/* yl_json_skip: passes over the next value, whatever it is. */
void yl_json_skip (YlJsonReader *reader);

gboolean yl_json_string_is (const YlJsonString *string, const char *text);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (YlJsonReader, yl_json_reader_clear)

G_END_DECLS
