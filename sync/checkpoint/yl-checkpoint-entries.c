#include "checkpoint/yl-checkpoint-entries.h"

#include <string.h>

#include "base/yl-i18n.h"
#include "exchange/yl-frontier.h"
#include "exchange/yl-hex.h"

static void
shard_free (YlCheckpointShard *shard)
{
  g_free (shard->table);
  g_clear_pointer (&shard->shard, yl_shard_free);
  g_free (shard);
}

void
yl_checkpoint_files_free (YlCheckpointFiles *files)
{
  g_clear_pointer (&files->branches, g_array_unref);
  g_clear_pointer (&files->tips, g_ptr_array_unref);
  g_clear_pointer (&files->refused, g_array_unref);
  g_ptr_array_unref (files->shards);
  g_free (files);
}

static gboolean
is_bucket (const char *text)
{
  return strlen (text) == 2 && g_ascii_isxdigit (text[0]) && g_ascii_isxdigit (text[1]) && !g_ascii_isupper (text[0])
         && !g_ascii_isupper (text[1]);
}

gboolean
yl_checkpoint_is_path (const char *path)
{
  g_auto (GStrv) names = g_strsplit (path, "/", 4);
  guint n = g_strv_length (names);

  if (n == 1)
    return g_str_equal (path, YL_CHECKPOINT_TIPS) || g_str_equal (path, YL_CHECKPOINT_REFUSED)
           || g_str_equal (path, YL_CHECKPOINT_BRANCHES);
  if (n == 2)
    return g_str_has_prefix (path, YL_CHECKPOINT_AUTHORITY) && yl_entry_is_name (names[1]);
  return n == 3 && g_str_has_prefix (path, YL_CHECKPOINT_STATE) && yl_entry_is_name (names[1]) && is_bucket (names[2]);
}

static gboolean
read_shard (const YlCheckpointPart *part, YlCheckpointFiles *files, GError **error)
{
  g_auto (GStrv) names = g_strsplit (part->path, "/", 3);
  g_autoptr (YlShard) shard = yl_shard_read (part->bytes, error);
  YlCheckpointShard *read;

  if (shard == NULL)
    return FALSE;
  if (names[2] != NULL && !yl_shard_is_of (shard, (guint) g_ascii_strtoull (names[2], NULL, 16)))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("a checkpoint does not fit itself: %s"), part->path);
      return FALSE;
    }
  read = g_new0 (YlCheckpointShard, 1);
  read->shard = g_steal_pointer (&shard);
  read->table = g_strdup (names[1]);
  read->is_state = g_str_has_prefix (part->path, YL_CHECKPOINT_STATE);
  g_ptr_array_add (files->shards, read);
  return TRUE;
}

/* Branches */

static void
clear_branching (YlBranching *branching)
{
  g_free (branching->bone.actor);
}

static char *
branch_key (const YlEntryName *name, const guint8 *parent)
{
  g_autofree char *hex = yl_hex_write (parent, YL_BRANCH_BYTES);

  return g_strdup_printf ("%s:%" G_GINT64_FORMAT ":%s", name->writer, name->seq, hex);
}

/* The first of those that follow the same entry goes on with its branch. @met: places where branches part, by branch_key(). */
static void
add_branching (YlCheckpointFiles *files, const YlBone *line, GHashTable *met, GHashTable *known)
{
  YlBranching branching = { *line };

  if (line->actor != NULL)
    {
      memcpy (branching.parent, line->branch, sizeof branching.parent);
      if (!g_hash_table_add (met, branch_key (&line->name, line->branch)))
        memcpy (branching.bone.branch, line->name.id8, sizeof branching.bone.branch);
      branching.bone.actor = g_strdup (line->actor);
      g_array_append_val (files->branches, branching);
    }
  g_hash_table_insert (known, yl_entry_name_format (&line->name),
                       g_memdup2 (branching.bone.branch, sizeof branching.bone.branch));
}

static void
find_branch (GHashTable *known, const YlEntryName *name, guint8 *branch)
{
  g_autofree char *text = yl_entry_name_format (name);
  const guint8 *found = g_hash_table_lookup (known, text);

  if (found != NULL)
    memcpy (branch, found, YL_BRANCH_BYTES);
}

static void
find_branches (GHashTable *known, GArray *bones)
{
  for (guint i = 0; i < bones->len; i++)
    find_branch (known, &g_array_index (bones, YlBone, i).name, g_array_index (bones, YlBone, i).branch);
}

/* Says of all entries on which branch they are. */
static gboolean
read_branches (YlCheckpointFiles *files, GBytes *bytes, GError **error)
{
  g_autoptr (GArray) lines = yl_checkpoint_read_branches (bytes, error);
  g_autoptr (GHashTable) met = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  if (lines == NULL)
    return FALSE;
  files->branches = g_array_new (FALSE, TRUE, sizeof (YlBranching));
  g_array_set_clear_func (files->branches, (GDestroyNotify) clear_branching);
  for (guint i = 0; i < lines->len; i++)
    add_branching (files, &g_array_index (lines, YlBone, i), met, known);
  for (guint i = 0; i < files->tips->len; i++)
    {
      YlTip *tip = files->tips->pdata[i];

      find_branch (known, &tip->name, tip->branch);
    }
  find_branches (known, files->refused);
  for (guint i = 0; i < files->shards->len; i++)
    find_branches (known, yl_shard_entries (((YlCheckpointShard *) files->shards->pdata[i])->shard));
  return TRUE;
}

static gboolean
read_part (const YlCheckpointPart *part, YlCheckpointFiles *files, GBytes **branches, GError **error)
{
  if (g_str_equal (part->path, YL_CHECKPOINT_BRANCHES))
    {
      *branches = part->bytes;
      return TRUE;
    }
  if (g_str_equal (part->path, YL_CHECKPOINT_TIPS))
    {
      files->tips = yl_checkpoint_read_tips (part->bytes, error);
      return files->tips != NULL;
    }
  if (g_str_equal (part->path, YL_CHECKPOINT_REFUSED))
    {
      files->refused = yl_checkpoint_read_bones (part->bytes, error);
      return files->refused != NULL;
    }
  return read_shard (part, files, error);
}

YlCheckpointFiles *
yl_checkpoint_files_read (const YlCheckpointContent *content, GError **error)
{
  g_autoptr (YlCheckpointFiles) files = g_new0 (YlCheckpointFiles, 1);
  GBytes *branches = NULL;

  files->shards = g_ptr_array_new_with_free_func ((GDestroyNotify) shard_free);
  for (guint i = 0; i < content->parts->len; i++)
    if (!read_part (content->parts->pdata[i], files, &branches, error))
      return NULL;
  if (files->tips != NULL && files->refused != NULL)
    return branches == NULL || read_branches (files, branches, error) ? g_steal_pointer (&files) : NULL;
  g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID, _ ("a checkpoint lacks some of its files"));
  return NULL;
}

/* All entries in the one order */

typedef gboolean (*PlaceFunc) (const YlEntryName *name, gint64 *n, gpointer data, GError **error);

static gboolean
each_bone (GArray *bones, PlaceFunc func, gpointer data, GError **error)
{
  for (guint i = 0; i < bones->len; i++)
    {
      YlBone *bone = &g_array_index (bones, YlBone, i);

      if (!func (&bone->name, &bone->n, data, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
each_entry (YlCheckpointFiles *files, PlaceFunc func, gpointer data, GError **error)
{
  for (guint i = 0; files->branches != NULL && i < files->branches->len; i++)
    {
      YlBone *bone = &g_array_index (files->branches, YlBranching, i).bone;

      if (!func (&bone->name, &bone->n, data, error))
        return FALSE;
    }
  for (guint i = 0; i < files->tips->len; i++)
    {
      YlTip *tip = files->tips->pdata[i];

      if (!func (&tip->name, &tip->n, data, error))
        return FALSE;
    }
  if (!each_bone (files->refused, func, data, error))
    return FALSE;
  for (guint i = 0; i < files->shards->len; i++)
    if (!each_bone (yl_shard_entries (((YlCheckpointShard *) files->shards->pdata[i])->shard), func, data, error))
      return FALSE;
  return TRUE;
}

typedef struct
{
  YlStore *store;
  GArray *places;
  guint next;
  gint64 max;
} Placing;

static gboolean
find_place (const YlEntryName *name, gint64 *n, gpointer data, GError **error)
{
  Placing *placing = data;
  g_autofree char *actor = NULL;

  if (!yl_skeleton_about (placing->store, name, n, &actor, error))
    return FALSE;
  g_array_append_val (placing->places, *n);
  return TRUE;
}

GArray *
yl_checkpoint_places (YlStore *store, const YlCheckpointContent *content, GError **error)
{
  g_autoptr (YlCheckpointFiles) files = yl_checkpoint_files_read (content, error);
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (gint64));
  Placing placing = { .store = store, .places = places };

  return files != NULL && each_entry (files, find_place, &placing, error) ? g_steal_pointer (&places) : NULL;
}

static gboolean
take_place (const YlEntryName *name, gint64 *n, gpointer data, GError **error)
{
  Placing *placing = data;

  *n = placing->next < placing->places->len ? g_array_index (placing->places, gint64, placing->next++) : 0;
  if (*n > 0 && *n <= placing->max)
    return TRUE;
  g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID, _ ("what came as a checkpoint is out of form"));
  return FALSE;
}

gboolean
yl_checkpoint_files_place (YlCheckpointFiles *files, GArray *places, gint64 max, GError **error)
{
  Placing placing = { .places = places, .max = max };

  if (!each_entry (files, take_place, &placing, error))
    return FALSE;
  if (placing.next == places->len)
    return TRUE;
  g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID, _ ("what came as a checkpoint is out of form"));
  return FALSE;
}
