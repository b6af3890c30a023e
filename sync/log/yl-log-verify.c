/* The whole log against itself: objects, parents, header lines, chain, signatures, refs. */
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
  YlGit *git;
  GHashTable *ends;               /* number of a strand -> YlWriterEnd */
  GHashTable *writers;            /* set of ids */
  GHashTable *commits;            /* set of git_oid */
  gint64 last;                    /* local number checked last */
  char open[YL_WRITER_CHARS + 1]; /* writer of an unsigned entry that the next one must cover */
} YlVerification;

static guint
hash_oid (gconstpointer oid)
{
  guint hash;

  memcpy (&hash, oid, sizeof hash);
  return hash;
}

static gboolean
equal_oid (gconstpointer a, gconstpointer b)
{
  return git_oid_equal (a, b);
}

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
  before = yl_log_find_name (verification->git->store, &name, NULL);
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
  if (strcmp (entry->writer, row->writer) != 0 || entry->seq != row->seq
      || memcmp (entry->id, row->id, sizeof row->id) != 0)
    return fault (error, "its commit holds another entry");
  if (strcmp (entry->scope, yl_store_get_scope (verification->git->store)) != 0)
    return fault (error, "it belongs to another company's log");
  if (entry->seq != end->seq + 1 || memcmp (entry->prev, end->id, sizeof end->id) != 0)
    return fault (error, "it does not continue its writer's entry before");
  return TRUE;
}

static gboolean
check_cover (YlVerification *verification, const YlEntryRow *row, gboolean is_signed, GError **error)
{
  if (*verification->open != '\0' && strcmp (verification->open, row->writer) != 0)
    return fault (error, "it stands between an unsigned entry and the signed one that should cover it");
  g_strlcpy (verification->open, is_signed ? "" : row->writer, sizeof verification->open);
  return TRUE;
}

static GBytes *
check_signature (YlGit *git, const YlEntry *entry, const YlIncoming *stored, GBytes *commit, GError **error)
{
  guint8 key[YL_KEY_BYTES];
  gsize length;
  const char *text = g_bytes_get_data (commit, &length);

  if (!stored->is_signed)
    return g_bytes_ref (commit);
  if (!yl_log_writer_key (git->store, entry->writer, key, error))
    return NULL;
  if (!yl_signature_verify (stored->signature, key, text, length))
    {
      fault (error, "its signature is not its writer's");
      return NULL;
    }
  return yl_commit_add_signature (commit, stored->signature, key);
}

/* The commit made anew from its entry must be the stored one, to the byte. */
static gboolean
check_commit (YlGit *git, const git_oid *oid, const YlEntry *entry, const YlIncoming *stored, GError **error)
{
  g_autoptr (GArray) parents = yl_commit_parents (git, entry, NULL, error);
  g_autoptr (GBytes) commit = parents != NULL ? yl_commit_build (git, entry, parents, error) : NULL;
  g_autoptr (GBytes) whole = commit != NULL ? check_signature (git, entry, stored, commit, error) : NULL;
  git_oid made;

  if (whole == NULL || !yl_commit_hash (git, whole, &made, error))
    return FALSE;
  return git_oid_equal (&made, oid)
         || fault (error, "parents or header lines of its commit are not those of the entry");
}

static gboolean
check_entry (YlVerification *verification, const YlEntryRow *row, GError **error)
{
  g_autoptr (YlIncoming) stored = NULL;
  g_autoptr (YlEntry) entry = NULL;
  YlWriterEnd *end;
  git_oid oid;

  memcpy (oid.id, row->oid, sizeof oid.id);
  stored = yl_commit_read (verification->git, &oid, error);
  entry = stored != NULL ? yl_entry_parse (stored->message, error) : NULL;
  if (entry == NULL || !check_chain (verification, row, entry, error)
      || !check_cover (verification, row, stored->is_signed, error)
      || !check_commit (verification->git, &oid, entry, stored, error))
    return FALSE;
  end = g_new0 (YlWriterEnd, 1);
  end->seq = entry->seq;
  memcpy (end->id, entry->id, sizeof end->id);
  end->oid = oid;
  g_hash_table_replace (verification->ends, g_memdup2 (&row->strand, sizeof row->strand), end);
  g_hash_table_add (verification->writers, g_strdup (row->writer));
  g_hash_table_add (verification->commits, g_memdup2 (&oid, sizeof oid));
  return TRUE;
}

static gboolean
verify_row (YlVerification *verification, const YlEntryRow *row, GError **error)
{
  g_autoptr (GError) cause = NULL;

  if (check_entry (verification, row, &cause))
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_CORRUPT, "entry %s:%" G_GINT64_FORMAT " of the log is damaged: %s",
               row->writer, row->seq, cause->message);
  return FALSE;
}

/* @stop_at_waiting: up to the first entry without a commit, which another process may be about to log. */
static gboolean
verify_rows (YlVerification *verification, gboolean stop_at_waiting, GError **error)
{
  for (;;)
    {
      g_autoptr (GPtrArray) rows = yl_log_since (verification->git->store, verification->last, ROWS_AT_ONCE, error);

      if (rows == NULL)
        return FALSE;
      if (rows->len == 0)
        return TRUE;
      for (guint i = 0; i < rows->len; i++)
        {
          const YlEntryRow *row = g_ptr_array_index (rows, i);

          if (!row->logged && stop_at_waiting)
            return TRUE;
          if (row->logged && !verify_row (verification, row, error))
            return FALSE;
          verification->last = row->n;
        }
    }
}

static gboolean
verify_branches (YlVerification *verification, const char *writer, GError **error)
{
  YlStore *store = verification->git->store;
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
  YlStore *store = verification->git->store;
  g_auto (GStrv) refs = yl_log_list_refs (store, error);
  GHashTableIter iter;
  gpointer writer;

  if (refs == NULL)
    return FALSE;
  if (*verification->open != '\0')
    {
      g_set_error (error, YL_ERROR, YL_ERROR_CORRUPT, "the last entries of writer %s carry no signature",
                   verification->open);
      return FALSE;
    }
  g_hash_table_iter_init (&iter, verification->writers);
  while (g_hash_table_iter_next (&iter, &writer, NULL))
    if (!verify_branches (verification, writer, error))
      return FALSE;
  if (g_strv_length (refs) == g_hash_table_size (verification->ends))
    return TRUE;
  return fault (error, "the log has refs that belong to no writer");
}

static int
verify_object (const git_oid *oid, void *data)
{
  YlVerification *verification = data;
  git_object_t type = GIT_OBJECT_INVALID;
  size_t length = 0;

  if (g_hash_table_contains (verification->commits, oid))
    return GIT_OK;
  if (git_odb_read_header (&length, &type, verification->git->odb, oid) == GIT_OK && type == GIT_OBJECT_TREE
      && length == 0)
    return GIT_OK;
  return GIT_EUSER;
}

static gboolean
verify_objects (YlVerification *verification, GError **error)
{
  int result = git_odb_foreach (verification->git->odb, verify_object, verification);

  if (result == GIT_EUSER)
    return fault (error, "the log holds objects that belong to no entry");
  return yl_git_check (verification->git, result, "list the log's objects", error);
}

static gboolean
verify_log (YlVerification *verification, GError **error)
{
  g_autoptr (YlLogTransaction) transaction = NULL;

  if (!verify_rows (verification, TRUE, error))
    return FALSE;
  /* Nobody may write while the end of the log is compared with the refs. */
  transaction = yl_log_begin (verification->git->store, error);
  return transaction != NULL && verify_rows (verification, FALSE, error) && verify_refs (verification, error)
         && verify_objects (verification, error);
}

gboolean
yl_merge_log_verify (YlStore *store, guint *n_commits, GError **error)
{
  g_autoptr (GHashTable) ends = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  g_autoptr (GHashTable) writers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) commits = g_hash_table_new_full (hash_oid, equal_oid, g_free, NULL);
  YlVerification verification = {
    .git = yl_git_get (store, error), .ends = ends, .writers = writers, .commits = commits
  };
  g_autoptr (GError) fault_found = NULL;

  if (verification.git == NULL)
    return FALSE;
  if (verify_log (&verification, &fault_found))
    {
      *n_commits = g_hash_table_size (commits);
      return TRUE;
    }
  if (g_error_matches (fault_found, YL_ERROR, YL_ERROR_CORRUPT))
    g_set_error (error, YL_ERROR, YL_ERROR_CORRUPT, "%s: %s: restore the file from a backup or enrol this PC anew",
                 yl_store_get_file (store), fault_found->message);
  else
    g_propagate_error (error, g_steal_pointer (&fault_found));
  return FALSE;
}
