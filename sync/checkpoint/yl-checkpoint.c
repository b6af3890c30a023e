#include "checkpoint/yl-checkpoint.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "base/yl-i18n.h"
#include "exchange/yl-frontier.h"
#include "exchange/yl-hex.h"
#include "exchange/yl-message.h"
#include "log/yl-commit.h"
#include "log/yl-merge-log.h"
#include "log/yl-signature.h"
#include "merge/yl-state-hash.h"

#define FORMAT 1
#define AUTHOR "checkpoint"
#define NUMBER_MAX 1000000000
#define TIME_MAX 4102444800000 /* 2100 */

void
yl_checkpoint_free (YlCheckpoint *checkpoint)
{
  g_clear_pointer (&checkpoint->frontier, g_array_unref);
  g_clear_pointer (&checkpoint->commit, g_bytes_unref);
  g_free (checkpoint->state_hash);
  g_free (checkpoint);
}

/* The commit */

static JsonObject *
describe (YlStore *store, const YlCheckpoint *checkpoint)
{
  JsonObject *body = json_object_new ();

  json_object_set_int_member (body, "checkpoint", FORMAT);
  json_object_set_string_member (body, "scope", yl_store_get_scope (store));
  json_object_set_int_member (body, "number", checkpoint->number);
  json_object_set_int_member (body, "time", checkpoint->time);
  json_object_set_int_member (body, "entries", checkpoint->n_entries);
  json_object_set_array_member (body, "frontier", yl_frontier_to_json (checkpoint->frontier));
  json_object_set_string_member (body, "state_hash", checkpoint->state_hash);
  yl_message_set_hex (body, "content", checkpoint->content, sizeof checkpoint->content);
  return body;
}

/* All of it but the signature follows from what it says. */
static GBytes *
unsigned_commit (YlStore *store, const YlCheckpoint *checkpoint)
{
  g_autoptr (GBytes) json = yl_message_encode (describe (store, checkpoint));
  g_autoptr (GString) commit = g_string_new (NULL);
  g_autofree char *tree = yl_hex_write (checkpoint->tree.id, sizeof checkpoint->tree.id);
  const char *scope = yl_store_get_scope (store);
  const char *authority = yl_log_authority (store);
  gsize length;
  const char *body = g_bytes_get_data (json, &length);

  g_string_append_printf (commit, "tree %s\n", tree);
  g_string_append_printf (commit, "author " AUTHOR " <" AUTHOR "@%s> %" G_GINT64_FORMAT " +0000\n", scope,
                          checkpoint->time / 1000);
  g_string_append_printf (commit, "committer %s <%s@%s> %" G_GINT64_FORMAT " +0000\n\n", authority, authority, scope,
                          checkpoint->time / 1000);
  g_string_append_printf (commit, AUTHOR " %" G_GINT64_FORMAT "\n\n", checkpoint->number);
  g_string_append_len (commit, body, (gssize) length);
  return g_string_free_to_bytes (g_steal_pointer (&commit));
}

static gboolean
hash_commit (YlCheckpoint *checkpoint, GError **error)
{
  gsize length;
  gconstpointer bytes = g_bytes_get_data (checkpoint->commit, &length);

  if (git_odb_hash (&checkpoint->oid, bytes, length, GIT_OBJECT_COMMIT) == GIT_OK)
    return TRUE;
  g_set_error_literal (error, YL_ERROR, YL_ERROR_FAILED, "a commit cannot be hashed");
  return FALSE;
}

static gboolean
sign (YlStore *store, YlCheckpoint *checkpoint, GError **error)
{
  g_autoptr (GBytes) commit = unsigned_commit (store, checkpoint);
  guint8 signature[YL_SIGNATURE_BYTES], key[YL_KEY_BYTES];
  const char *authority = yl_log_authority (store);
  gsize length, payload_length;
  const char *text = g_bytes_get_data (commit, &length);
  g_autoptr (GBytes) payload = yl_signature_payload (text, length);
  const guint8 *bytes = g_bytes_get_data (payload, &payload_length);

  if (!yl_log_public_key (store, authority, key, error)
      || !yl_log_sign (store, authority, bytes, payload_length, signature, error))
    return FALSE;
  checkpoint->commit = yl_commit_add_signature (commit, signature, key);
  return hash_commit (checkpoint, error);
}

/* Reading one */

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("a checkpoint is not one of this company: %s"), why);
  return FALSE;
}

/* The signature's lines, each but the first after a blank, as they stand. */
static gboolean
read_signature (const char *text, gsize length, guint8 *signature, guint8 *key, GError **error)
{
  const char *at = memmem (text, length, "\ngpgsig ", strlen ("\ngpgsig "));
  const char *end = memmem (text, length, "\n\n", 2);
  g_autofree char *folded = NULL;
  g_auto (GStrv) lines = NULL;
  g_autofree char *joined = NULL;
  g_autofree char *armour = NULL;

  if (at == NULL || end == NULL || end < at)
    return refuse (error, _ ("it carries no signature"));
  at += strlen ("\ngpgsig ");
  folded = g_strndup (at, (gsize) (end - at));
  lines = g_strsplit (folded, "\n ", -1);
  joined = g_strjoinv ("\n", lines);
  armour = g_strconcat (joined, "\n", NULL);
  return yl_signature_parse (armour, signature, key, error);
}

static gboolean
read_body (JsonObject *body, YlCheckpoint *checkpoint, GError **error)
{
  JsonArray *frontier;
  const char *hash;
  gint64 format;

  if (!yl_message_get_integer (body, "checkpoint", FORMAT, FORMAT, &format, error)
      || !yl_message_get_integer (body, "number", 1, NUMBER_MAX, &checkpoint->number, error)
      || !yl_message_get_integer (body, "time", 0, TIME_MAX, &checkpoint->time, error)
      || !yl_message_get_integer (body, "entries", 1, G_MAXINT32, &checkpoint->n_entries, error)
      || !yl_message_get_hex (body, "content", checkpoint->content, sizeof checkpoint->content, error))
    return FALSE;
  hash = yl_message_get_text (body, "state_hash", 64, error);
  frontier = hash != NULL ? yl_message_get_array (body, "frontier", YL_FRONTIER_MAX, error) : NULL;
  checkpoint->state_hash = g_strdup (hash);
  checkpoint->frontier = frontier != NULL ? yl_frontier_from_json (frontier, error) : NULL;
  return checkpoint->frontier != NULL;
}

static gboolean
read_commit (YlCheckpoint *checkpoint, GError **error)
{
  gsize length;
  const char *text = g_bytes_get_data (checkpoint->commit, &length);
  const char *blank = length > 0 ? memmem (text, length, "\n\n{", 3) : NULL;
  g_autofree char *tree = NULL;
  g_autoptr (GBytes) json = NULL;
  g_autoptr (JsonObject) body = NULL;

  if (blank == NULL || length < 45 || !g_str_has_prefix (text, "tree "))
    return refuse (error, _ ("it is out of form"));
  tree = g_strndup (text + strlen ("tree "), 40);
  if (!yl_hex_read (tree, checkpoint->tree.id, sizeof checkpoint->tree.id))
    return refuse (error, _ ("it is out of form"));
  json = g_bytes_new (blank + 2, length - (gsize) (blank + 2 - text));
  body = yl_message_parse (json, error);
  return body != NULL && read_body (body, checkpoint, error);
}

/* The company's key signed exactly what is said here. */
static gboolean
check_signature (YlStore *store, const YlCheckpoint *checkpoint, GError **error)
{
  gsize length, unsigned_length;
  const char *text = g_bytes_get_data (checkpoint->commit, &length);
  g_autoptr (GBytes) plain = unsigned_commit (store, checkpoint);
  const char *plain_text = g_bytes_get_data (plain, &unsigned_length);
  guint8 signature[YL_SIGNATURE_BYTES], key[YL_KEY_BYTES], authority[YL_KEY_BYTES];
  g_autoptr (GBytes) whole = NULL;

  if (!read_signature (text, length, signature, key, error)
      || !yl_log_public_key (store, yl_log_authority (store), authority, error))
    return FALSE;
  if (memcmp (key, authority, sizeof key) != 0
      || !yl_signature_verify (signature, authority, plain_text, unsigned_length))
    return refuse (error, _ ("its signature is not the company's"));
  whole = yl_commit_add_signature (plain, signature, authority);
  return g_bytes_equal (whole, checkpoint->commit) || refuse (error, _ ("it is out of form"));
}

YlCheckpoint *
yl_checkpoint_parse (YlStore *store, GBytes *commit, GError **error)
{
  g_autoptr (YlCheckpoint) checkpoint = g_new0 (YlCheckpoint, 1);

  yl_git_init ();
  checkpoint->commit = g_bytes_ref (commit);
  if (!read_commit (checkpoint, error) || !check_signature (store, checkpoint, error)
      || !hash_commit (checkpoint, error))
    return NULL;
  return g_steal_pointer (&checkpoint);
}

/* Kept ones */

static char *
ref_name (gint64 number)
{
  return g_strdup_printf (YL_REF_CHECKPOINTS "%" G_GINT64_FORMAT, number);
}

gboolean
yl_checkpoint_keep (YlStore *store, const YlCheckpoint *checkpoint, GError **error)
{
  g_autofree char *name = ref_name (checkpoint->number);
  gsize length;
  gconstpointer bytes = g_bytes_get_data (checkpoint->commit, &length);

  return yl_log_put_object (store, checkpoint->oid.id, GIT_OBJECT_COMMIT, bytes, length, error)
         && yl_log_set_ref (store, name, checkpoint->oid.id, error);
}

static YlCheckpoint *
read_ref (YlStore *store, const char *name, GError **error)
{
  guint8 oid[YL_OID_BYTES];
  g_autoptr (GBytes) commit = NULL;
  int type;

  if (!yl_log_get_ref (store, name, oid))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_NOT_FOUND, _ ("there is no checkpoint %s"), name);
      return NULL;
    }
  commit = yl_log_get_object (store, oid, &type, error);
  return commit != NULL ? yl_checkpoint_parse (store, commit, error) : NULL;
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  gint64 left = (*(YlCheckpoint *const *) a)->number;
  gint64 right = (*(YlCheckpoint *const *) b)->number;

  return left < right ? -1 : left > right;
}

GPtrArray *
yl_checkpoint_list (YlStore *store, GError **error)
{
  g_auto (GStrv) refs = yl_log_list_refs (store, error);
  g_autoptr (GPtrArray) checkpoints = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_checkpoint_free);

  for (guint i = 0; refs != NULL && refs[i] != NULL; i++)
    {
      YlCheckpoint *checkpoint = NULL;

      if (!g_str_has_prefix (refs[i], YL_REF_CHECKPOINTS))
        continue;
      checkpoint = read_ref (store, refs[i], error);
      if (checkpoint == NULL)
        return NULL;
      g_ptr_array_add (checkpoints, checkpoint);
    }
  g_ptr_array_sort (checkpoints, compare_numbers);
  return refs != NULL ? g_steal_pointer (&checkpoints) : NULL;
}

YlCheckpoint *
yl_checkpoint_latest (YlStore *store, GError **error)
{
  g_autoptr (GPtrArray) all = yl_checkpoint_list (store, error);

  return all != NULL && all->len > 0 ? g_ptr_array_steal_index (all, all->len - 1) : NULL;
}

/* Making one */

static gint64
count_entries (GArray *frontier)
{
  gint64 n = 0;

  for (guint i = 0; i < frontier->len; i++)
    n += g_array_index (frontier, YlEntryName, i).seq;
  return n;
}

static YlCheckpoint *
take (YlStore *store, gint64 number, const YlCheckpointContent *content, GError **error)
{
  g_autoptr (YlCheckpoint) checkpoint = g_new0 (YlCheckpoint, 1);

  checkpoint->number = number;
  checkpoint->time = yl_store_now (store);
  checkpoint->tree = content->tree;
  memcpy (checkpoint->content, content->id, sizeof checkpoint->content);
  checkpoint->frontier = yl_log_frontier (store, error);
  checkpoint->state_hash = checkpoint->frontier != NULL ? yl_state_hash (store, error) : NULL;
  if (checkpoint->state_hash == NULL)
    return NULL;
  checkpoint->n_entries = count_entries (checkpoint->frontier);
  return sign (store, checkpoint, error) ? g_steal_pointer (&checkpoint) : NULL;
}

/* The state as it is, as a new checkpoint after @last, or as @last where it is the same. Takes @last. */
static YlCheckpoint *
make_after (YlGit *git, YlCheckpoint *last, GError **error)
{
  YlStore *store = git->store;
  g_autoptr (YlCheckpoint) before = last;
  g_autoptr (YlLogTransaction) transaction = yl_log_begin (store, error);
  g_autoptr (YlCheckpointContent) content = transaction != NULL ? yl_checkpoint_content_new (store, error) : NULL;
  g_autoptr (YlCheckpoint) made = NULL;

  if (content == NULL)
    return NULL;
  if (before != NULL && git_oid_equal (&before->tree, &content->tree))
    return g_steal_pointer (&before);
  made = take (store, before != NULL ? before->number + 1 : 1, content, error);
  if (made == NULL || !yl_checkpoint_content_keep (git, content, error) || !yl_checkpoint_keep (store, made, error)
      || !yl_log_commit (transaction, error))
    return NULL;
  return g_steal_pointer (&made);
}

YlCheckpoint *
yl_checkpoint_make (YlStore *store, GError **error)
{
  YlGit *git = yl_git_get (store, error);
  g_autoptr (GError) fault = NULL;
  YlCheckpoint *last;

  if (git == NULL || !yl_merge_log_append (store, error))
    return NULL;
  last = yl_checkpoint_latest (store, &fault);
  if (fault == NULL)
    return make_after (git, last, error);
  g_propagate_error (error, g_steal_pointer (&fault));
  return NULL;
}
