/* The whole log against itself: messages, parents, chain, signatures, commits, refs. */
#include "yl-commit.h"
#include "yl-signature.h"

#include <string.h>

#define ROWS_AT_ONCE 1024

/* The last entry of a strand that was checked. */
typedef struct
{
  gint64 seq;
  guint8 id[YL_ENTRY_ID_BYTES];
  git_oid oid;
} YlWriterEnd;

typedef struct
{
  YlStore *store;
  GHashTable *ends;    /* number of a strand -> YlWriterEnd */
  GHashTable *writers; /* set of ids */
  guint n_commits;
  gint64 last;         /* local number checked last */
  YlRun run;           /* that it was in */
  YlLogDamage *damage; /* collects what is damaged; NULL: the first fault is an error */
  gint64 skip;         /* up to here it is known to be */
} YlVerification;

static gboolean
fault (GError **error, const char *what)
{
  g_set_error_literal (error, YL_ERROR, YL_ERROR_CORRUPT, what);
  return FALSE;
}

/* The entry after which @row's strand left another. */
static gboolean
find_left (YlVerification *verification, const YlEntryRow *row, const YlEntry *entry, YlWriterEnd *left, GError **error)
{
  YlEntryName name = { .seq = row->seq - 1 };
  g_autoptr (YlEntryRow) before = NULL;

  memcpy (name.writer, row->writer, sizeof name.writer);
  memcpy (name.id8, entry->prev, sizeof name.id8);
  before = yl_log_find_name (verification->store, &name, NULL);
  if (before == NULL || before->n >= row->n)
    return fault (error, "its writer's entry before is not here");
  left->seq = before->seq;
  memcpy (left->id, before->id, sizeof left->id);
  return TRUE;
}

static gboolean
check_chain (YlVerification *verification, const YlEntryRow *row, const YlEntry *entry, GError **error)
{
  static const YlWriterEnd start = { 0 };
  const YlWriterEnd *end = g_hash_table_lookup (verification->ends, &row->strand);
  YlWriterEnd left;

  if (end == NULL && entry->seq > 1)
    {
      if (!find_left (verification, row, entry, &left, error))
        return FALSE;
      end = &left;
    }
  else if (end == NULL)
    end = &start;
  if (entry->seq != end->seq + 1 || memcmp (entry->prev, end->id, sizeof end->id) != 0)
    return fault (error, "it does not continue its writer's entry before");
  return TRUE;
}

static GBytes *
check_signature (const YlVerification *verification, const YlEntry *entry, GBytes *commit, GError **error)
{
  guint8 key[YL_KEY_BYTES];
  gsize length;
  const char *text = g_bytes_get_data (commit, &length);

  if (!yl_log_writer_key (verification->store, entry->writer, key, error))
    return NULL;
  if (yl_signature_verify (verification->run.signature, key, text, length))
    return yl_commit_add_signature (commit, verification->run.signature, key);
  fault (error, "its signature is not its writer's");
  return NULL;
}

/* The commits made of the entries must come to the one that the log remembers of each run. */
static gboolean
check_commit (const YlVerification *verification,
              const YlEntryRow *row,
              const YlEntry *entry,
              git_oid *oid,
              GError **error)
{
  const YlWriterEnd *end = g_hash_table_lookup (verification->ends, &row->strand);
  const git_oid *previous = end != NULL ? &end->oid : NULL;
  g_autoptr (GArray) parents = yl_commit_parents (verification->store, entry, previous, error);
  g_autoptr (GBytes) commit = parents != NULL ? yl_commit_build (entry, parents) : NULL;
  g_autoptr (GBytes) signed_commit = NULL;

  if (commit == NULL)
    return FALSE;
  yl_commit_hash (commit, oid);
  if (row->n < verification->run.end)
    return TRUE;
  signed_commit = check_signature (verification, entry, commit, error);
  if (signed_commit == NULL)
    return FALSE;
  yl_commit_hash (signed_commit, oid);
  return memcmp (oid->id, verification->run.oid, sizeof oid->id) == 0
         || fault (error, "its commit is not the one that was logged");
}

static void
set_end (YlVerification *verification, const YlEntryRow *row, const guint8 *oid)
{
  YlWriterEnd *end = g_new0 (YlWriterEnd, 1);

  end->seq = row->seq;
  memcpy (end->id, row->id, sizeof end->id);
  memcpy (end->oid.id, oid, sizeof end->oid.id);
  g_hash_table_replace (verification->ends, g_memdup2 (&row->strand, sizeof row->strand), end);
  g_hash_table_add (verification->writers, g_strdup (row->writer));
}

static gboolean
check_entry (YlVerification *verification, const YlEntryRow *row, GError **error)
{
  g_autoptr (YlEntry) entry = yl_log_entry (verification->store, row->n, error);
  git_oid oid;

  if (entry == NULL
      || (row->n > verification->run.end && !yl_log_find_run (verification->store, row->n, &verification->run, error))
      || !check_chain (verification, row, entry, error) || !check_commit (verification, row, entry, &oid, error))
    return FALSE;
  set_end (verification, row, oid.id);
  verification->n_commits++;
  return TRUE;
}

/* The run as a whole, which is what can be asked for again; what follows goes on from what is known of its end. */
static gboolean
note_damage (YlVerification *verification, const YlEntryRow *row, GError **error)
{
  YlDamagedRun damaged = { .run = { row->n, row->n, { 0 }, { 0 } }, .name.seq = row->seq };
  g_autoptr (YlEntryRow) last = NULL;

  memcpy (damaged.name.writer, row->writer, sizeof damaged.name.writer);
  memcpy (damaged.name.id8, row->id, sizeof damaged.name.id8);
  if (!yl_log_find_run (verification->store, row->n, &damaged.run, NULL))
    damaged.run.start = damaged.run.end = row->n;
  last = yl_log_get (verification->store, damaged.run.end, error);
  if (last == NULL)
    return FALSE;
  set_end (verification, last, damaged.run.oid);
  verification->skip = damaged.run.end;
  verification->run.end = damaged.run.end;
  g_array_append_val (verification->damage->runs, damaged);
  return TRUE;
}

static gboolean
verify_row (YlVerification *verification, const YlEntryRow *row, GError **error)
{
  g_autoptr (GError) cause = NULL;

  if (row->n <= verification->skip || check_entry (verification, row, &cause))
    return TRUE;
  if (verification->damage != NULL)
    return note_damage (verification, row, error);
  g_set_error (error, YL_ERROR, YL_ERROR_CORRUPT, "entry %s:%" G_GINT64_FORMAT " of the log is damaged: %s",
               row->writer, row->seq, cause->message);
  return FALSE;
}

/* Of an entry whose change set is not here only the name is known: what follows must follow it. */
static gboolean
pass_row (YlVerification *verification, const YlEntryRow *row, GError **error)
{
  YlRun run;

  if (row->bare)
    return TRUE;
  if (!yl_log_find_run (verification->store, row->n, &run, error))
    return FALSE;
  set_end (verification, row, run.oid);
  return TRUE;
}

/* @stop_at_waiting: up to the first entry without a commit, which another process may be about to log. */
static gboolean
verify_rows (YlVerification *verification, gboolean stop_at_waiting, GError **error)
{
  for (;;)
    {
      g_autoptr (GPtrArray) rows = yl_log_since (verification->store, verification->last, ROWS_AT_ONCE, error);

      if (rows == NULL)
        return FALSE;
      if (rows->len == 0)
        return TRUE;
      for (guint i = 0; i < rows->len; i++)
        {
          const YlEntryRow *row = g_ptr_array_index (rows, i);

          if (!row->logged && stop_at_waiting)
            return TRUE;
          if (row->logged && !(row->here ? verify_row : pass_row) (verification, row, error))
            return FALSE;
          verification->last = row->n;
        }
    }
}

static gboolean
verify_branches (YlVerification *verification, const char *writer, GError **error)
{
  YlStore *store = verification->store;
  g_autoptr (GPtrArray) branches = yl_log_branches (store, writer, error);

  for (guint i = 0; branches != NULL && i < branches->len; i++)
    {
      const YlBranch *branch = branches->pdata[i];
      const YlWriterEnd *end = g_hash_table_lookup (verification->ends, &branch->strand);
      g_autofree char *name = g_strconcat (YL_REF_PREFIX, branch->name, NULL);
      git_oid tip;

      if (end == NULL || !yl_log_get_ref (store, name, tip.id) || !git_oid_equal (&tip, &end->oid))
        {
          g_set_error (error, YL_ERROR, YL_ERROR_CORRUPT, "ref %s is not at its writer's last entry", name);
          return FALSE;
        }
    }
  return branches != NULL;
}

static gboolean
verify_refs (YlVerification *verification, GError **error)
{
  YlStore *store = verification->store;
  g_auto (GStrv) refs = yl_log_list_refs (store, error);
  guint n_refs = 0;
  GHashTableIter iter;
  gpointer writer;

  if (refs == NULL)
    return FALSE;
  g_hash_table_iter_init (&iter, verification->writers);
  while (g_hash_table_iter_next (&iter, &writer, NULL))
    if (!verify_branches (verification, writer, error))
      return FALSE;
  for (guint i = 0; refs[i] != NULL; i++)
    n_refs += g_str_has_prefix (refs[i], YL_REF_PREFIX);
  if (n_refs == g_hash_table_size (verification->ends))
    return TRUE;
  return fault (error, "the log has refs that belong to no writer");
}

typedef struct
{
  YlStore *store;
  GByteArray *damaged; /* collects them; NULL: the first one is a fault */
  GError *fault;
} ObjectCheck;

/* What is kept as an object has its id. */
static gboolean
verify_object (const guint8 *oid, int type, gpointer data)
{
  ObjectCheck *check = data;
  g_autoptr (GError) cause = NULL;
  g_autoptr (GBytes) bytes = yl_log_get_object (check->store, oid, &type, &cause);
  git_oid id;
  gsize length;
  gconstpointer content = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;

  if (bytes == NULL && !g_error_matches (cause, YL_ERROR, YL_ERROR_CORRUPT))
    {
      check->fault = g_steal_pointer (&cause);
      return FALSE;
    }
  if (bytes != NULL && git_odb_hash (&id, length > 0 ? content : "", length, (git_object_t) type) == GIT_OK
      && memcmp (id.id, oid, sizeof id.id) == 0)
    return TRUE;
  if (check->damaged != NULL)
    g_byte_array_append (check->damaged, oid, YL_OID_BYTES);
  else
    fault (&check->fault, "the log holds an object that is damaged");
  return check->fault == NULL;
}

static gboolean
verify_objects (YlStore *store, GByteArray *damaged, GError **error)
{
  ObjectCheck check = { store, damaged, NULL };

  if (!yl_log_foreach_object (store, verify_object, &check, error))
    return FALSE;
  if (check.fault != NULL)
    g_propagate_error (error, check.fault);
  return check.fault == NULL;
}

static gboolean
check_refs (YlVerification *verification, GError **error)
{
  g_autoptr (GError) cause = NULL;

  if (verify_refs (verification, &cause))
    return TRUE;
  if (verification->damage == NULL || !g_error_matches (cause, YL_ERROR, YL_ERROR_CORRUPT))
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  verification->damage->refs = TRUE;
  return TRUE;
}

static gboolean
verify_log (YlVerification *verification, GError **error)
{
  GByteArray *objects = verification->damage != NULL ? verification->damage->objects : NULL;
  g_autoptr (YlLogTransaction) transaction = NULL;

  if (!verify_rows (verification, TRUE, error))
    return FALSE;
  /* Nobody may write while the end of the log is compared with the refs. */
  transaction = yl_log_begin (verification->store, error);
  return transaction != NULL && verify_rows (verification, FALSE, error) && check_refs (verification, error)
         && verify_objects (verification->store, objects, error);
}

static gboolean
run (YlStore *store, YlLogDamage *damage, guint *n_commits, GError **error)
{
  g_autoptr (GHashTable) ends = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  g_autoptr (GHashTable) writers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  YlVerification verification = { .store = store, .ends = ends, .writers = writers, .damage = damage };
  gboolean ok;

  yl_git_init ();
  ok = verify_log (&verification, error);
  *n_commits = verification.n_commits;
  return ok;
}

void
yl_log_damage_clear (YlLogDamage *damage)
{
  g_clear_pointer (&damage->runs, g_array_unref);
  g_clear_pointer (&damage->objects, g_byte_array_unref);
}

gboolean
yl_merge_log_inspect (YlStore *store, YlLogDamage *damage, GError **error)
{
  yl_log_damage_clear (damage);
  *damage = (YlLogDamage){ .runs = g_array_new (FALSE, FALSE, sizeof (YlDamagedRun)), .objects = g_byte_array_new () };
  return run (store, damage, &damage->n_commits, error);
}

gboolean
yl_merge_log_verify (YlStore *store, guint *n_commits, GError **error)
{
  g_autoptr (GError) fault_found = NULL;

  if (run (store, NULL, n_commits, &fault_found))
    return TRUE;
  if (g_error_matches (fault_found, YL_ERROR, YL_ERROR_CORRUPT))
    g_set_error (error, YL_ERROR, YL_ERROR_CORRUPT,
                 "%s: %s: run `yuelaictl fsck --repair`, or restore the file from a backup", yl_store_get_file (store),
                 fault_found->message);
  else
    g_propagate_error (error, g_steal_pointer (&fault_found));
  return FALSE;
}

static gboolean
drop_refs (YlStore *store, GError **error)
{
  g_auto (GStrv) refs = yl_log_list_refs (store, error);

  for (guint i = 0; refs != NULL && refs[i] != NULL; i++)
    if (g_str_has_prefix (refs[i], YL_REF_PREFIX) && !yl_log_set_ref (store, refs[i], NULL, error))
      return FALSE;
  return refs != NULL;
}

gboolean
yl_merge_log_place_refs (YlStore *store, GError **error)
{
  g_autoptr (YlLogTransaction) transaction = yl_log_begin (store, error);
  g_autoptr (GArray) frontier = transaction != NULL ? yl_log_frontier (store, error) : NULL;
  g_autoptr (GHashTable) writers = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; frontier != NULL && i < frontier->len; i++)
    g_hash_table_add (writers, g_array_index (frontier, YlEntryName, i).writer);
  return frontier != NULL && drop_refs (store, error) && yl_git_move_refs (store, writers, error)
         && yl_log_commit (transaction, error);
}
