/* The log for auditors, who come with stock git. */
#include "hub/yl-hub-private.h"

#include <string.h>

#include "log/yl-git-serve.h"
#include "log/yl-merge-log.h"
#include "trust/yl-auditor.h"

#define CREDENTIALS_MAX 256

gboolean
yl_hub_git_knows (YlHub *hub, const char *credentials)
{
  g_autofree guchar *plain = NULL;
  g_auto (GStrv) parts = NULL;
  g_autofree char *text = NULL;
  gsize length;

  if (credentials == NULL || strlen (credentials) > CREDENTIALS_MAX)
    return FALSE;
  plain = g_base64_decode (credentials, &length);
  text = g_strndup ((const char *) plain, length);
  parts = g_strsplit (text, ":", 2);
  return g_strv_length (parts) == 2 && yl_auditor_knows (hub->store, parts[0], parts[1]);
}

GBytes *
yl_hub_git_refs (YlHub *hub, const YlHubCall *call, GError **error)
{
  return yl_git_serve_refs (hub->store, error);
}

GBytes *
yl_hub_git_pack (YlHub *hub, const YlHubCall *call, GError **error)
{
  return yl_git_serve_pack (hub->store, call->body, error);
}

GBytes *
yl_hub_git_signers (YlHub *hub, const YlHubCall *call, GError **error)
{
  char *lines = yl_merge_log_allowed_signers (hub->store, error);

  return lines == NULL ? NULL : g_bytes_new_take (lines, strlen (lines));
}
