/* Entries from elsewhere: checked, stored as commits, handed to the door. */
#include "yl-commit.h"
#include "yl-signature.h"

#include <string.h>

typedef struct
{
  YlGit *git;
  GPtrArray *run;      /* of YlEntry: a run whose signed entry has not come yet */
  GArray *oids;        /* of git_oid: its commits */
  GHashTable *writers; /* set of ids */
  guint n_new;
} YlIntake;

static gboolean
is_known (YlStore *store, const YlEntry *entry, gboolean *known, GError **error)
{
  YlEntryName name = { .seq = entry->seq };
  g_autoptr (GError) local_error = NULL;
  g_autoptr (YlEntryRow) row = NULL;

  memcpy (name.writer, entry->writer, sizeof name.writer);
  memcpy (name.id8, entry->id, sizeof name.id8);
  row = yl_log_find_name (store, &name, &local_error);
  *known = row != NULL;
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
      g_hash_table_add (intake->writers, g_strdup (entry->writer));
      intake->n_new++;
    }
  g_ptr_array_set_size (intake->run, 0);
  g_array_set_size (intake->oids, 0);
  return TRUE;
}

static gboolean
find_key (YlStore *store, const YlEntry *entry, guint8 *key, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (yl_log_writer_key (store, entry->writer, key, &local_error))
    return TRUE;
  if (!g_error_matches (local_error, YL_ERROR, YL_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
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

  if (!find_key (intake->git->store, entry, key, error))
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
  g_autoptr (GHashTable) writers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  YlIntake intake = { .git = yl_git_get (store, error), .run = run, .oids = oids, .writers = writers };
  g_autoptr (YlLogTransaction) transaction = intake.git != NULL ? yl_log_begin (store, error) : NULL;

  if (transaction == NULL || !take_all (&intake, incoming, error) || !yl_git_move_refs (intake.git, writers, error)
      || !yl_log_commit (transaction, error))
    return FALSE;
  *n_new = intake.n_new;
  return TRUE;
}
