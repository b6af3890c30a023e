#include "checkpoint/yl-checkpoint-content.h"

#include <sodium.h>
#include <string.h>

#include "base/yl-i18n.h"
#include "exchange/yl-frontier.h"
#include "merge/yl-state-sums.h"

YlCheckpointPart *
yl_checkpoint_part_new (const char *path, GBytes *bytes)
{
  YlCheckpointPart *part = g_new0 (YlCheckpointPart, 1);

  part->path = g_strdup (path);
  part->bytes = g_bytes_ref (bytes);
  return part;
}

void
yl_checkpoint_part_free (YlCheckpointPart *part)
{
  g_free (part->path);
  g_bytes_unref (part->bytes);
  g_clear_pointer (&part->entries, g_array_unref);
  g_free (part);
}

void
yl_checkpoint_content_free (YlCheckpointContent *content)
{
  g_ptr_array_unref (content->parts);
  g_free (content);
}

/* Trees of git, made from the sorted paths */

typedef gboolean (*TreeFunc) (GBytes *tree, git_oid *oid, gpointer data, GError **error);

typedef struct
{
  GPtrArray *parts;
  TreeFunc func;
  gpointer data;
} Planting;

static gboolean make_tree (Planting *planting, guint from, guint to, gsize depth, git_oid *oid, GError **error);

/* How many parts from @from on lie in the folder whose name, with its slash, ends at @depth. */
static guint
folder_end (GPtrArray *parts, guint from, guint to, gsize depth)
{
  const char *path = ((YlCheckpointPart *) parts->pdata[from])->path;

  while (from < to && strncmp (((YlCheckpointPart *) parts->pdata[from])->path, path, depth) == 0)
    from++;
  return from;
}

static void
put_item (GByteArray *tree, const char *mode, const char *name, gsize length, const git_oid *oid)
{
  static const guint8 nul = 0;

  g_byte_array_append (tree, (const guint8 *) mode, (guint) strlen (mode));
  g_byte_array_append (tree, (const guint8 *) name, (guint) length);
  g_byte_array_append (tree, &nul, 1);
  g_byte_array_append (tree, oid->id, sizeof oid->id);
}

static gboolean
make_tree (Planting *planting, guint from, guint to, gsize depth, git_oid *oid, GError **error)
{
  g_autoptr (GByteArray) tree = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;

  while (from < to)
    {
      const YlCheckpointPart *part = planting->parts->pdata[from];
      const char *name = part->path + depth;
      const char *slash = strchr (name, '/');
      git_oid below = part->oid;
      gsize length = slash != NULL ? (gsize) (slash - name) : strlen (name);
      guint end = slash != NULL ? folder_end (planting->parts, from, to, depth + length + 1) : from + 1;

      if (slash != NULL && !make_tree (planting, from, end, depth + length + 1, &below, error))
        return FALSE;
      put_item (tree, slash != NULL ? "40000 " : "100644 ", name, length, &below);
      from = end;
    }
  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&tree));
  return planting->func (bytes, oid, planting->data, error);
}

static gboolean
hash_tree (GBytes *tree, git_oid *oid, gpointer data, GError **error)
{
  gsize length;
  gconstpointer bytes = g_bytes_get_data (tree, &length);

  if (git_odb_hash (oid, bytes, length, GIT_OBJECT_TREE) == GIT_OK)
    return TRUE;
  g_set_error_literal (error, YL_ERROR, YL_ERROR_FAILED, "a tree cannot be hashed");
  return FALSE;
}

static gboolean
keep_tree (GBytes *tree, git_oid *oid, gpointer data, GError **error)
{
  gsize length;
  gconstpointer bytes = g_bytes_get_data (tree, &length);

  return hash_tree (tree, oid, NULL, error)
         && yl_log_put_object (((YlGit *) data)->store, oid->id, GIT_OBJECT_TREE, bytes, length, error);
}

/* Completing a content */

static int
compare_parts (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(YlCheckpointPart *const *) a)->path, (*(YlCheckpointPart *const *) b)->path);
}

static void
hash_part (crypto_generichash_state *state, YlCheckpointPart *part)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (part->bytes, &length);
  guint64 big_endian = GUINT64_TO_BE ((guint64) length);

  crypto_generichash_update (state, (const guint8 *) part->path, strlen (part->path) + 1);
  crypto_generichash_update (state, (const guint8 *) &big_endian, sizeof big_endian);
  crypto_generichash_update (state, bytes, length);
}

static gboolean
complete (YlCheckpointContent *content, GError **error)
{
  Planting planting = { content->parts, hash_tree, NULL };
  crypto_generichash_state state;

  g_ptr_array_sort (content->parts, compare_parts);
  crypto_generichash_init (&state, NULL, 0, sizeof content->id);
  for (guint i = 0; i < content->parts->len; i++)
    {
      YlCheckpointPart *part = content->parts->pdata[i];
      gsize length;
      gconstpointer bytes = g_bytes_get_data (part->bytes, &length);

      if (git_odb_hash (&part->oid, bytes, length, GIT_OBJECT_BLOB) != GIT_OK)
        {
          g_set_error_literal (error, YL_ERROR, YL_ERROR_FAILED, "a blob cannot be hashed");
          return FALSE;
        }
      hash_part (&state, part);
    }
  crypto_generichash_final (&state, content->id, sizeof content->id);
  return make_tree (&planting, 0, content->parts->len, 0, &content->tree, error);
}

static YlCheckpointContent *
content_new (void)
{
  YlCheckpointContent *content = g_new0 (YlCheckpointContent, 1);

  yl_git_init ();
  content->parts = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_checkpoint_part_free);
  return content;
}

/* From the state */

typedef struct
{
  YlStore *store;
  YlCheckpointContent *content;
  YlForks *forks;
  GArray *branches;     /* of YlBone, as yl_checkpoint_write_branches() has them */
  GHashTable *branched; /* names of entries that are there already */
  char *table;
  YlShardWriter *shards[YL_BUCKETS];
} Gathering;

static void
end_shards (Gathering *gathering)
{
  for (guint b = 0; b < YL_BUCKETS; b++)
    g_clear_pointer (&gathering->shards[b], yl_shard_writer_free);
  g_clear_pointer (&gathering->table, g_free);
}

static void
gathering_clear (Gathering *gathering)
{
  end_shards (gathering);
  g_clear_pointer (&gathering->forks, yl_forks_free);
  g_clear_pointer (&gathering->branches, g_array_unref);
  g_clear_pointer (&gathering->branched, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Gathering, gathering_clear)

/* An entry that the checkpoint names: where it is on a further branch, that has to be said. */
static gboolean
note_branch (Gathering *gathering, const YlEntryName *name, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (YlEntryRow) row = NULL;
  YlBone bone = { .name = *name };

  if (!g_hash_table_contains (gathering->forks->writers, name->writer))
    return TRUE;
  text = yl_entry_name_format (name);
  if (!g_hash_table_add (gathering->branched, g_steal_pointer (&text)))
    return TRUE;
  row = yl_log_find_name (gathering->store, name, error);
  if (row == NULL)
    return FALSE;
  yl_forks_branch (gathering->forks, row->strand, row->seq, bone.branch);
  for (guint i = 0; i < sizeof bone.branch; i++)
    if (bone.branch[i] != 0)
      {
        g_array_append_val (gathering->branches, bone);
        return TRUE;
      }
  return TRUE;
}

static gboolean
gather_forks (Gathering *gathering, GError **error)
{
  gathering->branches = yl_bones_new ();
  gathering->branched = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gathering->forks = yl_forks_read (gathering->store, NULL, error);
  for (guint i = 0; gathering->forks != NULL && i < gathering->forks->forks->len; i++)
    {
      const YlFork *fork = &g_array_index (gathering->forks->forks, YlFork, i);
      g_autoptr (YlEntryRow) row = yl_log_find_name (gathering->store, &fork->name, error);
      YlBone bone = { .name = fork->name };

      if (row == NULL || !yl_skeleton_about (gathering->store, &fork->name, &bone.n, &bone.actor, error))
        return FALSE;
      bone.hlc = row->hlc;
      memcpy (bone.branch, fork->parent, sizeof bone.branch);
      g_array_append_val (gathering->branches, bone);
      g_hash_table_add (gathering->branched, yl_entry_name_format (&fork->name));
    }
  return gathering->forks != NULL;
}

/* Once all others are there. */
static void
end_branches (Gathering *gathering)
{
  g_autoptr (GBytes) text = NULL;

  if (gathering->branches->len == 0)
    return;
  g_array_sort (gathering->branches, yl_entry_name_compare); /* a bone begins with its name */
  text = yl_checkpoint_write_branches (gathering->branches);
  g_ptr_array_add (gathering->content->parts, yl_checkpoint_part_new (YL_CHECKPOINT_BRANCHES, text));
}

static void
end_shard (Gathering *gathering, const char *path, YlShardWriter *writer)
{
  GArray *entries = NULL;
  g_autoptr (GBytes) bytes = yl_shard_writer_end (writer, &entries);
  YlCheckpointPart *part = yl_checkpoint_part_new (path, bytes);

  part->entries = entries;
  g_ptr_array_add (gathering->content->parts, part);
}

/* @folder: `state/` has a file a bucket, `authority/` one a table. */
static void
end_table (Gathering *gathering, const char *folder)
{
  gboolean is_state = g_str_equal (folder, YL_CHECKPOINT_STATE);

  for (guint b = 0; gathering->table != NULL && b < YL_BUCKETS; b++)
    {
      g_autofree char *path = is_state ? g_strdup_printf ("%s%s/%02x", folder, gathering->table, b)
                                       : g_strconcat (folder, gathering->table, NULL);

      if (gathering->shards[b] != NULL)
        end_shard (gathering, path, gathering->shards[b]);
    }
  end_shards (gathering);
}

static gboolean
add_version (Gathering *gathering, const YlMergeVersion *version, guint bucket, GError **error)
{
  YlShardWriter **writer = &gathering->shards[bucket];
  YlBone *entry;

  if (*writer == NULL)
    *writer = yl_shard_writer_new ();
  entry = yl_shard_writer_add (*writer, version);
  return entry == NULL
         || (yl_skeleton_about (gathering->store, &entry->name, &entry->n, &entry->actor, error)
             && note_branch (gathering, &entry->name, error));
}

static void
begin_table (Gathering *gathering, const char *folder, const char *table)
{
  if (g_strcmp0 (gathering->table, table) == 0)
    return;
  end_table (gathering, folder);
  gathering->table = g_strdup (table);
}

static gboolean
gather_state (const YlMergeVersion *version, gpointer data, GError **error)
{
  begin_table (data, YL_CHECKPOINT_STATE, version->table);
  return add_version (data, version, yl_state_bucket (version->id), error);
}

static gboolean
gather_fact (const YlMergeVersion *fact, gpointer data, GError **error)
{
  begin_table (data, YL_CHECKPOINT_AUTHORITY, fact->table);
  return add_version (data, fact, 0, error);
}

static gboolean
gather_texts (Gathering *gathering, GError **error)
{
  g_autoptr (GPtrArray) tips = yl_skeleton_tips (gathering->store, gathering->forks, error);
  g_autoptr (GArray) refused = tips != NULL ? yl_skeleton_refused (gathering->store, error) : NULL;
  g_autoptr (GBytes) tips_text = NULL;
  g_autoptr (GBytes) refused_text = NULL;

  if (refused == NULL)
    return FALSE;
  for (guint i = 0; i < tips->len; i++)
    if (!note_branch (gathering, &((YlTip *) tips->pdata[i])->name, error))
      return FALSE;
  for (guint i = 0; i < refused->len; i++)
    if (!note_branch (gathering, &g_array_index (refused, YlBone, i).name, error))
      return FALSE;
  tips_text = yl_checkpoint_write_tips (tips);
  refused_text = yl_checkpoint_write_bones (refused);
  g_ptr_array_add (gathering->content->parts, yl_checkpoint_part_new (YL_CHECKPOINT_TIPS, tips_text));
  g_ptr_array_add (gathering->content->parts, yl_checkpoint_part_new (YL_CHECKPOINT_REFUSED, refused_text));
  return TRUE;
}

YlCheckpointContent *
yl_checkpoint_content_new (YlStore *store, GError **error)
{
  g_autoptr (YlCheckpointContent) content = content_new ();
  g_auto (Gathering) gathering = { .store = store, .content = content };

  if (!gather_forks (&gathering, error) || !gather_texts (&gathering, error)
      || !yl_merge_state_foreach (store, NULL, NULL, gather_state, &gathering, error))
    return NULL;
  end_table (&gathering, YL_CHECKPOINT_STATE);
  if (!yl_skeleton_facts (store, gather_fact, &gathering, error))
    return NULL;
  end_table (&gathering, YL_CHECKPOINT_AUTHORITY);
  end_branches (&gathering);
  return complete (content, error) ? g_steal_pointer (&content) : NULL;
}

YlCheckpointContent *
yl_checkpoint_content_of (GPtrArray *parts, GError **error)
{
  g_autoptr (YlCheckpointContent) content = content_new ();

  for (guint i = 0; i < parts->len; i++)
    {
      const YlCheckpointPart *part = parts->pdata[i];

      g_ptr_array_add (content->parts, yl_checkpoint_part_new (part->path, part->bytes));
    }
  return complete (content, error) ? g_steal_pointer (&content) : NULL;
}

/* Stored */

gboolean
yl_checkpoint_content_keep (YlGit *git, const YlCheckpointContent *content, GError **error)
{
  Planting planting = { content->parts, keep_tree, git };
  git_oid tree;

  for (guint i = 0; i < content->parts->len; i++)
    {
      const YlCheckpointPart *part = content->parts->pdata[i];
      gsize length;
      gconstpointer bytes = g_bytes_get_data (part->bytes, &length);

      if (!yl_log_put_object (git->store, part->oid.id, GIT_OBJECT_BLOB, bytes, length, error))
        return FALSE;
    }
  return make_tree (&planting, 0, content->parts->len, 0, &tree, error);
}

static gboolean read_tree (YlGit *git,
                           const git_oid *oid,
                           const char *folder,
                           YlCheckpointContent *content,
                           GError **error);

static gboolean
read_item (YlGit *git, const git_tree_entry *item, const char *folder, YlCheckpointContent *content, GError **error)
{
  const git_oid *oid = git_tree_entry_id (item);
  g_autofree char *path = g_strconcat (folder, git_tree_entry_name (item), NULL);
  g_autofree char *below = g_strconcat (path, "/", NULL);
  g_autoptr (GBytes) bytes = NULL;
  int type;

  if (git_tree_entry_type (item) == GIT_OBJECT_TREE)
    return read_tree (git, oid, below, content, error);
  bytes = yl_log_get_object (git->store, oid->id, &type, error);
  if (bytes != NULL)
    g_ptr_array_add (content->parts, yl_checkpoint_part_new (path, bytes));
  return bytes != NULL;
}

static gboolean
read_tree (YlGit *git, const git_oid *oid, const char *folder, YlCheckpointContent *content, GError **error)
{
  g_autoptr (git_tree) tree = NULL;

  if (!yl_git_check (git, git_tree_lookup (&tree, git->repository, oid), "read a checkpoint's tree", error))
    return FALSE;
  for (gsize i = 0; i < git_tree_entrycount (tree); i++)
    if (!read_item (git, git_tree_entry_byindex (tree, i), folder, content, error))
      return FALSE;
  return TRUE;
}

YlCheckpointContent *
yl_checkpoint_content_read (YlGit *git, const git_oid *tree, GError **error)
{
  g_autoptr (YlCheckpointContent) content = content_new ();

  if (!read_tree (git, tree, "", content, error) || !complete (content, error))
    return NULL;
  if (git_oid_equal (&content->tree, tree))
    return g_steal_pointer (&content);
  g_set_error_literal (error, YL_ERROR, YL_ERROR_CORRUPT, _ ("a stored checkpoint is damaged: fetch it anew"));
  return NULL;
}
