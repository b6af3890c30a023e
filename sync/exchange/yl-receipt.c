#include "exchange/yl-receipt.h"

#include <sodium.h>
#include <string.h>

#include "exchange/yl-frontier.h"
#include "exchange/yl-hex.h"

#define FIRST_LINE "yuelai receipt 1"
#define FIXED_LINES 5

void
yl_receipt_free (YlReceipt *receipt)
{
  g_clear_pointer (&receipt->positions, g_array_unref);
  g_free (receipt);
}

void
yl_push_digest (GBytes *body, guint8 *digest)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (body, &length);

  crypto_generichash (digest, YL_PUSH_DIGEST_BYTES, data, length, NULL, 0);
}

/* What the signature is over. */
static char *
receipt_text (const YlReceipt *receipt)
{
  g_autofree char *push = yl_hex_write (receipt->push, sizeof receipt->push);
  GString *text = g_string_new (FIRST_LINE "\n");

  g_string_append_printf (text, "scope %s\nby %s\nto %s\npush %s\n", receipt->scope, receipt->by, receipt->to, push);
  for (guint i = 0; i < receipt->positions->len; i++)
    {
      g_autofree char *name = yl_entry_name_format (&g_array_index (receipt->positions, YlEntryName, i));

      g_string_append_printf (text, "has %s\n", name);
    }
  return g_string_free (text, FALSE);
}

static GBytes *
signed_text (const YlReceipt *receipt)
{
  g_autofree char *text = receipt_text (receipt);
  g_autofree char *signature = yl_hex_write (receipt->signature, sizeof receipt->signature);
  char *all = g_strdup_printf ("%ssignature %s\n", text, signature);

  return g_bytes_new_take (all, strlen (all));
}

GBytes *
yl_receipt_issue (YlStore *store, const char *to, const guint8 *push, GError **error)
{
  g_autoptr (YlReceipt) receipt = g_new0 (YlReceipt, 1);
  g_autofree char *text = NULL;

  g_strlcpy (receipt->scope, yl_store_get_scope (store), sizeof receipt->scope);
  g_strlcpy (receipt->by, yl_store_get_identity (store), sizeof receipt->by);
  g_strlcpy (receipt->to, to, sizeof receipt->to);
  memcpy (receipt->push, push, sizeof receipt->push);
  receipt->positions = yl_log_frontier (store, error);
  if (receipt->positions == NULL)
    return NULL;
  text = receipt_text (receipt);
  if (!yl_log_sign (store, receipt->by, text, strlen (text), receipt->signature, error))
    return NULL;
  return signed_text (receipt);
}

static gboolean
read_word (const char *line, const char *name, char *word, gsize size)
{
  gsize length = strlen (name);

  if (line == NULL || strncmp (line, name, length) != 0 || line[length] != ' ')
    return FALSE;
  return g_strlcpy (word, line + length + 1, size) < size;
}

static gboolean
read_hex (const char *line, const char *name, gpointer bytes, gsize n)
{
  g_autofree char *word = g_malloc (2 * n + 1);

  return read_word (line, name, word, 2 * n + 1) && yl_hex_read (word, bytes, n);
}

static gboolean
read_positions (GStrv lines, guint n_lines, YlReceipt *receipt)
{
  for (guint i = FIXED_LINES; i + 1 < n_lines; i++)
    {
      YlEntryName name = { 0 };

      if (!g_str_has_prefix (lines[i], "has ") || !yl_entry_name_parse (lines[i] + strlen ("has "), &name))
        return FALSE;
      g_array_append_val (receipt->positions, name);
    }
  return TRUE;
}

static gboolean
read_lines (const char *text, YlReceipt *receipt)
{
  /* The text ends in a newline, so that the last part is empty. */
  g_auto (GStrv) lines = g_strsplit (text, "\n", YL_FRONTIER_MAX + FIXED_LINES + 2);
  guint n_lines = g_strv_length (lines);

  if (n_lines < FIXED_LINES + 2 || *lines[n_lines - 1] != '\0')
    return FALSE;
  n_lines--;
  return strcmp (lines[0], FIRST_LINE) == 0 && read_word (lines[1], "scope", receipt->scope, sizeof receipt->scope)
         && read_word (lines[2], "by", receipt->by, sizeof receipt->by)
         && read_word (lines[3], "to", receipt->to, sizeof receipt->to)
         && read_hex (lines[4], "push", receipt->push, sizeof receipt->push) && read_positions (lines, n_lines, receipt)
         && read_hex (lines[n_lines - 1], "signature", receipt->signature, sizeof receipt->signature);
}

YlReceipt *
yl_receipt_parse (GBytes *bytes, GError **error)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  g_autofree char *text = g_strndup (data != NULL ? data : "", length);
  g_autoptr (YlReceipt) receipt = g_new0 (YlReceipt, 1);
  g_autoptr (GBytes) again = NULL;

  receipt->positions = yl_frontier_new ();
  /* One receipt has one spelling: what was read must write the same bytes. */
  if (strlen (text) == length && read_lines (text, receipt))
    again = signed_text (receipt);
  if (again == NULL || !g_bytes_equal (again, bytes))
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID, "the receipt is malformed");
      return NULL;
    }
  return g_steal_pointer (&receipt);
}

gboolean
yl_receipt_verify (const YlReceipt *receipt, const guint8 *key)
{
  g_autofree char *text = receipt_text (receipt);

  return crypto_sign_verify_detached (receipt->signature, (const guint8 *) text, strlen (text), key) == 0;
}
