#include "exchange/yl-attachment-transfer.h"

#include "base/yl-i18n.h"
#include "exchange/yl-attachment-wire.h"

#define ATTACHMENTS_AT_ONCE 64

/* A chunk that head office has already needs no bytes, only its receipt: it may have come from elsewhere, or the answer was lost. */
static GBytes *
ask_receipt (YlPeer *peer, const YlChunkName *name, GBytes *data, GError **error)
{
  g_autoptr (GBytes) call = yl_chunk_call_encode (name, data);

  return yl_peer_call (peer, "chunks/put", call, YL_MEDIA_CHUNK, YL_CHUNK_RECEIPT_BYTES, error);
}

static GBytes *
put (YlStore *store, YlPeer *peer, const YlChunkName *name, GError **error)
{
  g_autoptr (GError) fault = NULL;
  GBytes *receipt = ask_receipt (peer, name, NULL, &fault);
  g_autoptr (GBytes) data = NULL;

  if (receipt != NULL)
    return receipt;
  if (!g_error_matches (fault, YL_ERROR, YL_ERROR_MISSING))
    {
      g_propagate_error (error, g_steal_pointer (&fault));
      return NULL;
    }
  data = yl_chunk_get (store, name->attachment, name->i, error);
  return data != NULL ? ask_receipt (peer, name, data, error) : NULL;
}

static gboolean
push_chunk (YlStore *store, YlPeer *peer, const YlChunkName *name, guint *n_sent, GError **error)
{
  g_autoptr (GBytes) receipt = put (store, peer, name, error);

  if (receipt == NULL)
    return FALSE;
  if (!yl_chunk_receipt_verify (store, yl_peer_get_hub (peer), name, receipt))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID,
                   _ ("Head office's receipt for a part of attachment %s is not good."), name->attachment);
      return FALSE;
    }
  (*n_sent)++;
  return yl_chunk_set_sent (store, name->attachment, name->i, error);
}

static gboolean
push_attachment (YlStore *store, YlPeer *peer, const char *attachment, guint *n_sent, GError **error)
{
  g_autoptr (GArray) numbers = yl_chunk_unsent_of (store, attachment, error);
  YlChunkName name;

  if (numbers == NULL)
    return FALSE;
  g_strlcpy (name.attachment, attachment, sizeof name.attachment);
  for (guint k = 0; k < numbers->len; k++)
    {
      name.i = g_array_index (numbers, guint, k);
      if (!push_chunk (store, peer, &name, n_sent, error))
        return FALSE;
    }
  return TRUE;
}

/* What head office will not take keeps waiting here and must not stop the rest. */
static gboolean
is_refusal (const GError *fault)
{
  return g_error_matches (fault, YL_ERROR, YL_ERROR_REFUSED) || g_error_matches (fault, YL_ERROR, YL_ERROR_FULL);
}

gboolean
yl_attachment_push (YlStore *store, YlPeer *peer, guint *n_sent, GError **error)
{
  g_auto (GStrv) attachments = yl_chunk_unsent (store, ATTACHMENTS_AT_ONCE, error);

  *n_sent = 0;
  while (attachments != NULL && attachments[0] != NULL)
    {
      guint before = *n_sent;

      for (guint i = 0; attachments[i] != NULL; i++)
        {
          g_autoptr (GError) fault = NULL;

          if (push_attachment (store, peer, attachments[i], n_sent, &fault))
            continue;
          if (is_refusal (fault))
            return yl_store_note_sync (store, "refused", fault->message, error);
          g_propagate_error (error, g_steal_pointer (&fault));
          return FALSE;
        }
      if (*n_sent == before)
        return TRUE;
      g_strfreev (attachments);
      attachments = yl_chunk_unsent (store, ATTACHMENTS_AT_ONCE, error);
    }
  return attachments != NULL;
}

static gboolean
fetch_chunk (YlStore *store, YlPeer *peer, const YlChunkName *name, GError **error)
{
  g_autoptr (GBytes) call = yl_chunk_call_encode (name, NULL);
  g_autoptr (GBytes) data = yl_peer_call (peer, "chunks/get", call, YL_MEDIA_CHUNK, YL_CHUNK_SEALED_MAX, error);

  return data != NULL && yl_chunk_put (store, name->attachment, name->i, data, TRUE, error);
}

gboolean
yl_attachment_fetch (YlStore *store, YlPeer *peer, const char *attachment, GError **error)
{
  g_autoptr (GByteArray) missing = yl_chunk_missing (store, attachment, error);
  YlChunkName name;

  if (missing == NULL)
    return FALSE;
  g_strlcpy (name.attachment, attachment, sizeof name.attachment);
  for (guint i = 0; i < missing->len; i++)
    {
      name.i = i;
      if (missing->data[i] != 0 && !fetch_chunk (store, peer, &name, error))
        return FALSE;
    }
  return TRUE;
}
