#include "seal/yl-erase.h"
#include "seal/yl-grant-judge.h"
#include "seal/yl-key-ring.h"
#include "merge/yl-merge.h"
#include "merge/yl-state-hash-private.h"
#include "trust/yl-agreement.h"

#include <string.h>

#include "base/yl-i18n.h"
#include "records/yl-derive.h"

/* Transactions, and the numbers that stand for names inside one file. Caches are dropped on a rollback: what they hold may be gone. */

gboolean
yl_store_begin (YlStore *store, GError **error)
{
  if (store->in_transaction)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_FAILED, "another change is still open on this store");
      return FALSE;
    }
  if (!yl_database_run (store->database, error, "BEGIN IMMEDIATE", NULL))
    return FALSE;
  store->in_transaction = TRUE;
  yl_database_watch (store->database, TRUE);
  store->n_begun++;
  if (yl_marker_check (store, error))
    return TRUE;
  yl_store_rollback (store);
  return FALSE;
}

static void
forget_transaction (YlStore *store)
{
  store->in_transaction = FALSE;
  yl_database_watch (store->database, FALSE);
  yl_state_hash_drop (store);
  g_hash_table_remove_all (store->touched);
  g_clear_pointer (&store->judge, yl_grant_judge_free);
  store->stock_due = FALSE;
  store->written = 0;
}

gboolean
yl_store_commit (YlStore *store, GError **error)
{
  g_return_val_if_fail (store->in_transaction, FALSE);

  if (!yl_derive_touched (store, error) || !yl_erase_follow (store, error) || !yl_agreement_follow (store, error)
      || !yl_key_ring_follow (store, error) || !yl_merge_flush (store, error)
      || !yl_database_run (store->database, error, "COMMIT", NULL))
    {
      yl_store_rollback (store);
      return FALSE;
    }
  forget_transaction (store);
  yl_plain_committed (store);
  yl_marker_settle (store, TRUE);
  return TRUE;
}

static void
forget_all_facts (YlStore *store)
{
  store->recent = NULL;
  g_hash_table_remove_all (store->entry_facts);
}

void
yl_store_rollback (YlStore *store)
{
  if (!store->in_transaction)
    return;
  /* SQLite may have rolled back by itself (full disk): then this fails, rightly. */
  sqlite3_exec (yl_database_handle (store->database), "ROLLBACK", NULL, NULL, NULL);
  forget_transaction (store);
  yl_plain_rolled_back (store);
  g_hash_table_remove_all (store->writer_numbers);
  g_hash_table_remove_all (store->writer_ids);
  g_hash_table_remove_all (store->table_numbers);
  g_hash_table_remove_all (store->column_numbers);
  g_hash_table_remove_all (store->column_names);
  forget_all_facts (store);
  g_clear_pointer (&store->erased, g_hash_table_unref);
  yl_store_forget_identity (store);
  yl_marker_settle (store, FALSE);
}

static gint64 *
new_number (gint64 number)
{
  gint64 *key = g_new (gint64, 1);

  *key = number;
  return key;
}

/* Looks @name up in a dictionary table; makes a number where there is none. */
static gboolean
name_number (YlStore *store,
             GHashTable *cache,
             const char *select,
             const char *insert,
             const char *name,
             gint64 *number,
             GError **error)
{
  gint64 *cached = g_hash_table_lookup (cache, name);

  if (cached == NULL)
    {
      if (!yl_database_integer (store->database, number, 0, error, select, "t", name))
        return FALSE;
      if (*number == 0)
        {
          if (!yl_database_run (store->database, error, insert, "t", name))
            return FALSE;
          *number = sqlite3_last_insert_rowid (yl_database_handle (store->database));
        }
      cached = new_number (*number);
      g_hash_table_insert (cache, g_strdup (name), cached);
    }
  *number = *cached;
  return TRUE;
}

static const char *
number_name (YlStore *store, GHashTable *cache, const char *select, gint64 number)
{
  char *name = g_hash_table_lookup (cache, &number);

  if (name == NULL)
    {
      name = yl_database_text (store->database, NULL, select, "i", number);
      if (name != NULL)
        g_hash_table_insert (cache, new_number (number), name);
    }
  return name;
}

gboolean
yl_store_writer_number (YlStore *store, const char *writer, gint64 *w, GError **error)
{
  return name_number (store, store->writer_numbers, "SELECT w FROM strand WHERE writer = ? ORDER BY w LIMIT 1",
                      "INSERT INTO strand (writer, parent, first, seq) VALUES (?, 0, 1, 0)", writer, w, error);
}

const char *
yl_store_writer_id (YlStore *store, gint64 w)
{
  return number_name (store, store->writer_ids, "SELECT writer FROM strand WHERE w = ?", w);
}

gboolean
yl_store_name_writer (YlStore *store, gint64 w, char *writer, GError **error)
{
  const char *id = yl_store_writer_id (store, w);

  if (id != NULL)
    g_strlcpy (writer, id, YL_WRITER_CHARS + 1);
  else if (yl_database_check_fault (store->database, error))
    g_set_error (error, YL_ERROR, YL_ERROR_CORRUPT, _ ("the store file %s is damaged: restore a backup or join again"),
                 store->file);
  return id != NULL;
}

gboolean
yl_store_table_number (YlStore *store, const char *name, gint64 *t, GError **error)
{
  return name_number (store, store->table_numbers, "SELECT t FROM table_name WHERE name = ?",
                      "INSERT INTO table_name (name) VALUES (?)", name, t, error);
}

gboolean
yl_store_column_number (YlStore *store, const char *name, gint64 *c, GError **error)
{
  return name_number (store, store->column_numbers, "SELECT c FROM column_name WHERE name = ?",
                      "INSERT INTO column_name (name) VALUES (?)", name, c, error);
}

const char *
yl_store_column_name (YlStore *store, gint64 c)
{
  return number_name (store, store->column_names, "SELECT name FROM column_name WHERE c = ?", c);
}

#define MAX_CACHED_FACTS 100000

static void
make_room_for_facts (YlStore *store)
{
  GHashTable *full = store->entry_facts;

  if (g_hash_table_size (full) < MAX_CACHED_FACTS)
    return;
  g_hash_table_remove_all (store->older_facts);
  store->entry_facts = store->older_facts;
  store->older_facts = full;
}

static const YlEntryFacts *
read_entry_facts (YlStore *store, gint64 n)
{
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, NULL, "SELECT w, seq, hlc, id FROM entry WHERE n = ?", "i", n);
  YlEntryFacts *facts;
  gsize length;
  gconstpointer id;

  if (rows == NULL || !yl_rows_next (rows, NULL))
    return NULL;
  make_room_for_facts (store);
  facts = g_new0 (YlEntryFacts, 1);
  facts->w = yl_rows_integer (rows, 0);
  facts->seq = yl_rows_integer (rows, 1);
  facts->hlc = yl_rows_integer (rows, 2);
  id = yl_rows_blob (rows, 3, &length);
  memcpy (facts->id8, id, MIN (length, sizeof facts->id8));
  facts->writer = yl_store_writer_id (store, facts->w);
  g_hash_table_insert (store->entry_facts, new_number (n), facts);
  return facts;
}

const YlEntryFacts *
yl_store_entry_facts (YlStore *store, gint64 n)
{
  if (store->recent != NULL && store->recent_n == n)
    return store->recent;
  store->recent = g_hash_table_lookup (store->entry_facts, &n);
  store->recent_n = n;
  if (store->recent == NULL)
    store->recent = read_entry_facts (store, n);
  return store->recent;
}

void
yl_store_forget_entry_facts (YlStore *store, gint64 n)
{
  store->recent = NULL;
  g_hash_table_remove (store->entry_facts, &n);
}
