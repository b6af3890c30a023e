#include "yl-commit.h"

#include "yl-signature.h"

#include <string.h>

#define SIGNATURE_FIELD "gpgsig"

static gboolean
find_commit (YlStore *store, const YlEntryName *name, git_oid *oid, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (YlEntryRow) row = yl_log_find_name (store, name, &local_error);

  if (g_error_matches (local_error, YL_ERROR, YL_ERROR_NOT_FOUND) || (row != NULL && !row->logged))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_MISSING,
                   "entry %s:%" G_GINT64_FORMAT " is not in the log here; it has to come first", name->writer,
                   name->seq);
      return FALSE;
    }
  if (row == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  memcpy (oid->id, row->oid, sizeof oid->id);
  return TRUE;
}

static YlEntryName
previous_name (const YlEntry *entry)
{
  YlEntryName name = { .seq = entry->seq - 1 };

  memcpy (name.writer, entry->writer, sizeof name.writer);
  memcpy (name.id8, entry->prev, sizeof name.id8);
  return name;
}

GArray *
yl_commit_parents (YlGit *git, const YlEntry *entry, const git_oid *previous, GError **error)
{
  g_autoptr (GArray) parents = g_array_new (FALSE, FALSE, sizeof (git_oid));
  git_oid oid;

  if (previous != NULL)
    g_array_append_vals (parents, previous, 1);
  else if (entry->seq > 1)
    {
      const YlEntryName name = previous_name (entry);

      if (!find_commit (git->store, &name, &oid, error))
        return NULL;
      g_array_append_val (parents, oid);
    }
  for (guint i = 0; i < entry->merged->len; i++)
    {
      if (!find_commit (git->store, &g_array_index (entry->merged, YlEntryName, i), &oid, error))
        return NULL;
      g_array_append_val (parents, oid);
    }
  return g_steal_pointer (&parents);
}

/* `<name> <name@scope>` at the entry's own time: nothing that a node would have to look up. */
static git_signature *
make_identity (YlGit *git, const YlEntry *entry, const char *name, GError **error)
{
  g_autofree char *email = g_strconcat (name, "@", entry->scope, NULL);
  g_autoptr (git_signature) identity = NULL;
  int result = git_signature_new (&identity, name, email, YL_HLC_MS (entry->hlc) / 1000, 0);

  if (result < 0 || strcmp (identity->name, name) != 0)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID,
                   "entry %s:%" G_GINT64_FORMAT " names an actor that cannot be the author of a commit", entry->writer,
                   entry->seq);
      return NULL;
    }
  return g_steal_pointer (&identity);
}

static git_tree *
empty_tree (YlGit *git, GError **error)
{
  g_autoptr (git_treebuilder) builder = NULL;
  g_autoptr (git_tree) tree = NULL;
  git_oid oid;
  int result = git_treebuilder_new (&builder, git->repository, NULL);

  if (result == GIT_OK)
    result = git_treebuilder_write (&oid, builder);
  if (result == GIT_OK)
    result = git_tree_lookup (&tree, git->repository, &oid);
  if (!yl_git_check (git, result, "make the empty tree", error))
    return NULL;
  return g_steal_pointer (&tree);
}

static GPtrArray *
lookup_commits (YlGit *git, const GArray *oids, GError **error)
{
  g_autoptr (GPtrArray) commits = g_ptr_array_new_with_free_func ((GDestroyNotify) git_commit_free);

  for (guint i = 0; i < oids->len; i++)
    {
      git_commit *commit = NULL;
      int result = git_commit_lookup (&commit, git->repository, &g_array_index (oids, git_oid, i));

      if (!yl_git_check (git, result, "read a parent commit", error))
        return NULL;
      g_ptr_array_add (commits, commit);
    }
  return g_steal_pointer (&commits);
}

GBytes *
yl_commit_build (YlGit *git, const YlEntry *entry, const GArray *parents, GError **error)
{
  gsize length;
  const char *bytes = g_bytes_get_data (entry->message, &length);
  g_autofree char *message = g_strndup (bytes, length);
  g_autoptr (git_signature) author = make_identity (git, entry, entry->actor, error);
  g_autoptr (git_signature) committer = author != NULL ? make_identity (git, entry, entry->writer, error) : NULL;
  g_autoptr (GPtrArray) commits = committer != NULL ? lookup_commits (git, parents, error) : NULL;
  g_autoptr (git_tree) tree = commits != NULL ? empty_tree (git, error) : NULL;
  g_auto (git_buf) buffer = GIT_BUF_INIT;
  int result;

  if (tree == NULL)
    return NULL;
  result = git_commit_create_buffer (&buffer, git->repository, author, committer, NULL, message, tree, commits->len,
                                     (const git_commit **) commits->pdata);
  if (!yl_git_check (git, result, "make a commit", error))
    return NULL;
  return g_bytes_new (buffer.ptr, buffer.size);
}

GBytes *
yl_commit_add_signature (GBytes *commit, const guint8 *signature, const guint8 *key)
{
  gsize length;
  const char *text = g_bytes_get_data (commit, &length);
  const char *blank_line = g_strstr_len (text, length, "\n\n");
  g_autofree char *armour = yl_signature_armour (signature, key);
  g_auto (GStrv) lines = g_strsplit (g_strchomp (armour), "\n", -1);
  g_autofree char *field = g_strjoinv ("\n ", lines);
  GString *signed_text = g_string_new_len (text, blank_line + 1 - text);

  g_string_append_printf (signed_text, SIGNATURE_FIELD " %s\n", field);
  g_string_append_len (signed_text, blank_line + 1, text + length - blank_line - 1);
  return g_string_free_to_bytes (signed_text);
}

gboolean
yl_commit_write (YlGit *git, GBytes *commit, git_oid *oid, GError **error)
{
  gsize length;
  gconstpointer bytes = g_bytes_get_data (commit, &length);

  return yl_git_check (git, git_odb_write (oid, git->odb, bytes, length, GIT_OBJECT_COMMIT), "write a commit", error);
}

gboolean
yl_commit_hash (YlGit *git, GBytes *commit, git_oid *oid, GError **error)
{
  gsize length;
  gconstpointer bytes = g_bytes_get_data (commit, &length);

  return yl_git_check (git, git_odb_hash (oid, bytes, length, GIT_OBJECT_COMMIT), "hash a commit", error);
}

static gboolean
read_signature (YlGit *git, git_commit *commit, YlIncoming *entry, GError **error)
{
  guint8 key[YL_KEY_BYTES];
  g_auto (git_buf) armour = GIT_BUF_INIT;
  g_autofree char *text = NULL;
  int result = git_commit_header_field (&armour, commit, SIGNATURE_FIELD);

  if (result == GIT_ENOTFOUND)
    return TRUE;
  if (!yl_git_check (git, result, "read a signature", error))
    return FALSE;
  text = g_strconcat (armour.ptr, "\n", NULL);
  entry->is_signed = yl_signature_parse (text, entry->signature, key, error);
  return entry->is_signed;
}

YlIncoming *
yl_commit_read (YlGit *git, const git_oid *oid, GError **error)
{
  char hex[GIT_OID_HEXSZ + 1];
  g_autofree char *doing = g_strconcat ("read commit ", git_oid_tostr (hex, sizeof hex, oid), NULL);
  g_autoptr (git_commit) commit = NULL;
  g_autoptr (YlIncoming) entry = NULL;
  const char *message;

  if (!yl_git_check (git, git_commit_lookup (&commit, git->repository, oid), doing, error))
    return NULL;
  entry = g_new0 (YlIncoming, 1);
  message = git_commit_message_raw (commit);
  entry->message = g_bytes_new (message, strlen (message));
  if (!read_signature (git, commit, entry, error))
    return NULL;
  return g_steal_pointer (&entry);
}
