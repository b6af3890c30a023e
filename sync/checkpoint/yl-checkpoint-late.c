#include "checkpoint/yl-checkpoint-late.h"

#include <string.h>

#include "base/yl-i18n.h"
#include "checkpoint/yl-checkpoint-content.h"
#include "exchange/yl-frontier.h"
#include "exchange/yl-hex.h"
#include "exchange/yl-message.h"
#include "log/yl-commit.h"
#include "store/yl-base.h"

#define ANSWER_MAX (4 * 1024 * 1024)

/* The store's side */

static gboolean
add_lacking (YlStore *store, const YlEntryName *name, GHashTable *met, GArray *names, GError **error)
{
  g_autofree char *text = yl_entry_name_format (name);
  gboolean lacks;

  if (names->len >= YL_LATE_NAMES_MAX || g_hash_table_contains (met, text))
    return TRUE;
  if (!yl_skeleton_lacks (store, name, &lacks, error))
    return FALSE;
  g_hash_table_add (met, g_steal_pointer (&text));
  if (lacks)
    g_array_append_vals (names, name, 1);
  return TRUE;
}

static char *
name_of (const YlEntry *entry)
{
  YlEntryName name = { .seq = entry->seq };

  memcpy (name.writer, entry->writer, sizeof name.writer);
  memcpy (name.id8, entry->id, sizeof name.id8);
  return yl_entry_name_format (&name);
}

/* What comes with the segment is not lacking. */
static GArray *
lacking_names (YlStore *store, const YlSegment *segment, GError **error)
{
  g_autoptr (GHashTable) met = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GArray) names = g_array_new (FALSE, FALSE, sizeof (YlEntryName));

  for (guint i = 0; i < segment->entries->len; i++)
    {
      const YlEntry *entry = ((YlIncoming *) segment->entries->pdata[i])->entry;

      g_hash_table_add (met, name_of (entry));
      for (guint m = 0; m < entry->merged->len; m++)
        if (!add_lacking (store, &g_array_index (entry->merged, YlEntryName, m), met, names, error))
          return NULL;
    }
  g_array_sort (names, yl_entry_name_compare);
  return g_steal_pointer (&names);
}

/* `place`, or `place-branch`. */
static gboolean
read_place (const char *text, YlTip *tip)
{
  char *end;

  tip->n = g_ascii_strtoll (text, &end, 10);
  return tip->n > 0
         && (*end == '\0'
             || (*end == '-' && strlen (end + 1) == 2 * YL_BRANCH_BYTES
                 && yl_hex_read (end + 1, tip->branch, sizeof tip->branch)));
}

static void
write_place (GString *out, const YlTip *tip)
{
  static const guint8 own[YL_BRANCH_BYTES];
  g_autofree char *branch = yl_hex_write (tip->branch, sizeof tip->branch);
  gboolean further = memcmp (tip->branch, own, sizeof own) != 0;

  g_string_append_printf (out, "%s%" G_GINT64_FORMAT "%s%s", out->len > 0 ? " " : "", tip->n, further ? "-" : "",
                          further ? branch : "");
}

static GPtrArray *
read_answer (GBytes *answer, GArray *names, GError **error)
{
  gsize length;
  const char *text = g_bytes_get_data (answer, &length);
  const char *newline = length > 0 ? memchr (text, '\n', length) : NULL;
  gsize head = newline != NULL ? (gsize) (newline - text) : 0;
  g_autofree char *line = g_strndup (text, head);
  g_auto (GStrv) places = g_strsplit (line, " ", -1);
  g_autoptr (GBytes) rest = newline != NULL ? g_bytes_new (newline + 1, length - head - 1) : NULL;
  g_autoptr (GPtrArray) tips = rest != NULL ? yl_checkpoint_read_tips (rest, error) : NULL;
  gboolean fits = tips != NULL && tips->len == names->len && g_strv_length (places) == names->len;

  for (guint i = 0; fits && i < tips->len; i++)
    {
      YlTip *tip = tips->pdata[i];
      const YlEntryName *asked = &g_array_index (names, YlEntryName, i);

      fits = read_place (places[i], tip) && g_str_equal (tip->name.writer, asked->writer) && tip->name.seq == asked->seq
             && memcmp (tip->name.id8, asked->id8, sizeof asked->id8) == 0;
    }
  if (fits)
    return g_steal_pointer (&tips);
  g_clear_error (error);
  g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID,
                       _ ("head office tells of other change sets than were asked for"));
  return NULL;
}

static gboolean
add_all (YlStore *store, GPtrArray *tips, GError **error)
{
  g_autoptr (YlLogTransaction) transaction = yl_log_begin (store, error);

  for (guint i = 0; transaction != NULL && i < tips->len; i++)
    if (!yl_skeleton_add_late (store, tips->pdata[i], error))
      return FALSE;
  return transaction != NULL && yl_log_commit (transaction, error);
}

gboolean
yl_late_fetch (YlStore *store, YlPeer *peer, const YlSegment *segment, guint *n, GError **error)
{
  g_autoptr (GArray) names = NULL;
  JsonObject *request;
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (GPtrArray) tips = NULL;
  gboolean stands_on_base;

  *n = 0;
  if (!yl_base_exists (store, &stands_on_base, error))
    return FALSE;
  names = stands_on_base ? lacking_names (store, segment, error) : NULL;
  if (names == NULL)
    return !stands_on_base;
  *n = names->len;
  if (names->len == 0)
    return TRUE;
  request = json_object_new ();
  json_object_set_array_member (request, "names", yl_frontier_to_json (names));
  body = yl_message_encode (request);
  answer = yl_peer_call (peer, "skeleton", body, YL_MEDIA_CHECKPOINT, ANSWER_MAX, error);
  tips = answer != NULL ? read_answer (answer, names, error) : NULL;
  return tips != NULL && add_all (store, tips, error);
}

/* The hub's side */

GBytes *
yl_late_answer (YlStore *store, GArray *names, GError **error)
{
  g_autoptr (GPtrArray) tips = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_tip_free);
  g_autoptr (YlForks) forks = yl_forks_read (store, NULL, error);
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GBytes) lines = NULL;

  if (forks == NULL)
    return NULL;
  for (guint i = 0; i < names->len; i++)
    {
      YlTip *tip = yl_skeleton_find (store, forks, &g_array_index (names, YlEntryName, i), error);
      git_oid oid;

      if (tip == NULL)
        return NULL;
      g_ptr_array_add (tips, tip);
      if (!yl_commit_oid (store, tip->n, &oid, error))
        return NULL;
      memcpy (tip->oid, oid.id, sizeof tip->oid);
      write_place (out, tip);
    }
  g_string_append_c (out, '\n');
  lines = yl_checkpoint_write_tips (tips);
  g_string_append_len (out, g_bytes_get_data (lines, NULL), (gssize) g_bytes_get_size (lines));
  return g_string_free_to_bytes (g_steal_pointer (&out));
}
