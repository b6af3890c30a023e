/* A new copy begins with the hub's last checkpoint. */
#include "checkpoint/yl-checkpoint-start.h"

#include <inttypes.h>
#include <string.h>

#include "base/yl-i18n.h"
#include "checkpoint/yl-checkpoint-load.h"
#include "checkpoint/yl-checkpoint-pack.h"
#include "exchange/yl-message.h"
#include "store/yl-piece.h"

/* Another checkpoint may take its place while we fetch: how often to begin anew. */
#define TRIES 3

static GBytes *
ask (YlPeer *peer, gint64 number, guint first, GError **error)
{
  JsonObject *request = json_object_new ();
  g_autoptr (GBytes) body = NULL;

  json_object_set_int_member (request, "number", number);
  json_object_set_int_member (request, "first", first);
  body = yl_message_encode (request);
  return yl_peer_call (peer, "checkpoint", body, YL_MEDIA_CHECKPOINT, YL_CHECKPOINT_ANSWER_MAX, error);
}

static char *
name_of (const YlCheckpoint *checkpoint)
{
  return g_strdup_printf ("checkpoint %s", git_oid_tostr_s (&checkpoint->oid));
}

/* What came before a break, in order: the first that is missing ends it. */
static guint
use_pieces (YlStore *store, const char *name, YlCheckpointPack *pack)
{
  guint n = 0;

  for (; n < pack->chunks->len; n++)
    {
      if (pack->chunks->pdata[n] == NULL)
        pack->chunks->pdata[n] = yl_store_get_piece (store, name, n, NULL);
      if (pack->chunks->pdata[n] == NULL)
        break;
    }
  return n;
}

/* Chunks @first to @end of @answer become those of @pack, and are kept against a break. */
static gboolean
take_chunks (YlStore *store,
             const char *name,
             YlCheckpointPack *pack,
             YlCheckpointPack *answer,
             guint first,
             guint end,
             GError **error)
{
  for (guint i = first; i < end; i++)
    {
      if (!yl_store_put_piece (store, name, i, answer->chunks->pdata[i], error))
        return FALSE;
      if (pack->chunks->pdata[i] == NULL)
        pack->chunks->pdata[i] = g_bytes_ref (answer->chunks->pdata[i]);
    }
  return TRUE;
}

/* @again: the hub answers with another checkpoint by now. */
static gboolean
fetch_rest (YlStore *store,
            YlPeer *peer,
            const YlCheckpoint *checkpoint,
            YlCheckpointPack *pack,
            gboolean *again,
            GError **error)
{
  g_autofree char *name = name_of (checkpoint);

  for (guint next = use_pieces (store, name, pack); next < pack->chunks->len; next = use_pieces (store, name, pack))
    {
      g_autoptr (GBytes) bytes = ask (peer, checkpoint->number, next, error);
      g_autoptr (YlCheckpointPack) answer = NULL;
      guint first, end;

      if (bytes == NULL)
        return FALSE;
      answer = yl_checkpoint_pack_read (bytes, &first, &end, error);
      if (answer == NULL)
        return FALSE;
      *again = !g_bytes_equal (answer->commit, pack->commit) || answer->chunks->len != pack->chunks->len
               || first != next || end == first;
      if (*again)
        return TRUE;
      if (!take_chunks (store, name, pack, answer, first, end, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
load (YlStore *store, const YlCheckpoint *checkpoint, YlCheckpointPack *pack, GError **error)
{
  g_autoptr (GArray) places = NULL;
  g_autoptr (YlCheckpointContent) content = yl_checkpoint_pack_open (pack, checkpoint, &places, error);

  return content != NULL && yl_checkpoint_load (store, checkpoint, content, places, error);
}

/* All of a checkpoint: the one of @number, 0: the last. NULL without an error: the hub has another one by now. */
static YlCheckpointPack *
fetch_pack (YlStore *store, YlPeer *peer, gint64 number, YlCheckpoint **checkpoint, GError **error)
{
  g_autoptr (GBytes) bytes = ask (peer, number, 0, error);
  g_autoptr (YlCheckpointPack) pack = NULL;
  guint first, end;
  gboolean again = FALSE;

  if (bytes == NULL)
    return NULL;
  pack = yl_checkpoint_pack_read (bytes, &first, &end, error);
  *checkpoint = pack != NULL ? yl_checkpoint_parse (store, pack->commit, error) : NULL;
  if (*checkpoint == NULL)
    return NULL;
  if (end < pack->chunks->len)
    {
      g_autofree char *name = name_of (*checkpoint);

      if (!take_chunks (store, name, pack, pack, first, end, error))
        return NULL;
    }
  if (!fetch_rest (store, peer, *checkpoint, pack, &again, error) || again)
    return NULL;
  return g_steal_pointer (&pack);
}

/* One try. What does not fit is thrown away whole, so that the next one begins anew. */
static gboolean
start (YlStore *store, YlPeer *peer, gboolean *again, GError **error)
{
  g_autoptr (GError) fault = NULL;
  g_autoptr (YlCheckpoint) checkpoint = NULL;
  g_autoptr (YlCheckpointPack) pack = fetch_pack (store, peer, 0, &checkpoint, &fault);
  gboolean loaded;

  *again = pack == NULL && fault == NULL;
  if (fault != NULL)
    g_propagate_error (error, g_steal_pointer (&fault));
  if (pack == NULL)
    return *again;
  loaded = load (store, checkpoint, pack, error);
  return yl_store_drop_pieces (store, loaded ? error : NULL) && loaded;
}

static gboolean
keep (YlStore *store, const YlCheckpoint *checkpoint, YlCheckpointPack *pack, GError **error)
{
  YlGit *git = yl_git_get (store, error);
  g_autoptr (GArray) places = NULL;
  g_autoptr (YlCheckpointContent) content =
      git != NULL ? yl_checkpoint_pack_open (pack, checkpoint, &places, error) : NULL;
  g_autoptr (YlLogTransaction) transaction = content != NULL ? yl_log_begin (store, error) : NULL;

  return transaction != NULL && yl_checkpoint_content_keep (git, content, error)
         && yl_checkpoint_keep (store, checkpoint, error) && yl_store_drop_pieces (store, error)
         && yl_log_commit (transaction, error);
}

YlCheckpoint *
yl_checkpoint_fetch (YlStore *store, YlPeer *peer, gint64 number, GError **error)
{
  g_autoptr (GError) fault = NULL;
  g_autoptr (YlCheckpoint) checkpoint = NULL;
  g_autoptr (YlCheckpointPack) pack = fetch_pack (store, peer, number, &checkpoint, &fault);

  if (fault != NULL)
    g_propagate_error (error, g_steal_pointer (&fault));
  else if (pack == NULL || checkpoint->number != number)
    g_set_error (error, YL_ERROR, YL_ERROR_NOT_FOUND, _ ("head office no longer has checkpoint %" PRId64), number);
  else if (keep (store, checkpoint, pack, error))
    return g_steal_pointer (&checkpoint);
  return NULL;
}

gboolean
yl_checkpoint_start (YlStore *store, YlPeer *peer, GError **error)
{
  gboolean is_empty, again = TRUE;

  if (!yl_skeleton_is_empty (store, &is_empty, error))
    return FALSE;
  for (guint i = 0; is_empty && again && i < TRIES; i++)
    {
      g_autoptr (GError) fault = NULL;

      again = FALSE;
      if (start (store, peer, &again, &fault))
        continue;
      /* No checkpoint yet: the whole history it is. */
      if (g_error_matches (fault, YL_ERROR, YL_ERROR_NOT_FOUND))
        return TRUE;
      g_propagate_error (error, g_steal_pointer (&fault));
      return FALSE;
    }
  return TRUE;
}
