#include "yl-entry-private.h"

#include <json-glib/json-glib.h>
#include <sodium.h>
#include <string.h>

#include "base/yl-clock.h"
#include "base/yl-json-gate.h"
#include "base/yl-id.h"
#include "base/yl-i18n.h"

#define BODY_START YL_ENTRY_BODY_START YL_ENTRY_PREV_START

static const char *const op_names[] = { "insert", "update", "delete" };

/* In the column that keeps an op of an unknown kind, after the kind; no name of a column or kind holds it. */
#define UNKNOWN_MARK "!"

/* The members of a body, in the one order they are written. */
static const char *const members[] = { "prev",   "format",    "scope", "writer", "seq", "hlc",
                                       "merged", "authority", "actor", "schema", "ops" };

YlOp *
yl_op_new (YlOpKind kind, const char *table, const char *id)
{
  YlOp *op = g_new0 (YlOp, 1);

  op->kind = kind;
  op->table = g_strdup (table);
  op->id = g_strdup (id);
  return op;
}

void
yl_op_add (YlOp *op, const char *column, const YlValue *value)
{
  op->columns = g_renew (char *, op->columns, op->n_columns + 1);
  op->values = g_renew (YlValue, op->values, op->n_columns + 1);
  op->columns[op->n_columns] = g_strdup (column);
  op->values[op->n_columns] = YL_VALUE_INIT;
  yl_value_copy (&op->values[op->n_columns], value);
  op->n_columns++;
}

static void
clear_columns (YlOp *op)
{
  for (guint i = 0; i < op->n_columns; i++)
    {
      g_free (op->columns[i]);
      yl_value_clear (&op->values[i]);
    }
  g_clear_pointer (&op->columns, g_free);
  g_clear_pointer (&op->values, g_free);
  op->n_columns = 0;
}

void
yl_op_free (YlOp *op)
{
  clear_columns (op);
  g_free (op->table);
  g_free (op->id);
  g_free (op);
}

YlEntry *
yl_entry_new (void)
{
  YlEntry *entry = g_new0 (YlEntry, 1);

  entry->merged = g_array_new (FALSE, FALSE, sizeof (YlEntryName));
  entry->ops = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_op_free);
  return entry;
}

void
yl_entry_free (YlEntry *entry)
{
  g_clear_pointer (&entry->message, g_bytes_unref);
  g_free (entry->what);
  g_free (entry->actor);
  g_array_unref (entry->merged);
  g_ptr_array_unref (entry->ops);
  g_free (entry);
}

int
yl_entry_name_compare (gconstpointer a, gconstpointer b)
{
  const YlEntryName *left = a;
  const YlEntryName *right = b;
  int order = strcmp (left->writer, right->writer);

  if (order == 0)
    order = left->seq < right->seq ? -1 : left->seq > right->seq;
  return order != 0 ? order : memcmp (left->id8, right->id8, sizeof left->id8);
}

/* Writing */

static void
append_string (GString *out, const char *text, gsize length)
{
  g_string_append_c (out, '"');
  for (gsize i = 0; i < length; i++)
    {
      guint8 byte = (guint8) text[i];

      if (byte == '"' || byte == '\\')
        g_string_append_c (out, '\\');
      if (byte < 0x20)
        g_string_append_printf (out, "\\u%04x", byte);
      else
        g_string_append_c (out, (char) byte);
    }
  g_string_append_c (out, '"');
}

static void
append_value (GString *out, const YlValue *value)
{
  gsize size = value->length * 4 / 3 + 4;

  switch (value->type)
    {
    case YL_VALUE_NULL:
      g_string_append (out, "null");
      break;
    case YL_VALUE_INTEGER:
      g_string_append_printf (out, "%" G_GINT64_FORMAT, value->integer);
      break;
    case YL_VALUE_TEXT:
      append_string (out, value->bytes, value->length);
      break;
    case YL_VALUE_BLOB:
      g_string_append (out, "{\"b\":\"");
      g_string_set_size (out, out->len + size);
      sodium_bin2base64 (out->str + out->len - size, size, (const guint8 *) value->bytes, value->length,
                         sodium_base64_VARIANT_URLSAFE_NO_PADDING);
      g_string_set_size (out, out->len - size + strlen (out->str + out->len - size));
      g_string_append (out, "\"}");
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
append_columns (GString *out, const YlOp *op)
{
  g_string_append_c (out, '{');
  for (guint i = 0; i < op->n_columns; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      append_string (out, op->columns[i], strlen (op->columns[i]));
      g_string_append_c (out, ':');
      append_value (out, &op->values[i]);
    }
  g_string_append_c (out, '}');
}

static void
append_kind (GString *out, const YlOp *op)
{
  const char *name = op->kind == YL_OP_UNKNOWN ? op->columns[0] : op_names[op->kind];

  g_string_append_c (out, '"');
  g_string_append_len (out, name, (gssize) strcspn (name, UNKNOWN_MARK));
  g_string_append_c (out, '"');
}

static void
append_op (GString *out, const YlOp *op)
{
  g_string_append_c (out, '[');
  append_kind (out, op);
  g_string_append_c (out, ',');
  append_string (out, op->table, strlen (op->table));
  g_string_append_c (out, ',');
  append_string (out, op->id, strlen (op->id));
  if (op->kind != YL_OP_DELETE)
    g_string_append_c (out, ',');
  if (op->kind == YL_OP_UNKNOWN)
    g_string_append (out, op->values[0].bytes);
  else if (op->kind != YL_OP_DELETE)
    append_columns (out, op);
  g_string_append_c (out, ']');
}

static void
append_hex (GString *out, const guint8 *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    g_string_append_printf (out, "%02x", bytes[i]);
}

static void
append_merged (GString *out, GArray *merged)
{
  for (guint i = 0; i < merged->len; i++)
    {
      const YlEntryName *name = &g_array_index (merged, YlEntryName, i);

      g_string_append_printf (out, "%s\"%s:%" G_GINT64_FORMAT ":", i > 0 ? "," : "", name->writer, name->seq);
      append_hex (out, name->id8, sizeof name->id8);
      g_string_append_c (out, '"');
    }
}

static void
hash_message (YlEntry *entry)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (entry->message, &length);

  crypto_generichash (entry->id, sizeof entry->id, bytes, length, NULL, 0);
}

gboolean
yl_entry_build (YlEntry *entry, GError **error)
{
  g_autoptr (GString) out = g_string_sized_new (512);

  g_string_append_printf (out, "%s\n\n{\"prev\":\"", entry->what);
  append_hex (out, entry->prev, sizeof entry->prev);
  g_string_append_printf (out,
                          "\",\"format\":%d,\"scope\":\"%s\",\"writer\":\"%s\",\"seq\":%" G_GINT64_FORMAT
                          ",\"hlc\":[%" G_GINT64_FORMAT ",%d],\"merged\":[",
                          YL_ENTRY_FORMAT, entry->scope, entry->writer, entry->seq, YL_HLC_MS (entry->hlc),
                          YL_HLC_COUNTER (entry->hlc));
  append_merged (out, entry->merged);
  g_string_append_printf (out, "],\"authority\":%" G_GINT64_FORMAT ",\"actor\":", entry->authority);
  append_string (out, entry->actor, strlen (entry->actor));
  g_string_append_printf (out, ",\"schema\":%" G_GINT64_FORMAT ",\"ops\":[", entry->schema);
  for (guint i = 0; i < entry->ops->len; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      append_op (out, entry->ops->pdata[i]);
    }
  g_string_append (out, "]}");
  if (out->len > YL_ENTRY_MAX_BYTES || entry->ops->len > YL_ENTRY_MAX_OPS)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID,
                   "a change set may hold %d changes and 1 MiB, this one has %u and %" G_GSIZE_FORMAT
                   " bytes: save in smaller steps",
                   YL_ENTRY_MAX_OPS, entry->ops->len, out->len);
      return FALSE;
    }
  g_clear_pointer (&entry->message, g_bytes_unref);
  entry->message = g_string_free_to_bytes (g_steal_pointer (&out));
  hash_message (entry);
  return TRUE;
}

/* Reading. Every function returns FALSE on anything out of form; one place makes the error. */

static gboolean
is_hex (const char *text, gsize length)
{
  if (text == NULL || strlen (text) != length)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isdigit (text[i]) && (text[i] < 'a' || text[i] > 'f'))
      return FALSE;
  return TRUE;
}

gboolean
yl_entry_is_writer (const char *text)
{
  return is_hex (text, YL_WRITER_CHARS);
}

static void
read_hex (const char *text, guint8 *bytes, gsize n_bytes)
{
  for (gsize i = 0; i < n_bytes; i++)
    bytes[i] = (guint8) (g_ascii_xdigit_value (text[2 * i]) << 4 | g_ascii_xdigit_value (text[2 * i + 1]));
}

gboolean
yl_entry_is_unknown (const char *column)
{
  gsize kind = strcspn (column, UNKNOWN_MARK);
  g_autofree char *name = g_strndup (column, kind);
  g_auto (GStrv) place = column[kind] != '\0' ? g_strsplit (column + kind + 1, ":", 4) : NULL;
  guint64 seq, index;

  return place != NULL && g_strv_length (place) == 3 && yl_entry_is_name (name) && yl_entry_is_writer (place[0])
         && g_ascii_string_to_unsigned (place[1], 10, 1, G_MAXINT64, &seq, NULL)
         && g_ascii_string_to_unsigned (place[2], 10, 0, YL_ENTRY_MAX_OPS - 1, &index, NULL);
}

static const char *
text_of (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

static gboolean
integer_of (JsonNode *node, gint64 *integer)
{
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    return FALSE;
  *integer = json_node_get_int (node);
  return TRUE;
}

static gboolean
read_blob (JsonNode *node, YlValue *value)
{
  JsonObject *object = json_node_get_object (node);
  const char *text = json_object_get_size (object) == 1 ? text_of (json_object_get_member (object, "b")) : NULL;
  g_autofree guint8 *bytes = NULL;
  gsize size = text != NULL ? strlen (text) : 0;
  gsize length;

  if (text == NULL)
    return FALSE;
  bytes = g_malloc (size + 1);
  if (sodium_base642bin (bytes, size + 1, text, size, NULL, &length, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING)
      != 0)
    return FALSE;
  yl_value_set_bytes (value, YL_VALUE_BLOB, bytes, length);
  return TRUE;
}

static gboolean
read_column (JsonNode *node, YlValue *value)
{
  gint64 integer;

  if (JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (JSON_NODE_HOLDS_OBJECT (node))
    return read_blob (node, value);
  if (text_of (node) != NULL)
    {
      yl_value_set_text (value, text_of (node));
      return TRUE;
    }
  if (!integer_of (node, &integer))
    return FALSE;
  yl_value_set_integer (value, integer);
  return TRUE;
}

static gboolean
read_columns (JsonNode *node, YlOp *op)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;
  const char *last = "";

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return FALSE;
  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &name, &member))
    {
      g_auto (YlValue) value = YL_VALUE_INIT;

      if (!yl_entry_is_name (name) || strcmp (last, name) >= 0 || !read_column (member, &value))
        return FALSE;
      yl_op_add (op, name, &value);
      last = name;
    }
  return TRUE;
}

static int
op_kind (const char *name)
{
  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (op_names); i++)
    if (g_str_equal (name, op_names[i]))
      return (int) i;
  return name != NULL && yl_entry_is_name (name) ? YL_OP_UNKNOWN : -1;
}

/* Puts the one column in the place of those read, see YlOp. */
static void
keep_unknown (YlOp *op, const char *kind, const YlEntry *entry)
{
  g_autofree char *column = g_strdup_printf ("%s" UNKNOWN_MARK "%s:%" G_GINT64_FORMAT ":%u", kind, entry->writer,
                                             entry->seq, entry->ops->len);
  g_autoptr (GString) text = g_string_new (NULL);
  YlValue value = { YL_VALUE_TEXT, 0, NULL, 0 };

  append_columns (text, op);
  clear_columns (op);
  value.bytes = text->str;
  value.length = text->len;
  yl_op_add (op, column, &value);
}

static gboolean
read_op (JsonNode *node, const YlEntry *entry)
{
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint length = array != NULL ? json_array_get_length (array) : 0;
  g_autoptr (YlOp) op = NULL;
  const char *table, *id;
  int kind;

  if (length < 3)
    return FALSE;
  kind = op_kind (text_of (json_array_get_element (array, 0)));
  table = text_of (json_array_get_element (array, 1));
  id = text_of (json_array_get_element (array, 2));
  if (kind < 0 || length != (kind == YL_OP_DELETE ? 3u : 4u) || !yl_entry_is_name (table) || id == NULL
      || !yl_id_is_valid (id))
    return FALSE;
  op = yl_op_new ((YlOpKind) kind, table, id);
  if (kind != YL_OP_DELETE && !read_columns (json_array_get_element (array, 3), op))
    return FALSE;
  if (kind == YL_OP_UNKNOWN)
    keep_unknown (op, text_of (json_array_get_element (array, 0)), entry);
  g_ptr_array_add (entry->ops, g_steal_pointer (&op));
  return TRUE;
}

static gboolean
read_ops (JsonNode *node, YlEntry *entry)
{
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (array == NULL || json_array_get_length (array) > YL_ENTRY_MAX_OPS)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!read_op (json_array_get_element (array, i), entry))
      return FALSE;
  return TRUE;
}

static gboolean
read_entry_name (const char *text, YlEntryName *name)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", 4);
  guint64 seq;

  if (g_strv_length (parts) != 3 || !is_hex (parts[0], YL_WRITER_CHARS) || !is_hex (parts[2], 2 * sizeof name->id8)
      || !g_ascii_string_to_unsigned (parts[1], 10, 1, G_MAXINT64, &seq, NULL))
    return FALSE;
  g_strlcpy (name->writer, parts[0], sizeof name->writer);
  name->seq = (gint64) seq;
  read_hex (parts[2], name->id8, sizeof name->id8);
  return TRUE;
}

static gboolean
read_merged (JsonNode *node, YlEntry *entry)
{
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  YlEntryName last = { 0 };

  if (array == NULL || json_array_get_length (array) > YL_ENTRY_MAX_MERGED)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      const char *text = text_of (json_array_get_element (array, i));
      YlEntryName name;

      if (text == NULL || !read_entry_name (text, &name) || yl_entry_name_compare (&last, &name) >= 0)
        return FALSE;
      g_array_append_val (entry->merged, name);
      last = name;
    }
  return TRUE;
}

static gboolean
read_hlc (JsonNode *node, YlEntry *entry)
{
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  gint64 ms, counter;

  if (array == NULL || json_array_get_length (array) != 2 || !integer_of (json_array_get_element (array, 0), &ms)
      || !integer_of (json_array_get_element (array, 1), &counter))
    return FALSE;
  if (ms < YL_CLOCK_MIN_MS || ms >= YL_CLOCK_MAX_MS || counter < 0 || counter > G_MAXUINT16)
    return FALSE;
  entry->hlc = YL_HLC (ms, counter);
  return TRUE;
}

static gboolean
read_head (JsonObject *body, YlEntry *entry)
{
  const char *prev = text_of (json_object_get_member (body, "prev"));
  const char *scope = text_of (json_object_get_member (body, "scope"));
  const char *writer = text_of (json_object_get_member (body, "writer"));
  const char *actor = text_of (json_object_get_member (body, "actor"));

  if (!is_hex (prev, 2 * YL_ENTRY_ID_BYTES) || !is_hex (scope, YL_SCOPE_CHARS) || !is_hex (writer, YL_WRITER_CHARS))
    return FALSE;
  if (!yl_entry_is_actor (actor))
    return FALSE;
  read_hex (prev, entry->prev, sizeof entry->prev);
  g_strlcpy (entry->scope, scope, sizeof entry->scope);
  g_strlcpy (entry->writer, writer, sizeof entry->writer);
  entry->actor = g_strdup (actor);
  return integer_of (json_object_get_member (body, "seq"), &entry->seq) && entry->seq > 0
         && integer_of (json_object_get_member (body, "authority"), &entry->authority) && entry->authority >= 0
         && integer_of (json_object_get_member (body, "schema"), &entry->schema) && entry->schema > 0
         && read_hlc (json_object_get_member (body, "hlc"), entry);
}

static gboolean
has_exactly_members (JsonObject *body)
{
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    if (!json_object_has_member (body, members[i]))
      return FALSE;
  return json_object_get_size (body) == G_N_ELEMENTS (members);
}

static JsonNode *
read_body (const char *body, gsize length, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();

  if (!yl_json_gate (body, length, error) || !json_parser_load_from_data (parser, body, (gssize) length, error))
    return NULL;
  return json_parser_steal_root (parser);
}

static gboolean
check_format (JsonObject *body, GError **error)
{
  gint64 format = 0;

  if (integer_of (json_object_get_member (body, "format"), &format) && format == YL_ENTRY_FORMAT)
    return TRUE;
  if (format > YL_ENTRY_FORMAT)
    g_set_error (error, YL_ERROR, YL_ERROR_NEWER, "a change set has format %" G_GINT64_FORMAT ": update this program",
                 format);
  else
    g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("a change set has no known format"));
  return FALSE;
}

YlEntry *
yl_entry_parse (GBytes *message, GError **error)
{
  g_autoptr (YlEntry) entry = yl_entry_new ();
  g_autoptr (JsonNode) root = NULL;
  JsonObject *body;
  gsize length;
  const char *text = g_bytes_get_data (message, &length);
  const char *blank =
      length > 0 && length <= YL_ENTRY_MAX_BYTES ? memmem (text, length, BODY_START, strlen (BODY_START)) : NULL;

  if (blank == NULL || !yl_entry_is_what (text, (gsize) (blank - text)))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID,
                   _ ("a change set does not begin with its sentence or is over 1 MiB"));
      return NULL;
    }
  root = read_body (blank + 2, length - (gsize) (blank + 2 - text), error);
  if (root == NULL)
    return NULL;
  body = JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  if (body != NULL && !check_format (body, error))
    return NULL;
  if (body == NULL || !has_exactly_members (body) || !read_head (body, entry)
      || !read_merged (json_object_get_member (body, "merged"), entry)
      || !read_ops (json_object_get_member (body, "ops"), entry))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("a change set is out of form"));
      return NULL;
    }
  entry->what = g_strndup (text, (gsize) (blank - text));
  entry->message = g_bytes_ref (message);
  hash_message (entry);
  return g_steal_pointer (&entry);
}
