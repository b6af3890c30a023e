#include "yl-entry-pack.h"

#include <string.h>

#include "base/yl-i18n.h"
#include "base/yl-id.h"
#include "yl-entry-private.h"
#include "yl-varint.h"
#include "yl-words.h"

/* The first byte. */
typedef enum
{
  FORM_WORDS = 1, /* members, spelled with the words */
  FORM_TEXT = 2,  /* the message as it is, without `prev`: where it is written in another way than we would */
} Form;

/* How a value begins. */
typedef enum
{
  TAG_NULL,
  TAG_INTEGER,  /* varint */
  TAG_NEGATIVE, /* varint of -1 - value */
  TAG_TEXT,
  TAG_BLOB, /* length, bytes */
} Tag;

/* Writing */

static void
append (GByteArray *out, gconstpointer bytes, gsize length)
{
  g_byte_array_append (out, bytes, (guint) length);
}

static void
append_id (GByteArray *out, const char *id)
{
  guint8 bytes[YL_ID_BYTES];

  if (!yl_id_to_bytes (id, bytes))
    g_assert_not_reached ();
  append (out, bytes, sizeof bytes);
}

/* An odd number is a word's; 0 a UUID; else twice one more than the length. */
static void
append_text (GByteArray *out, const char *text, gsize length)
{
  int word = yl_words_find (text, length);

  if (word >= 0)
    yl_varint_append (out, (guint64) word << 1 | 1);
  else if (length == 36 && yl_id_is_valid (text))
    {
      yl_varint_append (out, 0);
      append_id (out, text);
    }
  else
    {
      yl_varint_append (out, (guint64) (length + 1) << 1);
      append (out, text, length);
    }
}

static void
append_value (GByteArray *out, const YlValue *value)
{
  guint8 tag = TAG_NULL;

  if (value->type == YL_VALUE_INTEGER)
    tag = value->integer < 0 ? TAG_NEGATIVE : TAG_INTEGER;
  else if (value->type != YL_VALUE_NULL)
    tag = value->type == YL_VALUE_TEXT ? TAG_TEXT : TAG_BLOB;
  append (out, &tag, 1);
  if (value->type == YL_VALUE_INTEGER)
    yl_varint_append (out, (guint64) (value->integer < 0 ? -1 - value->integer : value->integer));
  else if (value->type == YL_VALUE_TEXT)
    append_text (out, value->bytes, value->length);
  else if (value->type == YL_VALUE_BLOB)
    {
      yl_varint_append (out, value->length);
      append (out, value->bytes, value->length);
    }
}

static void
append_op (GByteArray *out, const YlOp *op)
{
  guint8 kind = (guint8) op->kind;

  append (out, &kind, 1);
  append_text (out, op->table, strlen (op->table));
  append_id (out, op->id);
  if (op->kind == YL_OP_DELETE)
    return;
  yl_varint_append (out, op->n_columns);
  for (guint i = 0; i < op->n_columns; i++)
    {
      append_text (out, op->columns[i], strlen (op->columns[i]));
      append_value (out, &op->values[i]);
    }
}

static void
append_what (GByteArray *out, const char *what)
{
  g_auto (GStrv) words = g_strsplit (what, " ", -1);

  yl_varint_append (out, g_strv_length (words));
  for (guint i = 0; words[i] != NULL; i++)
    append_text (out, words[i], strlen (words[i]));
}

static GBytes *
pack_words (const YlEntry *entry)
{
  g_autoptr (GByteArray) out = g_byte_array_sized_new (128);
  guint8 form = FORM_WORDS;

  append (out, &form, 1);
  yl_varint_append (out, (guint64) entry->schema);
  append_what (out, entry->what);
  yl_varint_append (out, entry->ops->len);
  for (guint i = 0; i < entry->ops->len; i++)
    append_op (out, entry->ops->pdata[i]);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

static GBytes *
pack_text (const YlEntry *entry)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  gsize length;
  const char *text = g_bytes_get_data (entry->message, &length);
  const char *prev = g_strstr_len (text, (gssize) length, YL_ENTRY_BODY_START) + strlen (YL_ENTRY_BODY_START);
  guint8 form = FORM_TEXT;

  append (out, &form, 1);
  append (out, text, (gsize) (prev - text));
  append (out, prev + YL_ENTRY_PREV_CHARS, (gsize) (text + length - prev) - YL_ENTRY_PREV_CHARS);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

/* Reading. Every function returns FALSE on anything out of form; one place makes the error. */

static const guint8 *
take (YlVarintReader *reader, guint64 length)
{
  const guint8 *bytes = reader->at;

  if (length > (guint64) (reader->end - reader->at))
    return NULL;
  reader->at += length;
  return bytes;
}

static char *
read_id (YlVarintReader *reader)
{
  const guint8 *bytes = take (reader, YL_ID_BYTES);
  char *id;

  if (bytes == NULL)
    return NULL;
  id = g_malloc (YL_ID_CHARS + 1);
  yl_id_from_bytes (bytes, id);
  return id;
}

/* @newer: set where a word is missing. */
static char *
read_text (YlVarintReader *reader, gsize *length, gboolean *newer)
{
  guint64 code;
  const guint8 *bytes;
  char *text;

  if (!yl_varint_read (reader, &code))
    return NULL;
  if ((code & 1) != 0)
    {
      text = g_strdup (yl_words_get (code >> 1));
      *newer = *newer || text == NULL;
    }
  else if (code == 0)
    text = read_id (reader);
  else
    {
      bytes = take (reader, (code >> 1) - 1);
      *length = (code >> 1) - 1;
      return bytes != NULL ? g_strndup ((const char *) bytes, *length) : NULL;
    }
  *length = text != NULL ? strlen (text) : 0;
  return text;
}

/* A name, which holds no NUL. */
static char *
read_name (YlVarintReader *reader, gboolean *newer)
{
  gsize length = 0;
  g_autofree char *name = read_text (reader, &length, newer);

  return name != NULL && strlen (name) == length ? g_steal_pointer (&name) : NULL;
}

static gboolean
read_number (YlVarintReader *reader, guint8 tag, YlValue *value)
{
  guint64 number;

  if (!yl_varint_read (reader, &number) || number > G_MAXINT64)
    return FALSE;
  yl_value_set_integer (value, tag == TAG_INTEGER ? (gint64) number : -1 - (gint64) number);
  return TRUE;
}

static gboolean
read_bytes (YlVarintReader *reader, YlValue *value)
{
  guint64 length;
  const guint8 *bytes = yl_varint_read (reader, &length) ? take (reader, length) : NULL;

  if (bytes != NULL)
    yl_value_set_bytes (value, YL_VALUE_BLOB, bytes, length);
  return bytes != NULL;
}

static gboolean
read_value (YlVarintReader *reader, YlValue *value, gboolean *newer)
{
  const guint8 *tag = take (reader, 1);
  g_autofree char *text = NULL;
  gsize length = 0;

  if (tag == NULL)
    return FALSE;
  switch (*tag)
    {
    case TAG_NULL:
      return TRUE;
    case TAG_INTEGER:
    case TAG_NEGATIVE:
      return read_number (reader, *tag, value);
    case TAG_TEXT:
      text = read_text (reader, &length, newer);
      if (text != NULL)
        yl_value_set_bytes (value, YL_VALUE_TEXT, text, length);
      return text != NULL;
    case TAG_BLOB:
      return read_bytes (reader, value);
    default:
      return FALSE;
    }
}

static gboolean
read_column (YlVarintReader *reader, YlOp *op, gboolean *newer)
{
  g_autofree char *name = read_name (reader, newer);
  g_auto (YlValue) value = YL_VALUE_INIT;

  if (name == NULL || !read_value (reader, &value, newer))
    return FALSE;
  yl_op_add (op, name, &value);
  return TRUE;
}

static gboolean
read_op (YlVarintReader *reader, GPtrArray *ops, gboolean *newer)
{
  const guint8 *kind = take (reader, 1);
  g_autofree char *table = kind != NULL && *kind <= YL_OP_DELETE ? read_name (reader, newer) : NULL;
  g_autofree char *id = table != NULL ? read_id (reader) : NULL;
  YlOp *op;
  guint64 n_columns = 0;

  if (id == NULL || (*kind != YL_OP_DELETE && !yl_varint_read (reader, &n_columns)))
    return FALSE;
  op = yl_op_new ((YlOpKind) *kind, table, id);
  g_ptr_array_add (ops, op);
  for (guint64 i = 0; i < n_columns; i++)
    if (!read_column (reader, op, newer))
      return FALSE;
  return TRUE;
}

static gboolean
read_what (YlVarintReader *reader, YlEntry *entry, gboolean *newer)
{
  g_autoptr (GString) what = g_string_new (NULL);
  guint64 n_words;

  if (!yl_varint_read (reader, &n_words))
    return FALSE;
  for (guint64 i = 0; i < n_words; i++)
    {
      g_autofree char *word = read_name (reader, newer);

      if (word == NULL)
        return FALSE;
      g_string_append_printf (what, "%s%s", i > 0 ? " " : "", word);
    }
  entry->what = g_string_free (g_steal_pointer (&what), FALSE);
  return TRUE;
}

static gboolean
read_members (YlVarintReader *reader, YlEntry *entry, gboolean *newer)
{
  guint64 schema, n_ops;

  if (!yl_varint_read (reader, &schema) || schema > G_MAXINT64 || !read_what (reader, entry, newer)
      || !yl_varint_read (reader, &n_ops) || n_ops > YL_ENTRY_MAX_OPS)
    return FALSE;
  entry->schema = (gint64) schema;
  for (guint64 i = 0; i < n_ops; i++)
    if (!read_op (reader, entry->ops, newer))
      return FALSE;
  return reader->at == reader->end;
}

static gboolean
unpack_words (YlVarintReader *reader, YlEntry *entry, GError **error)
{
  gboolean newer = FALSE;

  if (read_members (reader, entry, &newer))
    {
      if (!yl_entry_build (entry, error))
        return FALSE;
      if (entry->in_form)
        return TRUE;
    }
  if (newer)
    g_set_error (error, YL_ERROR, YL_ERROR_NEWER,
                 _ ("a change set uses words of a newer version: update this program"));
  else
    g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("a change set is out of form"));
  return FALSE;
}

static GBytes *
put_prev_back (const YlEntry *entry, const char *text, gsize length)
{
  const char *body = g_strstr_len (text, (gssize) length, YL_ENTRY_BODY_START);
  g_autoptr (GString) message = NULL;

  if (body == NULL || length + YL_ENTRY_PREV_CHARS > YL_ENTRY_MAX_BYTES)
    return NULL;
  body += strlen (YL_ENTRY_BODY_START);
  message = g_string_new_len (text, body - text);
  g_string_append (message, YL_ENTRY_PREV_START);
  for (guint i = 0; i < sizeof entry->prev; i++)
    g_string_append_printf (message, "%02x", entry->prev[i]);
  g_string_append (message, YL_ENTRY_PREV_END);
  g_string_append_len (message, body, text + length - body);
  return g_string_free_to_bytes (g_steal_pointer (&message));
}

static gboolean
same_place (const YlEntry *a, const YlEntry *b)
{
  return strcmp (a->scope, b->scope) == 0 && strcmp (a->writer, b->writer) == 0 && a->seq == b->seq
         && memcmp (a->prev, b->prev, sizeof a->prev) == 0 && a->hlc == b->hlc && a->authority == b->authority
         && g_strcmp0 (a->actor, b->actor) == 0;
}

/* What stands beside must be what the text says. */
static gboolean
unpack_text (YlVarintReader *reader, YlEntry *entry, GError **error)
{
  g_autoptr (GBytes) message = put_prev_back (entry, (const char *) reader->at, (gsize) (reader->end - reader->at));
  g_autoptr (YlEntry) read = message != NULL ? yl_entry_parse (message, error) : NULL;

  if (read != NULL && same_place (read, entry))
    {
      YlEntry all = *entry;

      *entry = *read;
      *read = all;
      return TRUE;
    }
  if (message == NULL || read != NULL)
    g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("a change set is out of form"));
  return FALSE;
}

gboolean
yl_entry_unpack (YlEntry *entry, gconstpointer data, gsize length, GError **error)
{
  YlVarintReader reader = yl_varint_reader (data, length);
  const guint8 *form = take (&reader, 1);

  if (form != NULL && *form == FORM_WORDS)
    return unpack_words (&reader, entry, error);
  if (form != NULL && *form == FORM_TEXT)
    return unpack_text (&reader, entry, error);
  g_set_error (error, YL_ERROR, form != NULL && *form > FORM_TEXT ? YL_ERROR_NEWER : YL_ERROR_INVALID,
               _ ("a change set is packed in a form that this program does not know"));
  return FALSE;
}

GBytes *
yl_entry_pack (const YlEntry *entry)
{
  /* Words say it all where the message would come out of them the same; else its signature would be lost. */
  return entry->in_form || (yl_entry_check (entry) && yl_entry_is_ours (entry)) ? pack_words (entry)
                                                                                : pack_text (entry);
}
