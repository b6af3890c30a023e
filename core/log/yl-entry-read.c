#include "yl-entry-private.h"

#include <sodium.h>
#include <string.h>

#include "base/yl-clock.h"
#include "base/yl-i18n.h"
#include "base/yl-id.h"
#include "base/yl-json-gate.h"
#include "base/yl-json-reader.h"

/* Reading a message, in one pass behind the gate. Every function returns FALSE on anything out of form; one place makes the error. */

#define MAX_NAME_CHARS 64

static gboolean
is_hex (const char *text, gsize length, gsize wanted)
{
  if (length != wanted)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isdigit (text[i]) && (text[i] < 'a' || text[i] > 'f'))
      return FALSE;
  return TRUE;
}

gboolean
yl_entry_is_writer (const char *text)
{
  return text != NULL && is_hex (text, strlen (text), YL_WRITER_CHARS);
}

gboolean
yl_entry_is_unknown (const char *column)
{
  gsize kind = strcspn (column, YL_OP_UNKNOWN_MARK);
  g_autofree char *name = g_strndup (column, kind);
  g_auto (GStrv) place = column[kind] != '\0' ? g_strsplit (column + kind + 1, ":", 4) : NULL;
  guint64 seq, index;

  return place != NULL && g_strv_length (place) == 3 && yl_entry_is_name (name) && yl_entry_is_writer (place[0])
         && g_ascii_string_to_unsigned (place[1], 10, 1, G_MAXINT64, &seq, NULL)
         && g_ascii_string_to_unsigned (place[2], 10, 0, YL_ENTRY_MAX_OPS - 1, &index, NULL);
}

static void
read_bytes (const char *hex, guint8 *bytes, gsize n_bytes)
{
  for (gsize i = 0; i < n_bytes; i++)
    bytes[i] = (guint8) (g_ascii_xdigit_value (hex[2 * i]) << 4 | g_ascii_xdigit_value (hex[2 * i + 1]));
}

/* A string of so many hex digits, into @text with room for them and a NUL. */
static gboolean
read_hex (YlJsonReader *reader, char *text, gsize n_chars)
{
  YlJsonString string;

  if (!yl_json_string (reader, &string) || !is_hex (string.text, string.length, n_chars))
    return FALSE;
  memcpy (text, string.text, n_chars);
  text[n_chars] = '\0';
  return TRUE;
}

/* A name of a table, column or kind, into @name with room for MAX_NAME_CHARS and a NUL. */
static gboolean
take_name (const YlJsonString *string, char *name)
{
  if (string->length > MAX_NAME_CHARS)
    return FALSE;
  memcpy (name, string->text, string->length);
  name[string->length] = '\0';
  return strlen (name) == string->length && yl_entry_is_name (name);
}

/* Ops */

static gboolean
read_blob (YlJsonReader *reader, YlValue *value)
{
  YlJsonString string;
  g_autofree guint8 *bytes = NULL;
  gsize length;

  if (!yl_json_begin (reader, '{') || !yl_json_more (reader, '}'))
    return FALSE;
  yl_json_name (reader, &string);
  if (!yl_json_string_is (&string, "b") || !yl_json_string (reader, &string))
    return FALSE;
  bytes = g_malloc (string.length + 1);
  if (sodium_base642bin (bytes, string.length + 1, string.text, string.length, NULL, &length, NULL,
                         sodium_base64_VARIANT_URLSAFE_NO_PADDING)
      != 0)
    return FALSE;
  yl_value_set_bytes (value, YL_VALUE_BLOB, bytes, length);
  return !yl_json_more (reader, '}');
}

static gboolean
read_column (YlJsonReader *reader, YlOp *op, const char *name)
{
  g_auto (YlValue) owned = YL_VALUE_INIT;
  YlValue value = YL_VALUE_INIT;
  YlJsonString string;

  switch (yl_json_next (reader))
    {
    case '{':
      if (!read_blob (reader, &owned))
        return FALSE;
      value = owned;
      break;
    case '"':
      yl_json_string (reader, &string);
      value = (YlValue){ YL_VALUE_TEXT, 0, (char *) string.text, string.length };
      break;
    case 'n':
      yl_json_null (reader);
      break;
    default:
      value.type = YL_VALUE_INTEGER;
      if (!yl_json_integer (reader, &value.integer))
        return FALSE;
    }
  yl_op_add (op, name, &value);
  return TRUE;
}

static gboolean
read_columns (YlJsonReader *reader, YlOp *op)
{
  char name[MAX_NAME_CHARS + 1];
  YlJsonString string;

  if (!yl_json_begin (reader, '{'))
    return FALSE;
  while (yl_json_more (reader, '}'))
    {
      yl_json_name (reader, &string);
      if (!take_name (&string, name) || (op->n_columns > 0 && strcmp (op->columns[op->n_columns - 1], name) >= 0)
          || !read_column (reader, op, name))
        return FALSE;
    }
  return TRUE;
}

static YlOpKind
kind_of (const char *name)
{
  for (guint i = 0; yl_op_names[i] != NULL; i++)
    if (strcmp (name, yl_op_names[i]) == 0)
      return (YlOpKind) i;
  return YL_OP_UNKNOWN;
}

/* Puts the one column in the place of those read, see YlOp. */
static void
keep_unknown (YlOp *op, const char *kind, guint index, const YlEntry *entry)
{
  g_autofree char *column =
      g_strdup_printf ("%s" YL_OP_UNKNOWN_MARK "%s:%" G_GINT64_FORMAT ":%u", kind, entry->writer, entry->seq, index);
  g_autoptr (GString) text = g_string_new (NULL);
  YlValue value = { YL_VALUE_TEXT, 0, NULL, 0 };

  yl_op_append_columns (op, text);
  yl_op_clear (op);
  value.bytes = text->str;
  value.length = text->len;
  yl_op_add (op, column, &value);
}

/* Its kind, table and id: three strings. */
static YlOp *
read_op_start (YlJsonReader *reader, char *kind)
{
  char table[MAX_NAME_CHARS + 1], id[YL_ID_CHARS + 1];
  YlJsonString string;

  if (!yl_json_begin (reader, '[') || !yl_json_more (reader, ']') || !yl_json_string (reader, &string)
      || !take_name (&string, kind))
    return NULL;
  if (!yl_json_more (reader, ']') || !yl_json_string (reader, &string) || !take_name (&string, table))
    return NULL;
  if (!yl_json_more (reader, ']') || !yl_json_string (reader, &string) || string.length != YL_ID_CHARS)
    return NULL;
  memcpy (id, string.text, YL_ID_CHARS);
  id[YL_ID_CHARS] = '\0';
  return yl_id_is_valid (id) ? yl_op_new (kind_of (kind), table, id) : NULL;
}

/* Ops of unknown kinds need the entry's name, which may come later: their kinds wait in @unknown (index -> kind). */
static gboolean
read_op (YlJsonReader *reader, YlEntry *entry, GHashTable *unknown)
{
  char kind[MAX_NAME_CHARS + 1];
  g_autoptr (YlOp) op = read_op_start (reader, kind);

  if (op == NULL)
    return FALSE;
  if (op->kind != YL_OP_DELETE && (!yl_json_more (reader, ']') || !read_columns (reader, op)))
    return FALSE;
  if (yl_json_more (reader, ']'))
    return FALSE;
  if (op->kind == YL_OP_UNKNOWN)
    g_hash_table_insert (unknown, GUINT_TO_POINTER (entry->ops->len), g_strdup (kind));
  g_ptr_array_add (entry->ops, g_steal_pointer (&op));
  return TRUE;
}

static gboolean
read_ops (YlJsonReader *reader, YlEntry *entry, GHashTable *unknown)
{
  if (!yl_json_begin (reader, '['))
    return FALSE;
  while (yl_json_more (reader, ']'))
    if (entry->ops->len >= YL_ENTRY_MAX_OPS || !read_op (reader, entry, unknown))
      return FALSE;
  return TRUE;
}

static void
keep_all_unknown (YlEntry *entry, GHashTable *unknown)
{
  GHashTableIter iter;
  gpointer index, kind;

  g_hash_table_iter_init (&iter, unknown);
  while (g_hash_table_iter_next (&iter, &index, &kind))
    keep_unknown (entry->ops->pdata[GPOINTER_TO_UINT (index)], kind, GPOINTER_TO_UINT (index), entry);
}

/* The other members */

static gboolean
read_entry_name (const YlJsonString *string, YlEntryName *name)
{
  g_autofree char *text = g_strndup (string->text, string->length);
  g_auto (GStrv) parts = g_strsplit (text, ":", 4);
  guint64 seq;

  if (g_strv_length (parts) != 3 || !yl_entry_is_writer (parts[0])
      || !is_hex (parts[2], strlen (parts[2]), 2 * sizeof name->id8)
      || !g_ascii_string_to_unsigned (parts[1], 10, 1, G_MAXINT64, &seq, NULL))
    return FALSE;
  g_strlcpy (name->writer, parts[0], sizeof name->writer);
  name->seq = (gint64) seq;
  read_bytes (parts[2], name->id8, sizeof name->id8);
  return TRUE;
}

static gboolean
read_merged (YlJsonReader *reader, YlEntry *entry)
{
  YlEntryName last = { 0 };
  YlJsonString string;

  if (!yl_json_begin (reader, '['))
    return FALSE;
  while (yl_json_more (reader, ']'))
    {
      YlEntryName name;

      if (entry->merged->len >= YL_ENTRY_MAX_MERGED || !yl_json_string (reader, &string)
          || !read_entry_name (&string, &name) || yl_entry_name_compare (&last, &name) >= 0)
        return FALSE;
      g_array_append_val (entry->merged, name);
      last = name;
    }
  return TRUE;
}

static gboolean
read_hlc (YlJsonReader *reader, YlEntry *entry)
{
  gint64 ms, counter;

  if (!yl_json_begin (reader, '[') || !yl_json_more (reader, ']') || !yl_json_integer (reader, &ms)
      || !yl_json_more (reader, ']') || !yl_json_integer (reader, &counter) || yl_json_more (reader, ']'))
    return FALSE;
  if (ms < YL_CLOCK_MIN_MS || ms >= YL_CLOCK_MAX_MS || counter < 0 || counter > G_MAXUINT16)
    return FALSE;
  entry->hlc = YL_HLC (ms, counter);
  return TRUE;
}

static gboolean
read_prev (YlJsonReader *reader, YlEntry *entry)
{
  char hex[2 * YL_ENTRY_ID_BYTES + 1];

  if (!read_hex (reader, hex, sizeof hex - 1))
    return FALSE;
  read_bytes (hex, entry->prev, sizeof entry->prev);
  return TRUE;
}

static gboolean
read_actor (YlJsonReader *reader, YlEntry *entry)
{
  YlJsonString string;

  if (!yl_json_string (reader, &string))
    return FALSE;
  entry->actor = g_strndup (string.text, string.length);
  return yl_entry_is_actor (entry->actor);
}

static gboolean
read_integer_from (YlJsonReader *reader, gint64 least, gint64 *integer)
{
  return yl_json_integer (reader, integer) && *integer >= least;
}

typedef enum
{
  MEMBER_PREV,
  MEMBER_FORMAT,
  MEMBER_SCOPE,
  MEMBER_WRITER,
  MEMBER_SEQ,
  MEMBER_HLC,
  MEMBER_MERGED,
  MEMBER_AUTHORITY,
  MEMBER_ACTOR,
  MEMBER_SCHEMA,
  MEMBER_OPS,
  N_MEMBERS
} Member;

/* In the one order they are written; which is no duty of others. */
static const char *const members[] = { "prev",   "format",    "scope", "writer", "seq", "hlc",
                                       "merged", "authority", "actor", "schema", "ops" };

/* @expected: the one that would come next. */
static Member
which_member (const YlJsonString *name, guint expected)
{
  for (guint i = 0; i < N_MEMBERS; i++)
    if (yl_json_string_is (name, members[(expected + i) % N_MEMBERS]))
      return (Member) ((expected + i) % N_MEMBERS);
  return N_MEMBERS;
}

static gboolean
read_member (YlJsonReader *reader, Member member, YlEntry *entry, gint64 *format, GHashTable *unknown)
{
  switch (member)
    {
    case MEMBER_PREV:
      return read_prev (reader, entry);
    case MEMBER_FORMAT:
      return yl_json_integer (reader, format) && *format == YL_ENTRY_FORMAT;
    case MEMBER_SCOPE:
      return read_hex (reader, entry->scope, YL_SCOPE_CHARS);
    case MEMBER_WRITER:
      return read_hex (reader, entry->writer, YL_WRITER_CHARS);
    case MEMBER_SEQ:
      return read_integer_from (reader, 1, &entry->seq);
    case MEMBER_HLC:
      return read_hlc (reader, entry);
    case MEMBER_MERGED:
      return read_merged (reader, entry);
    case MEMBER_AUTHORITY:
      return read_integer_from (reader, 0, &entry->authority);
    case MEMBER_ACTOR:
      return read_actor (reader, entry);
    case MEMBER_SCHEMA:
      return read_integer_from (reader, 1, &entry->schema);
    case MEMBER_OPS:
      return read_ops (reader, entry, unknown);
    case N_MEMBERS:
    default:
      return FALSE;
    }
}

/* Names do not repeat, so as many members as there are names are all of them. */
static gboolean
read_body (YlJsonReader *reader, YlEntry *entry, gint64 *format)
{
  g_autoptr (GHashTable) unknown = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  guint n_read = 0;
  YlJsonString name;

  if (!yl_json_begin (reader, '{'))
    return FALSE;
  for (; yl_json_more (reader, '}'); n_read++)
    {
      yl_json_name (reader, &name);
      if (!read_member (reader, which_member (&name, n_read), entry, format, unknown))
        return FALSE;
    }
  keep_all_unknown (entry, unknown);
  return n_read == N_MEMBERS;
}

/* What was not understood may be of a newer format, which says so somewhere among the members. */
static gint64
find_format (const char *body)
{
  g_auto (YlJsonReader) reader;
  gint64 format = 0;
  YlJsonString name;

  yl_json_reader_init (&reader, body);
  if (!yl_json_begin (&reader, '{'))
    return 0;
  while (yl_json_more (&reader, '}'))
    {
      yl_json_name (&reader, &name);
      if (yl_json_string_is (&name, members[MEMBER_FORMAT]))
        return yl_json_integer (&reader, &format) ? format : 0;
      yl_json_skip (&reader);
    }
  return 0;
}

static void
set_form_error (gint64 format, GError **error)
{
  if (format > YL_ENTRY_FORMAT)
    g_set_error (error, YL_ERROR, YL_ERROR_NEWER, "a change set has format %" G_GINT64_FORMAT ": update this program",
                 format);
  else if (format < YL_ENTRY_FORMAT)
    g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("a change set has no known format"));
  else
    g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("a change set is out of form"));
}

YlEntry *
yl_entry_parse (GBytes *message, GError **error)
{
  static const char start[] = YL_ENTRY_BODY_START YL_ENTRY_PREV_START;
  g_autoptr (YlEntry) entry = yl_entry_new ();
  g_auto (YlJsonReader) reader;
  gsize length;
  const char *text = g_bytes_get_data (message, &length);
  const char *blank =
      length > 0 && length <= YL_ENTRY_MAX_BYTES ? memmem (text, length, start, sizeof start - 1) : NULL;
  const char *body = blank != NULL ? blank + 2 : NULL;
  gint64 format = 0;

  yl_json_reader_init (&reader, body);
  if (blank == NULL || !yl_entry_is_what (text, (gsize) (blank - text)))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID,
                   _ ("a change set does not begin with its sentence or is over 1 MiB"));
      return NULL;
    }
  if (!yl_json_gate (body, length - (gsize) (body - text), error))
    return NULL;
  if (!read_body (&reader, entry, &format))
    {
      set_form_error (find_format (body), error);
      return NULL;
    }
  entry->what = g_strndup (text, (gsize) (blank - text));
  entry->message = g_bytes_ref (message);
  yl_entry_hash (entry);
  return g_steal_pointer (&entry);
}
