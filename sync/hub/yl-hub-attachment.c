/* Chunks of attachments: kept for everybody, given to who asks. The hub reads none of them; what it takes must be in the log. */
#include "hub/yl-hub-private.h"

#include "base/yl-i18n.h"
#include "exchange/yl-attachment-wire.h"

static gboolean
holds (YlStore *store, const YlChunkName *name)
{
  g_autoptr (GBytes) data = yl_chunk_get (store, name->attachment, name->i, NULL);

  return data != NULL;
}

/* Without bytes the caller asks whether they are needed. */
GBytes *
yl_hub_chunk_put (YlHub *hub, const YlHubCall *call, GError **error)
{
  g_autoptr (GBytes) data = NULL;
  YlChunkName name;

  if (!yl_chunk_call_parse (call->body, &name, &data, error))
    return NULL;
  if (g_bytes_get_size (data) > 0 && !yl_chunk_put (hub->store, name.attachment, name.i, data, TRUE, error))
    return NULL;
  if (holds (hub->store, &name))
    return yl_chunk_receipt_issue (hub->store, call->writer, &name, error);
  g_set_error (error, YL_ERROR, YL_ERROR_MISSING, _ ("Head office does not have part %u of attachment %s yet."),
               name.i + 1, name.attachment);
  return NULL;
}

GBytes *
yl_hub_chunk_get (YlHub *hub, const YlHubCall *call, GError **error)
{
  g_autoptr (GError) fault = NULL;
  YlChunkName name;
  GBytes *data;

  if (!yl_chunk_call_parse (call->body, &name, NULL, error))
    return NULL;
  data = yl_chunk_get (hub->store, name.attachment, name.i, &fault);
  if (fault != NULL)
    g_propagate_error (error, g_steal_pointer (&fault));
  else if (data == NULL)
    g_set_error (error, YL_ERROR, YL_ERROR_NOT_FOUND, _ ("Head office does not have part %u of attachment %s yet."),
                 name.i + 1, name.attachment);
  return data;
}
