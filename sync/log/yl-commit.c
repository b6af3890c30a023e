#include "yl-commit.h"

#include "yl-signature.h"

#include <string.h>

/* The commits of a run up to entry @last, which are made one from the other. Returns the last one, signed if it ends the run. */
static GBytes *
build_run (YlStore *store, const YlRun *run, gint64 last, git_oid *oid, GError **error)
{
  g_autoptr (GBytes) commit = NULL;

  for (gint64 n = run->start; n <= last; n++)
    {
      g_autoptr (YlEntry) entry = yl_log_entry (store, n, error);
      g_autoptr (GArray) parents =
          entry != NULL ? yl_commit_parents (store, entry, n > run->start ? oid : NULL, error) : NULL;
      guint8 key[YL_KEY_BYTES];

      if (parents == NULL)
        return NULL;
      g_clear_pointer (&commit, g_bytes_unref);
      commit = yl_commit_build (entry, parents);
      if (n == run->end)
        {
          g_autoptr (GBytes) bare = g_steal_pointer (&commit);

          if (!yl_log_writer_key (store, entry->writer, key, error))
            return NULL;
          commit = yl_commit_add_signature (bare, run->signature, key);
        }
      yl_commit_hash (commit, oid);
    }
  return g_steal_pointer (&commit);
}

gboolean
yl_commit_oid (YlStore *store, gint64 n, git_oid *oid, GError **error)
{
  g_autoptr (GBytes) commit = NULL;
  YlRun run;

  if (!yl_log_find_run (store, n, &run, error))
    return FALSE;
  memcpy (oid->id, run.oid, sizeof oid->id);
  if (run.end == n)
    return TRUE;
  commit = build_run (store, &run, n, oid, error);
  return commit != NULL;
}

static gboolean
find_commit (YlStore *store, const YlEntryName *name, git_oid *oid, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (YlEntryRow) row = yl_log_find_name (store, name, &local_error);

  if (g_error_matches (local_error, YL_ERROR, YL_ERROR_NOT_FOUND) || (row != NULL && (row->bare || !row->logged)))
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
  return yl_commit_oid (store, row->n, oid, error);
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
yl_commit_parents (YlStore *store, const YlEntry *entry, const git_oid *previous, GError **error)
{
  g_autoptr (GArray) parents = g_array_new (FALSE, FALSE, sizeof (git_oid));
  git_oid oid;

  if (previous != NULL)
    g_array_append_vals (parents, previous, 1);
  else if (entry->seq > 1)
    {
      const YlEntryName name = previous_name (entry);

      if (!find_commit (store, &name, &oid, error))
        return NULL;
      g_array_append_val (parents, oid);
    }
  for (guint i = 0; i < entry->merged->len; i++)
    {
      if (!find_commit (store, &g_array_index (entry->merged, YlEntryName, i), &oid, error))
        return NULL;
      g_array_append_val (parents, oid);
    }
  return g_steal_pointer (&parents);
}

/* `<name> <name@scope>` at the entry's own time: nothing that a node would have to look up. */
static void
append_identity (GString *text, const char *role, const char *name, const YlEntry *entry)
{
  g_string_append_printf (text, "%s %s <%s@%s> %" G_GINT64_FORMAT " +0000\n", role, name, name, entry->scope,
                          YL_HLC_MS (entry->hlc) / 1000);
}

GBytes *
yl_commit_build (const YlEntry *entry, const GArray *parents)
{
  gsize length;
  const char *message = g_bytes_get_data (entry->message, &length);
  GString *text = g_string_sized_new (length + 512);

  g_string_append (text, "tree " YL_EMPTY_TREE "\n");
  for (guint i = 0; i < parents->len; i++)
    {
      char hex[GIT_OID_HEXSZ + 1];

      g_string_append_printf (text, "parent %s\n",
                              git_oid_tostr (hex, sizeof hex, &g_array_index (parents, git_oid, i)));
    }
  append_identity (text, "author", entry->actor, entry);
  append_identity (text, "committer", entry->writer, entry);
  g_string_append_c (text, '\n');
  g_string_append_len (text, message, (gssize) length);
  return g_string_free_to_bytes (text);
}

GBytes *
yl_commit_add_signature (GBytes *commit, const guint8 *signature, const guint8 *key)
{
  gsize length;
  const char *text = g_bytes_get_data (commit, &length);
  const char *blank_line = g_strstr_len (text, (gssize) length, "\n\n");
  g_autofree char *armour = yl_signature_armour (signature, key);
  g_auto (GStrv) lines = g_strsplit (g_strchomp (armour), "\n", -1);
  g_autofree char *field = g_strjoinv ("\n ", lines);
  GString *signed_text = g_string_new_len (text, blank_line + 1 - text);

  g_string_append_printf (signed_text, "gpgsig %s\n", field);
  g_string_append_len (signed_text, blank_line + 1, text + length - blank_line - 1);
  return g_string_free_to_bytes (signed_text);
}

void
yl_commit_hash (GBytes *commit, git_oid *oid)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA1);
  gsize length;
  gconstpointer bytes = g_bytes_get_data (commit, &length);
  gsize size = sizeof oid->id;
  char head[32];

  g_snprintf (head, sizeof head, "commit %" G_GSIZE_FORMAT, length);
  g_checksum_update (sum, (const guchar *) head, (gssize) strlen (head) + 1);
  g_checksum_update (sum, bytes, (gssize) length);
  g_checksum_get_digest (sum, oid->id, &size);
}

GBytes *
yl_commit_of (YlStore *store, gint64 n, GError **error)
{
  YlRun run;
  git_oid oid;

  return yl_log_find_run (store, n, &run, error) ? build_run (store, &run, n, &oid, error) : NULL;
}
