#include "yl-entry-private.h"

#include <sodium.h>
#include <string.h>

#include "base/yl-clock.h"
#include "base/yl-i18n.h"

const char *const yl_op_names[] = { "insert", "update", "delete", NULL };

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
  yl_op_add_named (op, column, strlen (column), value);
}

/* Room doubles whenever the number of columns is a power of two. */
void
yl_op_add_named (YlOp *op, const char *column, gsize length, const YlValue *value)
{
  guint n = op->n_columns;

  if ((n & (n - 1)) == 0)
    {
      op->columns = g_renew (char *, op->columns, MAX (2 * n, 1));
      op->values = g_renew (YlValue, op->values, MAX (2 * n, 1));
    }
  op->columns[n] = g_strndup (column, length);
  op->values[n] = YL_VALUE_INIT;
  yl_value_copy (&op->values[n], value);
  op->n_columns++;
}

void
yl_op_clear (YlOp *op)
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
  yl_op_clear (op);
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

char *
yl_entry_name_write (const YlEntryName *name)
{
  char id8[2 * sizeof name->id8 + 1];

  sodium_bin2hex (id8, sizeof id8, name->id8, sizeof name->id8);
  return g_strdup_printf ("%s:%" G_GINT64_FORMAT ":%s", name->writer, name->seq, id8);
}

gboolean
yl_entry_name_read (const char *text, YlEntryName *name)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", 4);
  g_autofree char *again = NULL;
  gsize length;

  *name = (YlEntryName){ 0 };
  if (g_strv_length (parts) != 3 || !yl_entry_is_writer (parts[0])
      || sodium_hex2bin (name->id8, sizeof name->id8, parts[2], strlen (parts[2]), NULL, &length, NULL) != 0
      || length != sizeof name->id8 || !g_ascii_string_to_signed (parts[1], 10, 1, G_MAXINT64, &name->seq, NULL))
    return FALSE;
  g_strlcpy (name->writer, parts[0], sizeof name->writer);
  again = yl_entry_name_write (name);
  return g_str_equal (again, text);
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

/* Long runs of characters that need no escape go in one piece. */
static void
append_string (GString *out, const char *text, gsize length)
{
  gsize done = 0;

  g_string_append_c (out, '"');
  for (gsize i = 0; i < length; i++)
    {
      guint8 byte = (guint8) text[i];

      if (byte >= 0x20 && byte != '"' && byte != '\\')
        continue;
      g_string_append_len (out, text + done, (gssize) (i - done));
      done = i + 1;
      if (byte < 0x20)
        g_string_append_printf (out, "\\u%04x", byte);
      else
        {
          g_string_append_c (out, '\\');
          g_string_append_c (out, (char) byte);
        }
    }
  g_string_append_len (out, text + done, (gssize) (length - done));
  g_string_append_c (out, '"');
}

static void
append_integer (GString *out, gint64 integer)
{
  char digits[24];
  char *at = digits + sizeof digits;
  guint64 rest = integer < 0 ? -(guint64) integer : (guint64) integer;

  do
    {
      *--at = (char) ('0' + rest % 10);
      rest /= 10;
    }
  while (rest > 0);
  if (integer < 0)
    *--at = '-';
  g_string_append_len (out, at, digits + sizeof digits - at);
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
      append_integer (out, value->integer);
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

void
yl_op_append_columns (const YlOp *op, GString *out)
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
  const char *name = op->kind == YL_OP_UNKNOWN ? op->columns[0] : yl_op_names[op->kind];

  g_string_append_c (out, '"');
  g_string_append_len (out, name, (gssize) strcspn (name, YL_OP_UNKNOWN_MARK));
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
    yl_op_append_columns (op, out);
  g_string_append_c (out, ']');
}

static void
append_hex (GString *out, const guint8 *bytes, gsize length)
{
  static const char digits[] = "0123456789abcdef";

  for (gsize i = 0; i < length; i++)
    {
      g_string_append_c (out, digits[bytes[i] >> 4]);
      g_string_append_c (out, digits[bytes[i] & 0x0f]);
    }
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

void
yl_entry_hash (YlEntry *entry)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (entry->message, &length);

  crypto_generichash (entry->id, sizeof entry->id, bytes, length, NULL, 0);
}

static void
append_head (GString *out, const YlEntry *entry)
{
  g_string_append (out, entry->what);
  g_string_append (out, YL_ENTRY_BODY_START YL_ENTRY_PREV_START);
  append_hex (out, entry->prev, sizeof entry->prev);
  g_string_append (out, "\",\"format\":" G_STRINGIFY (YL_ENTRY_FORMAT) ",\"scope\":\"");
  g_string_append (out, entry->scope);
  g_string_append (out, "\",\"writer\":\"");
  g_string_append (out, entry->writer);
  g_string_append (out, "\",\"seq\":");
  append_integer (out, entry->seq);
  g_string_append (out, ",\"hlc\":[");
  append_integer (out, YL_HLC_MS (entry->hlc));
  g_string_append_c (out, ',');
  append_integer (out, YL_HLC_COUNTER (entry->hlc));
  g_string_append (out, "],\"merged\":[");
  append_merged (out, entry->merged);
  g_string_append (out, "],\"authority\":");
  append_integer (out, entry->authority);
  g_string_append (out, ",\"actor\":");
  append_string (out, entry->actor, strlen (entry->actor));
  g_string_append (out, ",\"schema\":");
  append_integer (out, entry->schema);
  g_string_append (out, ",\"ops\":[");
}

static GString *
write_message (const YlEntry *entry)
{
  GString *out = g_string_sized_new (1024);

  append_head (out, entry);
  for (guint i = 0; i < entry->ops->len; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      append_op (out, entry->ops->pdata[i]);
    }
  g_string_append (out, "]}");
  return out;
}

gboolean
yl_entry_is_ours (const YlEntry *entry)
{
  g_autoptr (GString) out = write_message (entry);

  return out->len == g_bytes_get_size (entry->message)
         && memcmp (out->str, g_bytes_get_data (entry->message, NULL), out->len) == 0;
}

static void
set_large_error (const YlEntry *entry, gsize length, GError **error)
{
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID,
               "a change set may hold %d changes and 1 MiB, this one has %u and %" G_GSIZE_FORMAT
               " bytes: save in smaller steps",
               YL_ENTRY_MAX_OPS, entry->ops->len, length);
}

gboolean
yl_entry_build (YlEntry *entry, GError **error)
{
  g_autoptr (GString) out = write_message (entry);

  if (out->len > YL_ENTRY_MAX_BYTES || entry->ops->len > YL_ENTRY_MAX_OPS)
    {
      set_large_error (entry, out->len, error);
      return FALSE;
    }
  g_clear_pointer (&entry->message, g_bytes_unref);
  entry->message = g_string_free_to_bytes (g_steal_pointer (&out));
  entry->in_form = yl_entry_check (entry);
  yl_entry_hash (entry);
  return TRUE;
}
