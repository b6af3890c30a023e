#include "yl-merge-log.h"

#include "yl-commit.h"
#include "yl-signature.h"

#include <sodium.h>
#include <string.h>

/*
 * A run is a stretch of one writer's entries, next to each other in the local order, of which the last is signed. Runs stay whole
 * wherever entries go, so they are kept well below a segment of the exchange (8 MiB).
 */
#define RUN_MAX_ENTRIES 256
#define RUN_FULL_BYTES (2 * 1024 * 1024)

/* Entries per SQLite transaction: enough to make the sync to disk cheap, few enough not to keep other processes waiting. */
#define TRANSACTION_ENTRIES 1024

void
yl_incoming_free (YlIncoming *incoming)
{
  g_bytes_unref (incoming->message);
  g_free (incoming);
}

static void
remember_tip (GHashTable *tips, const char *writer, const git_oid *oid)
{
  g_hash_table_replace (tips, g_strdup (writer), g_memdup2 (oid, sizeof *oid));
}

static gboolean
move_refs (YlGit *git, GHashTable *tips, GError **error)
{
  GHashTableIter iter;
  gpointer writer, oid;

  g_hash_table_iter_init (&iter, tips);
  while (g_hash_table_iter_next (&iter, &writer, &oid))
    {
      g_autofree char *name = g_strconcat (YL_REF_PREFIX, writer, NULL);
      g_autoptr (git_reference) ref = NULL;
      int result = git_reference_create (&ref, git->repository, name, oid, TRUE, NULL);

      if (!yl_git_check (git, result, "move a writer's ref", error))
        return FALSE;
    }
  return TRUE;
}

/* Append */

typedef struct
{
  YlGit *git;
  GPtrArray *rows; /* of YlEntryRow: without a commit when they were listed */
  guint next;
  guint run_entries;
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

static GBytes *
sign_commit (YlStore *store, const char *writer, GBytes *commit, GError **error)
{
  guint8 signature[YL_SIGNATURE_BYTES], key[YL_KEY_BYTES];
  gsize length, payload_length;
  const char *text = g_bytes_get_data (commit, &length);
  g_autoptr (GBytes) payload = yl_signature_payload (text, length);
  const guint8 *bytes = g_bytes_get_data (payload, &payload_length);

  if (!yl_log_public_key (store, writer, key, error)
      || !yl_log_sign (store, writer, bytes, payload_length, signature, error))
    return NULL;
  return yl_commit_add_signature (commit, signature, key);
}

static gboolean
append_entry (YlAppend *append, GHashTable *tips, GError **error)
{
  YlStore *store = append->git->store;
  const YlEntryRow *row = g_ptr_array_index (append->rows, append->next);
  g_autoptr (GBytes) message = yl_log_message (store, row->n, error);
  g_autoptr (YlEntry) entry = message != NULL ? yl_entry_parse (message, error) : NULL;
  g_autoptr (GArray) parents = entry != NULL ? yl_commit_parents (append->git, entry, NULL, error) : NULL;
  g_autoptr (GBytes) commit = parents != NULL ? yl_commit_build (append->git, entry, parents, error) : NULL;
  git_oid oid;

  if (commit == NULL)
    return FALSE;
  append->run_entries++;
  append->run_bytes += g_bytes_get_size (message);
  if (ends_run (append))
    {
      GBytes *signed_commit = sign_commit (store, row->writer, commit, error);

      if (signed_commit == NULL)
        return FALSE;
      g_bytes_unref (commit);
      commit = signed_commit;
      append->run_entries = 0;
      append->run_bytes = 0;
    }
  if (!yl_commit_write (append->git, commit, &oid, error) || !yl_log_set_commit (store, row->n, oid.id, error))
    return FALSE;
  remember_tip (tips, row->writer, &oid);
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
      g_autoptr (YlEntryRow) row = yl_log_find (append->git->store, listed->writer, listed->seq, error);

      if (row == NULL)
        return FALSE;
      if (!row->logged)
        return TRUE;
    }
  return TRUE;
}

static gboolean
append_some (YlAppend *append, GError **error)
{
  g_autoptr (GHashTable) tips = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (YlLogTransaction) transaction = yl_log_begin (append->git->store, error);
  guint start;

  if (transaction == NULL || !skip_logged (append, error))
    return FALSE;
  start = append->next;
  while (append->next < append->rows->len && (append->next - start < TRANSACTION_ENTRIES || append->run_entries > 0))
    if (!append_entry (append, tips, error))
      return FALSE;
  return move_refs (append->git, tips, error) && yl_log_commit (transaction, error);
}

gboolean
yl_merge_log_append (YlStore *store, GError **error)
{
  g_autoptr (GPtrArray) rows = NULL;
  YlAppend append = { .git = yl_git_get (store, error) };

  if (append.git == NULL)
    return FALSE;
  rows = yl_log_unlogged (store, error);
  if (rows == NULL)
    return FALSE;
  append.rows = rows;
  while (append.next < rows->len)
    if (!append_some (&append, error))
      return FALSE;
  return TRUE;
}

/* Accept */

typedef struct
{
  YlGit *git;
  GPtrArray *run; /* of YlEntry: a run whose signed entry has not come yet */
  GArray *oids;   /* of git_oid: its commits */
  GHashTable *tips;
  guint n_new;
} YlIntake;

static gboolean
is_known (YlStore *store, const YlEntry *entry, gboolean *known, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (YlEntryRow) row = yl_log_find (store, entry->writer, entry->seq, &local_error);

  *known = row != NULL;
  if (row != NULL && memcmp (row->id, entry->id, sizeof row->id) != 0)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_CORRUPT,
                   "two different entries are both named %s:%" G_GINT64_FORMAT
                   ": that writer's store file was copied; enrol one of the copies anew",
                   entry->writer, entry->seq);
      return FALSE;
    }
  if (row == NULL && !g_error_matches (local_error, YL_ERROR, YL_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  return TRUE;
}

static gboolean
refuse_unsigned_tail (const YlIntake *intake, GError **error)
{
  const YlEntry *last = g_ptr_array_index (intake->run, intake->run->len - 1);

  g_set_error (error, YL_ERROR, YL_ERROR_INVALID,
               "entry %s:%" G_GINT64_FORMAT
               " came without a signed one right after it that covers it; ask for it again",
               last->writer, last->seq);
  return FALSE;
}

static gboolean
continues_run (const YlIntake *intake, const YlEntry *entry)
{
  const YlEntry *last = g_ptr_array_index (intake->run, intake->run->len - 1);

  return strcmp (last->writer, entry->writer) == 0 && last->seq + 1 == entry->seq
         && memcmp (last->id, entry->prev, sizeof last->id) == 0;
}

/* The run is covered: its entries pass the door in order. */
static gboolean
fold_run (YlIntake *intake, GError **error)
{
  YlStore *store = intake->git->store;

  for (guint i = 0; i < intake->run->len; i++)
    {
      const YlEntry *entry = g_ptr_array_index (intake->run, i);
      const git_oid *oid = &g_array_index (intake->oids, git_oid, i);
      gboolean is_new = FALSE;
      gint64 n = 0;

      if (!yl_log_apply (store, entry, &n, &is_new, error) || !yl_log_set_commit (store, n, oid->id, error))
        return FALSE;
      remember_tip (intake->tips, entry->writer, oid);
      intake->n_new++;
    }
  g_ptr_array_set_size (intake->run, 0);
  g_array_set_size (intake->oids, 0);
  return TRUE;
}

/* The authority's first run brings its own key along, and the scope vouches for it. */
static gboolean
find_founding_key (YlStore *store, const YlEntry *first, guint8 *key)
{
  guint8 hash[YL_ENTRY_ID_BYTES];
  char scope[YL_SCOPE_CHARS + 1];
  gsize length = 0;

  for (guint i = 0; i < first->ops->len && length == 0; i++)
    {
      const YlOp *op = g_ptr_array_index (first->ops, i);

      for (guint c = 0; c < op->n_columns && strcmp (op->table, "company") == 0; c++)
        if (strcmp (op->columns[c], "authority") == 0 && op->values[c].type == YL_VALUE_TEXT)
          sodium_hex2bin (key, YL_KEY_BYTES, op->values[c].bytes, op->values[c].length, NULL, &length, NULL);
    }
  if (length != YL_KEY_BYTES)
    return FALSE;
  crypto_generichash (hash, sizeof hash, key, YL_KEY_BYTES, NULL, 0);
  sodium_bin2hex (scope, sizeof scope, hash, YL_SCOPE_CHARS / 2);
  return strcmp (scope, yl_store_get_scope (store)) == 0;
}

static gboolean
find_key (YlIntake *intake, const YlEntry *entry, guint8 *key, GError **error)
{
  YlStore *store = intake->git->store;
  const YlEntry *first = intake->run->len > 0 ? g_ptr_array_index (intake->run, 0) : entry;
  g_autoptr (GError) local_error = NULL;

  if (yl_log_writer_key (store, entry->writer, key, &local_error))
    return TRUE;
  if (!g_error_matches (local_error, YL_ERROR, YL_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (strcmp (entry->writer, yl_log_authority (store)) == 0 && find_founding_key (store, first, key))
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_MISSING,
               "entry %s:%" G_GINT64_FORMAT " came before head office's enrolment of its writer", entry->writer,
               entry->seq);
  return FALSE;
}

static GBytes *
check_signature (YlIntake *intake, const YlEntry *entry, const YlIncoming *incoming, GBytes *commit, GError **error)
{
  guint8 key[YL_KEY_BYTES];
  gsize length;
  const char *text = g_bytes_get_data (commit, &length);

  if (!find_key (intake, entry, key, error))
    return NULL;
  if (!yl_signature_verify (incoming->signature, key, text, length))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID,
                   "entry %s:%" G_GINT64_FORMAT " carries a signature that is not its writer's; nothing was taken in",
                   entry->writer, entry->seq);
      return NULL;
    }
  return yl_commit_add_signature (commit, incoming->signature, key);
}

static gboolean
take_entry (YlIntake *intake, YlEntry *entry, const YlIncoming *incoming, GError **error)
{
  gboolean in_run = intake->run->len > 0;
  const git_oid *previous = in_run ? &g_array_index (intake->oids, git_oid, intake->run->len - 1) : NULL;
  g_autoptr (GArray) parents = yl_commit_parents (intake->git, entry, previous, error);
  g_autoptr (GBytes) commit = parents != NULL ? yl_commit_build (intake->git, entry, parents, error) : NULL;
  g_autoptr (GBytes) signed_commit = NULL;
  git_oid oid;

  if (commit == NULL)
    return FALSE;
  if (incoming->is_signed)
    {
      signed_commit = check_signature (intake, entry, incoming, commit, error);
      if (signed_commit == NULL)
        return FALSE;
    }
  if (!yl_commit_write (intake->git, signed_commit != NULL ? signed_commit : commit, &oid, error))
    return FALSE;
  g_array_append_val (intake->oids, oid);
  return TRUE;
}

static gboolean
take_incoming (YlIntake *intake, const YlIncoming *incoming, GError **error)
{
  g_autoptr (YlEntry) entry = yl_entry_parse (incoming->message, error);
  gboolean known = FALSE;

  if (entry == NULL || !is_known (intake->git->store, entry, &known, error))
    return FALSE;
  if (intake->run->len > 0 && (known || !continues_run (intake, entry)))
    return refuse_unsigned_tail (intake, error);
  if (known)
    return TRUE;
  if (!take_entry (intake, entry, incoming, error))
    return FALSE;
  g_ptr_array_add (intake->run, g_steal_pointer (&entry));
  return !incoming->is_signed || fold_run (intake, error);
}

static gboolean
take_all (YlIntake *intake, GPtrArray *incoming, GError **error)
{
  for (guint i = 0; i < incoming->len; i++)
    if (!take_incoming (intake, g_ptr_array_index (incoming, i), error))
      return FALSE;
  return intake->run->len == 0 || refuse_unsigned_tail (intake, error);
}

gboolean
yl_merge_log_accept (YlStore *store, GPtrArray *incoming, guint *n_new, GError **error)
{
  g_autoptr (GPtrArray) run = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_entry_free);
  g_autoptr (GArray) oids = g_array_new (FALSE, FALSE, sizeof (git_oid));
  g_autoptr (GHashTable) tips = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  YlIntake intake = { .git = yl_git_get (store, error), .run = run, .oids = oids, .tips = tips };
  g_autoptr (YlLogTransaction) transaction = intake.git != NULL ? yl_log_begin (store, error) : NULL;

  if (transaction == NULL || !take_all (&intake, incoming, error) || !move_refs (intake.git, tips, error)
      || !yl_log_commit (transaction, error))
    return FALSE;
  *n_new = intake.n_new;
  return TRUE;
}

/* Read */

static YlEntryRow *
find_row (YlStore *store, gint64 n, GError **error)
{
  g_autoptr (GPtrArray) rows = yl_log_since (store, n - 1, 1, error);
  YlEntryRow *row;

  if (rows == NULL)
    return NULL;
  row = rows->len > 0 ? g_ptr_array_index (rows, 0) : NULL;
  if (row == NULL || row->n != n || !row->logged)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_NOT_FOUND, "the log has no entry number %" G_GINT64_FORMAT, n);
      return NULL;
    }
  return g_ptr_array_steal_index (rows, 0);
}

YlIncoming *
yl_merge_log_read (YlStore *store, gint64 n, GError **error)
{
  YlGit *git = yl_git_get (store, error);
  g_autoptr (YlEntryRow) row = git != NULL ? find_row (store, n, error) : NULL;
  git_oid oid;

  if (row == NULL)
    return NULL;
  memcpy (oid.id, row->oid, sizeof oid.id);
  return yl_commit_read (git, &oid, error);
}

gint64
yl_merge_log_batch_end (YlStore *store, gint64 n, GError **error)
{
  for (gint64 end = n;; end++)
    {
      g_autoptr (YlIncoming) entry = yl_merge_log_read (store, end, error);

      if (entry == NULL)
        return 0;
      if (entry->is_signed)
        return end;
    }
}
