/* attach, attachment list, attachment get, attachment remove. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "base/yl-i18n.h"
#include "exchange/yl-attachment-transfer.h"
#include "records/yl-attachment.h"
#include "yl-invocation.h"
#include "yl-output.h"

gboolean
yl_command_attach (YlInvocation *invocation, GError **error)
{
  const char *table = yl_invocation_argument (invocation, 0);
  const char *owner = yl_invocation_argument (invocation, 1);
  const char *file = yl_invocation_argument (invocation, 2);
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  g_autoptr (GFile) from = g_file_new_for_commandline_arg (file);
  g_autoptr (GBytes) content = store != NULL ? yl_attachment_load (from, error) : NULL;
  g_autofree char *name = g_path_get_basename (file);
  g_autofree char *id = NULL;
  g_autofree char *line = NULL;

  if (content == NULL)
    return FALSE;
  id = yl_attachment_add (store, table, owner, yl_invocation_option (invocation, "kind"), name, content, error);
  line = g_strdup_printf (_ ("attached to %s %s: %s"), table, owner, id != NULL ? id : "");
  return id != NULL && yl_output_result (invocation->json, error, line, "id", id, NULL);
}

static void
print_one (YlOutput *output, const YlAttachment *attachment)
{
  yl_output_begin_object (output, NULL);
  yl_output_text (output, "id", attachment->id);
  yl_output_text (output, "kind", attachment->kind);
  yl_output_text (output, "name", attachment->name);
  yl_output_text (output, "media", attachment->media);
  yl_output_integer (output, "size", attachment->size);
  yl_output_integer (output, "chunks", attachment->n_chunks);
  yl_output_integer (output, "here", attachment->n_here);
  yl_output_end_object (output);
}

gboolean
yl_command_attachment_list (YlInvocation *invocation, GError **error)
{
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  g_autoptr (YlOutput) output = yl_output_new ();
  g_autoptr (GPtrArray) list = store != NULL ? yl_attachment_list (store, yl_invocation_argument (invocation, 0),
                                                                   yl_invocation_argument (invocation, 1), error)
                                             : NULL;

  if (list == NULL)
    return FALSE;
  if (invocation->json)
    yl_output_begin_array (output, NULL);
  for (guint i = 0; i < list->len; i++)
    {
      const YlAttachment *attachment = list->pdata[i];

      if (invocation->json)
        print_one (output, attachment);
      else
        yl_output_line (output, "%s\t%s\t%" G_GINT64_FORMAT "\t%u/%u\t%s", attachment->id, attachment->kind,
                        attachment->size, attachment->n_here, attachment->n_chunks,
                        attachment->name != NULL ? attachment->name : _ ("sealed"));
    }
  if (invocation->json)
    yl_output_end_array (output);
  return yl_output_flush (output, error);
}

static GBytes *
read_or_fetch (YlStore *store, const char *id, GError **error)
{
  g_autoptr (GError) fault = NULL;
  g_autoptr (YlPeer) peer = NULL;
  GBytes *content = yl_attachment_read (store, id, &fault);

  if (content != NULL)
    return content;
  if (!g_error_matches (fault, YL_ERROR, YL_ERROR_MISSING))
    {
      g_propagate_error (error, g_steal_pointer (&fault));
      return NULL;
    }
  peer = yl_peer_new (store, NULL, error);
  return peer != NULL && yl_attachment_fetch (store, peer, id, error) ? yl_attachment_read (store, id, error) : NULL;
}

gboolean
yl_command_attachment_get (YlInvocation *invocation, GError **error)
{
  const char *id = yl_invocation_argument (invocation, 0);
  const char *file = yl_invocation_argument (invocation, 1);
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  g_autoptr (GBytes) content = store != NULL ? read_or_fetch (store, id, error) : NULL;
  g_autoptr (GError) fault = NULL;

  if (content == NULL)
    return FALSE;
  if (!g_file_set_contents_full (file, g_bytes_get_data (content, NULL), (gssize) g_bytes_get_size (content),
                                 G_FILE_SET_CONTENTS_CONSISTENT, 0600, &fault))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_FAILED, _ ("%s cannot be written: %s"), file, fault->message);
      return FALSE;
    }
  return yl_output_result (invocation->json, error, file, "id", id, "file", file, NULL);
}

gboolean
yl_command_attachment_remove (YlInvocation *invocation, GError **error)
{
  const char *id = yl_invocation_argument (invocation, 0);
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  g_autofree char *line = g_strdup_printf (_ ("removed attachment %s"), id);

  return store != NULL && yl_attachment_remove (store, id, error)
         && yl_output_result (invocation->json, error, line, "id", id, NULL);
}
