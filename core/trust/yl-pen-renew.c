#include "yl-pen.h"

#include <sodium.h>
#include <string.h>

#include "base/yl-i18n.h"
#include "change/yl-change-private.h"
#include "yl-company.h"
#include "log/yl-log-door.h"
#include "merge/yl-recount.h"
#include "seal/yl-vault.h"

/*
 * A new pen for this file, in steps that each stand by themselves: what the old pen wrote and nobody else can have is taken out of the log
 * and held; then comes the pen; then what was held is written again. A crash between leaves the rest to the next time.
 */

static char *
hex_of (const guint8 *bytes, gsize n)
{
  char *hex = g_malloc (2 * n + 1);

  return sodium_bin2hex (hex, 2 * n + 1, bytes, n);
}

static char *
name_of (YlStore *store, gint64 w, gint64 seq, GError **error)
{
  g_autofree char *id8 =
      seq == 0 ? g_strdup ("0000000000000000")
               : yl_database_text (store->database, error,
                                   "SELECT lower (hex (substr (id, 1, 8))) FROM entry WHERE w = ? AND seq = ?", "ii", w,
                                   seq);

  return id8 != NULL ? g_strdup_printf ("%s:%" G_GINT64_FORMAT ":%s", store->writer, seq, id8) : NULL;
}

static char *
sign_statement (YlStore *store, const char *sign_key, const char *follows, GError **error)
{
  g_autofree char *statement = yl_pen_statement (store->scope, store->node, sign_key, follows);
  guint8 signature[YL_SIGNATURE_BYTES];

  if (!yl_log_sign (store, store->writer, statement, strlen (statement), signature, error))
    return NULL;
  return hex_of (signature, sizeof signature);
}

/* The one record of the pen's first entry. */
static gboolean
insert_pen (YlChange *change, const guint8 *key, const char *follows, GError **error)
{
  YlStore *store = change->store;
  g_autoptr (YlRecord) record = yl_record_new (yl_table_find ("node_pen"), NULL);
  g_autofree char *sign_key = hex_of (key, YL_KEY_BYTES);
  g_autofree char *signature = sign_statement (store, sign_key, follows, error);

  if (signature == NULL)
    return FALSE;
  yl_record_set_text (record, "node", store->node);
  yl_record_set_text (record, "writer", change->writer);
  yl_record_set_text (record, "sign_key", sign_key);
  yl_record_set_text (record, "follows", follows);
  yl_record_set_text (record, "signature", signature);
  return yl_change_insert (change, record, error);
}

/* The store writes with the change's pen, from this change on. */
static gboolean
take_up (YlChange *change, GError **error)
{
  YlStore *store = change->store;
  g_autofree char *old = store->writer;

  store->writer = g_strdup (change->writer);
  if (yl_marker_begin (store, error) && yl_change_commit (change, error))
    return TRUE;
  g_free (store->writer);
  store->writer = g_steal_pointer (&old);
  store->pen_due = TRUE;
  return FALSE;
}

static gboolean
write_pen (YlStore *store, const guint8 *seed, GError **error)
{
  guint8 key[YL_KEY_BYTES];
  char writer[YL_WRITER_CHARS + 1];
  g_autoptr (YlChange) change = NULL;
  g_autofree char *follows = NULL;
  gint64 w, seq;

  yl_node_keys (seed, key, NULL, writer);
  change = yl_change_begin_with_pen (store, "new pen", writer, error);
  if (change == NULL || !yl_store_writer_number (store, store->writer, &w, error)
      || !yl_database_integer (store->database, &seq, 0, error, "SELECT seq FROM strand WHERE w = ?", "i", w))
    return FALSE;
  follows = name_of (store, w, seq, error);
  if (follows == NULL || !yl_vault_add_pen (store, "pen", writer, seed, error)
      || !insert_pen (change, key, follows, error))
    return FALSE;
  return take_up (change, error);
}

/* Entries of the old pen that are not in the log, oldest first (element-type YlEntryRow). */
static GPtrArray *
find_unlogged (YlStore *store, GError **error)
{
  GPtrArray *rows = yl_log_unlogged (store, error);

  for (guint i = rows != NULL ? rows->len : 0; i > 0; i--)
    if (!g_str_equal (((YlEntryRow *) rows->pdata[i - 1])->writer, store->writer))
      g_ptr_array_remove_index (rows, i - 1);
  return rows;
}

static gboolean
hold_messages (YlStore *store, GPtrArray *rows, GError **error)
{
  for (guint i = 0; i < rows->len; i++)
    {
      g_autoptr (GBytes) message = yl_log_message (store, ((YlEntryRow *) rows->pdata[i])->n, error);

      if (message == NULL
          || !yl_database_run (store->database, error, "INSERT INTO held (message) VALUES (?)", "g", message))
        return FALSE;
    }
  return TRUE;
}

static gboolean
take_out (YlStore *store, GPtrArray *rows, GError **error)
{
  g_autoptr (YlRecount) recount = yl_recount_new (store);
  const YlEntryRow *first = rows->pdata[0];
  const YlEntryRow *last = rows->pdata[rows->len - 1];

  for (guint i = 0; i < rows->len; i++)
    if (!yl_recount_add (recount, ((YlEntryRow *) rows->pdata[i])->n, error))
      return FALSE;
  if (!hold_messages (store, rows, error) || !yl_recount_subtract (recount, error))
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    if (!yl_log_forget (store, ((YlEntryRow *) rows->pdata[i])->n, error))
      return FALSE;
  return yl_database_run (store->database, error, "UPDATE strand SET seq = ? WHERE w = ?", "ii", first->seq - 1,
                          first->strand)
         && yl_recount_fold (recount, last->n, error);
}

gboolean
yl_log_hold (YlStore *store, GError **error)
{
  g_autoptr (GPtrArray) rows = NULL;

  if (!yl_store_begin (store, error))
    return FALSE;
  /* At head office the company's key may have seen what its PC wrote, and is the only one of its kind: nothing is taken out. */
  if (!yl_log_pen_due (store))
    return yl_store_commit (store, error);
  rows = find_unlogged (store, error);
  if (rows != NULL && (rows->len == 0 || take_out (store, rows, error)))
    return yl_store_commit (store, error);
  yl_store_rollback (store);
  return FALSE;
}

/* The oldest that is held: its number, or 0. */
static YlEntry *
next_held (YlStore *store, gint64 *i, GError **error)
{
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error, "SELECT i, message FROM held ORDER BY i LIMIT 1", NULL);
  g_autoptr (GBytes) message = NULL;
  gconstpointer bytes;
  gsize length;

  *i = 0;
  if (rows == NULL || !yl_rows_next (rows, error))
    return NULL;
  *i = yl_rows_integer (rows, 0);
  bytes = yl_rows_blob (rows, 1, &length);
  message = g_bytes_new (bytes, length);
  return yl_entry_parse (message, error);
}

/* Unless the other copy had logged and sent it, and it came back. */
static gboolean
write_again (YlStore *store, YlEntry *entry, gint64 i, GError **error)
{
  YlEntryName name = { .seq = entry->seq };
  g_autoptr (YlEntryRow) row = NULL;
  g_autoptr (YlChange) change = NULL;

  memcpy (name.writer, entry->writer, sizeof name.writer);
  memcpy (name.id8, entry->id, sizeof name.id8);
  row = yl_log_find_name (store, &name, NULL);
  if (row != NULL)
    return yl_database_run (store->database, error, "DELETE FROM held WHERE i = ?", "i", i);
  change = yl_change_begin_with_pen (store, entry->what, store->writer, error);
  if (change == NULL)
    return FALSE;
  yl_change_give (change, entry->actor, entry->ops);
  return yl_database_run (store->database, error, "DELETE FROM held WHERE i = ?", "i", i)
         && yl_change_commit (change, error);
}

static gboolean
write_held (YlStore *store, GError **error)
{
  for (;;)
    {
      g_autoptr (GError) local = NULL;
      gint64 i;
      g_autoptr (YlEntry) entry = next_held (store, &i, &local);

      if (local != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      if (entry == NULL)
        return TRUE;
      if (!write_again (store, entry, i, error))
        return FALSE;
    }
}

gboolean
yl_pen_renew (YlStore *store, GError **error)
{
  guint8 seed[YL_KEY_BYTES];
  gboolean ok;

  if (!yl_log_hold (store, error))
    return FALSE;
  randombytes_buf (seed, sizeof seed);
  ok = write_pen (store, seed, error);
  sodium_memzero (seed, sizeof seed);
  return ok && write_held (store, error);
}

gboolean
yl_log_renew_pen (YlStore *store, GError **error)
{
  /* A transaction that writes nothing finds out. */
  if (!yl_store_begin (store, error) || !yl_store_commit (store, error))
    return FALSE;
  if (!store->pen_due)
    return write_held (store, error);
  return yl_store_get_actor (store) == NULL || yl_pen_renew (store, error);
}

gboolean
yl_log_pen_due (YlStore *store)
{
  return store->pen_due && !yl_store_holds_authority (store);
}
