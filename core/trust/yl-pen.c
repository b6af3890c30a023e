#include "yl-pen.h"

#include <sodium.h>
#include <string.h>

#include "base/yl-i18n.h"
#include "log/yl-log-door.h"
#include "store/yl-store-private.h"
#include "store/yl-trouble.h"
#include "log/yl-strand.h"

/* Whose pen a writer is: by the authority chain, or by the endorsement in its first entry. */

#define PEN_TABLE "node_pen"

static const char *
text_of (const YlOp *op, const char *column)
{
  for (guint i = 0; i < op->n_columns; i++)
    if (g_str_equal (op->columns[i], column) && op->values[i].type == YL_VALUE_TEXT)
      return op->values[i].bytes;
  return "";
}

gboolean
yl_pen_is_first (const YlEntry *entry)
{
  const YlOp *op = entry->seq == 1 && entry->ops->len > 0 ? entry->ops->pdata[0] : NULL;

  return op != NULL && op->kind == YL_OP_INSERT && g_str_equal (op->table, PEN_TABLE);
}

static gboolean
read_hex (const char *hex, guint8 *bytes, gsize n)
{
  gsize length;

  return strlen (hex) == 2 * n && sodium_hex2bin (bytes, n, hex, 2 * n, NULL, &length, NULL) == 0 && length == n;
}

gboolean
yl_log_pen_key (const YlEntry *entry, guint8 *key)
{
  guint8 hash[32];
  char writer[YL_WRITER_CHARS + 1];

  if (!yl_pen_is_first (entry) || !read_hex (text_of (entry->ops->pdata[0], "sign_key"), key, YL_KEY_BYTES))
    return FALSE;
  crypto_generichash (hash, sizeof hash, key, YL_KEY_BYTES, NULL, 0);
  sodium_bin2hex (writer, sizeof writer, hash, YL_WRITER_CHARS / 2);
  return g_str_equal (writer, entry->writer);
}

char *
yl_pen_statement (const char *scope, const char *node, const char *sign_key, const char *follows)
{
  return g_strdup_printf ("yuelai pen 1\n%s\n%s\n%s\n%s\n", scope, node, sign_key, follows);
}

/* The strand that @w's writer began with on the way to @w. */
static gint64
root_of (YlStore *store, gint64 w)
{
  gint64 parent = 0, first;

  while (w != 0 && yl_strand_origin (store, w, &parent, &first, NULL) && parent != 0)
    w = parent;
  return w;
}

char *
yl_pen_node (YlStore *store, const char *writer, gint64 w)
{
  char *node = yl_database_text (
      store->database, NULL,
      "SELECT id FROM authority_fact WHERE tbl = 'node' AND col = 'writer' AND value = ? ORDER BY position LIMIT 1",
      "t", writer);

  if (node == NULL && w != 0)
    node = yl_database_text (store->database, NULL, "SELECT node FROM pen_fact WHERE w = ?", "i", root_of (store, w));
  return node;
}

/* The PC of the pen that @follows names; that entry must be among what was seen. A pen that never wrote is named with sequence 0. */
static char *
node_before (YlStore *store, const char *follows, const YlVector *seen, char *writer)
{
  g_auto (GStrv) parts = g_strsplit (follows, ":", 3);
  YlEntryName name = { 0 };
  g_autoptr (YlEntryRow) row = NULL;

  if (g_strv_length (parts) != 3 || strlen (parts[0]) != YL_WRITER_CHARS
      || !read_hex (parts[2], name.id8, sizeof name.id8)
      || !g_ascii_string_to_signed (parts[1], 10, 0, G_MAXINT64, &name.seq, NULL))
    return NULL;
  memcpy (writer, parts[0], YL_WRITER_CHARS + 1);
  memcpy (name.writer, parts[0], sizeof name.writer);
  if (name.seq == 0)
    return yl_pen_node (store, writer, 0);
  row = yl_log_find_name (store, &name, NULL);
  if (row == NULL || yl_vector_get (seen, row->strand) < row->seq)
    return NULL;
  return yl_pen_node (store, writer, row->strand);
}

char *
yl_pen_endorsed (YlStore *store, const YlEntry *entry, const YlVector *seen, GError **error)
{
  const YlOp *op = entry->ops->pdata[0];
  g_autofree char *statement =
      yl_pen_statement (store->scope, text_of (op, "node"), text_of (op, "sign_key"), text_of (op, "follows"));
  char writer[YL_WRITER_CHARS + 1];
  g_autofree char *node = node_before (store, text_of (op, "follows"), seen, writer);
  guint8 key[YL_KEY_BYTES], old_key[YL_KEY_BYTES], signature[YL_SIGNATURE_BYTES];

  if (node != NULL && g_str_equal (node, text_of (op, "node")) && yl_log_pen_key (entry, key)
      && g_str_equal (text_of (op, "writer"), entry->writer)
      && read_hex (text_of (op, "signature"), signature, sizeof signature)
      && yl_log_writer_key (store, writer, old_key, NULL)
      && crypto_sign_verify_detached (signature, (const guint8 *) statement, strlen (statement), old_key) == 0)
    return g_steal_pointer (&node);
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID, "the pen %s is not endorsed by a PC of this company", entry->writer);
  return NULL;
}

/* How many branches of @writer no pen follows; @heads: the ends of all. */
static int
count_open (YlStore *store, const char *writer, GString *heads, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (
      store->database, error,
      "WITH head (name) AS (SELECT strand.writer || ':' || seq || ':' || lower (hex (substr (entry.id, 1, 8)))"
      "  FROM strand JOIN entry USING (w, seq) WHERE strand.writer = ? ORDER BY seq, entry.id)"
      " SELECT name, EXISTS (SELECT 1 FROM pen_fact WHERE follows = name) FROM head",
      "t", writer);
  int n = 0;

  if (rows == NULL)
    return -1;
  while (yl_rows_next (rows, error))
    {
      g_string_append_printf (heads, "%s%s", heads->len > 0 ? ", " : "", yl_rows_text (rows, 0));
      n += yl_rows_integer (rows, 1) == 0 ? 1 : 0;
    }
  return yl_rows_ended (rows) ? n : -1;
}

gboolean
yl_pen_judge_fork (YlStore *store, const char *writer, GError **error)
{
  g_autoptr (GString) heads = g_string_new (NULL);
  int n = count_open (store, writer, heads, error);

  if (n < 0)
    return FALSE;
  return n > 1 ? yl_trouble_raise (store, YL_TROUBLE_FORK, writer, heads->str, error)
               : yl_trouble_end (store, YL_TROUBLE_FORK, writer, error);
}

static gboolean
settle_fork (YlStore *store, const char *follows, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (follows, ":", 2);

  return yl_pen_judge_fork (store, parts[0], error);
}

gboolean
yl_pen_remember (YlStore *store, const YlFolding *folding, GError **error)
{
  g_autofree char *node = yl_pen_endorsed (store, folding->entry, folding->seen, error);
  const YlOp *op = folding->entry->ops->pdata[0];

  return node != NULL
         && yl_database_run (
             store->database, error,
             "INSERT OR REPLACE INTO pen_fact (w, writer, node, sign_key, follows) VALUES (?, ?, ?, ?, ?)", "itttt",
             folding->w, folding->entry->writer, node, text_of (op, "sign_key"), text_of (op, "follows"))
         && settle_fork (store, text_of (op, "follows"), error);
}
