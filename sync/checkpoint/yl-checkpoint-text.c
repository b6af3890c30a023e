/* The files of a checkpoint that are text: where each writer ends, where it forked, and which entries do not count. */
#include "checkpoint/yl-checkpoint-content.h"

#include <string.h>

#include "base/yl-i18n.h"
#include "exchange/yl-frontier.h"
#include "exchange/yl-hex.h"

#define LINE_MAX_FIELDS 5000

static void
refuse (GError **error)
{
  g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID, _ ("a part of a checkpoint is out of form"));
}

static gboolean
is_own (const guint8 *branch)
{
  static const guint8 own[YL_BRANCH_BYTES];

  return memcmp (branch, own, sizeof own) == 0;
}

/* `writer:seq`, or `writer-branch:seq`. */
static void
write_seen (GString *out, const YlEntryName *seen)
{
  g_autofree char *branch = yl_hex_write (seen->id8, sizeof seen->id8);

  g_string_append_printf (out, " %s%s%s:%" G_GINT64_FORMAT, seen->writer, is_own (seen->id8) ? "" : "-",
                          is_own (seen->id8) ? "" : branch, seen->seq);
}

/* `name id commit hlc actor seen…` */
static void
write_tip (GString *out, const YlTip *tip)
{
  g_autofree char *name = yl_entry_name_format (&tip->name);
  g_autofree char *id = yl_hex_write (tip->id, sizeof tip->id);
  g_autofree char *oid = yl_hex_write (tip->oid, sizeof tip->oid);

  g_string_append_printf (out, "%s %s %s %" G_GINT64_FORMAT " %s", name, id, oid, tip->hlc, tip->actor);
  for (guint i = 0; i < tip->seen->len; i++)
    write_seen (out, &g_array_index (tip->seen, YlEntryName, i));
  g_string_append_c (out, '\n');
}

GBytes *
yl_checkpoint_write_tips (GPtrArray *tips)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < tips->len; i++)
    write_tip (out, tips->pdata[i]);
  return g_string_free_to_bytes (g_steal_pointer (&out));
}

static gboolean
read_integer (const char *text, gint64 *value)
{
  g_autofree char *again = NULL;

  *value = g_ascii_strtoll (text, NULL, 10);
  again = g_strdup_printf ("%" G_GINT64_FORMAT, *value);
  return *value > 0 && g_str_equal (again, text);
}

static gboolean
read_branch (const char *text, guint8 *branch)
{
  return strlen (text) == 2 * YL_BRANCH_BYTES && yl_hex_read (text, branch, YL_BRANCH_BYTES);
}

static gboolean
read_seen (const char *text, YlEntryName *name)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", 3);
  g_auto (GStrv) names = g_strsplit (parts[0] != NULL ? parts[0] : "", "-", 3);
  guint n = g_strv_length (names);

  memset (name, 0, sizeof *name);
  if (g_strv_length (parts) != 2 || n == 0 || n > 2 || !yl_entry_is_writer (names[0])
      || (n == 2 && (!read_branch (names[1], name->id8) || is_own (name->id8))))
    return FALSE;
  memcpy (name->writer, names[0], YL_WRITER_CHARS);
  return read_integer (parts[1], &name->seq);
}

static gboolean
read_tip (const char *line, YlTip *tip)
{
  g_auto (GStrv) fields = g_strsplit (line, " ", LINE_MAX_FIELDS);

  if (g_strv_length (fields) < 5 || !yl_entry_name_parse (fields[0], &tip->name)
      || !yl_hex_read (fields[1], tip->id, sizeof tip->id) || !yl_hex_read (fields[2], tip->oid, sizeof tip->oid)
      || !read_integer (fields[3], &tip->hlc) || memcmp (tip->id, tip->name.id8, sizeof tip->name.id8) != 0)
    return FALSE;
  tip->actor = g_strdup (fields[4]);
  for (char **field = fields + 5; *field != NULL; field++)
    {
      YlEntryName name;

      if (!read_seen (*field, &name))
        return FALSE;
      g_array_append_val (tip->seen, name);
    }
  return TRUE;
}

/* The lines of a text that ends with a newline; NULL for any other. */
static GStrv
split_lines (GBytes *bytes)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  g_autofree char *text = NULL;

  if (length > 0 && (data[0] == '\n' || data[length - 1] != '\n' || memchr (data, '\0', length) != NULL))
    return NULL;
  if (length == 0)
    return g_new0 (char *, 1);
  text = g_strndup (data, length - 1);
  return g_strsplit (text, "\n", -1);
}

static gboolean
in_order (const YlTip *a, const YlTip *b)
{
  return yl_entry_name_compare (&a->name, &b->name) < 0;
}

GPtrArray *
yl_checkpoint_read_tips (GBytes *bytes, GError **error)
{
  g_autoptr (GPtrArray) tips = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_tip_free);
  g_auto (GStrv) lines = split_lines (bytes);
  gboolean ok = lines != NULL;

  for (guint i = 0; ok && lines[i] != NULL; i++)
    {
      g_ptr_array_add (tips, yl_tip_new ());
      ok = read_tip (lines[i], tips->pdata[i]) && (i == 0 || in_order (tips->pdata[i - 1], tips->pdata[i]));
    }
  if (ok)
    return g_steal_pointer (&tips);
  refuse (error);
  return NULL;
}

/* `name hlc actor` */
GBytes *
yl_checkpoint_write_bones (GArray *bones)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < bones->len; i++)
    {
      const YlBone *bone = &g_array_index (bones, YlBone, i);
      g_autofree char *name = yl_entry_name_format (&bone->name);

      g_string_append_printf (out, "%s %" G_GINT64_FORMAT " %s\n", name, bone->hlc, bone->actor);
    }
  return g_string_free_to_bytes (g_steal_pointer (&out));
}

static gboolean
read_bone (const char *line, GArray *bones)
{
  g_auto (GStrv) fields = g_strsplit (line, " ", 4);
  YlBone bone = { 0 };

  if (g_strv_length (fields) != 3 || !yl_entry_name_parse (fields[0], &bone.name)
      || !read_integer (fields[1], &bone.hlc))
    return FALSE;
  bone.actor = g_strdup (fields[2]);
  g_array_append_val (bones, bone);
  return TRUE;
}

GArray *
yl_checkpoint_read_bones (GBytes *bytes, GError **error)
{
  g_autoptr (GArray) bones = yl_bones_new ();
  g_auto (GStrv) lines = split_lines (bytes);
  gboolean ok = lines != NULL;

  for (guint i = 0; ok && lines[i] != NULL; i++)
    ok = read_bone (lines[i], bones);
  if (ok)
    return g_steal_pointer (&bones);
  refuse (error);
  return NULL;
}

/* `name hlc actor parent` where branches part, `name branch` for others on a further one. */
GBytes *
yl_checkpoint_write_branches (GArray *branches)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < branches->len; i++)
    {
      const YlBone *bone = &g_array_index (branches, YlBone, i);
      g_autofree char *name = yl_entry_name_format (&bone->name);
      g_autofree char *branch = yl_hex_write (bone->branch, sizeof bone->branch);

      g_string_append (out, name);
      if (bone->actor != NULL)
        g_string_append_printf (out, " %" G_GINT64_FORMAT " %s", bone->hlc, bone->actor);
      g_string_append_printf (out, " %s\n", branch);
    }
  return g_string_free_to_bytes (g_steal_pointer (&out));
}

static gboolean
read_branching (const char *line, GArray *branches)
{
  g_auto (GStrv) fields = g_strsplit (line, " ", 5);
  guint n = g_strv_length (fields);
  YlBone bone = { 0 };

  if ((n != 2 && n != 4) || !yl_entry_name_parse (fields[0], &bone.name) || !read_branch (fields[n - 1], bone.branch)
      || (n == 2 ? is_own (bone.branch) : !read_integer (fields[1], &bone.hlc) || *fields[2] == '\0'))
    return FALSE;
  bone.actor = n == 4 ? g_strdup (fields[2]) : NULL;
  g_array_append_val (branches, bone);
  return TRUE;
}

GArray *
yl_checkpoint_read_branches (GBytes *bytes, GError **error)
{
  g_autoptr (GArray) branches = yl_bones_new ();
  g_auto (GStrv) lines = split_lines (bytes);
  gboolean ok = lines != NULL;

  for (guint i = 0; ok && lines[i] != NULL; i++)
    ok = read_branching (lines[i], branches)
         && (i == 0
             || yl_entry_name_compare (&g_array_index (branches, YlBone, i - 1).name,
                                       &g_array_index (branches, YlBone, i).name)
                    < 0);
  if (ok)
    return g_steal_pointer (&branches);
  refuse (error);
  return NULL;
}
