/* Entries of own pens become signed commits. */
#include "yl-commit.h"
#include "yl-signature.h"

#include <string.h>

/*
 * A run is a stretch of one writer's entries, next to each other in the local order, of which the last is signed. Runs stay whole
 * wherever entries go, so they are kept well below a segment of the exchange (2 MiB).
 */
#define RUN_MAX_ENTRIES 256
#define RUN_FULL_BYTES (64 * 1024)

/* Entries per SQLite transaction: enough to make the sync to disk cheap, few enough not to keep other processes waiting. */
#define TRANSACTION_ENTRIES 1024

typedef struct
{
  YlStore *store;
  GPtrArray *rows; /* of YlEntryRow: not in the log when they were listed */
  guint next;
  git_oid previous;  /* the last commit made, in a run that has begun */
  guint run_entries; /* of that run */
  gsize run_bytes;
} YlAppend;

static gboolean
ends_run (const YlAppend *append)
{
  const YlEntryRow *row = g_ptr_array_index (append->rows, append->next);
  const YlEntryRow *after;

  if (append->next + 1 == append->rows->len || append->run_entries == RUN_MAX_ENTRIES
      || append->run_bytes >= RUN_FULL_BYTES)
    return TRUE;
  after = g_ptr_array_index (append->rows, append->next + 1);
  return after->n != row->n + 1 || strcmp (after->writer, row->writer) != 0;
}

static gboolean
end_run (YlAppend *append, const YlEntryRow *row, GBytes *commit, git_oid *oid, GError **error)
{
  YlStore *store = append->store;
  guint8 signature[YL_SIGNATURE_BYTES], key[YL_KEY_BYTES];
  gsize length, payload_length;
  const char *text = g_bytes_get_data (commit, &length);
  g_autoptr (GBytes) payload = yl_signature_payload (text, length);
  const guint8 *bytes = g_bytes_get_data (payload, &payload_length);
  g_autoptr (GBytes) signed_commit = NULL;

  if (!yl_log_public_key (store, row->writer, key, error)
      || !yl_log_sign (store, row->writer, bytes, payload_length, signature, error))
    return FALSE;
  signed_commit = yl_commit_add_signature (commit, signature, key);
  yl_commit_hash (signed_commit, oid);
  append->run_entries = 0;
  append->run_bytes = 0;
  return yl_log_end_run (store, row->n, oid->id, signature, error);
}

static gboolean
append_entry (YlAppend *append, GHashTable *writers, GError **error)
{
  const YlEntryRow *row = g_ptr_array_index (append->rows, append->next);
  g_autoptr (YlEntry) entry = yl_log_entry (append->store, row->n, error);
  const git_oid *previous = append->run_entries > 0 ? &append->previous : NULL;
  g_autoptr (GArray) parents = entry != NULL ? yl_commit_parents (append->store, entry, previous, error) : NULL;
  g_autoptr (GBytes) commit = NULL;
  git_oid oid;

  if (parents == NULL)
    return FALSE;
  commit = yl_commit_build (entry, parents);
  append->run_entries++;
  append->run_bytes += g_bytes_get_size (entry->message);
  if (!ends_run (append))
    yl_commit_hash (commit, &oid);
  else if (end_run (append, row, commit, &oid, error))
    g_hash_table_add (writers, (gpointer) row->writer);
  else
    return FALSE;
  append->previous = oid;
  append->next++;
  return TRUE;
}

/* Another process may have logged some since they were listed: always from the first on, since all go in order. */
static gboolean
skip_logged (YlAppend *append, GError **error)
{
  for (; append->next < append->rows->len; append->next++)
    {
      const YlEntryRow *listed = g_ptr_array_index (append->rows, append->next);
      g_autoptr (YlEntryRow) row = yl_log_get (append->store, listed->n, error);

      if (row == NULL)
        return FALSE;
      if (!row->logged)
        return TRUE;
    }
  return TRUE;
}

/* Where the file turned out to be a copy, what its old pen wrote last may be in the log elsewhere, and stays as it is. */
static void
leave_own (YlAppend *append)
{
  while (
      append->next < append->rows->len
      && g_str_equal (((YlEntryRow *) append->rows->pdata[append->next])->writer, yl_store_get_writer (append->store)))
    append->next++;
}

static gboolean
append_some (YlAppend *append, GError **error)
{
  g_autoptr (GHashTable) writers = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (YlLogTransaction) transaction = yl_log_begin (append->store, error);
  guint start;

  if (transaction == NULL || !skip_logged (append, error))
    return FALSE;
  if (yl_log_pen_due (append->store))
    leave_own (append);
  start = append->next;
  while (append->next < append->rows->len && (append->next - start < TRANSACTION_ENTRIES || append->run_entries > 0))
    if (!append_entry (append, writers, error))
      return FALSE;
  return yl_git_move_refs (append->store, writers, error) && yl_log_mark_sent (append->store, error)
         && yl_log_commit (transaction, error);
}

gboolean
yl_merge_log_append (YlStore *store, GError **error)
{
  g_autoptr (GPtrArray) rows = NULL;
  YlAppend append = { .store = store };

  rows = yl_log_unlogged (store, error);
  if (rows == NULL)
    return FALSE;
  append.rows = rows;
  while (append.next < rows->len)
    if (!append_some (&append, error))
      return FALSE;
  return TRUE;
}
